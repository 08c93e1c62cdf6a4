import type { Fn } from "../program/entities.ts";

/** @returns the lambdas and nested functions that a function gives back */
export function* returnedFunctions(fn: Fn): Iterable<Fn> {
  for (const { end } of fn.graph.blocks) {
    if (end.t !== "return" || end.value === null) continue;
    if (end.value.k === "fn") yield fn.file.functions[end.value.id]!;
    if (end.value.k !== "var") continue;
    for (const { value } of fn.file.variable(end.value.id).definitions) if (value.k === "fn") yield fn.file.functions[value.id]!;
  }
}
