import { followPassages } from "../../flow/passages.ts";
import type { Value } from "../../flow/values.ts";
import { makingCall } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { registeredFunctions, writtenFunction } from "./functions.ts";
import { comparisonsBefore, type Registration, registrationsIn } from "./registration.ts";
import { nameOf, settledValue } from "./sameness.ts";
import { hasEndingSource } from "./sources.ts";
import { holdersOf, targetOf, undoing } from "./undoing.ts";

/** Whether a registration needs no undo: it happens once, goes with what it is registered on, or ends by an operator or a timer. */
export function endsByItself(program: Program, registration: Registration): boolean {
  return (
    isFresh(program, registration) ||
    hasEndingSource(program, registration) ||
    happensOnce(registration) ||
    isShort(registration) ||
    endsAtOnce(registration) ||
    stopsItself(registration) ||
    isTimed(program, registration)
  );
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

/** `const timer = setInterval(() => { count += 1; if (count > 10) clearInterval(timer); }, 100)`: it counts how often it has run, and stops then. */
function stopsItself(registration: Registration): boolean {
  const { names } = holdersOf(registration);
  return registeredFunctions(registration).some((fn) =>
    fn.graph.calls.some(
      (_, call) =>
        comparisonsBefore(fn, call).some(({ left, right }) => right.k === "const" && isCounted(fn, left)) &&
        undoing(registration, names, { fn, call }).undoes === "yes",
    ),
  );
}

/** `count += 1`, `count++`: a variable from outside that a function sets anew from what it was. */
function isCounted({ graph }: Fn, value: Value): boolean {
  if (value.k !== "var") return false;
  const isIt = (one: Value): boolean => one.k === "var" && one.id === value.id;
  return graph.blocks.some(({ events }) =>
    events.some((event) => event.e === "set" && event.var === value.id && event.value.k === "derived" && event.value.of.some(isIt)),
  );
}

/** A listener that is called once removes itself; a timer that fires once still fires after its owner has gone. */
const happensOnce = ({ effect }: Registration): boolean => effect.once && effect.what !== "timer";

/**
 * @returns whether it is registered on something that the function has taken from a pool, and gives back itself with all that listens to it (`pool.connect()`); what it
 *   gives back with a reason is ended
 */
export function isGivenBack(program: Program, registration: Registration): boolean {
  const { fn } = registration;
  const target = settledValue(targetOf(registration), fn);
  const taken = makingCall(target, fn);
  if (taken < 0) return false;
  const ways = program
    .target(fn, taken)
    .rows.flatMap((row) => row.effects.flatMap((effect) => (effect.role === "acquires" && effect.ending === "given back" ? effect.releasedBy : [])));
  const gives = fn.graph.calls.filter(({ callee }) => callee.k === "field" && ways.includes(callee.name) && nameOf(callee.of, fn) === nameOf(target, fn));
  return gives.length > 0 && gives.every(({ args }) => args.length === 0);
}

/** Registered on an object that is made here, or given to a callback: it goes with it. */
function isFresh(program: Program, registration: Registration): boolean {
  const { fn, call, effect } = registration;
  const target = settledValue(targetOf(registration), fn);
  // Observers are made to watch something else.
  if (effect.what === "observer" || isGivenBack(program, registration)) return false;
  // One that starts the next has no end that it goes with.
  if (effect.what === "timer" && registration.firesOnce && !effect.once) return false;
  // `controller.signal`, of a controller that is made here.
  if (target.k === "field" && isMadeHere(target, fn)) return true;
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

/** A part of what the function makes with `new`. */
function isMadeHere(value: Value, fn: Fn): boolean {
  if (value.k === "field") return isMadeHere(value.of, fn);
  const made = value.k === "var" && fn.file.variable(value.id).fn !== 0 ? makingCall(value, fn) : -1;
  return made >= 0 && fn.call(made).isNew;
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
