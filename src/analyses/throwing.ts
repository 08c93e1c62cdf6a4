import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";

const known = new WeakMap<Fn, boolean>();

/** How far calls are followed. */
const maxDepth = 4;

/** @returns whether a function of the program may throw: it does so itself, or calls something that may, or that nobody knows */
export function canThrow(program: Program, fn: Fn, depth = 0): boolean {
  const before = known.get(fn);
  if (before !== undefined) return before;
  if (depth > maxDepth || !fn.fact.hasBody) return true;
  // A recursive call adds nothing of its own.
  known.set(fn, false);
  const throwsItself = fn.graph.blocks.some(({ end }) => end.t === "throw");
  const throws =
    throwsItself ||
    fn.graph.calls.some((_, call) => {
      const { rows, fns } = program.target(fn, call);
      if (rows.length > 0) return rows.some((row) => row.throws);
      return fns.length === 0 || fns.some((one) => canThrow(program, one, depth + 1));
    });
  known.set(fn, throws);
  return throws;
}
