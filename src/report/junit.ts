import { compareText } from "../findings/compare-text.ts";
import type { Finding } from "../findings/finding.ts";
import { formatPlace, groupBy } from "./format.ts";
import { escapeMarkup } from "./markup.ts";
import type { Reporter } from "./reporter.ts";

/** JUnit's XML: a suite per file, a failed case per finding; one passed case when there is none, since an empty report counts as broken. */
export const reportJunit: Reporter = (result) => {
  const byFile = groupBy(result.findings, (finding) => finding.location.file);
  const suites = [...byFile].sort(([a], [b]) => compareText(a, b)).map(([file, findings]) => suite(file, findings));
  if (suites.length === 0) suites.push(passed(result.tool.name));
  const total = result.findings.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(result.tool.name)}" tests="${Math.max(1, total)}" failures="${total}" errors="0">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
};

function suite(file: string, findings: readonly Finding[]): string {
  const count = findings.length;
  return [`  <testsuite name="${escapeMarkup(file)}" tests="${count}" failures="${count}" errors="0">`, ...findings.map(testcase), "  </testsuite>"].join("\n");
}

function testcase(finding: Finding): string {
  const { rule, location, severity, message } = finding;
  const place = formatPlace(location);
  return [
    `    <testcase name="${escapeMarkup(rule)}" classname="${escapeMarkup(place)}" file="${escapeMarkup(location.file)}" line="${location.line}">`,
    `      <failure type="${severity}" message="${escapeMarkup(message)}">${escapeMarkup(details(finding))}</failure>`,
    "    </testcase>",
  ].join("\n");
}

function details({ location, message, growth, evidence, fix }: Finding): string {
  return [
    `${formatPlace(location)}: ${message}`,
    ...(growth === "" ? [] : [`Growth: ${growth}`]),
    ...evidence.map((step) => `  ${formatPlace(step.location)}: ${step.text}`),
    `Fix: ${fix}`,
  ].join("\n");
}

function passed(tool: string): string {
  return [
    `  <testsuite name="${escapeMarkup(tool)}" tests="1" failures="0" errors="0">`,
    `    <testcase name="no findings" classname="${escapeMarkup(tool)}"/>`,
    "  </testsuite>",
  ].join("\n");
}
