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
      return program.target(fn, value.id).constructs === null ? "known" : "fresh";
    case "var": {
      const { definitions, isParameter, isStatic, fn: owner } = fn.file.variable(value.id);
      if (owner !== fn.id || isStatic || fn.fact.kind === "module") return "known";
      if (isParameter) return "given";
      const origins = definitions.map((one) => originOf(program, one.value, fn, depth + 1));
      return origins.length > 0 && origins.every((origin) => origin === origins[0]) ? origins[0]! : "known";
    }
    default:
      return "known";
  }
}
