import type { Scanned } from "../engine/scan.ts";
import { compareSeverity, type Severity } from "../findings/levels.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { UsageError } from "../project/usage-error.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ScanOptions } from "./options.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { prepare } from "./prepare.ts";
import { runPrepared } from "./run.ts";

/**
 * `leakhound scan`.
 * @returns the exit code
 */
export async function runScan(paths: readonly string[], options: ScanOptions): Promise<number> {
  if (options.staged === true && options.since !== undefined) throw new UsageError("--staged and --since exclude each other");
  outputsOf(options);
  const prepared = await prepare(paths, options);
  const scanned = await runPrepared(prepared, options);
  return finish(scanned, options, prepared.failOn);
}

/** Writes the reports, speaks of trouble on stderr. @returns the exit code */
export async function finish(scanned: Scanned, options: ScanOptions, failOn: Severity | "never"): Promise<number> {
  if (options.quiet !== true) warn(scanned.result);
  await writeOutputs(outputsOf(options), scanned, options);
  return exitCode(scanned.result, failOn);
}

/** @returns 1 when a finding is as severe as `failOn` or more */
export function exitCode(result: Pick<ScanResult, "findings">, failOn: Severity | "never"): number {
  const fails = failOn !== "never" && result.findings.some((finding) => compareSeverity(finding.severity, failOn) <= 0);
  return fails ? exitCodes.findings : exitCodes.clean;
}

function warn(result: ScanResult): void {
  for (const { level, message, file, line } of result.diagnostics) {
    if (level === "note") continue;
    const place = file === "" ? "" : `${file}${line > 0 ? `:${line}` : ""}: `;
    process.stderr.write(`leakhound: ${level}: ${place}${message}\n`);
  }
  if (result.stats.files === 0) process.stderr.write("leakhound: warning: no source files found to analyse\n");
}
