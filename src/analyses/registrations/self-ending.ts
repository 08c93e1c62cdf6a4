import { followPassages } from "../../flow/passages.ts";
import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { registeredFunctions, writtenFunction } from "./functions.ts";
import { type Registration, registrationsIn } from "./registration.ts";
import { settledValue } from "./sameness.ts";
import { holdersOf, targetOf, undoing } from "./undoing.ts";

/** Whether a registration needs no undo: it happens once, goes with what it is registered on, or ends by an operator or a timer. */
export function endsByItself(program: Program, registration: Registration): boolean {
  return (
    isFresh(program, registration) ||
    isAnswer(program, registration) ||
    happensOnce(registration) ||
    isShort(registration) ||
    isEnded(program, registration) ||
    endsAtOnce(registration) ||
    isTimed(program, registration)
  );
}

/** `source.pipe(takeUntil(gone))` ends by an operator; a source that the object made itself goes with the object. */
function isEnded(program: Program, registration: Registration): boolean {
  const { fn, call, effect } = registration;
  // What watches the page stays with it.
  if (effect.what === "observer" && isGlobal(fn.call(call).args[0]?.value)) return false;
  const source = targetOf(registration);
  const isBound = (value: Value): boolean =>
    value.k === "call" && program.target(fn, value.id).rows.some((row) => row.effects.some((effect) => effect.role === "bounds"));
  if (source.k === "call" && fn.call(source.id).args.some(({ value }) => isBound(value))) return true;
  const root = rootOf(source, fn);
  if (root.k !== "field" || root.of.k !== "this") return false;
  const definitions = fn.cls?.field(root.name)?.definitions ?? [];
  return definitions.some(({ value, fn: at }) => value.k === "call" && fn.file.functions[at]!.call(value.id).isNew);
}

/**
 * `const observer = new IntersectionObserver(() => { observer.disconnect(); … })`: it calls back once right after it began, and ends then, on every way through
 * its function.
 */
function endsAtOnce(registration: Registration): boolean {
  const { fn, effect } = registration;
  const observer = targetOf(registration);
  const [made, ...others] = observer.k === "var" ? fn.file.variable(observer.id).definitions : [];
  if (!effect.immediate || made?.value.k !== "call" || others.length > 0) return false;
  const maker = fn.file.functions[made.fn]!;
  const callback = writtenFunction(maker.call(made.value.id).args[0]?.value, maker);
  if (callback === null) return false;
  const ends = (call: number): boolean => undoing(registration, new Set(), { fn: callback, call }).undoes === "yes";
  let endsAlways = true;
  const complete = followPassages(
    callback.graph,
    (passed, event) => passed || (event.e === "call" && ends(event.call)),
    ({ exit, state }) => {
      if (exit === "return" && !state.passed) endsAlways = false;
    },
  );
  return complete && endsAlways;
}

/** `document.body`, `window`. */
const isGlobal = (value: Value | undefined): boolean => value?.k === "ref" && value.module === null;

/**
 * `this.service.find(id).subscribe(show)`: what the implementations of the method give is of a kind that registers nothing (it ends with its one answer), also
 * where only an abstract class names them.
 */
function isAnswer(program: Program, registration: Registration): boolean {
  const { fn, call } = registration;
  const { callee } = fn.call(call);
  const target = settled(targetOf(registration), fn);
  return callee.k === "field" && target.k === "call" && givesOnly(program, fn, target, (given, by) => registersNothing(program, given, by, callee.name), 0);
}

/** How far functions that return what others return are followed. */
const maxReturns = 4;

/** Whether all that a call gives, or what it chains on gives, is of a kind. */
function givesOnly(program: Program, fn: Fn, value: Value, isOfKind: (value: Value, fn: Fn) => boolean, depth: number): boolean {
  if (isOfKind(value, fn)) return true;
  if (value.k !== "call" || depth > maxReturns) return false;
  const { fns, rows } = program.target(fn, value.id);
  const { callee } = fn.call(value.id);
  // `find(id).pipe(map(name))` gives as often as `find(id)`.
  if (fns.length === 0) {
    const isLink = callee.k === "field" && rows.some((row) => row.callbacks.length === 0 && row.effects.length === 0) && callee.of.k === "call";
    return isLink && givesOnly(program, fn, callee.of, isOfKind, depth + 1);
  }
  const all = fns.flatMap((one) => (one.fact.hasBody || one.cls === null ? [one] : implementationsOf(program, one)));
  return (
    all.length > 0 &&
    all.every((one) => {
      const given = one.graph.blocks.flatMap(({ end }) => (end.t === "return" && end.value !== null ? [end.value] : []));
      return given.length > 0 && given.every((back) => givesOnly(program, one, settled(back, one), isOfKind, depth + 1));
    })
  );
}

function implementationsOf(program: Program, method: Fn): readonly Fn[] {
  return program.hierarchy.overrides(method.cls!, method.fact.name).filter((one) => one.fact.hasBody);
}

/** Whether a value is of a library's type whose method of that name registers nothing. */
function registersNothing(program: Program, value: Value, fn: Fn, method: string): boolean {
  const type = program.typeOf(value, fn);
  if (type?.t !== "named") return false;
  const rows = program.library(fn.file).method(type, method)?.rows ?? [];
  return rows.length > 0 && rows.every((row) => row.effects.every((effect) => effect.role !== "registers"));
}

/** What a chain of calls begins with: `this.changes` of `this.changes.pipe(…).pipe(…)`. */
function rootOf(value: Value, fn: Fn): Value {
  if (value.k !== "call") return value;
  const { callee } = fn.call(value.id);
  return callee.k === "field" ? rootOf(callee.of, fn) : value;
}

/** Fires before anybody could clear it, in milliseconds. */
const soon = 100;

/** A timer whose delay is written and short. */
function isShort({ fn, call, effect }: Registration): boolean {
  if (!effect.once || effect.what !== "timer") return false;
  const given = fn.call(call).args[1]?.value;
  const delay = given === undefined ? undefined : settledValue(given, fn);
  return delay === undefined || (delay.k === "const" && typeof delay.v === "number" && delay.v <= soon);
}

/** A timer that fires once undoes it whatever happens: `setTimeout(() => clearInterval(poll), 60_000)`. */
function isTimed(program: Program, registration: Registration): boolean {
  if (registration.effect.once) return false;
  const { names } = holdersOf(registration);
  return registrationsIn(program, registration.fn).some(
    (other) =>
      other.effect.once &&
      other.effect.what === "timer" &&
      registeredFunctions(other).some((fn) =>
        fn.graph.blocks[0]!.events.some((event) => event.e === "call" && undoing(registration, names, { fn, call: event.call }).undoes === "yes"),
      ),
  );
}

/** A listener that is called once removes itself; a timer that fires once still fires after its owner has gone. */
const happensOnce = ({ effect }: Registration): boolean => effect.once && effect.what !== "timer";

/** Registered on an object that is made here, or given to a callback: it goes with it. */
function isFresh(program: Program, registration: Registration): boolean {
  const { fn, call, effect } = registration;
  const target = settledValue(targetOf(registration), fn);
  // Observers are made to watch something else.
  if (effect.what === "observer") return false;
  if (target.k === "call") return isCreation(program, fn, target.id);
  // The same function added again to the object itself is there once.
  if (target.k === "this") return fn.call(call).args.some(({ value }) => value.k === "this" || (value.k === "field" && value.of.k === "this"));
  // What a handler is given with its event comes and goes by itself.
  if (fn.fact.kind === "lambda" && isGivenWithEvent(program, target, fn)) return true;
  if (target.k !== "var") return false;
  const variable = fn.file.variable(target.id);
  // What a module holds lives as long as the process.
  if (variable.fn === 0) return false;
  return variable.definitions.some(({ value, fn: at }) => {
    const maker = fn.file.functions[at]!;
    return value.k === "call" && isCreation(program, maker, value.id);
  });
}

/** A parameter of a handler, or what it holds, by way of variables. */
function isGivenWithEvent(program: Program, value: Value, handler: Fn, depth = 0): boolean {
  if (depth > 8) return false;
  if (value.k === "field") return isGivenWithEvent(program, value.of, handler, depth + 1);
  if (value.k === "either") return value.of.every((one) => isGivenWithEvent(program, one, handler, depth + 1));
  if (value.k !== "var") return false;
  const variable = handler.file.variable(value.id);
  if (variable.fn !== handler.id) return false;
  if (variable.isParameter) return isLaterHandler(program, handler);
  return variable.definitions.length > 0 && variable.definitions.every((definition) => isGivenWithEvent(program, definition.value, handler, depth + 1));
}

/** Whether a function is passed, there or by the name of its variable, to be called later. */
function isLaterHandler(program: Program, handler: Fn): boolean {
  const { parent } = handler;
  if (parent === null) return false;
  return parent.graph.calls.some((site, call) => {
    const position = site.args.findIndex(({ value }) => writtenFunction(value, parent) === handler);
    if (position < 0) return false;
    const { rows, fns } = program.target(parent, call);
    const models = rows.flatMap((row) => row.callbacks).filter((callback) => callback.argument.position === position);
    return fns.length === 0 && models.every((callback) => callback.runs === "later" || callback.runs === "request");
  });
}

/** `new Emitter()`, `io(url)`, which opens a socket; by its name, `document.createElement(…)`: a call that makes something new. */
function isCreation(program: Program, fn: Fn, call: number): boolean {
  const { callee, isNew } = fn.call(call);
  if (isNew || program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && effect.value.of === "result")))
    return true;
  return (callee.k === "field" || callee.k === "ref") && /(?:^|\.)(?:create|clone)[A-Z]?\w*$/.test(callee.name);
}
