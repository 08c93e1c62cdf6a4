import { type Edge, reachable } from "../../flow/reach.ts";
import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { settled } from "../../program/arguments.ts";
import { cleanupOf } from "./cleanups.ts";
import { registeredFunctions } from "./functions.ts";
import type { Registration } from "./registration.ts";
import { settledValue } from "./sameness.ts";

/** How far calls are followed from the function of a timer. */
const maxDepth = 3;

/**
 * Whether a timer that fires once does nothing when its owner has gone: all that its function does, it does to what a reference holds, or after asking
 * whether it holds something, and the library empties the reference then (`setTimeout(() => input.current?.focus(), 300)`).
 */
export function actsOnlyWhileThere(program: Program, registration: Registration): boolean {
  const { effect, firesOnce } = registration;
  const called = registeredFunctions(registration);
  return firesOnce && effect.what === "timer" && called.length > 0 && called.every((fn) => isHarmless(program, fn, 0));
}

function isHarmless(program: Program, fn: Fn, depth: number): boolean {
  const { blocks } = fn.graph;
  const held = (value: Value): boolean => {
    const one = settledValue(value, fn);
    return isEmptied(program, one, fn) || isTurnedOff(program, one, fn) || isLookedUp(settled(value, fn), fn);
  };
  const ways = blocks.flatMap(({ end }, from) => (end.t === "branch" ? (wayIn(end.test, end.yes, end.no, from, held) ?? []) : []));
  const without = reachable(fn.graph, 0, ways);
  const isQuiet = (event: FlowEvent): boolean => {
    if (event.e === "set") return fn.file.variable(event.var).fn === fn.id;
    if (event.e !== "call") return false;
    if (isLookedUp({ k: "call", id: event.call }, fn) || isOn(fn.call(event.call).callee, held)) return true;
    const { fns } = program.target(fn, event.call);
    return depth < maxDepth && fns.length > 0 && fns.every((callee) => isHarmless(program, callee, depth + 1));
  };
  return [...without].every((block) => blocks[block]!.events.every(isQuiet));
}

/** The way of a branch on which something was found in the reference; null for a branch that asks something else. */
function wayIn(test: Test, yes: number, no: number, from: number, held: (value: Value) => boolean): Edge | null {
  if (test.test === "not") return wayIn(test.of, no, yes, from, held);
  if (test.test === "truthy" && held(test.value)) return { from, to: yes };
  return test.test === "null" && held(test.value) ? { from, to: no } : null;
}

/** `ref.current.focus`, `ref.current.style.setProperty`. */
function isOn(callee: Value, held: (value: Value) => boolean): boolean {
  return callee.k === "field" && (held(callee.of) || isOn(callee.of, held));
}

/** `document.getElementById("name")?.focus()`: an element that is looked for when it fires, and not there any more. */
function isLookedUp(value: Value, fn: Fn): boolean {
  const callee = value.k === "call" ? fn.call(value.id).callee : null;
  return callee !== null && (callee.k === "field" || callee.k === "ref") && /(?:^|\.)(?:getElementById|querySelector|closest)$/.test(callee.name);
}

/** `this._mounted`, which a method of the class sets to false; `mounted.current` of a reference, which another function of the component does. */
function isTurnedOff(program: Program, value: Value, fn: Fn): boolean {
  if (value.k === "field" && value.of.k === "var") {
    const { id } = value.of;
    return fn.file.functions.some((one) =>
      one.graph.blocks.some(({ events }) =>
        events.some(
          (event) =>
            event.e === "store" &&
            event.field === value.name &&
            event.object.k === "var" &&
            event.object.id === id &&
            event.value.k === "const" &&
            event.value.v === false &&
            isReturned(program, one),
        ),
      ),
    );
  }
  if (value.k !== "field" || value.of.k !== "this") return false;
  const definitions = fn.outermost.cls?.field(value.name)?.definitions ?? [];
  return definitions.some((one) => one.value.k === "const" && one.value.v === false);
}

/** Whether an effect gives the function back, to be called when its component goes. */
const isReturned = (program: Program, fn: Fn): boolean => fn.parent !== null && cleanupOf(program, fn.parent).fns.has(fn);

/** A field that the library empties, and nobody else sets. */
function isEmptied(program: Program, value: Value, fn: Fn): boolean {
  if (value.k !== "field" || value.of.k !== "var") return false;
  const { id } = value.of;
  const type = program.typeOf(value.of, fn);
  if (type?.t !== "named" || !program.library(fn.file).type(type.name)?.emptied.includes(value.name)) return false;
  const sets = (event: FlowEvent): boolean => event.e === "store" && event.field === value.name && event.object.k === "var" && event.object.id === id;
  return !fn.file.functions.some((one) => one.graph.blocks.some(({ events }) => events.some(sets)));
}
