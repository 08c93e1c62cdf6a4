import type { Log, Notification, Result, Run } from "sarif";
import type { Diagnostic } from "../findings/finding.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import type { Reporter, ReportOptions } from "./reporter.ts";
import { artifactLocation } from "./sarif-location.ts";
import { resultOf } from "./sarif-result.ts";
import { descriptorOf } from "./sarif-rule.ts";
import { sourceTexts } from "./source-texts.ts";

/** GitHub shows no more results of a run than this. */
const MAX_RESULTS = 5000;

/**
 * The report for code scanning: SARIF 2.1.0 within the limits of GitHub, whose alerts keep their identity when code moves. The most urgent results
 * come first; what lies beyond the limit is cut and said to be cut.
 */
export const reportSarif: Reporter = (result, options) => {
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [runOf(result, options)],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

function runOf(result: ScanResult, options: ReportOptions): Run {
  const { tool, rules } = result;
  const all = resultsOf(result, options);
  const notifications = result.diagnostics.map(notificationOf);
  if (all.length > MAX_RESULTS) notifications.push(cutNotification(all.length));
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        ...(options.rulesUrl === undefined ? {} : { informationUri: options.rulesUrl }),
        rules: rules.map((rule) => descriptorOf(rule, options.rulesUrl)),
      },
    },
    automationDetails: { id: automationId(tool.name, options.category) },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the project." } } },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
    results: all.slice(0, MAX_RESULTS),
  };
}

/** What is reported before what is suppressed, so that a cut takes the latter first. */
function resultsOf(result: ScanResult, options: ReportOptions): Result[] {
  const ruleIndex = new Map(result.rules.map((rule, index) => [rule.id, index]));
  const context = { ruleIndex, texts: sourceTexts(options.readText) };
  const { findings, suppressed } = result;
  const open = findings.map((finding) => resultOf(finding, context));
  if (suppressed.length === 0) return open;
  // The format wants the property on all results of a run or on none.
  return [
    ...open.map((one): Result => ({ ...one, suppressions: [] })),
    ...suppressed.map(({ finding, suppressionKind, justification }): Result => {
      const kind = suppressionKind === "inline" ? "inSource" : "external";
      return {
        ...resultOf(finding, context),
        suppressions: [{ kind, status: "accepted", ...(justification === "" ? {} : { justification }) }],
      };
    }),
  ];
}

/** The part before the last slash is the category by which uploads replace each other. */
function automationId(tool: string, category: string | undefined): string {
  return category === undefined || category === "" ? `${tool}/` : `${tool}/${category.replace(/^\/+|\/+$/g, "")}/`;
}

function notificationOf({ level, message, file, line }: Diagnostic): Notification {
  if (file === "") return { level, message: { text: message } };
  const region = line > 0 ? { region: { startLine: line } } : {};
  return { level, message: { text: message }, locations: [{ physicalLocation: { artifactLocation: artifactLocation(file), ...region } }] };
}

function cutNotification(count: number): Notification {
  return { level: "warning", message: { text: `${count - MAX_RESULTS} of ${count} results are left out: code scanning shows ${MAX_RESULTS}.` } };
}
