import { Chalk } from "chalk";
import { compareText } from "../findings/compare-text.ts";
import type { Finding, Verified } from "../findings/finding.ts";
import type { Phase } from "../findings/levels.ts";
import { phases } from "../findings/levels.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { countOf, formatEffort, formatPlace, groupBy, shownSteps, totalEffort, visible } from "./format.ts";
import type { Reporter } from "./reporter.ts";
import type { Style } from "./text-style.ts";
import { styleOf, wrap } from "./text-style.ts";
import { summaryLines } from "./text-summary.ts";
import type { Words } from "./words.ts";
import { wordsOf } from "./words.ts";

/** What the parts of a text report share. */
interface Page {
  readonly words: Words;
  readonly style: Style;
  readonly width: number;
}

const DEFAULT_WIDTH = 100;
const NARROWEST = 50;
const WIDEST = 120;

/** The report for a terminal: findings by phase, each with its growth, path and fix, then a summary. */
export const reportText: Reporter = (result, options) => {
  const words = wordsOf(options.lang);
  const style = styleOf(new Chalk({ level: options.color ? 1 : 0 }));
  const width = Math.min(WIDEST, Math.max(NARROWEST, options.width ?? DEFAULT_WIDTH));
  const page: Page = { words, style, width };
  const sections = [
    ...phaseSections(result, page),
    ...(options.verified ? [verifiedLines(result.verified, page)] : []),
    diagnosticLines(result, page),
    summaryLines(result, words, style),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `\n${shown.join("\n\n")}\n`;
};

function phaseSections(result: ScanResult, page: Page): string[][] {
  const byPhase = groupBy(result.findings, (finding) => finding.phase);
  return phases.flatMap((phase) => {
    const findings = byPhase.get(phase);
    return findings === undefined ? [] : [phaseHeading(phase, findings, page), ...findings.map((one) => findingLines(one, page))];
  });
}

function phaseHeading(phase: Phase, findings: readonly Finding[], page: Page): string[] {
  const { words, style } = page;
  const detail = `${countOf(findings.length, words.noun.finding, words)}, ${formatEffort(totalEffort(findings))}`;
  return [heading(words.phase[phase].toUpperCase(), detail, style, page.width)];
}

/** A title and its detail, and a rule to the edge of the page. */
function heading(title: string, detail: string, style: Style, width: number): string {
  const line = "─".repeat(Math.max(3, width - title.length - detail.length - 4));
  return `${style.strong(title)}  ${detail}  ${style.dim(line)}`;
}

function findingLines(finding: Finding, page: Page): string[] {
  const { words, style, width } = page;
  const severity = style.severity[finding.severity](words.severity[finding.severity]);
  const facts = [words.confidence[finding.confidence], `${words.priority} ${finding.priority}`];
  if (finding.functionName !== "") facts.push(words.inFunction(visible(finding.functionName)));
  const place = style.place(visible(formatPlace(finding.location)));
  const beside = width - 4 - labelWidth(words) - 2;
  return [
    `  ${place}  ${severity}  ${style.strong(finding.rule)}  ${style.dim(facts.join(", "))}`,
    ...wrap(visible(finding.message), width - 4).map((line) => `    ${line}`),
    ...labelled(words.growth, finding.growth === "" ? [] : wrap(visible(finding.growth), beside), page),
    ...labelled(words.path, pathSteps(finding, beside), page),
    ...labelled(words.fix, wrap(visible(`${finding.fix} (${formatEffort(finding.effort)})`), beside), page),
  ];
}

/** Longer places stand out of the column instead of widening it. */
const ALIGNED_UP_TO = 32;

/** The steps of the evidence, their places aligned and their texts wrapped; the file is named only where it changes. */
function pathSteps(finding: Finding, width: number): string[] {
  let file = finding.location.file;
  const steps = shownSteps(finding);
  const places = steps.map(({ location }) => {
    const place = location.file === file ? `${location.line}:${location.column}` : formatPlace(location);
    file = location.file;
    return visible(place);
  });
  const column = Math.max(0, ...places.filter((place) => place.length <= ALIGNED_UP_TO).map((place) => place.length));
  return steps.flatMap((step, index) => {
    const place = (places[index] ?? "").padEnd(column);
    const [first = "", ...more] = wrap(visible(step.text), Math.max(MIN_STEP, width - place.length - 2));
    return [`${place}  ${first}`, ...more.map((line) => `${" ".repeat(column)}  ${line}`)];
  });
}

/** A step's text gets at least this many columns, even if that is more than the page has left. */
const MIN_STEP = 24;

/** Lines under a label; nothing when there are none. */
function labelled(label: string, lines: readonly string[], { words, style }: Page): string[] {
  const width = labelWidth(words);
  return lines.map((line, index) => `    ${style.dim((index === 0 ? label : "").padEnd(width))}  ${line}`);
}

function labelWidth(words: Words): number {
  return Math.max(words.growth.length, words.path.length, words.fix.length);
}

function verifiedLines(verified: readonly Verified[], page: Page): string[] {
  const { words, style } = page;
  if (verified.length === 0) return [];
  const title = words.verified.toUpperCase();
  const lines = [heading(title, countOf(verified.length, words.noun.place, words), style, page.width)];
  const byRule = groupBy(verified, (one) => one.rule);
  for (const [rule, places] of [...byRule].sort(([a], [b]) => compareText(a, b))) {
    lines.push("", `  ${style.strong(rule)}`);
    const names = places.map((one) => visible(formatPlace(one.location)));
    const column = Math.min(48, Math.max(...names.map((name) => name.length)));
    places.forEach((one, index) => {
      lines.push(`    ${style.place((names[index] ?? "").padEnd(column))}  ${visible(one.reason)}`);
    });
  }
  return lines;
}

function diagnosticLines(result: ScanResult, page: Page): string[] {
  const { words, style } = page;
  if (result.diagnostics.length === 0) return [];
  const count = String(result.diagnostics.length);
  return [
    heading(words.diagnostics.toUpperCase(), count, style, page.width),
    ...result.diagnostics.map((one) => {
      const place = one.file === "" ? "" : `${one.file}${one.line > 0 ? `:${one.line}` : ""}: `;
      return `  ${style.diagnostic[one.level](one.level)}  ${visible(place + one.message)}`;
    }),
  ];
}
