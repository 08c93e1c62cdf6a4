import type { FlowEvent } from "../flow/event-graph.ts";
import { successors, walk } from "../flow/reach.ts";
import type { Fn } from "../program/entities.ts";

/** @returns whether a call runs inside the scope (`with`, `using`) that another call's result opens: control comes to it from there before the scope is left */
export function isWithinScope(fn: Fn, scope: number, call: number): boolean {
  const { blocks } = fn.graph;
  const isOf = (event: FlowEvent, e: "enter" | "leave"): boolean => event.e === e && event.value.k === "call" && event.value.id === scope;
  const start = blocks.findIndex(({ events }) => events.some((event) => isOf(event, "enter")));
  if (start < 0) return false;
  /** The events of a block that happen in the scope, and whether it goes on after them. */
  const inside = (at: number): { readonly events: readonly FlowEvent[]; readonly goesOn: boolean } => {
    const { events } = blocks[at]!;
    const from = at === start ? events.findIndex((event) => isOf(event, "enter")) + 1 : 0;
    const end = events.findIndex((event, i) => i >= from && isOf(event, "leave"));
    return { events: events.slice(from, end < 0 ? undefined : end), goesOn: end < 0 };
  };
  const within = walk(start, (at) => {
    const { end, handler } = blocks[at]!;
    // The handler around the scope is outside.
    return inside(at).goesOn ? [...successors(end), handler].filter((to) => to >= 0 && to !== blocks[start]!.handler) : [];
  });
  return [...within].some((at) => inside(at).events.some((event) => event.e === "call" && event.call === call));
}
