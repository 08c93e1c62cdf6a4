import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** Where the object comes from whose field is touched: `fresh` was made in the same function, `given` is a parameter: which object that is, the callers know. */
export type ObjectOrigin = "fresh" | "given" | "known";

/** @returns where a function has an object from */
export function originOf(program: Program, value: Value, fn: Fn, depth = 0): ObjectOrigin {
  if (depth > 6) return "known";
  switch (value.k) {
    case "field":
    case "index":
    case "elem":
    case "item":
    case "cast":
      return originOf(program, value.of, fn, depth + 1);
    case "coll":
      return "fresh";
    case "call":
      return program.target(fn, value.id).constructs !== null || isNewOf(program, value.id, fn) ? "fresh" : "known";
    case "var": {
      const { definitions, isParameter, isStatic, fn: owner } = fn.file.variable(value.id);
      if (owner !== fn.id || isStatic || fn.fact.kind === "module") return "known";
      if (isParameter) return "given";
      // Without a value it is a zero value of its own.
      const origins = definitions
        .filter(({ value: one }) => one.k !== "const")
        .map((one) => originOf(program, one.value, fn.file.functions[one.fn]!, depth + 1));
      return origins.every((origin) => origin === (origins[0] ?? "fresh")) ? (origins[0] ?? "fresh") : "known";
    }
    default:
      return "known";
  }
}

/** `new(Config)`: a call that gives a value of the type that is its only argument. */
function isNewOf(program: Program, call: number, fn: Fn): boolean {
  const { args } = fn.call(call);
  return (
    args.length === 1 &&
    args[0]!.value.k === "cast" &&
    program.target(fn, call).rows.some((row) => row.results[0]?.name === "argument:0" && row.effects.length === 0)
  );
}
