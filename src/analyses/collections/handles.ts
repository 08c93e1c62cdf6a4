import type { Test } from "../../flow/event-graph.ts";
import { successors, walk } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { HandleModel } from "../../semantics/models/model.ts";
import type { Site } from "../site.ts";
import { mentionedValues, usedValues } from "../work/values.ts";
import { type Holder, HolderFinder, holderKey, nameOf } from "./identity.ts";
import { lifetimeOf, type ObjectLifetimes } from "./lifetime.ts";
import type { TouchedHolder } from "./touches.ts";

/** Definitions followed into one another. */
const maxDepth = 5;

/** A handle that is opened when it is missing, kept for the life of the process, and handed out again. */
export interface CachedHandle extends Site {
  readonly holder: Holder;
  readonly name: string;
  readonly handle: HandleModel;
  /** One of many, by a key. */
  readonly keyed: boolean;
  /** Where it is opened. */
  readonly opened: number;
  /** Where somebody asks whether it still works, or gives it up; null when nobody does. */
  readonly asked: Asked | null;
}

export interface Asked extends Site {
  readonly by: "question" | "removal" | "listener";
}

/** Finds them, with those who look after them. */
export function cachedHandles(program: Program, objects: ObjectLifetimes, touched: ReadonlyMap<string, TouchedHolder>): readonly CachedHandle[] {
  const finder = new HolderFinder(program);
  const found: CachedHandle[] = [];
  const kept = [...keptEntries(touched), ...keptValues(program, finder)];
  for (const { fn, at, holder, keyed, value } of kept) {
    const made = fn.fact.kind === "module" ? null : openingCall(finder, value, fn, holder);
    const handle = made === null ? null : handleOf(program, value, fn);
    // What is only put there is for others to look after; what is looked up first is a cache.
    if (made === null || handle === null || lifetimeOf(holder, objects) !== "process" || !looksUp(finder, fn, holder)) continue;
    const one = { fn, at, holder, name: nameOf(holder), handle, keyed, opened: fn.call(made).start };
    const again = kept.find((other) => holderKey(other.holder) === holderKey(holder) && (other.fn !== fn || other.at !== at) && !isInitial(other.fn));
    const asked: Asked | null = again === undefined ? askedBy(program, finder, touched, one) : { by: "removal", fn: again.fn, at: again.at };
    if (asked !== null || !isReplaced(finder, fn, holder, at)) found.push({ ...one, asked });
  }
  return found;
}

interface Kept extends Site {
  readonly holder: Holder;
  readonly keyed: boolean;
  readonly value: Value;
}

/** What is put into collections under a key. */
function* keptEntries(touched: ReadonlyMap<string, TouchedHolder>): Iterable<Kept> {
  for (const { holder, touches } of touched.values()) {
    for (const { touch, key, added, nested, fn, at } of touches)
      if (touch === "grows" && key !== null && added !== null && !nested) yield { fn, at, holder, keyed: true, value: added };
  }
}

/** What is put into variables and fields that outlive the function. */
function* keptValues(program: Program, finder: HolderFinder): Iterable<Kept> {
  for (const fn of program.functions()) {
    for (const { events } of fn.graph.blocks) {
      for (const event of events) {
        if ((event.e !== "set" && event.e !== "store") || event.value.k === "const") continue;
        if (event.e === "set" && fn.file.variable(event.var).fn !== 0 && !fn.file.variable(event.var).isStatic) continue;
        const reached = finder.find(event.e === "set" ? { k: "var", id: event.var } : storedTo(event.object, event.field), fn);
        if (reached !== null && !reached.nested && reached.origin !== "fresh")
          yield { fn, at: event.at, holder: reached.holder, keyed: false, value: event.value };
      }
    }
  }
}

const storedTo = (object: Value, field: string): Value =>
  object.k === "ref" && object.name === "" ? { ...object, name: field } : { k: "field", of: object, name: field };

const isInitial = ({ fact }: Fn): boolean => fact.kind === "module" || fact.kind === "constructor" || fact.kind === "initializer";

/** The call of the function that made a value, rather than looked it up in the holder; null when there is none. */
function openingCall(finder: HolderFinder, value: Value, fn: Fn, holder: Holder, depth = 0): number | null {
  if (depth > maxDepth) return null;
  const made = settled(value, fn);
  if (made.k === "item") return openingCall(finder, made.of, fn, holder, depth + 1);
  if (made.k === "call") return isIn(finder, made, fn, holder) ? null : made.id;
  if (made.k === "either") {
    for (const one of made.of) {
      const call = openingCall(finder, one, fn, holder, depth + 1);
      if (call !== null) return call;
    }
  }
  if (made.k !== "var") return null;
  for (const one of fn.file.variable(made.id).definitions) {
    const call = one.fn !== fn.id || one.value.k === "var" ? null : openingCall(finder, one.value, fn, holder, depth + 1);
    if (call !== null) return call;
  }
  return null;
}

function handleOf(program: Program, value: Value, fn: Fn): HandleModel | null {
  const type = program.typeOf(value, fn);
  if (type?.t !== "named") return null;
  for (const view of program.library(fn.file).views(type.name, type.args)) if (view.model.handle !== null) return view.model.handle;
  return null;
}

/** Whether a function decides something by what it finds there. */
function looksUp(finder: HolderFinder, fn: Fn, holder: Holder): boolean {
  return fn.graph.blocks.some(({ end }) => end.t === "branch" && testedValues(end.test).some((value) => isIn(finder, value, fn, holder)));
}

function testedValues(test: Test): readonly Value[] {
  switch (test.test) {
    case "not":
      return testedValues(test.of);
    case "null":
    case "truthy":
      return [test.value, ...mentionedValues(test.value)];
    case "contains":
      return [test.container];
    default:
      return [];
  }
}

/** Whether a value is the holder, something in it, or what a look-up in it gave. */
function isIn(finder: HolderFinder, value: Value, fn: Fn, holder: Holder, depth = 0): boolean {
  if (depth > maxDepth) return false;
  const is = (one: Value): boolean => {
    const reached = finder.find(one, fn);
    return reached !== null && holderKey(reached.holder) === holderKey(holder);
  };
  if (is(value)) return true;
  if (value.k === "item") return isIn(finder, value.of, fn, holder, depth + 1);
  if (value.k === "var")
    return fn.file.variable(value.id).definitions.some((one) => one.fn === fn.id && one.value.k !== "var" && isIn(finder, one.value, fn, holder, depth + 1));
  if (value.k !== "call") return false;
  // `cache.has(key)`, `array_key_exists($key, self::$cache)`.
  const { callee, args } = fn.call(value.id);
  return (callee.k === "field" && is(callee.of)) || args.some((arg) => is(arg.value));
}

/** Who asks it, gives it up, or hears of its end. */
function askedBy(
  program: Program,
  finder: HolderFinder,
  touched: ReadonlyMap<string, TouchedHolder>,
  { holder, handle, fn }: Pick<CachedHandle, "holder" | "handle" | "fn">,
): Asked | null {
  const removal = touched
    .get(holderKey(holder))
    ?.touches.find((touch) => (touch.touch === "shrinks" || touch.touch === "clears") && (touch.fn !== fn || isEmptied(fn, touch.at)));
  if (removal !== undefined) return { by: "removal", fn: removal.fn, at: removal.at };
  for (const one of program.functions()) {
    if (one.file.language !== fn.file.language) continue;
    for (const [call, { callee, args, start }] of one.graph.calls.entries()) {
      const subject = callee.k === "field" ? callee.of : null;
      const isHeld = (value: Value): boolean => isIn(finder, value, one, holder) || (one === fn && handleOf(program, value, one) === handle);
      // PHP looks a function up in the namespace first.
      const name = callee.k === "field" ? callee.name : callee.k === "ref" ? callee.name.slice(callee.name.lastIndexOf("\\") + 1) : "";
      if (handle.askedBy.includes(name) && ((subject !== null && isHeld(subject)) || args.some((arg) => isHeld(arg.value))))
        return { by: "question", fn: one, at: start };
      const listens = program.target(one, call).rows.some((row) => row.effects.some((effect) => effect.role === "registers"));
      if (listens && subject !== null && isHeld(subject)) return { by: "listener", fn: one, at: start };
    }
    for (const value of fieldsAsked(one, handle))
      if (isIn(finder, value.of, one, holder) || (one === fn && handleOf(program, value.of, one) === handle))
        return { by: "question", fn: one, at: one.fact.start };
  }
  return null;
}

/** Whether a place sets something to null. */
const isEmptied = (fn: Fn, at: number): boolean =>
  fn.graph.blocks.some(({ events }) => events.some((event) => (event.e === "set" || event.e === "store") && event.at === at && event.value.k === "const"));

/** Whether it is replaced on other grounds than that it is missing, such as its age. */
function isReplaced(finder: HolderFinder, fn: Fn, holder: Holder, at: number): boolean {
  const { blocks } = fn.graph;
  const kept = blocks.findIndex(({ events }) => events.some((event) => "at" in event && event.at === at));
  const missing = new Set<string>();
  for (const [from, { end }] of blocks.entries()) {
    const side = end.t === "branch" ? missingSide(finder, fn, end.test, holder) : null;
    if (side !== null && end.t === "branch") missing.add(`${from} ${side ? end.yes : end.no}`);
  }
  if (kept < 0 || missing.size === 0) return false;
  return walk(0, (from) => successors(blocks[from]!.end).filter((to) => !missing.has(`${from} ${to}`))).has(kept);
}

/** Which outcome of a test says that there is none in the holder; null when neither does. */
function missingSide(finder: HolderFinder, fn: Fn, test: Test, holder: Holder): boolean | null {
  if (test.test === "not") {
    const inner = missingSide(finder, fn, test.of, holder);
    return inner === null ? null : !inner;
  }
  if (test.test === "null") return isIn(finder, test.value, fn, holder) ? true : null;
  if (test.test === "truthy") return isIn(finder, test.value, fn, holder) ? false : null;
  return test.test === "contains" && isIn(finder, test.container, fn, holder) ? false : null;
}

/** `connection.closed`: fields that a function reads and that tell. */
function fieldsAsked(fn: Fn, { askedBy: names }: HandleModel): readonly Extract<Value, { k: "field" }>[] {
  const tested = fn.graph.blocks.flatMap(({ end }) => (end.t === "branch" ? testedValues(end.test) : []));
  const compared = fn.graph.blocks.flatMap(({ end }) => (end.t === "branch" && end.test.test === "compare" ? [end.test.left, end.test.right] : []));
  const used = [...usedValues(fn.graph)].flatMap((value) => [...mentionedValues(value)]);
  return [...tested, ...compared, ...used].flatMap((value) => (value.k === "field" && names.includes(value.name) ? [value] : []));
}
