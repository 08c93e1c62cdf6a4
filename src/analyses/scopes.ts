import type { FlowEvent } from "../flow/event-graph.ts";
import type { Fn } from "../program/entities.ts";

/** @returns whether a call runs inside the scope (`with`, `using`) that another call's result opens */
export function isWithinScope(fn: Fn, scope: number, call: number): boolean {
  const events = fn.graph.blocks.flatMap((block) => block.events);
  const bounds =
    (e: "enter" | "leave"): ((event: FlowEvent) => boolean) =>
    (event) =>
      event.e === e && event.value.k === "call" && event.value.id === scope;
  const first = events.findIndex(bounds("enter"));
  // Jumps out of the scope leave it too: its end is the last of them, or none where it never ends.
  const last = events.findLastIndex(bounds("leave"));
  return first >= 0 && events.some((event, i) => event.e === "call" && event.call === call && i > first && (last < 0 || i < last));
}
