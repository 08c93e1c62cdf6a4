import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { argumentOf, settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { Mutates } from "../../semantics/models/model.ts";
import { forEachValue, mentionedValues } from "../work/values.ts";
import { containersWithKey, isSamePlace } from "./present.ts";
import { type Holder, HolderFinder, type Reached, holderKey } from "./identity.ts";

/** Something a function does to a long-lived collection. */
export interface Touch {
  readonly touch: "grows" | "shrinks" | "clears" | "measures" | "reads" | "hands over";
  readonly fn: Fn;
  readonly at: number;
  readonly end: number;
  /** The basic block in which it happens. */
  readonly block: number;
  /** The key or element that is added; null for none known. */
  readonly key: Value | null;
  readonly added: Value | null;
  readonly nested: boolean;
  /** The collection is a field of a parameter. */
  readonly given: boolean;
}

export interface TouchedHolder {
  readonly holder: Holder;
  readonly touches: Touch[];
}

/** Collects what all functions do to variables and fields that outlive them. */
export function touchesOf(program: Program): ReadonlyMap<string, TouchedHolder> {
  const found = new Map<string, TouchedHolder>();
  const finder = new HolderFinder(program);
  let block = 0;
  const add: Add = (reached, touch) => {
    // An object that was made here is not yet kept.
    if (reached === null || reached.origin === "fresh" || (reached.copy && touch.touch !== "reads" && touch.touch !== "measures")) return;
    const key = holderKey(reached.holder);
    let entry = found.get(key);
    if (entry === undefined) found.set(key, (entry = { holder: reached.holder, touches: [] }));
    entry.touches.push({ ...touch, block, nested: reached.nested, given: reached.origin === "given" });
  };
  for (const fn of program.functions()) {
    for (const [id, { events, end }] of fn.graph.blocks.entries()) {
      block = id;
      for (const event of events) {
        const { object, key } = event.e === "put" ? event : { object: null, key: null };
        const replaces = key !== null && object !== null && containersWithKey(fn, id, key).some((container) => isSamePlace(container, object));
        if (!replaces) touchEvent(program, finder, fn, event, add);
      }
      if (end.t === "branch") touchTest(finder, fn, end.test, end.at, add);
      if (end.t === "return" && end.value !== null) handOver(finder, fn, end.value, end.at, add);
    }
  }
  return found;
}

type Add = (reached: Reached | null, touch: Omit<Touch, "block" | "nested" | "given">) => void;

function touchEvent(program: Program, finder: HolderFinder, fn: Fn, event: FlowEvent, add: Add): void {
  if ("value" in event && event.value !== null && event.value.k !== "coll") readsIn(finder, fn, event.value, "at" in event ? event.at : 0, add);
  switch (event.e) {
    case "put":
      if (event.key !== null && isSequence(program.typeOf(event.object, fn), fn)) return;
      touchEntry(program, finder, fn, event, add);
      return;
    case "delete":
      if (event.target.k === "index")
        add(finder.find(event.target.of, fn), { touch: "shrinks", fn, at: event.at, end: event.at, key: event.target.key, added: null });
      else add(finder.find(event.target, fn), { touch: "clears", fn, at: event.at, end: event.at, key: null, added: null });
      return;
    case "set":
      if (fn.file.variable(event.var).fn !== fn.id || fn.id === 0)
        touchAssignment(program, finder, fn, { k: "var", id: event.var }, event.value, event.at, add);
      return;
    case "store":
      // `listeners.length = 0`: https://tc39.es/ecma262/#sec-arraysetlength
      if (event.field === "length" && event.value.k === "const" && event.value.v === 0) {
        add(finder.find(event.object, fn), { touch: "clears", fn, at: event.at, end: event.at, key: null, added: null });
        return;
      }
      touchAssignment(program, finder, fn, storedTo(event), event.value, event.at, add);
      return;
    case "call":
    case "defer":
    case "spawn":
      touchCall(program, finder, fn, event.call, add);
      return;
    default:
      return;
  }
}

/** The field that a store writes, as a value. */
function storedTo({ object, field }: Extract<FlowEvent, { e: "store" }>): Value {
  return object.k === "ref" && object.name === "" ? { ...object, name: field } : { k: "field", of: object, name: field };
}

/** `byName[key] = value` grows; `byName[key] = byName[key].filter(…)` trims an entry. */
function touchEntry(program: Program, finder: HolderFinder, fn: Fn, event: Extract<FlowEvent, { e: "put" }>, add: Add): void {
  const reached = finder.find(event.object, fn);
  if (reached === null) return;
  const { value, at } = event;
  // `list[list.length] = x` adds to the end.
  const size = event.key === null ? null : sizeSubject(event.key, fn);
  const key = size !== null && isSamePlace(size, event.object) ? null : event.key;
  const place = { fn, at, end: at, key };
  if (value.k === "call") {
    const { callee } = fn.call(value.id);
    const from = callee.k === "field" ? finder.find(callee.of, fn) : null;
    const grows = program.target(fn, value.id).rows.some((row) => row.effects.some((effect) => effect.role === "grows"));
    if (from?.nested === true && !grows && holderKey(from.holder) === holderKey(reached.holder)) {
      add({ ...reached, nested: true }, { ...place, touch: "shrinks", added: null });
      return;
    }
  }
  add(reached, { ...place, touch: "grows", added: value });
}

/** Writing to an index of a list or slice replaces an element; only JavaScript and PHP lists grow by it. */
function isSequence(type: Type | null, fn: Fn): boolean {
  if (type?.t !== "named" || fn.file.language === "javascript" || fn.file.language === "php") return false;
  return type.name === "list" || type.name === "builtins.list";
}

/** Another value for the whole collection: a fresh one empties it, one made from itself grows or trims it. */
function touchAssignment(program: Program, finder: HolderFinder, fn: Fn, target: Value, given: Value, at: number, add: Add): void {
  const reached = finder.find(target, fn);
  // `longer := append(list, x); list = longer`
  const value = given.k === "var" && fn.file.variable(given.id).fn === fn.id ? settled(given, fn) : given;
  if (reached === null || reached.nested) return;
  const key = holderKey(reached.holder);
  const itself = (one: Value): boolean => {
    const found = one.k === "var" || one.k === "field" || one.k === "ref" ? finder.find(one, fn) : null;
    return found !== null && !found.nested && holderKey(found.holder) === key;
  };
  const touch = { fn, at, end: at, key: null, added: null } as const;
  if (value.k === "derived" && value.of.some(itself)) add(reached, { ...touch, touch: "grows", added: value.of.find((one) => !itself(one)) ?? null });
  else if (value.k === "coll" && value.kind === "list" && value.items.some((item) => item.k === "unknown" && item.of.some(itself)))
    add(reached, { ...touch, touch: "grows", added: value.items.find((item) => item.k !== "unknown") ?? null });
  else if (value.k === "slice" && itself(value.of)) add(reached, { ...touch, touch: "measures" });
  else if (value.k === "call") touchFromCall(program, fn, value.id, itself, reached, touch, add);
  else if (isInitial(fn)) return;
  else add(reached, { ...touch, touch: "clears" });
}

/** `x = append(x, y)` grows, which the call's own model says; `x = x.filter(…)`, `x = array_slice($x, …)` trim. */
function touchFromCall(
  program: Program,
  fn: Fn,
  call: number,
  itself: (value: Value) => boolean,
  reached: Reached,
  touch: Omit<Touch, "block" | "nested" | "given" | "touch">,
  add: Add,
): void {
  const { callee, args } = fn.call(call);
  const usesItself = (callee.k === "field" && itself(callee.of)) || args.some((arg) => itself(arg.value) || (arg.value.k === "slice" && itself(arg.value.of)));
  if (!usesItself) {
    if (!isInitial(fn)) add(reached, { ...touch, touch: "clears" });
    return;
  }
  const trims = args.some((arg) => arg.value.k === "slice");
  const grows = program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "grows"));
  if (trims || !grows) add(reached, { ...touch, touch: "shrinks" });
}

/** Top-level code and constructors give a collection its first value. */
function isInitial(fn: Fn): boolean {
  return fn.fact.kind === "module" || fn.fact.kind === "constructor" || fn.fact.kind === "initializer";
}

function touchCall(program: Program, finder: HolderFinder, fn: Fn, call: number, add: Add): void {
  const site = fn.call(call);
  const target = program.target(fn, call);
  const place = { fn, at: site.start, end: site.end };
  const receiver =
    site.callee.k === "field"
      ? site.callee.of
      : site.callee.k === "ref" && site.callee.name.includes(".")
        ? { ...site.callee, name: site.callee.name.slice(0, site.callee.name.lastIndexOf(".")) }
        : null;
  let known = false;
  for (const row of target.rows) {
    known = true;
    for (const effect of row.effects) {
      if (effect.role !== "grows" && effect.role !== "shrinks" && effect.role !== "clears") continue;
      const subject = subjectOf(effect, receiver, site.args[effect.value.of === "argument" ? (effect.value.argument.position ?? 0) : 0]?.value ?? null);
      const reached = subject === null ? null : finder.find(subject, fn);
      if (effect.role === "grows" && row.results[0]?.name === "argument:0" && !isPutBack(finder, fn, call, reached)) continue;
      add(reached, { ...place, touch: effect.role, key: argument(fn, call, effect.key), added: argument(fn, call, effect.added) });
    }
  }
  if (receiver !== null && known) add(finder.find(receiver, fn), { ...place, touch: "reads", key: site.args[0]?.value ?? null, added: null });
  for (const { value } of site.args) {
    readsIn(finder, fn, value, site.start, add);
    touchMethodValue(program, finder, fn, value, place, add);
    if (known && target.rows.every((row) => row.effects.length === 0 || row.effects.some((effect) => effect.role !== "grows"))) continue;
    if (!known) handOver(finder, fn, value, site.start, add);
  }
}

/** Whether what a call gives takes the place of what it was made from: `all = append(all, x)` grows, `with := append(all, x)` makes another. */
function isPutBack(finder: HolderFinder, fn: Fn, call: number, reached: Reached | null): boolean {
  if (reached === null) return false;
  const isIt = (value: Value): boolean => value.k === "call" && value.id === call;
  const gives = (value: Value): boolean =>
    isIt(value) || (value.k === "var" && fn.file.variable(value.id).definitions.some((one) => one.fn === fn.id && isIt(one.value)));
  const isSame = (place: Value): boolean => {
    const found = finder.find(place, fn);
    return found !== null && holderKey(found.holder) === holderKey(reached.holder);
  };
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.e === "set") return fn.file.variable(event.var).fn !== fn.id && gives(event.value) && isSame({ k: "var", id: event.var });
      if (event.e === "put") return gives(event.value) && isSame(event.object);
      if (event.e !== "store" || !gives(event.value)) return false;
      return isSame(storedTo(event));
    }),
  );
}

/** `task.add_done_callback(tasks.discard)`: a method that removes is handed over to be called later. */
function touchMethodValue(program: Program, finder: HolderFinder, fn: Fn, value: Value, place: Pick<Touch, "fn" | "at" | "end">, add: Add): void {
  if (value.k !== "field") return;
  const type = program.typeOf(value.of, fn);
  const rows = type?.t === "named" ? (program.library(fn.file).method(type, value.name)?.rows ?? []) : [];
  for (const row of rows) {
    for (const effect of row.effects) {
      if (effect.role === "shrinks" || effect.role === "clears") add(finder.find(value.of, fn), { ...place, touch: effect.role, key: null, added: null });
    }
  }
}

function subjectOf(effect: Mutates, receiver: Value | null, argumentValue: Value | null): Value | null {
  return effect.value.of === "argument" ? argumentValue : receiver;
}

function argument(fn: Fn, call: number, ref: Mutates["key"]): Value | null {
  if (ref === null) return null;
  const found = argumentOf(fn.call(call).args, ref, fn);
  return found.given === "yes" ? found.value : null;
}

/** Entries that a value is, or may be: `cache[key]`. */
function readsIn(finder: HolderFinder, fn: Fn, value: Value, at: number, add: Add): void {
  if (value.k === "var" || value.k === "const" || value.k === "call" || value.k === "ref") return;
  forEachValue(value, (one) => {
    if (one.k === "index" && one.key !== null) add(finder.find(one.of, fn), { touch: "reads", fn, at, end: at, key: one.key, added: null });
  });
}

/** Whoever gets the collection itself may change it. */
function handOver(finder: HolderFinder, fn: Fn, value: Value, at: number, add: Add): void {
  if (value.k !== "var" && value.k !== "field" && value.k !== "ref") return;
  const reached = finder.find(value, fn);
  if (reached !== null && !reached.nested) add(reached, { touch: "hands over", fn, at, end: at, key: null, added: null });
}

/** A comparison with the size of the collection. */
function touchTest(finder: HolderFinder, fn: Fn, test: Test, at: number, add: Add): void {
  if (test.test === "not") touchTest(finder, fn, test.of, at, add);
  if (test.test === "truthy" || test.test === "null") readsIn(finder, fn, test.value, at, add);
  if (test.test === "contains") add(finder.find(test.container, fn), { touch: "reads", fn, at, end: at, key: test.key, added: null });
  if (test.test !== "compare") return;
  for (const side of [test.left, test.right]) {
    for (const one of mentionedValues(side)) {
      const subject = sizeSubject(one, fn);
      if (subject !== null) add(finder.find(subject, fn), { touch: "measures", fn, at, end: at, key: null, added: null });
    }
  }
}

/** What `len(x)`, `x.length`, `x.size()`, `count($x)` measure. */
function sizeSubject(value: Value, fn: Fn): Value | null {
  if (value.k === "field" && /^(?:length|size|count)$/i.test(value.name)) return value.of;
  if (value.k !== "call") return null;
  const { callee, args } = fn.call(value.id);
  if (callee.k === "field" && /^(?:length|size|count|len|qsize)$/i.test(callee.name)) return callee.of;
  return callee.k === "ref" && /^(?:len|count|sizeof)$/.test(callee.name) ? (args[0]?.value ?? null) : null;
}
