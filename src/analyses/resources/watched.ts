import type { EventGraph } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";

/** @returns the calls whose result decides a branch */
export function testedCalls(graph: EventGraph): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { end } of graph.blocks) if (end.t === "branch" && end.test.test === "truthy" && end.test.value.k === "call") found.add(end.test.value.id);
  return found;
}

/** @returns the variables whose truth is worth remembering: tested more than once, or tested and set to a constant */
export function watchedVariables(graph: EventGraph): ReadonlySet<number> {
  const tests = new Map<number, number>();
  const count = (value: Value, weight: number): void => {
    if (value.k === "var") tests.set(value.id, (tests.get(value.id) ?? 0) + weight);
  };
  const constants = new Set<number>();
  for (const block of graph.blocks) {
    for (const event of block.events) if (event.e === "set" && event.value.k === "const") constants.add(event.var);
    if (block.end.t !== "branch") continue;
    const { test } = block.end;
    if (test.test === "null" || test.test === "truthy") count(test.value, 1);
    else if (test.test === "compare" && test.right.k === "const" && typeof test.right.v === "boolean") count(test.left, 1);
  }
  const watched = [...tests].filter(([id, n]) => n > 1 || constants.has(id)).map(([id]) => id);
  return new Set(watched.slice(0, 8));
}
