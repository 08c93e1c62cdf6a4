import type { Finding } from "../findings/finding.ts";

/** A finding and its number in a report, by which the report's sections refer to each other. */
export interface Numbered {
  readonly finding: Finding;
  /** 1 for the most urgent. */
  readonly number: number;
}

/** Numbers findings in the order in which they stand. */
export function numberFindings(findings: readonly Finding[]): Numbered[] {
  return findings.map((finding, index) => ({ finding, number: index + 1 }));
}
