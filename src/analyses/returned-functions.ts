import type { Fn } from "../program/entities.ts";

/**
 * @param at which of several results
 * @returns the lambdas and nested functions that a function gives back
 */
export function* returnedFunctions(fn: Fn, at = 0): Iterable<Fn> {
  for (const { end } of fn.graph.blocks) {
    if (end.t !== "return" || end.value === null) continue;
    const value = end.value.k === "coll" && end.value.kind === "tuple" ? end.value.items[at] : end.value;
    if (value?.k === "fn") yield fn.file.functions[value.id]!;
    if (value?.k !== "var") continue;
    for (const { value: given } of fn.file.variable(value.id).definitions) if (given.k === "fn") yield fn.file.functions[given.id]!;
  }
}
