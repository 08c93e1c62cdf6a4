import { writeFileSync } from "node:fs";
import type { Scanned } from "../engine/scan.ts";
import { type Format, formats, isFormat, reportFormat } from "../report/reports.ts";
import { reasonOf } from "../project/root.ts";
import { UsageError } from "../project/usage-error.ts";
import { didYouMean } from "../semantics/models/diagnostic.ts";
import type { ScanOptions } from "./options.ts";

/** A report to write; no file: stdout. */
export interface Output {
  readonly format: Format;
  readonly file: string | null;
}

/**
 * @returns the reports asked for; text on stdout when none was
 * @throws UsageError for unknown formats and for two reports in one place
 */
export function outputsOf(options: Pick<ScanOptions, "format" | "output">): readonly Output[] {
  const outputs = options.format.map((written) => {
    const equals = written.indexOf("=");
    const format = equals < 0 ? written : written.slice(0, equals);
    if (!isFormat(format)) throw new UsageError(`unknown format '${format}'${didYouMean(format, formats)}; formats are ${formats.join(", ")}`);
    return { format, file: equals < 0 ? (options.output ?? null) : written.slice(equals + 1) };
  });
  if (outputs.length === 0) return [{ format: "text", file: options.output ?? null }];
  const places = outputs.map((output) => output.file ?? "stdout");
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) throw new UsageError(`two reports would go to ${twice}: write --format FORMAT=FILE`);
  return outputs;
}

/** Writes all reports. */
export async function writeOutputs(outputs: readonly Output[], scanned: Scanned, options: Pick<ScanOptions, "verified" | "lang">): Promise<void> {
  for (const { format, file } of outputs) {
    const report = await reportFormat(format).load();
    const color = file === null && wantsColor();
    const text = report(scanned.result, {
      color,
      verified: options.verified === true,
      width: file === null ? process.stdout.columns : undefined,
      lang: options.lang,
      readText: scanned.readText,
    });
    if (file === null) await writeOut(text);
    else writeFile(file, text);
  }
}

/**
 * Writes a file the user named.
 * @throws UsageError when it cannot be written
 */
export function writeFile(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  }
}

/** Waits until stdout has taken everything. */
export function writeOut(text: string): Promise<void> {
  return new Promise((done) => process.stdout.write(text, () => done()));
}

function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return process.stdout.isTTY === true || (FORCE_COLOR !== undefined && FORCE_COLOR !== "0" && FORCE_COLOR !== "");
}
