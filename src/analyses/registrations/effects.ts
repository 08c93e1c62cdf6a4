import { testedValues } from "../../flow/tests.ts";
import { followPassages } from "../../flow/passages.ts";
import type { Test } from "../../flow/event-graph.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isModelledEnd } from "../ending-calls.ts";
import { mentionedValues, returnedValues } from "../work/values.ts";
import { cleanupOf, closuresIn } from "./cleanups.ts";
import { type Registration, registrationsIn } from "./registration.ts";
import { asksWhatEnds } from "./restarting.ts";
import { holdersOf, undoing } from "./undoing.ts";

/**
 * @returns where an effect that registered something is left without giving back a function, though it gives one back elsewhere; null when it is not
 */
export function leftWithoutCleanup(program: Program, { fn, call }: Registration): number | null {
  const gives = returnedValues(fn.graph).some(({ k }) => k !== "const");
  if (!gives) return null;
  let left: number | null = null;
  followPassages(
    fn.graph,
    (registered, event) => {
      if (event.e === "call" && isModelledEnd(program, fn, event.call)) return null;
      return registered || (event.e === "call" && event.call === call);
    },
    ({ exit, state, block, at }) => {
      const { end } = fn.graph.blocks[block]!;
      if (exit === "return" && state.passed && end.t === "return" && (end.value === null || end.value.k === "const")) left ??= at;
    },
  );
  return left;
}

/** Whether what renews itself asks something first that the cleanup sets: `if (stopped) return`. */
export function isStopped({ fn, effect, firesOnce }: Registration, undoers: ReadonlySet<Fn>): boolean {
  if (firesOnce && effect.rule === "uncleared-timer" && asksWhatEnds(fn, undoers)) return true;
  const asked = new Set(fn.graph.blocks.flatMap(({ end }) => (end.t === "branch" ? [...variablesOf(end.test)] : [])));
  if (asked.size === 0 || effect.rule !== "uncleared-timer") return false;
  return [...undoers].some((undoer) => undoer.graph.blocks.some(({ events }) => events.some((event) => event.e === "set" && asked.has(event.var))));
}

function variablesOf(test: Test): ReadonlySet<number> {
  return new Set(testedValues(test).flatMap((value) => [...mentionedValues(value)].flatMap((one) => (one.k === "var" ? [one.id] : []))));
}

/** Calls of functions that register something and give back its undo, where nobody takes it: `listen("storage", refresh);` */
export function droppedUndos(program: Program, fn: Fn): readonly Registration[] {
  const found: Registration[] = [];
  for (const call of fn.graph.calls.keys()) {
    const [helper] = program.target(fn, call).fns;
    if (helper === undefined || helper.fact.isAsync || helper.isInside(fn)) continue;
    const { fns } = cleanupOf(program, helper);
    const [registration] = fns.size === 0 ? [] : registrationsIn(program, helper).filter((one) => !one.effect.once && isUndoneBy(one, fns));
    if (registration === undefined) continue;
    const dropped: Registration = {
      fn,
      call,
      effect: { ...registration.effect, undo: [], resultUndo: ["()"] },
      firesOnce: false,
      isFirstOfSeveral: false,
      hasHandle: true,
      handles: [],
      callback: null,
    };
    const { names, goesOn } = holdersOf(dropped);
    if (names.size === 0 && !goesOn) found.push(dropped);
  }
  return found;
}

function isUndoneBy(registration: Registration, fns: ReadonlySet<Fn>): boolean {
  const { names } = holdersOf(registration);
  return [...fns].some((fn) => [...fn.graph.calls.keys()].some((call) => undoing(registration, names, { fn, call }).undoes === "yes"));
}

/** Functions that an effect puts into a collection of things to do later: `disposers.push(() => …)`. */
export function keptForLater(program: Program, effect: Fn): readonly Fn[] {
  const found: Fn[] = [];
  for (const fn of [effect, ...closuresIn(effect)]) {
    for (const [call, { args, callee }] of fn.graph.calls.entries()) {
      const { rows, fns } = program.target(fn, call);
      // What is called on something unknown (`cleanups.current.push(…)`) may keep it too.
      const isUnknown = rows.length === 0 && fns.length === 0 && callee.k === "field";
      const keeps = isUnknown || rows.some((row) => row.effects.some((one) => one.role === "grows"));
      // `disposables.push({ dispose: () => … })`
      for (const value of args.flatMap((argument) => mentionedValues(argument.value))) {
        const kept = keeps && value.k === "fn" ? fn.file.functions[value.id]! : null;
        if (kept !== null && !(isUnknown && registrationsIn(program, kept).length > 0)) found.push(kept);
      }
    }
  }
  return found;
}
