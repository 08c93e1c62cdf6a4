import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** @returns the fields of a call's result that are part of it, as its type says: who holds `resp.Body` holds `resp` */
export function partsOf(program: Program, fn: Fn, call: number, result: number): readonly string[] {
  const type = program.types.calls.result(fn, call, result, 0);
  if (type?.t !== "named") return [];
  const parts: string[] = [];
  for (const view of program.library(fn.file).views(type.name, type.args)) parts.push(...view.model.parts);
  return parts;
}
