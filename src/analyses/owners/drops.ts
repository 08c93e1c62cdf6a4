import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import type { Channel } from "../channels/waiting.ts";
import { type Holder, HolderFinder, homeOf, typeOfHolder } from "../collections/identity.ts";
import { isBoundedType } from "../collections/growth.ts";
import type { Touch, TouchedHolder } from "../collections/touches.ts";
import { closuresIn, reachedBy } from "../registrations/cleanups.ts";
import { isUnlimited } from "../request-limits.ts";
import type { Site } from "../site.ts";
import { type Belonging, Belongings } from "./belongings.ts";
import { isEmptiedUnseen } from "./emptied.ts";
import { type Filtered, filteredBy } from "./filtered.ts";
import { isAtPosition, usesEntry } from "./entry-uses.ts";
import { MadeValues } from "./made.ts";

/** An entry is taken out of a collection. */
export interface Drop {
  readonly holder: Holder;
  readonly touch: Touch;
  /** What the entry is, by its class; empty for others. */
  readonly owner: string;
  /** What it holds that goes on. */
  readonly belonging: Belonging;
  /** Where that is ended on the way; null when it is not. */
  readonly endedAt: Site | null;
  /** Entries are left out where the collection is made anew from itself. */
  readonly isFiltered: boolean;
}

/** Judges every removal from a long-lived collection whose entries hold something that has to be ended. */
export function dropsOf(program: Program, callGraph: CallGraph, touched: ReadonlyMap<string, TouchedHolder>, channels: readonly Channel[]): readonly Drop[] {
  const finder = new HolderFinder(program);
  const made = new MadeValues(program, callGraph, touched.values());
  const belongings = new Belongings(program, finder, made, channels);
  const found: Drop[] = [];
  for (const { holder, touches } of touched.values()) {
    // Who adds and removes in one function is done with what it added, and ends that itself.
    const additions = touches.filter((touch) => touch.touch === "grows");
    // Objects that register themselves belong to who made them.
    if (additions.length > 0 && additions.every(({ added }) => added?.k === "this")) continue;
    const removals = touches
      .map((touch) => ({ touch, filtered: filteredBy(program, finder, holder, touch) }))
      .filter(({ touch, filtered }) => isRemoval(program, finder, made, holder, touch, additions, filtered));
    // A cache that drops entries by itself tells so by a callback of its own.
    if (removals.length === 0 || isBoundedType(program, typeOfHolder(program, holder), holder)) continue;
    for (const entry of entryTypes(program, holder, touches)) {
      const held = belongings.ofEntries(holder, entry, additions);
      if (held.length === 0) continue;
      for (const { touch, filtered } of removals) {
        if (isOfItsTimer(program, touch.fn)) continue;
        const surrounding = surroundings(program, callGraph, touch.fn);
        if (surrounding === null) continue;
        const { around, isSwept } = surrounding;
        if (isSwept && !isByLimit(touch)) continue;
        // `stop(name)`, which removes the entry that it ends, has not ended the oldest one.
        const endsOther = (site: Site): boolean =>
          touch.key === null && touch.touch === "shrinks" && site.fn !== touch.fn && removals.some((one) => one.touch.fn === site.fn && one.touch.key !== null);
        const isOnWay = (site: Site): boolean => around.has(site.fn) && !endsOther(site);
        // One that is ended on the way shows that whoever removes it thought of it.
        if (held.some((one) => one.beside.some(isOnWay))) continue;
        const ended = held.find((one) => one.ended.some(isOnWay));
        const isNamed = touch.touch !== "shrinks" || touch.key !== null || isAtPosition(touch) || filtered !== null;
        const isUsed = (fn: Fn): boolean => usesEntry(program, finder, holder, entry, { ...touch, fn }, filtered?.takenAt ?? []);
        if (ended === undefined && isNamed && (isUsed(touch.fn) || (filtered?.predicate != null && isUsed(filtered.predicate)))) continue;
        if (held.some(({ owes, made: by }) => owes === "answers" && by !== null && isOfWaiter(callGraph, by.fn, touch.fn))) continue;
        if (held[0]!.made !== null && (isByItself(program, held[0]!.made, touch.fn) || isByItsGoroutine(program, held[0]!.made, touch.fn))) continue;
        found.push({
          holder,
          touch,
          owner: entry?.t === "instance" ? entry.cls.fact.name : "",
          belonging: ended ?? held[0]!,
          endedAt: ended?.ended.find(isOnWay) ?? null,
          isFiltered: filtered !== null && (filtered.predicate !== null || filtered.takenAt.length > 0),
        });
      }
    }
  }
  return found;
}

function isRemoval(
  program: Program,
  finder: HolderFinder,
  made: MadeValues,
  holder: Holder,
  touch: Touch,
  additions: readonly Touch[],
  filtered: Filtered | null,
): boolean {
  if (filtered !== null) return !touch.nested && additions.every((one) => one.fn !== touch.fn);
  const isDrop = touch.touch === "shrinks" || (touch.touch === "clears" && (touch.at !== touch.end || isEmptiedUnseen(program, finder, made, holder, touch)));
  return (
    isDrop &&
    !touch.nested &&
    (isOfAnother(program, touch, additions) || ((touch.key !== null || touch.touch === "clears") && additions.every((one) => one.fn !== touch.fn)))
  );
}

/** `cache.popitem()`, `cache.delete(oldest); cache.set(key, value)`: another entry than the one that the function works with. */
function isOfAnother(program: Program, { touch, key, fn, at }: Touch, additions: readonly Touch[]): boolean {
  if (touch !== "shrinks") return false;
  // Not `task.add_done_callback(tasks.remove)`, which removes it later.
  const removes = (call: number): boolean => program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "shrinks"));
  if (key === null) return fn.graph.calls.some((site, call) => site.start === at && site.discarded && removes(call));
  const added = additions.filter((one) => one.fn === fn);
  return key.k === "var" && added.length > 0 && added.every((one) => one.key?.k === "var" && one.key.id !== key.id);
}

/** Whether an entry is removed by who waits for it, or on its behalf: by the function that made it, one inside or around that, or one that such a function calls. */
function isOfWaiter(callGraph: CallGraph, maker: Fn, remover: Fn): boolean {
  const isOf = (fn: Fn): boolean => fn === maker || fn.isInside(maker) || maker.isInside(fn);
  return isOf(remover) || callGraph.callers(remover).some((edge) => isOf(edge.fn));
}

/** Whether what runs in it (the coroutine of a task) is what removes it: at its own end. */
function isByItself(program: Program, { fn, call }: CallEdge, remover: Fn): boolean {
  // An interval goes on when its function has run.
  if (isInterval(program, fn, call)) return false;
  const run = fn.call(call).args.flatMap(({ value }) => {
    if (value.k === "call") return program.target(fn, value.id).fns;
    const type = program.typeOf(value, fn);
    return type?.t === "function" ? [type.fn] : [];
  });
  return reachedBy(program, run).has(remover);
}

/** `setTimeout(() => { timers.delete(id); run(); }, 500)`: a timer that fires once has ended when its function runs. */
function isOfItsTimer(program: Program, fn: Fn): boolean {
  const use = fn.fact.kind === "lambda" ? program.calls.callbackUse(fn) : null;
  const rows = use === null ? [] : program.target(use.fn, use.call).rows;
  return rows.some((row) => row.effects.some((effect) => effect.role === "registers" && effect.once && effect.rule === "uncleared-timer"));
}

/**
 * `ctx, cancel := context.WithCancel(context.Background()); running[id] = cancel; go func() { defer delete(running, id); work(ctx) }()`: the only one who used
 * the context has ended, and nothing else knows of it.
 */
function isByItsGoroutine(program: Program, { fn, call }: CallEdge, remover: Fn): boolean {
  const parent = fn.call(call).args[0]?.value;
  if (parent === undefined || !isUnlimited(program, fn, parent)) return false;
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => {
      const callee = event.e === "spawn" ? fn.call(event.call).callee : null;
      const spawned = callee?.k === "fn" ? fn.file.functions[callee.id]! : null;
      return spawned !== null && (remover === spawned || remover.isInside(spawned));
    }),
  );
}

/** What the entries are: the values, and the keys where objects themselves are the keys (`map[*client]bool`, sets). */
function entryTypes(program: Program, holder: Holder, touches: readonly Touch[]): readonly (Type | null)[] {
  const { file } = homeOf(holder);
  const type = typeOfHolder(program, holder);
  const stepped = program.types.element(type, "value", file);
  // Going through a JavaScript map gives keys and values together.
  const types = [stepped?.t === "tuple" ? (stepped.items.at(-1) ?? null) : stepped, program.types.element(type, "key", file)];
  for (const { touch, added, fn } of touches) if (touch === "grows" && added !== null) types.push(program.typeOf(added, fn));
  const classes = new Map(types.flatMap((one) => (one?.t === "instance" ? [[one.cls, one] as const] : [])));
  return classes.size > 0 ? [...classes.values()] : [types.find((one) => one?.t === "shape") ?? null];
}

/**
 * The functions that may end what the entry holds when it is removed: the one that removes it, what it calls, and the same of its callers.
 * @returns null when it is removed because it has ended: by a callback of something that was registered
 */
function surroundings(program: Program, callGraph: CallGraph, fn: Fn): { readonly around: ReadonlySet<Fn>; readonly isSwept: boolean } | null {
  const roots = new Set<Fn>();
  let isSwept = false;
  let frontier = [fn];
  for (let depth = 0; depth < 3; depth++) {
    const next: Fn[] = [];
    for (const one of frontier) {
      for (let outer: Fn | null = one; outer !== null && outer.fact.kind !== "module"; outer = outer.parent) {
        if (roots.has(outer)) continue;
        if (isCalledBack(program, outer)) {
          if (!isOfInterval(program, outer)) return null;
          isSwept = true;
        }
        roots.add(outer);
        next.push(...callGraph.callers(outer).map((edge) => edge.fn));
      }
    }
    frontier = next;
  }
  return { around: reachedBy(program, [...roots, ...[...roots].flatMap(closuresIn)]), isSwept };
}

/** `setInterval(() => { … sessions.delete(id); … }, 60_000)`: nothing has ended when it is called. */
function isOfInterval(program: Program, fn: Fn): boolean {
  const use = program.calls.callbackUse(fn);
  return use !== null && isInterval(program, use.fn, use.call);
}

const isInterval = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "registers" && !effect.once && effect.rule === "uncleared-timer"));

/** Whether what is swept out is chosen by a limit (`now - session.seen > limit`), or not chosen at all. An entry that is asked for its state (`session.closed`) may have ended. */
function isByLimit({ fn }: Touch): boolean {
  const tests = fn.graph.blocks.flatMap(({ end }) => (end.t === "branch" ? [end.test] : []));
  return tests.length === 0 || tests.some((test) => test.test === "compare" && /[<>]/.test(test.operator));
}

/** `socket.on("close", () => clients.delete(id))`: the event tells that it is over. */
function isCalledBack(program: Program, fn: Fn): boolean {
  if (fn.fact.kind !== "lambda") return false;
  const use = program.calls.callbackUse(fn);
  if (use === null) return false;
  const { rows, fns } = program.target(use.fn, use.call);
  const model = program.calls.callbackModel(use);
  if (model === null) return fns.length === 0;
  // `child.once("exit", () => running.delete(id))`
  const isOnce = model.runs === "once" && rows.some((row) => row.effects.some((effect) => effect.role === "registers"));
  // `client.connect().catch(() => clients.delete(id))`: it never was.
  return model.runs === "later" || isOnce || model.after === "failure";
}
