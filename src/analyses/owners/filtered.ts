import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type Holder, type HolderFinder, holderKey } from "../collections/identity.ts";
import type { Touch } from "../collections/touches.ts";
import { mentionedValues } from "../work/values.ts";

/** What decides which entries stay: a function that is asked for each, or the loop that takes them over. */
export interface Filtered {
  /** The function that is asked; null where the same function decides. */
  readonly predicate: Fn | null;
  /** Where a loop takes over the entries that stay. */
  readonly takenAt: readonly number[];
}

/**
 * `this.clients = this.clients.filter((client) => client.id !== id)`: the entries that another one was asked for are left out. Not where the entry itself
 * is asked (`filter((client) => client.connected)`): that one may have ended.
 */
export function filteredBy(program: Program, finder: HolderFinder, holder: Holder, { touch, fn, at, end }: Touch): Filtered | null {
  if ((touch !== "shrinks" && touch !== "clears") || at !== end) return null;
  const key = holderKey(holder);
  const isIt = (value: Value): boolean => {
    const reached = finder.find(value, fn);
    return reached !== null && !reached.nested && holderKey(reached.holder) === key;
  };
  const stored = fn.graph.blocks.flatMap(({ events }) => events).find((event) => (event.e === "set" || event.e === "store") && event.at === at);
  if (stored === undefined || !("value" in stored) || stored.value === null) return null;
  const predicate = predicateOf(program, stored.value, fn, isIt, 0);
  if (predicate !== null) return asksForOther(predicate) ? { predicate, takenAt: [] } : null;
  if (isCutOut(program, stored.value, fn, isIt)) return { predicate: null, takenAt: [] };
  const takenAt = takenOver(stored.value, fn, isIt);
  return takenAt.length > 0 ? { predicate: null, takenAt } : null;
}

/** The function that a call asks which entries to keep: of `clients.filter(…)`, `array_values(array_filter($clients, …))`. */
function predicateOf(program: Program, given: Value, fn: Fn, isIt: (value: Value) => boolean, depth: number): Fn | null {
  const value = given.k === "var" ? settled(given, fn) : given;
  if (value.k !== "call" || depth > 2) return null;
  const { callee, args } = fn.call(value.id);
  for (const [argument, { value: asked }] of args.entries()) {
    const model = asked.k === "fn" ? program.calls.callbackModel({ fn, call: value.id, argument }) : null;
    if (asked.k !== "fn" || model?.selects !== true) continue;
    const over = model.over === null ? (callee.k === "field" ? callee.of : null) : (args[model.over.position ?? 0]?.value ?? null);
    return over !== null && isIt(over) ? fn.file.functions[asked.id]! : null;
  }
  return args.length === 0 ? null : predicateOf(program, args[0]!.value, fn, isIt, depth + 1);
}

/** Whether a function compares what it is given with something of the function around it. */
function asksForOther(predicate: Fn): boolean {
  const isOther = (value: Value): boolean => {
    if (value.k === "this") return true;
    const owner = value.k === "var" ? predicate.file.variable(value.id).fn : 0;
    return owner !== 0 && owner !== predicate.id;
  };
  const compared = predicate.graph.blocks.flatMap(({ end }) => {
    if (end.t === "return" && end.value !== null) return [end.value];
    return end.t === "branch" && end.test.test === "compare" ? [end.test.left, end.test.right] : [];
  });
  return compared.some((value) => mentionedValues(value).some(isOther));
}

/** `h.clients = append(h.clients[:i], h.clients[i+1:]...)`, `h.clients = slices.Delete(h.clients, i, i+1)`: all but what is at some position. */
function isCutOut(program: Program, given: Value, fn: Fn, isIt: (value: Value) => boolean): boolean {
  const value = given.k === "var" ? settled(given, fn) : given;
  if (value.k !== "call") return false;
  const { args } = fn.call(value.id);
  const [first, second] = args;
  if (first === undefined || second === undefined) return false;
  if (first.value.k === "slice" && second.value.k === "slice") return isIt(first.value.of) && isIt(second.value.of);
  return (
    isIt(first.value) && program.target(fn, value.id).rows.some((row) => row.callbacks.length === 0 && row.effects.some((effect) => effect.role === "shrinks"))
  );
}

/**
 * `[c for c in self.clients if c.id != id]`, `for _, c := range h.clients { if c.id != id { kept = append(kept, c) } }; h.clients = kept`: a loop takes over
 * the entries that differ from something of the function.
 * @returns where it does; nothing for anything else
 */
function takenOver(stored: Value, fn: Fn, isIt: (value: Value) => boolean): readonly number[] {
  const isEntry = (value: Value): boolean => {
    if (value.k === "item" || value.k === "elem") return value.k === "elem" ? isIt(value.of) || isPairs(value.of) : isEntry(value.of);
    return value.k === "var" && fn.file.variable(value.id).definitions.some((one) => one.fn === fn.id && one.value.k !== "var" && isEntry(one.value));
  };
  // `self.sessions.items()`
  const isPairs = (value: Value): boolean => {
    const callee = value.k === "call" ? fn.call(value.id).callee : null;
    return callee?.k === "field" && isIt(callee.of);
  };
  const takes = (value: Value): boolean => value.k === "coll" && value.items.length > 0 && value.items.every(isEntry);
  const takenAt = takes(stored) ? [(stored as Extract<Value, { k: "coll" }>).at] : stored.k === "var" ? addedAt(stored.id, fn, isEntry) : [];
  const isSelected = fn.graph.loops.some((loop, i) => {
    const isOver = loop.iterable !== null && (isIt(loop.iterable) || isPairs(loop.iterable));
    if (!isOver || !takenAt.some((at) => loop.start <= at && at < loop.end)) return false;
    const isOfLoop = (value: Value): boolean => value.k === "var" && loop.targets.includes(value.id);
    const isOther = (value: Value): boolean =>
      value.k === "this" ||
      (value.k === "var" && fn.file.variable(value.id).fn !== 0 && !isOfLoop(value) && !mentionedValues(settled(value, fn)).some(isOfLoop));
    return fn.graph.blocks.some(({ loop: around, end }) => {
      if (around !== i || end.t !== "branch" || end.test.test !== "compare") return false;
      const sides = [end.test.left, end.test.right].map(mentionedValues);
      return sides.some((side) => side.some(isOfLoop)) && sides.some((side) => side.some(isOther));
    });
  });
  return isSelected ? takenAt : [];
}

/** Where a function adds entries to a local collection. */
function addedAt(variable: number, fn: Fn, isEntry: (value: Value) => boolean): readonly number[] {
  const isLocal = (value: Value | undefined): boolean => value?.k === "var" && value.id === variable;
  const calls = fn.graph.calls.flatMap(({ callee, args, start }) => {
    const onIt = callee.k === "field" && isLocal(callee.of) && args.some(({ value }) => isEntry(value));
    const withIt = isLocal(args[0]?.value) && args.slice(1).some(({ value }) => isEntry(value));
    return onIt || withIt ? [start] : [];
  });
  const isPut = (event: FlowEvent): event is Extract<FlowEvent, { e: "put" }> => event.e === "put" && isLocal(event.object) && isEntry(event.value);
  return [...calls, ...fn.graph.blocks.flatMap(({ events }) => events.filter(isPut).map(({ at }) => at))];
}
