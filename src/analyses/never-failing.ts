import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";

/** What the models write for a result that is always nil: the error of a call that cannot fail. */
const nil = "nil";

/** How far calls and variables are followed. */
const maxDepth = 5;

/** What is known of functions, by the position of the result. */
const known = new WeakMap<Fn, Map<number, boolean>>();

/** @returns whether a value is nil whatever happens: the error of calls that never fail, or of functions of the program that return only such errors */
export function isAlwaysNil(program: Program, fn: Fn, value: Value, depth = 0): boolean {
  if (depth > maxDepth) return false;
  switch (value.k) {
    case "const":
      return value.v === null;
    case "item":
      return value.of.k === "call" && isNilResult(program, fn, value.of.id, value.i, depth);
    case "call":
      return isNilResult(program, fn, value.id, 0, depth);
    case "var": {
      const { fn: home, isParameter, definitions } = fn.file.variable(value.id);
      if (home !== fn.id || isParameter || definitions.length === 0) return false;
      return definitions.every((one) => one.fn === fn.id && isAlwaysNil(program, fn, one.value, depth + 1));
    }
    default:
      return false;
  }
}

function isNilResult(program: Program, fn: Fn, call: number, result: number, depth: number): boolean {
  const { rows, fns } = program.target(fn, call);
  if (rows.length > 0) return rows.every((row) => row.results[result]?.name === nil);
  return fns.length > 0 && fns.every((callee) => returnsNil(program, callee, result, depth + 1));
}

function returnsNil(program: Program, fn: Fn, result: number, depth: number): boolean {
  let results = known.get(fn);
  if (results === undefined) known.set(fn, (results = new Map()));
  const before = results.get(result);
  if (before !== undefined) return before;
  // A function that hands on its own result tells nothing by that.
  results.set(result, false);
  const isNil = depth <= maxDepth && allReturnNil(program, fn, result, depth);
  results.set(result, isNil);
  return isNil;
}

function allReturnNil(program: Program, fn: Fn, result: number, depth: number): boolean {
  if (!fn.fact.hasBody || fn.fact.namedResults.length > 0) return false;
  const returns = fn.graph.blocks.flatMap(({ end }) => (end.t === "return" && !end.implicit ? [end.value] : []));
  return (
    returns.length > 0 &&
    returns.every((value) => {
      if (value === null) return false;
      if (value.k === "coll" && value.kind === "tuple") return value.items[result] !== undefined && isAlwaysNil(program, fn, value.items[result], depth);
      // `return rand.Read(b)` hands on all results.
      return value.k === "call" ? isNilResult(program, fn, value.id, result, depth) : result === 0 && isAlwaysNil(program, fn, value, depth);
    })
  );
}
