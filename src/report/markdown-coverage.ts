import { compareText } from "../findings/compare-text.ts";
import type { Skipped } from "../findings/finding.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { capitalizeFirst, countOf, formatCount, groupBy, languageName } from "./format.ts";
import { code, placeCode, plainText, prose, table } from "./markdown-text.ts";
import type { Words } from "./words.ts";

/** Files per reason that are named. */
const NAMED = 5;

/** Suppressed findings and diagnostics that are listed. */
const LISTED = 50;

/** How much was looked at and what was not: languages, resolved calls, skipped files, suppressed findings, what the analyzer says of itself. */
export function coverageSection(result: ScanResult, words: Words): string[] {
  const { calls } = result.stats;
  return [
    `## ${words.coverage}`,
    languageTable(result, words),
    ...(calls.total === 0 ? [] : [words.callsResolved(Math.floor((100 * calls.resolved) / calls.total))]),
    ...skippedBlocks(result.skipped, words),
    ...suppressedBlocks(result, words),
    ...diagnosticBlocks(result, words),
  ];
}

function languageTable(result: ScanResult, words: Words): string {
  const { byLanguage, files, lines } = result.stats;
  const rows = Object.entries(byLanguage)
    .sort(([a], [b]) => compareText(a, b))
    .map(([language, extent]) => [plainText(languageName(language)), formatCount(extent.files, words), formatCount(extent.lines, words)]);
  if (rows.length !== 1) rows.push([`*${words.total}*`, formatCount(files, words), formatCount(lines, words)]);
  return table([{ heading: words.language }, { heading: words.files, numeric: true }, { heading: words.lines, numeric: true }], rows);
}

function skippedBlocks(skipped: readonly Skipped[], words: Words): string[] {
  if (skipped.length === 0) return [];
  const byReason = [...groupBy(skipped, (one) => one.reason)].sort(([a], [b]) => compareText(a, b));
  const lines = byReason.map(([reason, files]) => {
    const named = files.slice(0, NAMED).map((one) => code(one.file));
    if (files.length > NAMED) named.push(words.more(formatCount(files.length - NAMED, words)));
    return `- ${prose(reason)} (${formatCount(files.length, words)}): ${named.join(", ")}`;
  });
  return [`**${capitalizeFirst(words.skipped.many)}:** ${countOf(skipped.length, words.noun.file, words)}`, lines.join("\n")];
}

function suppressedBlocks({ suppressed }: ScanResult, words: Words): string[] {
  if (suppressed.length === 0) return [];
  const lines = suppressed.slice(0, LISTED).map(({ finding, suppressionKind, justification }) => {
    const reason = justification === "" ? "" : `: ${prose(justification)}`;
    return `- ${placeCode(finding.location)} ${finding.rule} (${words[suppressionKind]})${reason}`;
  });
  const count = countOf(suppressed.length, words.noun.finding, words);
  return [`**${capitalizeFirst(words.suppressed.many)}:** ${count}`, capped(lines, suppressed.length, words)];
}

function diagnosticBlocks({ diagnostics }: ScanResult, words: Words): string[] {
  if (diagnostics.length === 0) return [];
  const lines = diagnostics.slice(0, LISTED).map(({ level, message, file, line }) => {
    const place = file === "" ? "" : ` ${code(line > 0 ? `${file}:${line}` : file)}`;
    return `- ${level}${place}: ${prose(message)}`;
  });
  return [`**${words.diagnostics}:** ${formatCount(diagnostics.length, words)}`, capped(lines, diagnostics.length, words)];
}

function capped(lines: readonly string[], count: number, words: Words): string {
  return count > LISTED ? [...lines, `- *${words.more(formatCount(count - LISTED, words))}*`].join("\n") : lines.join("\n");
}
