import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { Program } from "../../program/program.ts";
import type { Acquires } from "../../semantics/models/model.ts";
import { mentionedValues } from "../work/values.ts";
import type { Handlings } from "./handlings.ts";
import type { Tracked } from "./tracked.ts";

/** @returns the variable that a path consists of; null for other paths. */
export function localOf(path: string): number | null {
  const id = /^v(\d+)$/.exec(path)?.[1];
  return id === undefined ? null : Number(id);
}

/** Whether what the resource is acquired on was stored or handed over before: `p.cmd = cmd; cmd.Start()` leaves the rest to `p`. */
export function isSharedBefore(handlings: Handlings, fn: Fn, tracked: Tracked): boolean {
  const { origin } = tracked;
  const id = origin.from === "path" ? localOf(origin.path) : null;
  if (id === null || origin.call < 0) return false;
  const { start } = fn.call(origin.call);
  const isIt = (value: Value): boolean => value.k === "var" && value.id === id;
  const holdsIt = (value: Value): boolean => isIt(value) || (value.k === "coll" && value.items.some(holdsIt));
  const stored = fn.graph.blocks.some((block) =>
    block.events.some((event) => {
      if (event.e === "escape") return event.at < start && event.values.some(holdsIt);
      if (event.e !== "store" && event.e !== "put" && event.e !== "send" && event.e !== "set") return false;
      return event.at < start && holdsIt(event.value) && !(event.e === "set" && isIt(event.value));
    }),
  );
  if (stored) return true;
  return fn.graph.calls.some(
    (site, call) =>
      site.start < start &&
      site.args.some(({ value }, i) => {
        if (value.k === "fn") return fn.file.functions[value.id]!.fact.captures.includes(id);
        if (!isIt(value)) return holdsIt(value);
        const handling = handlings.argument(fn, call, i, tracked, "");
        return handling === "keeps" || handling === "unknown";
      }),
  );
}

/**
 * Whether what a method acquires that opens a scope of its object is released by the one that ends the scope (`__enter__` takes a lock, `__exit__` gives it
 * back): it is meant to be held in between.
 */
export function isHeldByScope(program: Program, handlings: Handlings, fn: Fn, tracked: Tracked): boolean {
  const { origin } = tracked;
  const scope = profileOf(fn.file.language).scopeMethods.find(({ enter }) => enter === fn.fact.name);
  const leave = scope === undefined || fn.cls === null ? null : program.hierarchy.method(fn.cls, scope.leave);
  if (leave === null || origin.from !== "path") return false;
  const handling = handlings.ofPath(leave, origin.path, tracked, origin.part);
  return handling === "releases" || handling === "unknown";
}

/** @returns whether it is a lock or a place in a semaphore of the process: what makes it a loss is that others wait for it */
const isLock = ({ rule, value }: Acquires): boolean => rule === "goroutine-leak" && value.of === "receiver";

/** Whether a lock was made in the function and nobody else has it so far: when that is left, the lock goes too, and nobody waits for it. */
export function isUnseenLock(program: Program, fn: Fn, { acquires, origin }: Tracked): boolean {
  const id = origin.from === "path" ? localOf(origin.path) : null;
  if (id === null || origin.call < 0 || !isLock(acquires)) return false;
  const made = madeAs(program, fn, id);
  const { start, loop } = fn.call(origin.call);
  const users = fn.file.functions.filter((one) => one.fact.captures.includes(id));
  const isTaken = (one: Fn, after: number): boolean =>
    one.graph.calls.some((site, call) => site.start > after && isOn(site.callee, id) && takes(program, one, call)) ||
    one.graph.blocks.some(({ events }) => events.some((event) => event.e === "enter" && event.at > after && event.value.k === "var" && event.value.id === id));
  // `sem.Acquire(ctx, all)` at the end waits for those who give a place back, and for nobody who wants one.
  if (made === null || users.some((one) => isTaken(one, -1)) || (users.length > 0 && (loop >= 0 || isTaken(fn, start)))) return false;
  const isBefore = (at: number): boolean => loop >= 0 || at < start;
  const isSeen = (value: Value | null): boolean =>
    value !== null && mentionedValues(value).some((one) => (one.k === "var" && one.id === id) || (one.k === "call" && one.id === made));
  const inEvents = fn.graph.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.e === "escape") return isBefore(event.at) && event.values.some(isSeen);
      const isKept = event.e === "store" || event.e === "put" || event.e === "send" || event.e === "yield" || (event.e === "set" && event.var !== id);
      return isKept && isBefore(event.at) && isSeen(event.value);
    }),
  );
  return !inEvents && !fn.graph.calls.some((site) => isBefore(site.start) && site.args.some(({ value }) => isSeen(value)));
}

const isOn = (callee: Value, id: number): boolean => callee.k === "field" && callee.of.k === "var" && callee.of.id === id;

const takes = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && isLock(effect)));

/** The call of a library's function that makes what a variable always is, -1 where it is declared as the thing itself (`var mu sync.Mutex`); null for anything else. */
function madeAs(program: Program, fn: Fn, id: number): number | null {
  const { fn: home, definitions, isParameter, type } = fn.file.variable(id);
  if (home !== fn.id || isParameter || definitions.length > 1) return null;
  const value = definitions[0]?.value ?? null;
  if (value === null) return type?.shape === "named" ? -1 : null;
  if (value.k === "coll") return -1;
  if (value.k !== "call" || definitions[0]!.fn !== fn.id) return null;
  const { fns, rows, constructs, receiver } = program.target(fn, value.id);
  return fns.length === 0 && rows.length > 0 && constructs === null && receiver === null ? value.id : null;
}
