import { readFileSync } from "node:fs";
import type { Finding } from "../findings/finding.ts";
import { reasonOf } from "../project/root.ts";
import { UsageError } from "../project/usage-error.ts";

/**
 * @param path the baseline file
 * @returns fingerprints of the findings it accepts
 * @throws UsageError when it cannot be read or is not a baseline
 */
export function readBaseline(path: string): ReadonlySet<string> {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof SyntaxError ? `not JSON: ${error.message}` : reasonOf(error)}`);
  }
  const findings = typeof data === "object" && data !== null && "findings" in data ? data.findings : null;
  if (!Array.isArray(findings)) throw new UsageError(`${path}: not a baseline: 'findings' must be a list`);
  return new Set(findings.map((entry: unknown, index) => fingerprintOf(entry, index, path)));
}

function fingerprintOf(entry: unknown, index: number, path: string): string {
  const fingerprint = typeof entry === "object" && entry !== null && "fingerprint" in entry ? entry.fingerprint : null;
  if (typeof fingerprint !== "string") throw new UsageError(`${path}: not a baseline: 'findings[${index}].fingerprint' must be a text`);
  return fingerprint;
}

/** @returns a baseline that accepts these findings, to be kept in version control */
export function writeBaseline(findings: readonly Finding[]): string {
  const rows = findings.map(({ fingerprint, rule, location, message }) => ({ fingerprint, rule, file: location.file, message }));
  rows.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.fingerprint < b.fingerprint ? -1 : 1));
  return `${JSON.stringify({ schemaVersion: 1, findings: rows }, null, 2)}\n`;
}
