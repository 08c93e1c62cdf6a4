import type { Finding } from "../findings/finding.ts";
import { phases, severities } from "../findings/levels.ts";
import type { Phase, Severity } from "../findings/levels.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { countOf, formatCount, formatEffort, totalEffort } from "./format.ts";
import type { Style } from "./text-style.ts";
import type { Noun, Words } from "./words.ts";

/** One line of the table of counts: its label, a cell per phase, and the total. */
interface Row {
  readonly label: string;
  readonly cells: readonly string[];
}

/** The end of the text report: findings by severity and phase, the way of the score, and how much was looked at. */
export function summaryLines(result: ScanResult, words: Words, style: Style): string[] {
  const lines = [extent(result, words, style)];
  if (result.findings.length === 0) {
    return [`${style.strong(words.clean)} ${words.score} ${style.score(result.summary.score)}/100`, ...lines];
  }
  return [...countTable(result.findings, words, style), "", scoreLine(result, words, style), ...lines];
}

function countTable(findings: readonly Finding[], words: Words, style: Style): string[] {
  const used = phases.filter((phase) => findings.some((finding) => finding.phase === phase));
  const rows = severities
    .map((severity) => ({ severity, found: findings.filter((finding) => finding.severity === severity) }))
    .filter(({ found }) => found.length > 0);
  const header: Row = { label: "", cells: [...used.map((phase) => words.phase[phase]), words.total] };
  const total = countRow(words.total, findings, used, words);
  const effort: Row = {
    label: words.effort.toLowerCase(),
    cells: [...used.map((phase) => formatEffort(totalEffort(findings.filter((one) => one.phase === phase)))), formatEffort(totalEffort(findings))],
  };
  const counts = rows.map(({ severity, found }) => countRow(words.severity[severity], found, used, words));
  const all = [header, ...counts, total, effort];
  const label = Math.max(...all.map((row) => row.label.length));
  const columns = header.cells.map((_, index) => Math.max(...all.map((row) => (row.cells[index] ?? "").length)));
  const print = (row: Row, paint: (text: string) => string) =>
    `  ${paint(row.label.padEnd(label))}${row.cells.map((cell, index) => `   ${cell.padStart(columns[index] ?? 0)}`).join("")}`;
  return [
    style.dim(print(header, (text) => text)),
    ...counts.map((row, index) => print(row, style.severity[rows[index]?.severity as Severity])),
    print(total, style.strong),
    print(effort, style.dim),
  ];
}

function countRow(label: string, findings: readonly Finding[], used: readonly Phase[], words: Words): Row {
  const inPhase = used.map((phase) => findings.filter((finding) => finding.phase === phase).length);
  return { label, cells: [...inPhase, findings.length].map((count) => (count === 0 ? "·" : formatCount(count, words))) };
}

/** `Score 68/100 → 85 (now) → 93 (next)`: what fixing each phase leads to; phases without findings change nothing and are left out. */
function scoreLine(result: ScanResult, words: Words, style: Style): string {
  const steps = phases
    .filter((phase) => result.findings.some((finding) => finding.phase === phase))
    .map((phase) => `${style.score(result.summary.scoreAfter[phase])} ${style.dim(`(${words.phase[phase]})`)}`);
  return `  ${words.score} ${[`${style.score(result.summary.score)}/100`, ...steps].join(" → ")}`;
}

/** How much was looked at. */
function extent(result: ScanResult, words: Words, style: Style): string {
  const { stats } = result;
  const parts = [
    countOf(stats.files, words.noun.file, words),
    countOf(stats.lines, words.noun.line, words),
    countOf(result.verified.length, words.verified, words),
    ...exception(result.suppressed.length, words.suppressed, words),
    ...exception(result.skipped.length, words.skipped, words),
  ];
  return style.dim(`${result.findings.length === 0 ? "" : "  "}${parts.join(", ")}`);
}

/** Suppressed and skipped things are mentioned only if there are any. */
function exception(count: number, participle: Noun, words: Words): string[] {
  return count === 0 ? [] : [countOf(count, participle, words)];
}
