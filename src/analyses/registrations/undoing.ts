import { registeredFunctions, writtenFunction } from "./functions.ts";
import type { CallArgument } from "../../flow/event-graph.ts";
import { unknownValue, type Value } from "../../flow/values.ts";
import { argumentOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import { ownerOf } from "../resources/holding.ts";
import type { Registration } from "./registration.ts";
import { nameOf, type Same, sameFunction, sameObject, settledValue } from "./sameness.ts";

/** A call that may undo a registration, in the function it stands in. */
export interface UndoCall {
  readonly fn: Fn;
  readonly call: number;
}

/** Why a call that looks like the undo is none. */
export type Mismatch = "another function" | "another event" | "another target" | "other options";

/** What a call does about a registration. */
export type Undoing = { readonly undoes: "yes" | "maybe" } | { readonly undoes: "no"; readonly because: Mismatch | null };

const unrelated: Undoing = { undoes: "no", because: null };

/** Names of the places that hold the result of a registering call. */
export function holdersOf({ fn, call, handles, isFirstOfSeveral }: Registration): { readonly names: ReadonlySet<string>; readonly goesOn: boolean } {
  const names = new Set<string>();
  let goesOn = false;
  const isIt = (value: Value): boolean => {
    if (value.k === "item") return isFirstOfSeveral && value.i === 0 && isIt(value.of);
    return value.k === "call" && (value.id === call || handles.includes(value.id));
  };
  const holdsIt = (value: Value): boolean =>
    isIt(value) || (value.k === "coll" && value.items.some(holdsIt)) || (value.k === "either" && value.of.some(holdsIt));
  for (const { events, end } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e === "set" && isIt(event.value)) names.add(`v${event.var}`);
      else if (event.e === "store" && isIt(event.value)) {
        const name = nameOf({ k: "field", of: event.object, name: event.field }, fn);
        if (name === null) goesOn = true;
        else names.add(name);
      } else if ("value" in event && event.value !== null && holdsIt(event.value)) goesOn = true;
    }
    if (end.t === "return" && end.value !== null && holdsIt(end.value)) goesOn = true;
  }
  for (const site of fn.graph.calls) if (site.args.some(({ value }) => holdsIt(value))) goesOn = true;
  return { names, goesOn };
}

/** @returns what a call does about a registration whose result those names hold */
export function undoing(registration: Registration, holders: ReadonlySet<string>, { fn, call }: UndoCall): Undoing {
  const { effect } = registration;
  const site = fn.call(call);
  const { callee } = site;
  const name = callee.k === "field" ? callee.name : callee.k === "ref" ? lastPart(callee.name) : "";
  const receiver = callee.k === "field" ? callee.of : null;
  if (receiver !== null && effect.resultUndo.includes(name)) return held(receiver, fn, holders);
  if (effect.resultUndo.includes("()")) {
    const own = held(callee, fn, holders);
    if (own.undoes !== "no") return own;
  }
  if (!effect.undo.some((one) => lastPart(one) === name)) return unrelated;
  const listener = registration.hasHandle ? null : functionArgument(registration);
  if (listener === null) {
    // The undo takes what registering gave back, or is asked of the same object.
    if (site.args.length > 0 && receiver === null) return held(site.args[0]!.value, fn, holders);
    if (site.args.length === 0 && receiver === null && registration.hasHandle) return unrelated;
    // `informer.RemoveEventHandler(handle)` of another function, where nobody has the handle.
    if (site.args.length > 0 && isDropped(registration, holders) && !isInListener(registration, fn)) return unrelated;
    return sameTarget(registration, { fn, call }) === "no" ? { undoes: "no", because: "another target" } : { undoes: "yes" };
  }
  // `signal.disconnect(sender=Order, dispatch_uid=uid)`: by name, not by the function.
  if (site.args.every(({ name }) => name !== ""))
    return sameTarget(registration, { fn, call }) === "no" ? { undoes: "no", because: "another target" } : { undoes: "yes" };
  if (holders.size > 0 && site.args.length === 1 && held(site.args[0]!.value, fn, holders).undoes === "yes") return { undoes: "yes" };
  return sameListener(registration, listener, { fn, call });
}

/** Nobody keeps what registering gave back. */
function isDropped(registration: Registration, holders: ReadonlySet<string>): boolean {
  return registration.hasHandle && holders.size === 0 && !holdersOf(registration).goesOn;
}

/** The function that is called back is given the handle: `Loop::addPeriodicTimer(1, function ($timer) { … Loop::cancelTimer($timer); })`. */
const isInListener = (registration: Registration, fn: Fn): boolean => registeredFunctions(registration).some((one) => fn === one || fn.isInside(one));

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

function held(value: Value, fn: Fn, holders: ReadonlySet<string>): Undoing {
  const name = value.k === "var" && holders.has(`v${value.id}`) ? `v${value.id}` : nameOf(value, fn);
  if (name === null) return { undoes: "maybe" };
  return holders.has(name) ? { undoes: "yes" } : unrelated;
}

/** The position of the argument that is called back: the first that is a function, the one that the model names, or the second of several. */
function functionArgument({ fn, call, callback }: Registration): number | null {
  const { args } = fn.call(call);
  const written = args.findIndex(({ value }) => value.k === "fn" || writtenFunction(value, fn) !== null);
  if (written >= 0) return written;
  if (callback !== null && args[callback]?.name === "") return callback;
  if (args.filter(({ name }) => name === "").length >= 2) return 1;
  return null;
}

function sameListener(registration: Registration, listener: number, undo: UndoCall): Undoing {
  const original = registration.fn.call(registration.call);
  const site = undo.fn.call(undo.call);
  const answers: { readonly same: Same; readonly because: Mismatch }[] = [];
  answers.push({ same: sameTarget(registration, undo), because: "another target" });
  for (let i = 0; i < listener; i++) {
    const other = site.args[i]?.value;
    if (other !== undefined) answers.push({ same: sameObject(original.args[i]!.value, other, registration.fn, undo.fn), because: "another event" });
  }
  const other = site.args[listener];
  if (other !== undefined)
    answers.push({ same: sameFunction(original.args[listener]!.value, other.value, registration.fn, undo.fn), because: "another function" });
  answers.push({ same: sameCapture(original.args[listener + 1], site.args[listener + 1]), because: "other options" });
  const wrong = answers.find(({ same }) => same === "no");
  // Another target or event is another listener's undo; so may be one whose event nobody knows.
  const isVague = answers.some(({ same, because }) => same === "maybe" && (because === "another event" || because === "another target"));
  if (wrong !== undefined) return { undoes: "no", because: isVague && wrong.because === "another function" ? "another event" : wrong.because };
  return { undoes: answers.some(({ same }) => same === "maybe") ? "maybe" : "yes" };
}

/** Only `capture` tells listeners apart: https://developer.mozilla.org/en-US/docs/Web/API/EventTarget/removeEventListener */
function sameCapture(a: CallArgument | undefined, b: CallArgument | undefined): Same {
  const left = captureOf(a);
  const right = captureOf(b);
  return left === null || right === null ? "maybe" : left === right ? "yes" : "no";
}

function captureOf(argument: CallArgument | undefined): boolean | null {
  if (argument === undefined) return false;
  const { value } = argument;
  if (value.k === "const") return value.v === true;
  if (value.k !== "coll") return null;
  const i = value.keys.indexOf("capture");
  const capture = i < 0 ? undefined : value.items[i];
  if (capture === undefined) return value.keys.includes(null) ? null : false;
  return capture.k === "const" ? capture.v === true : null;
}

function sameTarget(registration: Registration, undo: UndoCall): Same {
  const own = targetOf(registration);
  const other = targetOf({ ...undo, effect: registration.effect });
  const targets = [settledValue(own, registration.fn), settledValue(other, undo.fn)];
  if (registration.effect.madeAnew && targets.every((target) => target.k === "call")) return "no";
  return sameObject(own, other, registration.fn, undo.fn);
}

/** What is listened to: what a method is called on, or an argument where the model says so; the global object for functions. */
export function targetOf({ fn, call, effect }: Pick<Registration, "fn" | "call" | "effect">): Value {
  const { callee, args } = fn.call(call);
  if (effect.target.of === "argument") {
    const found = argumentOf(args, effect.target.argument, fn);
    return found.given === "yes" ? found.value : unknownValue;
  }
  if (callee.k === "field") return callee.of;
  return (callee.k === "ref" ? ownerOf(callee) : null) ?? { k: "ref", module: null, name: "window" };
}

/** @returns the abort signal that undoes the registration, null when none is given */
export function signalOf({ fn, call, effect }: Registration): Value | null {
  for (const ref of effect.signal) {
    const found = argumentOf(fn.call(call).args, ref, fn);
    if (found.given === "yes") return found.value;
  }
  return null;
}
