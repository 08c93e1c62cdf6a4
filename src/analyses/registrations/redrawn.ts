import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { forEachValue, returnedValues } from "../work/values.ts";
import { closuresIn, reachedBy } from "./cleanups.ts";
import { registeredFunctions, writtenFunction } from "./functions.ts";
import { type Registration, registrationsIn } from "./registration.ts";
import { holdersOf, undoing } from "./undoing.ts";

/**
 * Whether a component has been drawn again by the time that a handler's listener is removed, so that the function given there is another one: the listener, a function
 * of the component's body, sets state, and only another handler of what the component draws removes it
 * (`onPointerDown={() => addEventListener("pointermove", move)} onPointerUp={() => removeEventListener("pointermove", move)}`).
 * @param candidates the functions that may undo it
 */
export function isRemovedAfterDrawing(program: Program, registration: Registration, component: Fn, candidates: ReadonlySet<Fn>): boolean {
  const { fn } = registration;
  const listeners = registeredFunctions(registration).filter((one) => one.parent === component);
  if (listeners.length === 0 || !listeners.some((one) => drawsAgain(component, reachedBy(program, [one])))) return false;
  const { names } = holdersOf(registration);
  const undoers = [...candidates].filter((one) =>
    [...one.graph.calls.keys()].some((call) => (one !== fn || call !== registration.call) && undoing(registration, names, { fn: one, call }).undoes !== "no"),
  );
  if (undoers.length === 0) return false;
  // What the same handler adds, or calls, is of the same drawing.
  const together = reachedBy(program, [fn, ...registrationsIn(program, fn).flatMap(registeredFunctions), ...listeners]);
  const handlers = handlersOf(component);
  return undoers.every((one) => !together.has(one) && handlers.has(one));
}

/** Whether one of the functions calls what sets a state of the component: the second of what a hook gives back. */
function drawsAgain(component: Fn, fns: ReadonlySet<Fn>): boolean {
  const sets = (value: Value): boolean => {
    if (value.k !== "var") return false;
    const [only, ...others] = component.file.variable(value.id).definitions;
    return others.length === 0 && only?.fn === component.id && only.value.k === "item" && only.value.i === 1 && only.value.of.k === "call";
  };
  return [...fns].some((fn) => fn.file === component.file && fn.graph.calls.some(({ callee }) => sets(callee)));
}

/** The functions that what a component draws is given as they are, and that are used nowhere else. */
function handlersOf(component: Fn): ReadonlySet<Fn> {
  const found = new Set<Fn>();
  const given = (value: Value): Fn | null => writtenFunction(value, component);
  for (const value of returnedValues(component.graph))
    forEachValue(value, (one) => {
      if (one.k !== "unknown" || one.element !== true) return;
      for (const part of one.of) {
        const handler = given(part);
        if (handler !== null) found.add(handler);
      }
    });
  for (const fn of [component, ...closuresIn(component)]) {
    for (const { callee, args } of fn.graph.calls)
      for (const value of [callee, ...args.map((one) => one.value)]) {
        const used = writtenFunction(value, fn);
        if (used !== null) found.delete(used);
      }
  }
  return found;
}
