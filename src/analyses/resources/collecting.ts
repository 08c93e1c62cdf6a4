import type { EventGraph } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { usedValues } from "../work/values.ts";
import { carried, grownBy } from "./collected.ts";
import { subjectOf } from "./holding.ts";
import type { ResourceState } from "./state.ts";

/** @returns the collection that a call adds its argument to, null for other calls. */
export function collectionGrown(program: Program, fn: Fn, id: number, argument: number): Value | null {
  const site = fn.call(id);
  for (const row of program.target(fn, id).rows) {
    const effect = grownBy(row);
    if (effect?.added?.position === argument) return subjectOf(site, effect.value);
  }
  return null;
}

/** @returns the state after a call whose result has the entries of the collection that it is made on, or gets as an argument. */
export function carrying(program: Program, fn: Fn, state: ResourceState, id: number, from: "receiver" | number | null): ResourceState {
  const [parts] = from === null ? [] : program.target(fn, id).rows.map((row) => carried(row, from));
  if (parts === undefined) return state;
  const held = parts.flatMap((part, i): [string, string][] => (part === null ? [] : [[parts.length === 1 ? `c${id}` : `c${id}#${i}`, part]]));
  return held.length === 0 ? state : { ...state, holders: new Map([...state.holders, ...held]) };
}

/** @returns whether a comprehension collects what a call gives. */
export function isOfComprehension(graph: EventGraph, call: number): boolean {
  if (graph.loops[graph.calls[call]!.loop]?.kind !== "comprehension") return false;
  const holds = (value: Value): boolean =>
    value.k === "coll" &&
    value.items.some(
      (item) => (item.k === "call" && item.id === call) || (item.k === "either" && item.of.some((one) => one.k === "call" && one.id === call)) || holds(item),
    );
  return [...usedValues(graph)].some(holds);
}
