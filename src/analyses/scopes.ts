import type { Fn } from "../program/entities.ts";

/** @returns whether a call runs inside the scope (`with`, `using`) that another call's result opens */
export function isWithinScope(fn: Fn, scope: number, call: number): boolean {
  let inside = false;
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      if ((event.e === "enter" || event.e === "leave") && event.value.k === "call" && event.value.id === scope) inside = event.e === "enter";
      if (inside && event.e === "call" && event.call === call) return true;
    }
  }
  return false;
}
