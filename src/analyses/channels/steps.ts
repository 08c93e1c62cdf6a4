import type { LoopFact } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";

/** @returns how many steps a loop has at most, where its bounds are written as numbers: `for i := 1; i <= 3; i++`, `for range 3`; null for any other */
export function writtenSteps(fn: Fn, { kind, iterable, test }: LoopFact): number | null {
  if (kind === "each") return iterable === null ? null : numberOf(iterable);
  if (kind !== "count" || test?.test !== "compare" || test.left.k !== "var") return null;
  const first = fn.file.variable(test.left.id).definitions[0];
  const from = first === undefined ? null : numberOf(first.value);
  const to = numberOf(test.right);
  if (from === null || to === null) return null;
  if (test.operator === "<") return Math.max(0, to - from);
  return test.operator === "<=" ? Math.max(0, to - from + 1) : null;
}

const numberOf = (value: Value): number | null => (value.k === "const" && typeof value.v === "number" ? value.v : null);
