import { successors, walk } from "../../flow/reach.ts";
import { constantOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";

/** A timer that a step of a loop waits for beside something else, and leaves behind when that comes first. */
export interface LeftTimer extends CallEdge {
  /** Where the choice stands. */
  readonly at: number;
  /** It is written to last seconds at most: few are there at a time unless the other cases come very fast. */
  readonly isShort: boolean;
}

/** Units of which a duration that is written with them has some: https://pkg.go.dev/time#Duration */
const seconds = /^(?:Second|Millisecond|Microsecond|Nanosecond)$/;

/**
 * Finds timers of which nothing is left but their channel, in a `select` that the loop around it comes back to by another case: each step leaves one
 * that stays until it fires. https://pkg.go.dev/time#After
 */
export function leftTimers(program: Program, callGraph: CallGraph): readonly LeftTimer[] {
  const found: LeftTimer[] = [];
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "registers" || effect.what !== "timer" || !effect.once || effect.resultUndo.length > 0 || effect.undo.length > 0) continue;
      const at = choiceLeaving(fn, call);
      if (at !== null) found.push({ fn, call, at, isShort: isInSeconds(program, fn, call) });
    }
  }
  return found;
}

/** The choice in which the timer of a call is one case, and which the loop comes to again by another; null for none. */
function choiceLeaving({ graph: { blocks } }: Fn, call: number): number | null {
  const home = blocks.findIndex(({ events }) => events.some((event) => event.e === "receive" && event.channel.k === "call" && event.channel.id === call));
  if (home < 0) return null;
  for (const [choice, { end }] of blocks.entries()) {
    if (end.t !== "choose" || !successors(end).includes(home)) continue;
    const others = successors(end).filter((to) => to !== home);
    if (others.some((other) => walk(other, (at) => (at === home ? [] : successors(blocks[at]!.end))).has(choice))) return end.at;
  }
  return null;
}

/** `time.After(5 * time.Second)`, there or as a constant. */
function isInSeconds(program: Program, fn: Fn, call: number): boolean {
  const given = fn.call(call).args[0]?.value;
  const { value } = given === undefined ? { value: null } : constantOf(given, fn, program.symbols);
  const parts = value?.k === "derived" ? value.of : value === null ? [] : [value];
  return parts.some((one) => one.k === "ref" && one.module === "time" && seconds.test(one.name));
}
