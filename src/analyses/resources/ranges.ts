import type { Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";

type Comparison = Extract<Test, { test: "compare" }>;

/** The same comparison read from the other side: `0 < fd` is `fd > 0`. */
const mirrored: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==" };

/** @returns a comparison with the constant on its right, null where there is none */
function withBound({ operator, left, right }: Comparison): { readonly value: Value; readonly operator: string; readonly bound: number } | null {
  if (right.k === "const" && typeof right.v === "number") return { value: left, operator, bound: right.v };
  const turned = mirrored[operator];
  return left.k === "const" && typeof left.v === "number" && turned !== undefined ? { value: right, operator: turned, bound: left.v } : null;
}

/**
 * What a comparison says of a number that is never below another: `if fd >= 0`, `if fd != -1`. The lowest one itself counts as above: who writes
 * `if fd > 0` means the descriptors that were opened, and 0 is the standard input, which is open already.
 * @param lowest the number that it is never below
 * @returns the value that is compared, and whether the comparison holds of such a number; null where that depends on which one it is
 */
export function heldOf(test: Comparison, lowest: number): { readonly value: Value; readonly holds: boolean } | null {
  const compared = withBound(test);
  if (compared === null) return null;
  const { value, operator, bound } = compared;
  switch (operator) {
    case ">":
      return bound <= lowest ? { value, holds: true } : null;
    case ">=":
      return bound <= lowest + 1 ? { value, holds: true } : null;
    case "<":
      return bound <= lowest + 1 ? { value, holds: false } : null;
    case "<=":
      return bound <= lowest ? { value, holds: false } : null;
    case "==":
      return bound < lowest ? { value, holds: false } : null;
    default:
      return null;
  }
}
