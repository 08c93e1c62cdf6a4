import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues } from "../work/values.ts";
import { closuresIn } from "./cleanups.ts";
import { registeredFunctions } from "./functions.ts";
import type { Registration } from "./registration.ts";

/**
 * Whether a listener or timer is there for one answer: the function that it calls settles the promise in whose executor it is set up, when the event or the
 * moment is the one that is waited for. Whoever calls the function that makes the promise adds one more; those that have answered stay.
 */
export function waitsForAnswer(program: Program, registration: Registration): boolean {
  const { fn, effect } = registration;
  if (effect.once) return false;
  const settlers = executorAround(program, fn)?.settlers;
  if (settlers === undefined || settlers.size === 0) return false;
  return registeredFunctions(registration).some((listener) =>
    effect.what === "timer" ? [listener, ...closuresIn(listener)].some((one) => settles(one, settlers, false)) : settles(listener, settlers, true),
  );
}

/** Whether a function reads what differs for each call of those around it: what they were given, or made. */
export function readsOfCall(fn: Fn): boolean {
  const outside = (id: number): boolean => {
    const owner = fn.file.functions[fn.file.variable(id).fn]!;
    return owner !== fn && !owner.isInside(fn) && owner.fact.kind !== "module";
  };
  return fn.graph.blocks.some(({ end }) => {
    if (end.t !== "branch" || end.test.test !== "compare") return false;
    return [end.test.left, end.test.right].some((value) => [...mentionedValues(value)].some((one) => one.k === "var" && outside(one.id)));
  });
}

/** The function that makes a promise, and the variables that hold what settles it. */
export interface Executor {
  readonly executor: Fn;
  readonly settlers: ReadonlySet<number>;
}

/** @returns the executor of the promise around a function; null where none is */
export function executorAround(program: Program, fn: Fn): Executor | null {
  for (let one: Fn | null = fn; one !== null; one = one.parent) {
    const use = program.calls.callbackUse(one);
    if (use !== null && program.calls.callbackModel(use)?.settles === true)
      return { executor: one, settlers: new Set(one.fact.params.map((param) => param.variable)) };
  }
  return null;
}

/** Whether a function calls one of those; `asksFirst`: only where that depends on something, so not at its first event. */
function settles(fn: Fn, settlers: ReadonlySet<number>, asksFirst: boolean): boolean {
  return fn.graph.blocks.some(({ events }, block) => {
    if (asksFirst && block === 0) return false;
    return events.some((event) => {
      const callee = event.e === "call" ? fn.call(event.call).callee : null;
      return callee?.k === "var" && settlers.has(callee.id);
    });
  });
}
