import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";

/** @returns the fields of a call's result that are part of it, as its type says: who holds `resp.Body` holds `resp` */
export function partsOf(program: Program, fn: Fn, call: number, result: number): readonly string[] {
  return partsOfType(program, fn, program.types.calls.result(fn, call, result, 0));
}

/** @returns the same of anything of a type */
export function partsOfType(program: Program, fn: Fn, type: Type | null): readonly string[] {
  if (type?.t !== "named") return [];
  const parts: string[] = [];
  for (const view of program.library(fn.file).views(type.name, type.args)) parts.push(...view.model.parts);
  return parts;
}
