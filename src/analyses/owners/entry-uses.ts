import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { settled } from "../../program/arguments.ts";
import type { Program } from "../../program/program.ts";
import type { Effect } from "../../semantics/models/model.ts";
import type { Type } from "../../program/types.ts";
import { type Holder, type HolderFinder, holderKey } from "../collections/identity.ts";
import type { Touch } from "../collections/touches.ts";
import { carried } from "../resources/collected.ts";
import { mentionedValues } from "../work/values.ts";

/**
 * Whether the function that removes an entry does more with it than look at it: hands it on, gives it back, calls it, writes to it, sends to it.
 * Whoever gets it may end what it holds.
 * @param keptAt where a loop puts those that stay into another collection
 */
export function usesEntry(program: Program, finder: HolderFinder, holder: Holder, entry: Type | null, touch: Touch, keptAt: readonly number[]): boolean {
  const { fn } = touch;
  const key = holderKey(holder);
  const removed = touch.key?.k === "cast" ? touch.key.of : touch.key;
  /** `foreach ($this->workers as $worker) { if (…) { $found = $worker; break; } }` */
  const isGivenEntry = (variable: number, depth: number): boolean =>
    fn.file.variable(variable).definitions.some(({ value, fn: by }) => {
      if (value.k === "var") return depth < 3 && isGivenEntry(value.id, depth + 1);
      if (value.k !== "elem" && value.k !== "index" && value.k !== "item") return false;
      const reached = value.k === "elem" && value.part === "key" ? null : finder.find(value, fn.file.functions[by]!);
      return reached?.nested === true && holderKey(reached.holder) === key && !isUnderAnotherKey({ k: "var", id: variable }, touch);
    });
  const isEntry = (value: Value): boolean => {
    if (value.k === "this" || value.k === "const" || isUnderAnotherKey(value, touch)) return false;
    // `workers.remove(worker)`
    if (value.k === "var" && removed?.k === "var" && removed.id === value.id) return true;
    if (value.k === "var" && value.id === soughtEntry(touch)) return true;
    const reached = finder.find(value, fn);
    if (reached?.nested === true && holderKey(reached.holder) === key) return true;
    // What a removal answers may only say whether there was one.
    if (value.k === "call" && fn.call(value.id).start === touch.at)
      return !program.target(fn, value.id).rows.some((row) => /\bbool(?:ean)?$/i.test(row.results[0]?.name ?? ""));
    if (value.k === "var" && isGivenEntry(value.id, 0)) return true;
    const type = value.k === "var" || value.k === "item" ? program.typeOf(value, fn) : null;
    return entry?.t === "instance" && type?.t === "instance" && type.cls === entry.cls;
  };
  const holds = (value: Value): boolean => mentionedValues(value).some(isEntry);
  const isCollection = (value: Value): boolean => {
    const reached = finder.find(value, fn);
    return reached !== null && !reached.nested && holderKey(reached.holder) === key;
  };
  if (takesOut(program, touch, isCollection)) return true;
  for (const [call, site] of fn.graph.calls.entries()) {
    const { callee, args } = site;
    if (keptAt.includes(site.start)) continue;
    if (callee.k === "field" && holds(callee.of) && acts(program, fn, call)) return true;
    if (site.start !== touch.at && args.some(({ value }) => holds(value)) && acts(program, fn, call)) return true;
    if (site.start === touch.at && !site.discarded && isKept(fn, call)) return true;
  }
  return fn.graph.blocks.some(
    ({ events, end }) =>
      events.some((event) => !isTouch(event, touch) && !("at" in event && keptAt.includes(event.at)) && passesOn(event, isEntry, holds)) ||
      (end.t === "return" && end.value !== null && isEntry(end.value)),
  );
}

/** `clients = clients.filter(…)`: what is made anew from the collection takes its place. */
const isTouch = (event: FlowEvent, { at, end }: Touch): boolean => at === end && "at" in event && event.at === at;

/** @returns whether a call removes what is at a place that was looked for: `workers.splice(i, 1)` */
export const isAtPosition = ({ fn, at }: Touch): boolean =>
  fn.graph.calls.some(({ start, args }) => start === at && args.some(({ value }) => settled(value, fn).k !== "const" && value.k !== "field"));

/** The variable of the entry whose place was asked for: `worker` of `const i = workers.indexOf(worker); workers.splice(i, 1)`, -1 for none */
function soughtEntry({ fn, at }: Touch): number {
  for (const site of fn.graph.calls) {
    const place = site.start === at && site.args[0] !== undefined ? settled(site.args[0].value, fn) : null;
    const sought = place?.k === "call" ? fn.call(place.id).args[0]?.value : undefined;
    if (sought?.k === "var") return sought.id;
  }
  return -1;
}

/** `const open = [...handles.values()]; handles.clear()`, `const [[key, oldest]] = handles`: the entries are held by something else before. */
function takesOut(program: Program, { fn, touch }: Touch, isCollection: (value: Value) => boolean): boolean {
  // `for (const [id, session] of sessions)`: each step of a loop has another one.
  const isOfStep = (variable: number): boolean => fn.graph.loops.some(({ targets }) => targets.includes(variable));
  const isTaken = fn.graph.blocks.some(({ events }) =>
    events.some((event) => event.e === "set" && event.value.k === "item" && !isOfStep(event.var) && isCollection(takenFrom(event.value))),
  );
  if (isTaken || touch !== "clears") return isTaken;
  return fn.graph.calls.some(
    ({ callee }, call) =>
      callee.k === "field" && isCollection(callee.of) && program.target(fn, call).rows.some((row) => carried(row, "receiver").some((part) => part !== null)),
  );
}

/** What a value is a part of, as it is taken apart: `handles` of `const [[key, oldest]] = handles`. */
const takenFrom = (value: Value): Value => (value.k === "item" || value.k === "elem" ? takenFrom(value.of) : value);

/** `cache.get(key)`, where `oldest` is removed. */
function isUnderAnotherKey(value: Value, { fn, key }: Touch): boolean {
  const found = settled(value, fn);
  const asked = found.k === "index" ? found.key : found.k === "call" ? fn.call(found.id).args[0]?.value : null;
  return key?.k === "var" && asked?.k === "var" && asked.id !== key.id;
}

function passesOn(event: FlowEvent, isEntry: (value: Value) => boolean, holds: (value: Value) => boolean): boolean {
  switch (event.e) {
    case "store":
      // `entry.cancelled = true` tells whoever else has it; a count does not.
      return isEntry(event.value) || (isEntry(event.object) && event.value.k === "const" && typeof event.value.v !== "number");
    case "put":
      return isEntry(event.value);
    case "send":
      return holds(event.channel) || isEntry(event.value);
    case "escape":
      return event.values.some(isEntry);
    case "yield":
      return event.value !== null && isEntry(event.value);
    case "enter":
    case "await":
      return holds(event.value);
    default:
      return false;
  }
}

/** Whether a call may change what it is given: code that was not seen, and functions of the program that do more than read. */
function acts(program: Program, fn: Fn, call: number): boolean {
  const { rows, fns } = program.target(fn, call);
  if (rows.length > 0) return rows.some((row) => row.effects.some(isActing));
  return fns.length === 0 || fns.some((one) => !onlyReads(one));
}

/** `process.poll()` asks whether it has ended; `isset($running[$id])` only whether there is one. */
const isActing = (effect: Effect): boolean =>
  effect.role === "releases" || effect.role === "unregisters" || effect.role === "grows" || (effect.role === "checks" && effect.value.of === "receiver");

function onlyReads(fn: Fn): boolean {
  return fn.graph.blocks.every(({ events }) => events.every(({ e }) => e === "set" || e === "receive")) && fn.graph.calls.length === 0;
}

/** `const entry = pending.pop(id)`: what the removal gives back is used. */
function isKept(fn: Fn, call: number): boolean {
  const isIt = (value: Value): boolean => value.k === "call" && value.id === call;
  return fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "set" && mentionedValues(event.value).some(isIt)));
}
