import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { Finding } from "../findings/finding.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { UsageError } from "../project/usage-error.ts";
import { writeOut } from "./outputs.ts";
import { type AnalysisOptions, prepare } from "./prepare.ts";
import { runPrepared } from "./run.ts";

/**
 * `leakhound why FILE:LINE`: the findings at a line with their proof. `why-not`: what was examined there and why nothing is reported.
 * The whole project is analysed, since the reason may stand in another file.
 * @throws UsageError when the place is malformed or the file does not exist
 */
export async function runWhy(place: string, negative: boolean, options: AnalysisOptions): Promise<void> {
  const match = /^(.+):(\d+)$/.exec(place);
  const path = match?.[1] ?? "";
  if (match === null || !existsSync(path)) throw new UsageError(match === null ? `'${place}' is no FILE:LINE` : `${path}: no such file`);
  const line = Number(match[2]);
  const prepared = await prepare([path], options);
  const base = prepared.scope.isGit ? prepared.scope.root : ".";
  // The folder is named too: what is asked about is analysed also where it belongs to the tests.
  const whole = await prepare([base, dirname(path)], options);
  const { root } = whole.scope;
  const { result } = await runPrepared({ ...whole, choice: { ...whole.choice, minConfidence: "low", minSeverity: "info" } }, options);
  const file = relative(root, resolve(path)).split("\\").join("/");
  const shown = result.findings.filter((one) => covers(one, file, line));
  await writeOut(negative ? negativeAnswer(result, shown, file, line, whole.choice.minConfidence) : positiveAnswer(shown, file, line));
}

/** A finding is at a line if it stands there or a step of its proof does. */
function covers(finding: Finding, file: string, line: number): boolean {
  return [finding.location, ...finding.evidence.map((step) => step.location)].some((at) => at.file === file && at.line <= line && line <= at.endLine);
}

function proof(finding: Finding): string {
  const { location, evidence } = finding;
  const steps = evidence.map((step, i) => `  ${i + 1}. ${step.location.file}:${step.location.line}  ${step.text}\n`).join("");
  const growth = finding.growth === "" ? "" : `  Growth: ${finding.growth}\n`;
  return `${location.file}:${location.line}:${location.column}  ${finding.rule} (${finding.severity}, ${finding.confidence} confidence)\n  ${finding.message}\n${steps}${growth}  Why it matters: ${finding.why}\n  Fix: ${finding.fix}\n`;
}

function positiveAnswer(shown: readonly Finding[], file: string, line: number): string {
  return shown.length === 0
    ? `Nothing is reported at ${file}:${line}. \`leakhound why-not ${file}:${line}\` says what was examined there.\n`
    : shown.map(proof).join("\n");
}

function negativeAnswer(result: ScanResult, shown: readonly Finding[], file: string, line: number, threshold: string): string {
  const answers: string[] = [];
  for (const one of result.skipped) if (file === one.file) answers.push(`${one.file} was not analysed: ${one.reason}`);
  for (const one of result.diagnostics) if (one.file === file) answers.push(`${file}${one.line > 0 ? `:${one.line}` : ""}: ${one.message}`);
  for (const one of result.suppressed)
    if (covers(one.finding, file, line)) answers.push(`${one.finding.rule} is suppressed (${one.suppressionKind}): ${one.justification}`);
  for (const one of result.verified)
    if (one.location.file === file && one.location.line <= line && line <= one.location.endLine) answers.push(`${one.rule}: ${one.reason}`);
  for (const one of shown) answers.push(`${one.rule} is found here with ${one.confidence} confidence (reports show ${threshold} and above): ${one.message}`);
  if (answers.length === 0) answers.push("no rule examined this line: it opens nothing, repeats no work, and grows nothing that the models know");
  return answers.map((answer) => `${answer}\n`).join("");
}
