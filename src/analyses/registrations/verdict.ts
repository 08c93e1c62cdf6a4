import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Site } from "../site.ts";
import { type Registration, rowsOf } from "./registration.ts";
import { nameOf, settledValue } from "./sameness.ts";
import { isKeptUnread } from "./unread.ts";
import { holdersOf, type Mismatch, signalOf, undoing } from "./undoing.ts";

/** Whether a registration is undone. */
export interface Verdict {
  /** Where; null when it is not. */
  readonly undone: Site | null;
  /** The call that looks like the undo, and why it is none. */
  readonly near: { readonly fn: Fn; readonly at: number; readonly because: Mismatch } | null;
}

/** Whether one of the candidates undoes the registration; null when that cannot be told. */
export function verdictOf(program: Program, registration: Registration, candidates: ReadonlySet<Fn>, values: readonly Value[]): Verdict | null {
  const { names, goesOn } = holdersOf(registration);
  const { resultUndo } = registration.effect;
  // Returned itself, or its method is.
  const isResult = (value: Value): boolean => (value.k === "call" && value.id === registration.call) || (value.k === "var" && names.has(`v${value.id}`));
  const byValue = values.some(
    (value) => (resultUndo.includes("()") && isResult(value)) || isMethodOf(value, names, registration) || isBoundUndo(value, names, registration),
  );
  const signal = signalOf(registration);
  let near: Verdict["near"] = null;
  const hasResult = registration.hasHandle || resultUndo.length > 0;
  let unclear = hasResult && goesOn && !isKeptUnread(program, registration) && !(byValue && resultUndo.includes("()"));
  const isHandedOn = (fn: Fn, call: number): boolean => {
    const { rows } = program.target(fn, call);
    const isTaken = rows.length === 0 || rows.some((row) => row.effects.some((effect) => effect.role === "grows"));
    return isTaken && fn.call(call).args.some(({ value }) => value.k === "var" && names.has(`v${value.id}`));
  };
  // `setTimer(timer)`: whoever gets the handle may undo it.
  if (registration.fn.graph.calls.some((_, call) => isHandedOn(registration.fn, call))) unclear = true;
  for (const fn of candidates) {
    for (const [call, site] of fn.graph.calls.entries()) {
      if (fn === registration.fn && call === registration.call) continue;
      const answer = undoing(registration, names, { fn, call });
      if (answer.undoes === "yes" || (signal !== null && isAbort(program, signal, registration, fn, call)))
        return { undone: { fn, at: site.start }, near: null };
      // `targets.forEach(off)`, `cleanup.push(off)`, `jobs.set(id, task)`: handed on.
      if (answer.undoes === "maybe" || isHandedOn(fn, call)) unclear = true;
      if (answer.undoes === "no" && (answer.because === "another function" || answer.because === "other options"))
        near ??= { fn, at: site.start, because: answer.because };
    }
  }
  if (byValue) return { undone: { fn: registration.fn, at: registration.fn.call(registration.call).start }, near: null };
  const isUnknown = unclear || (signal !== null && !isOwnController(signal, registration)) || isUnknownCleanup(values);
  return isUnknown ? null : { undone: null, near };
}

/** `controller.abort()` for the controller whose signal was given. */
function isAbort(program: Program, signal: Value, registration: Registration, fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  const settled = settledValue(signal, registration.fn);
  if (callee.k !== "field" || settled.k !== "field" || nameOf(callee.of, fn) !== nameOf(settled.of, registration.fn)) return false;
  return rowsOf(program, fn, call).some((row) => row.effects.some((effect) => effect.role === "unregisters" && effect.value.of === "receiver"));
}

/** `this.sub = a.subscribe(f); this.sub = b.subscribe(g)`: what undoes the first is gone with the second. */
export function isOverwritten(registration: Registration): boolean {
  const { fn, call, effect } = registration;
  if (!registration.hasHandle || effect.resultUndo.length === 0) return false;
  const { blocks } = fn.graph;
  for (const { events } of blocks) {
    const kept = events.findIndex((event) => event.e === "store" && event.value.k === "call" && event.value.id === call);
    const first = events[kept];
    if (first?.e !== "store") continue;
    const name = nameOf({ k: "field", of: first.object, name: first.field }, fn);
    // In the same block nothing stands in between but what is written there.
    const next = events.slice(kept + 1);
    const again = next.findIndex(
      (event) => event.e === "store" && event.value.k === "call" && nameOf({ k: "field", of: event.object, name: event.field }, fn) === name,
    );
    const between = again < 0 ? [] : next.slice(0, again);
    const isUndone = between.some((event) => {
      const callee = event.e === "call" ? fn.call(event.call).callee : null;
      return callee?.k === "field" && effect.resultUndo.includes(callee.name);
    });
    if (again >= 0 && name !== null && !isUndone) return true;
  }
  return false;
}

/** The cleanup comes from code that was not seen. */
const isUnknownCleanup = (values: readonly Value[]): boolean => values.some((value) => value.k === "unknown" || value.k === "index");

/** `return sub.unsubscribe`, `return observer.disconnect`. */
function isMethodOf(value: Value, names: ReadonlySet<string>, { fn, effect }: Registration): boolean {
  if (value.k !== "field" || ![...effect.resultUndo, ...effect.undo].includes(value.name)) return false;
  const of = value.of.k === "var" ? `v${value.of.id}` : nameOf(value.of, fn);
  return of !== null && (names.has(of) || names.size === 0);
}

/** `return clearTimeout.bind(null, timer)` */
function isBoundUndo(value: Value, names: ReadonlySet<string>, { fn, effect }: Registration): boolean {
  const site = value.k === "call" ? fn.graph.calls[value.id] : undefined;
  // Members of a global are one name: `clearTimeout.bind`.
  const bound = site?.callee.k === "ref" ? /([^.]+)\.bind$/.exec(site.callee.name)?.[1] : undefined;
  if (site === undefined || bound === undefined || !effect.undo.some((one) => one.slice(one.lastIndexOf(".") + 1) === bound)) return false;
  return site.args.some((argument) => argument.value.k === "var" && names.has(`v${argument.value.id}`));
}

/** The controller is made in the same function: nobody else aborts it. */
function isOwnController(signal: Value, { fn }: Registration): boolean {
  const settled = settledValue(signal, fn);
  return settled.k === "field" && settled.of.k === "var" && fn.file.variable(settled.of.id).fn === fn.id && !fn.file.variable(settled.of.id).isParameter;
}
