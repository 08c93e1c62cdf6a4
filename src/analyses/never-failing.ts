import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { CallModel } from "../semantics/models/model.ts";

/** What the models write for a result that is always nil: the error of a call that cannot fail. */
const nil = "nil";

/** How far calls and variables are followed. */
const maxDepth = 5;

/** How sure it is that an error is nil: always, or always but for what practically never happens. */
type Strength = "always" | "nearly";

/** What is known of functions, by the position of the result. */
const always = new WeakMap<Fn, Map<number, boolean>>();
const nearly = new WeakMap<Fn, Map<number, boolean>>();

/** @returns whether a value is nil whatever happens: the error of calls that never fail, or of functions of the program that return only such errors */
export const isAlwaysNil = (program: Program, fn: Fn, value: Value): boolean => isNil("always", program, fn, value, 0);

/** @returns whether the error of a function of the program, by its position, is practically always nil: that of calls which hardly ever fail */
export const isNearlyNil = (program: Program, fn: Fn, result: number): boolean => returnsNil("nearly", program, fn, result, 0);

function isNil(strength: Strength, program: Program, fn: Fn, value: Value, depth: number): boolean {
  if (depth > maxDepth) return false;
  switch (value.k) {
    case "const":
      return value.v === null;
    case "item":
      return value.of.k === "call" && isNilResult(strength, program, fn, value.of.id, value.i, depth);
    case "call":
      return isNilResult(strength, program, fn, value.id, 0, depth);
    case "var": {
      const { fn: home, isParameter, definitions } = fn.file.variable(value.id);
      if (home !== fn.id || isParameter || definitions.length === 0) return false;
      return definitions.every((one) => one.fn === fn.id && isNil(strength, program, fn, one.value, depth + 1));
    }
    default:
      return false;
  }
}

function isNilResult(strength: Strength, program: Program, fn: Fn, call: number, result: number, depth: number): boolean {
  const { rows, fns } = program.target(fn, call);
  const givesNil = ({ results, fails }: CallModel): boolean => results[result]?.name === nil || (strength === "nearly" && fails === "hardly");
  if (rows.length > 0) return rows.every(givesNil);
  return fns.length > 0 && fns.every((callee) => returnsNil(strength, program, callee, result, depth + 1));
}

function returnsNil(strength: Strength, program: Program, fn: Fn, result: number, depth: number): boolean {
  const known = strength === "always" ? always : nearly;
  let results = known.get(fn);
  if (results === undefined) known.set(fn, (results = new Map()));
  const before = results.get(result);
  if (before !== undefined) return before;
  // A function that hands on its own result tells nothing by that.
  results.set(result, false);
  const isNothing = depth <= maxDepth && allReturnNil(strength, program, fn, result, depth);
  results.set(result, isNothing);
  return isNothing;
}

function allReturnNil(strength: Strength, program: Program, fn: Fn, result: number, depth: number): boolean {
  if (!fn.fact.hasBody || fn.fact.namedResults.length > 0) return false;
  const returns = fn.graph.blocks.flatMap(({ end }) => (end.t === "return" && !end.implicit ? [end.value] : []));
  return (
    returns.length > 0 &&
    returns.every((value) => {
      if (value === null) return false;
      if (value.k === "coll" && value.kind === "tuple") return value.items[result] !== undefined && isNil(strength, program, fn, value.items[result], depth);
      // `return rand.Read(b)` hands on all results.
      return value.k === "call" ? isNilResult(strength, program, fn, value.id, result, depth) : result === 0 && isNil(strength, program, fn, value, depth);
    })
  );
}
