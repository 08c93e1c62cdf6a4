import { Chalk } from "chalk";
import { compareText } from "../findings/compare-text.ts";
import type { Finding, Verified } from "../findings/finding.ts";
import type { Phase } from "../findings/levels.ts";
import { phases } from "../findings/levels.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { countOf, formatEffort, formatPlace, groupBy, totalEffort, visible } from "./format.ts";
import type { Reporter } from "./reporter.ts";
import type { TextPage } from "./text-finding.ts";
import { findingLines } from "./text-finding.ts";
import type { Style } from "./text-style.ts";
import { styleOf } from "./text-style.ts";
import { summaryLines } from "./text-summary.ts";
import { wordsOf } from "./wording.ts";

const DEFAULT_WIDTH = 100;
const NARROWEST = 50;
const WIDEST = 120;

/** The report for a terminal: findings by phase, each with its growth, path and fix, then a summary. */
export const reportText: Reporter = (result, options) => {
  const words = wordsOf(options.lang);
  const style = styleOf(new Chalk({ level: options.color ? 1 : 0 }));
  const width = Math.min(WIDEST, Math.max(NARROWEST, options.width ?? DEFAULT_WIDTH));
  const page: TextPage = { words, style, width };
  const sections = [
    ...phaseSections(result, page),
    ...(options.verified ? [verifiedLines(result.verified, page)] : []),
    diagnosticLines(result, page),
    summaryLines(result, words, style),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${shown.join("\n\n")}\n`;
};

function phaseSections(result: ScanResult, page: TextPage): string[][] {
  const byPhase = groupBy(result.findings, (finding) => finding.phase);
  return phases.flatMap((phase) => {
    const findings = byPhase.get(phase);
    return findings === undefined ? [] : [phaseHeading(phase, findings, page), ...findings.map((one) => findingLines(one, page))];
  });
}

function phaseHeading(phase: Phase, findings: readonly Finding[], page: TextPage): string[] {
  const { words, style } = page;
  const detail = `${countOf(findings.length, words.noun.finding, words)}, ${formatEffort(totalEffort(findings))}`;
  return [heading(words.phase[phase].toUpperCase(), detail, style, page.width)];
}

/** A title and its detail, and a rule to the edge of the page. */
function heading(title: string, detail: string, style: Style, width: number): string {
  const line = "─".repeat(Math.max(3, width - title.length - detail.length - 4));
  return `${style.strong(title)}  ${detail}  ${style.dim(line)}`;
}

function verifiedLines(verified: readonly Verified[], page: TextPage): string[] {
  const { words, style } = page;
  if (verified.length === 0) return [];
  const title = words.verified.many.toUpperCase();
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

function diagnosticLines(result: ScanResult, page: TextPage): string[] {
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
