import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import { argumentOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues, returnedValues, usedValues } from "../work/values.ts";
import { closuresIn } from "./cleanups.ts";
import { registeredFunctions, writtenFunction } from "./functions.ts";
import type { Registration } from "./registration.ts";
import { nameOf } from "./sameness.ts";

/** A function that is passed on to set something up. */
export interface Effect {
  readonly fn: Fn;
  /** What undoes it beside what it returns; null when nothing else can. */
  readonly undoers: readonly Fn[] | null;
  /** When it runs again: each time the component is drawn, when something changes that was given to the component, or not as far as is known. */
  readonly again: "each" | "changes" | "unknown" | "never";
  /** The variables that it depends on: when one of them changes, it runs again. */
  readonly watched: readonly number[];
}

/** The callbacks that a function passes on to be undone by what they return, or by other callbacks that it passes on. */
export function effectsIn(program: Program, fn: Fn): readonly Effect[] {
  const found: Effect[] = [];
  for (const [call, site] of fn.graph.calls.entries()) {
    for (const callback of program.target(fn, call).rows.flatMap((row) => row.callbacks)) {
      if (!callback.cleanup && callback.undoneBy.length === 0) continue;
      const given = argumentOf(site.args, callback.argument, fn);
      const effect = given.given === "yes" ? writtenFunction(given.value, fn) : null;
      if (effect === null) continue;
      if (callback.undoneBy.length > 0) found.push({ fn: effect, undoers: passedTo(program, callback.undoneBy, effect), again: "unknown", watched: [] });
      else {
        const list = site.args[(callback.argument.position ?? 0) + 1]?.value;
        const watched = list === undefined ? [] : mentionedValues(list).flatMap((one) => (one.k === "var" ? [one.id] : []));
        found.push({ fn: effect, undoers: null, again: againOf(list, fn), watched });
      }
    }
  }
  return found;
}

/** Whether a function is a component or a hook: it calls hooks. */
export function usesHooks(program: Program, fn: Fn): boolean {
  return fn.graph.calls.some((_, call) => {
    const { rows, library } = program.target(fn, call);
    return library.startsWith("react.use") || rows.some((row) => row.callbacks.some((callback) => callback.cleanup && callback.undoneBy.length === 0));
  });
}

/** Whether a function draws an element of a page, so that it is a component or a part of one. */
export const draws = ({ cls, graph }: Fn): boolean =>
  cls === null && returnedValues(graph).some((value) => mentionedValues(value).some((one) => one.k === "unknown" && one.element === true));

/** Whether a function has the name of a component, which tells it from one that draws a part: https://react.dev/reference/rules/components-and-hooks-must-be-pure */
export function isNamedComponent(fn: Fn): boolean {
  return namesOf(fn).some((name) => /^[A-Z]/.test(name));
}

/** The names of a function: its own, and those of the variables that it is given to. */
function namesOf({ file, id, fact }: Fn): readonly string[] {
  if (fact.name !== "") return [fact.name];
  return file.facts.unit.variables.flatMap(({ name, definitions }) => (definitions.some(({ value }) => value.k === "fn" && value.id === id) ? [name] : []));
}

/**
 * A function whose body runs once for each component, while that is set up: a hook, by its name, that makes state of the component (a composable of Vue). Its own
 * body owes the undo, which any function inside it may be: those that it hands out too.
 */
export function setUpIn(program: Program, fn: Fn): Effect | null {
  if (fn.parent === null || fn.cls !== null || !namesOf(fn).some((name) => /^use[A-Z]/.test(name))) return null;
  const makes = fn.graph.calls.some((_, call) => program.target(fn, call).rows.some((row) => row.effects.some(({ role }) => role === "sets-up")));
  return makes && !isPassedOn(fn) ? { fn, undoers: closuresIn(fn), again: "never", watched: [] } : null;
}

/** Whether a function is an argument, so that another decides how often it runs (`createSharedComposable(useMouse)`). */
function isPassedOn({ file, id }: Fn): boolean {
  const isIt = (value: Value): boolean =>
    (value.k === "fn" && value.id === id) ||
    (value.k === "var" && file.variable(value.id).definitions.some((one) => one.value.k === "fn" && one.value.id === id));
  return file.functions.some(({ graph }) => graph.calls.some(({ args }) => args.some(({ value }) => isIt(value))));
}

/** Functions passed to those calls in an effect or beside it, and to a parameter of the effect (`onCleanup(() => …)`). */
function passedTo(program: Program, names: readonly string[], effect: Fn): readonly Fn[] {
  const found: Fn[] = [];
  for (const fn of [effect, ...(effect.parent === null ? [] : [effect.parent])]) {
    for (const [call, { callee, args }] of fn.graph.calls.entries()) {
      const isGiven = fn === effect && callee.k === "var" && effect.fact.params.some((param) => param.variable === callee.id);
      if (!isGiven && !program.target(fn, call).rows.some((row) => names.includes(row.name))) continue;
      const undoer = writtenFunction(args[0]?.value, fn);
      if (undoer !== null) found.push(undoer);
    }
  }
  return found;
}

/** The effect, and the functions written in it that it runs itself: called by name, or as callbacks of a loop or a promise. */
export function runBy(program: Program, effect: Fn): ReadonlySet<Fn> {
  const found = new Set([effect]);
  for (const fn of found) {
    for (const [call, { callee, args }] of fn.graph.calls.entries()) {
      const called = [...program.target(fn, call).fns, ...(callee.k === "fn" ? [fn.file.functions[callee.id]!] : [])];
      for (const one of called) if (one.isInside(effect)) found.add(one);
      for (const { value } of args) {
        const callback = writtenFunction(value, fn);
        const use = callback === null ? null : program.calls.callbackUse(callback);
        const runs = use === null ? undefined : program.calls.callbackModel(use)?.runs;
        if (callback?.isInside(effect) && (runs === "each" || (runs === "once" && !isTimer(program, fn, call)))) found.add(callback);
      }
    }
  }
  return found;
}

/** When an effect runs again, by the list of what it depends on: https://react.dev/reference/react/useEffect#parameters */
function againOf(list: Value | undefined, component: Fn): Effect["again"] {
  if (list === undefined) return "each";
  if (list.k !== "coll") return "unknown";
  const isGiven = (value: Value): boolean => {
    if (value.k !== "var") return value.k === "field" && isGiven(value.of);
    const { isParameter, definitions, fn } = component.file.variable(value.id);
    const [only, ...others] = definitions;
    return fn === component.id && (isParameter || (others.length === 0 && only?.value.k === "field" && isGiven(only.value)));
  };
  return list.items.length === 0 ? "never" : list.items.some(isGiven) ? "changes" : "unknown";
}

/** `handler.current = (event) => …` in the body of a component: what is removed is the function of the last time it was drawn. */
export function isRenewed({ fn, call }: Registration, component: Fn): boolean {
  return fn.call(call).args.some(({ value }) => {
    const name = value.k === "field" ? nameOf(value, fn) : null;
    if (name === null) return false;
    return component.graph.blocks.some(({ events }) =>
      events.some((event) => event.e === "store" && event.value.k === "fn" && nameOf({ k: "field", of: event.object, name: event.field }, component) === name),
    );
  });
}

/** Whether a call asks for something to be called later, once. */
const isTimer = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "registers" && effect.once));

/** Whether a timer that fires once is for one run of the effect: its function reads what the effect depends on, or what that run found. */
export function isForOneRun(registration: Registration, effect: Effect): boolean {
  if (!registration.effect.once || registration.effect.what !== "timer") return false;
  const isOfRun = (value: Value): boolean => {
    if (value.k !== "var") return false;
    const { fn, isParameter, definitions } = effect.fn.file.variable(value.id);
    if (effect.watched.includes(value.id)) return true;
    return fn === effect.fn.id && !isParameter && !definitions.some((one) => one.value.k === "fn" || isHandle(one.value, registration));
  };
  const listeners = registeredFunctions(registration);
  return listeners.flatMap((one) => [one, ...closuresIn(one)]).some((one) => [...readIn(one)].some((value) => mentionedValues(value).some(isOfRun)));
}

const isHandle = (value: Value, { call, handles }: Registration): boolean => value.k === "call" && (value.id === call || handles.includes(value.id));

/** The values that a function reads: what it calls by name aside, which is no value of a time. */
function* readIn({ graph }: Fn): Iterable<Value> {
  yield* usedValues(graph);
  for (const { callee } of graph.calls) if (callee.k === "field") yield callee.of;
  for (const { end } of graph.blocks) if (end.t === "branch") yield* testedValues(end.test);
}
