import type { Location, RawFinding } from "../findings/finding.ts";
import type { Fn } from "../program/entities.ts";
import type { Analyses } from "./analyses.ts";

/** @returns the finding, with low confidence where nothing but tests comes to its place, as far as the program shows */
export function weighed({ program, heat }: Pick<Analyses, "program" | "heat">, finding: RawFinding): RawFinding {
  if (finding.confidence === "low") return finding;
  const fn = functionAt(program, finding.location);
  return fn !== null && heat.unused.has(fn) ? { ...finding, confidence: "low" } : finding;
}

/** The function that a place lies in, the innermost. */
function functionAt(program: Analyses["program"], { file: path, line, column }: Location): Fn | null {
  const file = program.files.find((one) => one.path === path);
  const at = (file?.facts.unit.lineStarts[line - 1] ?? 0) + column - 1;
  return file?.functions.findLast(({ fact }) => fact.start <= at && at < fact.end) ?? null;
}
