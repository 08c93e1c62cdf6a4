import type { Value } from "../../flow/values.ts";
import { selectTargets } from "../channels/uses.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { HeatMap } from "../heat.ts";
import { nameOf } from "../registrations/sameness.ts";
import type { Blocked } from "./blocked.ts";

/** How many contexts are followed that are made of each other. */
const maxDepth = 6;

/** @returns waits for the end of a context that nobody can end: its `Done` is nil or never closed (https://pkg.go.dev/context#Background) */
export function endlessContexts(program: Program, heat: HeatMap): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const fn of program.functions()) {
    if (fn.file.language !== "go" || heat.of(fn) === "startup") continue;
    const selecting = selectTargets(fn);
    for (const [index, { events }] of fn.graph.blocks.entries()) {
      if (selecting.has(index)) continue;
      for (const event of events) {
        const context = event.e === "receive" ? doneOf(program, fn, event.channel) : null;
        if (event.e !== "receive" || context === null || !isEndless(program, context, fn, 0)) continue;
        found.push({ site: { fn, at: event.at }, name: variableName(context, fn), why: "endless context", other: null });
      }
    }
  }
  return found;
}

/** The context whose `Done` a value is; null for other values. */
function doneOf(program: Program, fn: Fn, channel: Value): Value | null {
  const callee = channel.k === "call" ? fn.call(channel.id).callee : null;
  if (channel.k !== "call" || callee?.k !== "field") return null;
  return signalsEnd(program, fn, channel.id) ? callee.of : null;
}

/** Whether a call gives a channel that tells that the work should end. */
export function signalsEnd(program: Program, fn: Fn, call: number): boolean {
  return program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "signals-end"));
}

/** Whether nobody can end a context: it is the background, or made of it with its cancel function thrown away. */
function isEndless(program: Program, value: Value, fn: Fn, depth: number): boolean {
  if (depth > maxDepth) return false;
  if (value.k === "var") {
    const { definitions, isParameter } = fn.file.variable(value.id);
    const [only, ...others] = definitions;
    return !isParameter && others.length === 0 && only !== undefined && isEndless(program, only.value, fn.file.functions[only.fn]!, depth + 1);
  }
  const made = value.k === "item" && value.i === 0 ? value.of : value;
  if (made.k !== "call") return false;
  const effects = program.target(fn, made.id).rows.flatMap((row) => row.effects);
  if (effects.some((effect) => effect.role === "unlimited")) return true;
  // A cancel function that a deadline makes up for is reclaimed.
  const isCancelled = effects.some((effect) => effect.role === "acquires" && effect.rule === "lost-cancel" && effect.reclaimed === "never");
  const isOfOther = effects.some((effect) => effect.role === "limited-as") || (isCancelled && isThrownAway(fn, made.id));
  const parent = fn.call(made.id).args[0]?.value;
  return isOfOther && parent !== undefined && isEndless(program, parent, fn, depth + 1);
}

/** @returns whether nobody keeps the cancel function that a call gives: `ctx, _ := context.WithCancel(parent)` */
export function isThrownAway(fn: Fn, call: number): boolean {
  const isCancel = (value: Value): boolean => value.k === "item" && value.i === 1 && value.of.k === "call" && value.of.id === call;
  const isKept = fn.graph.blocks.some(({ events }) => events.some((event) => "value" in event && event.value !== null && isCancel(event.value)));
  const isReturned = fn.graph.blocks.some(({ end }) => end.t === "return" && end.value?.k === "call" && end.value.id === call);
  return !isKept && !isReturned;
}

const variableName = (value: Value, fn: Fn): string => (value.k === "var" ? fn.file.variable(value.id).name : (nameOf(value, fn) ?? "the context"));
