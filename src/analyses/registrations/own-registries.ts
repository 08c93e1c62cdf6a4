import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { resultsOf } from "../resources/holding.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { type HolderFinder, holderKey } from "../collections/identity.ts";
import { lifetimeOf, type ObjectLifetimes } from "../collections/lifetime.ts";
import type { Touch, TouchedHolder } from "../collections/touches.ts";
import type { HeatMap } from "../heat.ts";
import type { Site } from "../site.ts";
import { mentionedValues, returnedValues, usedValues } from "../work/values.ts";
import { closuresIn, reachedBy } from "./cleanups.ts";
import { writtenFunction } from "./functions.ts";

/** A subscription to a registry of the program itself, that a request takes. */
export interface OwnSubscription {
  readonly fn: Fn;
  readonly call: number;
  /** The function that adds it. */
  readonly add: Fn;
  /** What takes it out again: another function of the registry, or one that adding gives back. */
  readonly remove: Fn;
  /** Where the registry keeps it. */
  readonly keptAt: Site;
  /** Where the request takes it out; null where it does not. */
  readonly undone: Site | null;
}

/** A function that adds what its callers listen with: a channel or queue that it makes for them and gives back, or a function that they give. */
interface Adder {
  readonly fn: Fn;
  readonly keptAt: Site;
  /** The result that is listened to, or the parameter that is called; the other is -1. */
  readonly result: number;
  readonly parameter: number;
  readonly removers: readonly Fn[];
}

/**
 * Subscriptions to the program's own brokers that handlers of requests take: each leaves another one behind unless it comes by what takes them out again.
 * A registry counts where the program sends to what is in it, or calls that, and has a way to take one out.
 */
export function ownSubscriptions(
  program: Program,
  callGraph: CallGraph,
  heat: HeatMap,
  objects: ObjectLifetimes,
  finder: HolderFinder,
  touched: ReadonlyMap<string, TouchedHolder>,
): readonly OwnSubscription[] {
  const spoken = speakers(program, finder);
  const found: OwnSubscription[] = [];
  for (const [key, { holder, touches }] of touched) {
    const isShort = lifetimeOf(holder, objects) === "call";
    const { callers, senders } = spoken.get(key) ?? { callers: new Set<Fn>(), senders: new Set<Fn>() };
    if (prunes(touches, senders)) continue;
    for (const adder of addersOf(program, touches, callers.size > 0)) {
      for (const edge of callGraph.callers(adder.fn)) {
        if (isShort && !isBefore(edge)) continue;
        if (heat.of(edge.fn) !== "request" || !program.target(edge.fn, edge.call).fns.includes(adder.fn)) continue;
        const subscription = subscriptionOf(program, adder, edge);
        if (subscription !== null) found.push(subscription);
      }
    }
  }
  return found;
}

/** Whether what a method is called on was there before the request: the handler's object has it, or the module. */
function isBefore({ fn, call }: CallEdge): boolean {
  // A process for each request makes all its objects anew.
  if (profileOf(fn.file.language).requestVariables.length > 0) return false;
  let { callee: value } = fn.call(call);
  while (value.k === "field") value = value.of;
  return value.k === "this" || value.k === "ref" || (value.k === "var" && fn.file.variable(value.id).fn === 0);
}

/** The functions that call or send to what is in a collection, by the collection: `for (const listener of this.listeners) listener(event)`. */
function speakers(program: Program, finder: HolderFinder): ReadonlyMap<string, { readonly callers: Set<Fn>; readonly senders: Set<Fn> }> {
  const found = new Map<string, { readonly callers: Set<Fn>; readonly senders: Set<Fn> }>();
  const note = (value: Value, fn: Fn, how: "callers" | "senders"): void => {
    for (const one of value.k === "field" ? [value, value.of] : [value]) {
      const reached = one.k === "ref" || one.k === "fn" ? null : finder.find(one, fn);
      if (reached?.nested !== true) continue;
      const key = holderKey(reached.holder);
      const known = found.get(key) ?? { callers: new Set<Fn>(), senders: new Set<Fn>() };
      known[how].add(fn);
      found.set(key, known);
    }
  };
  for (const fn of program.functions()) {
    for (const [call, { callee }] of fn.graph.calls.entries()) {
      note(callee, fn, "callers");
      const sends = callee.k === "field" && program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "sends"));
      if (sends && callee.k === "field") note(callee.of, fn, "senders");
    }
    for (const { events } of fn.graph.blocks) for (const event of events) if (event.e === "send") note(event.channel, fn, "senders");
  }
  return found;
}

/** Whether a registry lets go of entries by itself: who speaks to them takes out those that do not listen any more, or that have what they waited for. */
function prunes(touches: readonly Touch[], senders: ReadonlySet<Fn>): boolean {
  return touches.some(({ touch, fn, at }) => {
    if (touch === "shrinks") return senders.has(fn);
    // `r.subscribers = remaining`
    const isPartial = (event: FlowEvent): boolean => (event.e === "set" || event.e === "store") && event.at === at && event.value.k === "var";
    return touch === "clears" && fn.graph.blocks.some(({ events }) => events.some(isPartial));
  });
}

function addersOf(program: Program, touches: readonly Touch[], isCalled: boolean): readonly Adder[] {
  const found: Adder[] = [];
  for (const { touch, fn, key, added, at } of touches) {
    const { kind } = fn.fact;
    if (touch !== "grows" || (kind !== "function" && kind !== "method") || found.some((one) => one.fn === fn)) continue;
    const removers = removersOf(touches, fn);
    if (removers.length === 0) continue;
    const kept = [key, added].flatMap((value) => (value === null ? [] : partsOf(value, fn)));
    const result = returnedChannel(program, fn, kept);
    const parameter = isCalled ? fn.fact.params.findIndex((param) => kept.some((one) => one.k === "var" && one.id === param.variable)) : -1;
    if (result >= 0 || parameter >= 0) found.push({ fn, keptAt: { fn, at }, result, parameter, removers });
  }
  return found;
}

/** The functions that take out one of the entries: those that are told which, and those that adding gives back. */
const removersOf = (touches: readonly Touch[], add: Fn): readonly Fn[] => [
  ...new Set(touches.flatMap(({ touch, fn }) => (touch === "shrinks" && fn !== add && (fn.fact.params.length > 0 || fn.isInside(add)) ? [fn] : []))),
];

/** A value and what the literals hold that it is made of: the channel of `&subscriber{ch: ch}`. */
function partsOf(value: Value, fn: Fn, depth = 0): readonly Value[] {
  if (depth > 3) return [];
  if (value.k === "coll") return value.items.flatMap((item) => partsOf(item, fn, depth + 1));
  if (value.k !== "var") return [value];
  const { definitions, isParameter } = fn.file.variable(value.id);
  const given = isParameter ? [] : definitions.filter((one) => fn.file.functions[one.fn] === fn);
  return [value, ...given.flatMap((one) => partsOf(one.value, fn, depth + 1))];
}

/** Which result of a function is a channel or queue that it made and kept, -1 for none. */
function returnedChannel(program: Program, fn: Fn, kept: readonly Value[]): number {
  const made = new Set(kept.flatMap((one) => (one.k === "call" && isChannel(program, one, fn) ? [one.id] : [])));
  const isMade = (value: Value): boolean => {
    if (value.k === "field" && value.of.k === "var") {
      const { name } = value;
      return fn.file
        .variable(value.of.id)
        .definitions.some(
          (one) => one.value.k === "coll" && one.value.items.some((item, i) => one.value.k === "coll" && one.value.keys[i] === name && isMade(item)),
        );
    }
    return partsOf(value, fn).some((one) => one.k === "call" && made.has(one.id));
  };
  for (const value of made.size === 0 ? [] : returnedValues(fn.graph)) {
    const index = resultsOf(value).findIndex((one) => one.k !== "coll" && isMade(one));
    if (index >= 0) return index;
  }
  return -1;
}

/** A channel of the language, or a queue that a library makes. */
function isChannel(program: Program, value: Value, fn: Fn): boolean {
  const type = program.typeOf(value, fn);
  return type?.t === "named" && (type.name === "chan" || program.library(fn.file).type(type.name)?.collection?.kind === "queue");
}

function subscriptionOf(program: Program, { fn: add, keptAt, result, parameter, removers }: Adder, { fn, call }: CallEdge): OwnSubscription | null {
  const owner = fn.outermost;
  const { args, discarded } = fn.call(call);
  const given = parameter >= 0 ? args[parameter]?.value : undefined;
  // Somebody else's function is not the request's.
  if (parameter >= 0 && (given === undefined || writtenFunction(given, fn) === null)) return null;
  const closures = closuresIn(owner);
  const found = { fn, call, add, keptAt, remove: removers[0]! };
  const own = new Set([owner, ...closures]);
  const around = reachedBy(program, own);
  const undoing = removers.find((one) => around.has(one) && !one.isInside(add));
  if (undoing !== undefined) return { ...found, undone: callOf(program, own, undoing) };
  const isResult = (value: Value): boolean => value.k === "call" && value.id === call;
  if (parameter >= 0) {
    // What adding gives back may take it out, wherever it goes.
    const isUsed =
      !discarded && [...usedValues(fn.graph), ...fn.graph.calls.map(({ callee }) => callee)].some((value) => mentionedValues(value).some(isResult));
    return isUsed ? null : { ...found, undone: null };
  }
  const held = heldBy(fn, call, result);
  const isIt = (value: Value): boolean => value.k === "var" && held.has(value.id);
  if (held.size === 0 || [...own].some((one) => goesOn(program, one, isIt))) return null;
  // The function that comes back with it is there for that.
  const others = removers.some((one) => one.isInside(add)) ? heldBy(fn, call, -1) : new Set<number>();
  const mentions = (one: Fn): boolean =>
    [...usedValues(one.graph), ...one.graph.calls.map(({ callee }) => callee)].some((value) =>
      mentionedValues(value).some((part) => part.k === "var" && others.has(part.id) && !held.has(part.id)),
    );
  return [...own].some(mentions) || ![...own].some((one) => receives(program, one, isIt)) ? null : { ...found, undone: null };
}

/** Where one of some functions calls another, directly or not; the first of them where that is not found. */
function callOf(program: Program, own: ReadonlySet<Fn>, callee: Fn): Site {
  for (const fn of own) {
    const call = fn.graph.calls.findIndex((_, id) => program.target(fn, id).fns.includes(callee));
    if (call >= 0) return { fn, at: fn.call(call).start };
  }
  return { fn: callee, at: callee.fact.nameAt };
}

/** The variables that hold a result of a call; any of several for -1. */
function heldBy(fn: Fn, call: number, result: number): ReadonlySet<number> {
  const isIt = (value: Value): boolean =>
    value.k === "item" ? value.of.k === "call" && value.of.id === call && (result < 0 || value.i === result) : value.k === "call" && value.id === call;
  const sets = fn.graph.blocks.flatMap(({ events }) => events.flatMap((event) => (event.e === "set" && isIt(event.value) ? [event.var] : [])));
  return new Set(sets);
}

/** Whether a function hands something on, to others or to code that was not seen. */
function goesOn(program: Program, fn: Fn, isIt: (value: Value) => boolean): boolean {
  const isPassed = fn.graph.calls.some(({ args }, call) => {
    if (!args.some(({ value }) => mentionedValues(value).some(isIt))) return false;
    const { rows, fns } = program.target(fn, call);
    return rows.length + fns.length === 0;
  });
  return (
    isPassed ||
    fn.graph.blocks.some(
      ({ events, end }) =>
        (end.t === "return" && end.value !== null && mentionedValues(end.value).some(isIt)) ||
        events.some((event) => (event.e === "store" || event.e === "put" || event.e === "send") && mentionedValues(event.value).some(isIt)),
    )
  );
}

/** Whether a function takes what comes through a channel or queue. */
function receives(program: Program, fn: Fn, isIt: (value: Value) => boolean): boolean {
  if (fn.graph.loops.some(({ iterable }) => iterable !== null && isIt(iterable))) return true;
  if (fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "receive" && isIt(event.channel)))) return true;
  return fn.graph.calls.some(
    ({ callee }, call) =>
      callee.k === "field" && isIt(callee.of) && program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "receives")),
  );
}
