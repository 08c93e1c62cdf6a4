import type { EventGraph, FlowEvent } from "../../flow/event-graph.ts";
import { unpromoted } from "./lock-operations.ts";
import { successors, walk } from "../../flow/reach.ts";
import type { Counts as CountsEffect, Effect } from "../../semantics/models/model.ts";
import { Partners } from "../channels/partners.ts";
import { describe } from "../describe.ts";
import { mentionedValues, usedValues } from "../work/values.ts";
import type { Blocked } from "./blocked.ts";
import type { Fn } from "../../program/entities.ts";
import type { Type } from "../../program/types.ts";
import type { Program } from "../../program/program.ts";
import { type HolderFinder, holderKey } from "../collections/identity.ts";
import { pathOf } from "../resources/state.ts";
import { type Value, unknownValue } from "../../flow/values.ts";
import type { Site } from "../site.ts";
import type { HeldLocks } from "./held-locks.ts";
import { runsInCaller } from "./beside.ts";
import { followPaths, unmetExit } from "./waits.ts";

/** A goroutine that can end without counting down, so that whoever awaits the count waits for ever. */
export interface Uncounted {
  readonly fn: Fn;
  /** The call that counts down on other paths. */
  readonly call: number;
  /** Where it leaves without. */
  readonly left: number;
}

/** A wait for a count by somebody who holds the lock that the counting side needs. */
export interface LockedWait {
  readonly wait: Site;
  /** Where the other side takes the lock before it counts down. */
  readonly other: Site;
}

type CountsRole = CountsEffect["role"];

interface CountCall {
  readonly fn: Fn;
  readonly call: number;
  readonly at: number;
  readonly deferred: boolean;
  /** What is counted: the same text for the same variable or field. */
  readonly key: string;
}

/** Who counts down and who awaits, by the models' `arrives` and `awaits`. */
export class Counts {
  readonly #program: Program;
  readonly #finder: HolderFinder;
  readonly #calls: Readonly<Record<CountsRole, CountCall[]>> = { expects: [], arrives: [], awaits: [], notifies: [] };
  /** Counters passed to functions by value: those count down a copy. */
  readonly #copies: (Site & { readonly key: string })[] = [];
  readonly #spawned = new Set<Fn>();

  constructor(program: Program, finder: HolderFinder) {
    this.#program = program;
    this.#finder = finder;
    for (const fn of program.functions()) this.#collect(fn);
  }

  #collect(fn: Fn): void {
    for (const { events } of fn.graph.blocks) {
      for (const event of events) {
        if (event.e !== "call" && event.e !== "defer" && event.e !== "spawn") continue;
        const target = this.#program.target(fn, event.call);
        const { callee, start } = fn.call(event.call);
        if (event.e === "spawn") {
          for (const one of target.fns) this.#spawned.add(one);
          if (callee.k === "fn") this.#spawned.add(fn.file.functions[callee.id]!);
        }
        this.#copied(fn, event.call, target.fns);
        for (const effect of target.rows.flatMap((row) => row.effects)) {
          if (!isCounting(effect) || callee.k !== "field") continue;
          const key = this.#keyOf(callee.of, fn);
          if (key === null) continue;
          const role = effect.role === "expects" && isNegative(fn, event.call) ? "arrives" : effect.role;
          this.#calls[role].push({ fn, call: event.call, at: start, deferred: event.e === "defer", key });
        }
      }
    }
  }

  /** Notes counters that a call passes by value. */
  #copied(fn: Fn, call: number, fns: readonly Fn[]): void {
    const { args, start } = fn.call(call);
    for (const callee of fns) {
      for (const [i, { value }] of args.entries()) {
        const param = callee.fact.params[i];
        const declared = param === undefined ? null : callee.file.variable(param.variable).type;
        if (declared?.shape !== "named" || !this.#isCounter(this.#program.types.fromFact(declared, callee.file), fn)) continue;
        const key = this.#keyOf(value, fn);
        if (key !== null) this.#copies.push({ fn, at: start, key });
      }
    }
  }

  #isCounter(type: Type | null, fn: Fn): boolean {
    if (type?.t !== "named") return false;
    const rows = this.#program.library(fn.file).method(type, "Done")?.rows ?? [];
    return rows.some((row) => row.effects.some((effect) => effect.role === "arrives"));
  }

  /** Whether a goroutine counts down, after a place in it, what another function awaits: the first such wait. */
  awaitedAfter({ fn, at }: Site, home: Fn): Site | null {
    const arrivals = this.#calls.arrives.filter((one) => one.fn === fn);
    const counts = arrivals.filter((one) => (one.deferred || one.at > at) && comesBefore(this.#program, fn, at, arrivals));
    return this.#calls.awaits.find((one) => one.fn === home && !one.deferred && counts.some(({ key }) => key === one.key)) ?? null;
  }

  /** @returns waits for a count that does not come down to nothing */
  endless(): readonly Blocked[] {
    const found: Blocked[] = [];
    for (const wait of this.#calls.awaits) {
      const of = (calls: readonly CountCall[]): readonly CountCall[] => calls.filter(({ key }) => key === wait.key);
      const name = describe((wait.fn.call(wait.call).callee as Extract<Value, { k: "field" }>).of, wait.fn);
      const expected = of(this.#calls.expects);
      const arrivals = of(this.#calls.arrives);
      const again = expected.some((one) => one.fn === wait.fn && one.at > wait.at);
      const own = again ? undefined : arrivals.find((one) => one.fn === wait.fn && this.#spawned.has(wait.fn) && (one.deferred || one.at > wait.at));
      const copy = this.#copies.find((one) => one.key === wait.key);
      // Each call of the waiting function has a counter of its own where it declares it.
      const through = arrivals.find(
        (one) => one.deferred && one.fn !== wait.fn && this.#spawned.has(one.fn) && !this.#isOwn(wait) && runsInto(this.#program, one.fn, wait.fn),
      );
      if (own !== undefined) found.push({ site: wait, name, why: "waits for itself", other: own });
      else if (through !== undefined) found.push({ site: wait, name, why: "waits for itself", other: through });
      else if (copy !== undefined && expected.length > 0 && arrivals.length === 0) found.push({ site: wait, name, why: "copied", other: copy });
      else if (expected.length === 0 || of(this.#calls.notifies).length > 0) continue;
      else if (arrivals.length === 0) {
        if (!this.#isHandedOn(wait.key) && !expected.some(isOfAnySign))
          found.push({ site: wait, name, why: "never told", other: expected.find((one) => one.at !== wait.at) ?? null });
      } else {
        const skipped = this.#skippedBy(expected, arrivals, wait);
        if (skipped !== null) found.push({ site: wait, name, why: "skips some", other: skipped });
        else if (this.#isTooMuch(expected, arrivals, wait.fn) && !this.#isHandedOn(wait.key))
          found.push({ site: wait, name, why: "expects too much", other: expected[0]! });
      }
    }
    return found;
  }

  /** `wg.Add(2)` with one goroutine that counts down once; everything in one function and the closures that it starts once each. */
  #isTooMuch(expected: readonly CountCall[], arrivals: readonly CountCall[], home: Fn): boolean {
    let sum = 0;
    for (const { fn, call } of expected) {
      const amount = fn.call(call).args[0]?.value;
      if (fn !== home || fn.call(call).loop >= 0 || amount?.k !== "const" || typeof amount.v !== "number") return false;
      sum += amount.v;
    }
    const partners = new Partners(this.#program, home);
    let counted = 0;
    for (const { fn, call } of arrivals) {
      const times = fn === home ? 1 : partners.runs(fn) === "spawned" ? partners.countOf(fn) : null;
      if (times === null || fn.call(call).loop >= 0) return false;
      counted += times;
    }
    return counted < sum;
  }

  /** `wg.Add(len(items))` before a loop over the items that starts no goroutine for some of them. */
  #skippedBy(expected: readonly CountCall[], arrivals: readonly CountCall[], { fn: home }: CountCall): Site | null {
    const [only] = expected;
    const amount = only?.fn.call(only.call).args[0]?.value;
    if (expected.length !== 1 || only === undefined || only.fn !== home || amount?.k !== "call" || arrivals.some((one) => one.fn === home)) return null;
    const { graph } = home;
    const counted = pathOf(graph.calls[amount.id]!.args[0]?.value ?? unknownValue);
    for (const { end } of graph.blocks) {
      if (end.t !== "each" || graph.loops[end.loop]!.start < only.at) continue;
      const { iterable, start } = graph.loops[end.loop]!;
      if (counted === null || iterable === null || pathOf(iterable) !== counted) continue;
      const starting = new Set([...graph.blocks.keys()].filter((i) => graph.blocks[i]!.events.some((event) => event.e === "spawn")));
      const inLoop = [...starting].some((i) => graph.blocks[i]!.loop === end.loop);
      if (inLoop && comesBackWithout(graph, end.body, end.loop, starting)) return { fn: home, at: start };
    }
    return null;
  }

  /** Whether what is awaited is a variable of the function that awaits it. */
  #isOwn({ fn, call }: CountCall): boolean {
    const { callee } = fn.call(call);
    const of = callee.k === "field" ? callee.of : null;
    return of?.k === "var" && fn.file.variable(of.id).fn === fn.id && !fn.file.variable(of.id).isParameter;
  }

  /** Whether what is counted, or a method of it, goes to other code. */
  #isHandedOn(key: string): boolean {
    for (const fn of this.#program.functions()) {
      if (fn.file.language !== "go") continue;
      for (const value of usedValues(fn.graph)) if (mentionedValues(value).some((one) => this.#isOf(one, fn, key))) return true;
    }
    return false;
  }

  /** What is counted, or one of its methods (`once.Do(wg.Done)`). */
  #isOf(value: Value, fn: Fn, key: string): boolean {
    if (value.k !== "var" && value.k !== "field") return false;
    return this.#keyOf(value, fn) === key || (value.k === "field" && this.#keyOf(value.of, fn) === key);
  }

  #keyOf(counted: Value, fn: Fn): string | null {
    const value = unpromoted(this.#program, counted, fn);
    // A struct that embeds what counts: all its objects are one.
    const type = value.k === "this" ? this.#program.types.self(fn) : this.#program.typeOf(value, fn);
    if (type?.t === "instance") return `c ${type.cls.file.index} ${type.cls.id}`;
    const reached = this.#finder.find(value, fn);
    if (reached !== null) return holderKey(reached.holder);
    const path = pathOf(value);
    return path === null ? null : `${fn.file.index} ${path}`;
  }

  /** @returns goroutines that count down on some of their paths only */
  uncounted(): readonly Uncounted[] {
    const found: Uncounted[] = [...this.#skipped()];
    for (const { fn, call, key } of this.#calls.arrives) {
      // What it counts up itself it counts down where it likes.
      if (this.#calls.expects.some((one) => one.key === key && one.fn === fn)) continue;
      if (!this.#spawned.has(fn) || fn.call(call).loop >= 0 || found.some((one) => one.fn === fn)) continue;
      const own = new Set(this.#calls.arrives.filter((one) => one.key === key && (one.fn === fn || one.fn.isInside(fn))).map((one) => one.at));
      const answers = (event: FlowEvent): boolean => {
        if (event.e !== "call" && event.e !== "defer") return false;
        const { callee, start, args } = fn.call(event.call);
        if (own.has(start)) return true;
        // Handed on, or done by a closure.
        if (callee.k === "fn") return this.#calls.arrives.some((one) => one.fn === fn.file.functions[callee.id]);
        return args.some(({ value }) => this.#keyOf(value, fn) === key);
      };
      const isOwed = (value: Value): boolean => this.#keyOf(value, fn) === key;
      const exit = unmetExit(this.#program, fn, { starts: null, answers, answeredAfter: new Set(), isOwed });
      if (exit !== null) found.push({ fn, call, left: exit.at });
    }
    return found;
  }

  /** Functions that count up and down themselves, for others who wait, and can leave in between. */
  *#skipped(): Iterable<Uncounted> {
    for (const arrive of this.#calls.arrives) {
      const { fn, call, key } = arrive;
      const own = this.#calls.arrives.filter((one) => one.key === key);
      const up = this.#calls.expects.filter((one) => one.key === key);
      if (arrive.deferred || up.length !== 1 || up[0]!.fn !== fn || own.some((one) => one.fn !== fn)) continue;
      // Where others are started or called back, or get the group, one of them may count down.
      if (!this.#calls.awaits.some((one) => one.key === key) || startsOthers(fn) || this.#isHandedOn(key)) continue;
      const is = (event: FlowEvent, calls: readonly CountCall[]): boolean =>
        (event.e === "call" || event.e === "defer") && calls.some((one) => one.at === fn.call(event.call).start);
      const exit = unmetExit(this.#program, fn, { starts: (event) => is(event, up), answers: (event) => is(event, own), answeredAfter: new Set() });
      if (exit !== null) yield { fn, call, left: exit.at };
    }
  }

  /** @returns waits inside the loop that starts the goroutines, where all of them were counted before it: the first wait never ends */
  earlyWaits(): readonly Site[] {
    return this.#calls.awaits.filter(({ fn, call, at, key, deferred }) => {
      const around = fn.graph.loops[fn.call(call).loop];
      if (deferred || around === undefined) return false;
      const within = (offset: number): boolean => around.start <= offset && offset < around.end;
      const started = this.#calls.arrives.some((one) => one.key === key && one.fn.parent === fn && this.#spawned.has(one.fn) && within(one.fn.fact.start));
      const others = fn.graph.calls.filter(({ callee, start }) => callee.k === "field" && start !== at && this.#keyOf(callee.of, fn) === key);
      const before = others.filter(({ start }) => start < around.start);
      return started && !others.some(({ start }) => within(start)) && before.length === 1 && before[0]!.loop < 0 && before[0]!.args[0]?.value.k === "call";
    });
  }

  /** @returns waits under a lock that the counting goroutine takes first */
  lockedWaits(locks: HeldLocks): readonly LockedWait[] {
    const found: LockedWait[] = [];
    for (const wait of this.#calls.awaits) {
      const held = locks.heldAt(wait);
      if (held.size === 0) continue;
      for (const arrive of this.#calls.arrives) {
        if (arrive.key !== wait.key || arrive.fn === wait.fn) continue;
        const taking = locks
          .summary(arrive.fn)
          .takes.find(({ lock, chain }) => lock.key !== null && held.has(lock.key) && (arrive.deferred || chain[0]!.at < arrive.at));
        // Who counts itself up under the lock is not waited for before it has it.
        if (taking === undefined || this.#calls.expects.some((one) => one.key === wait.key && one.fn === arrive.fn && one.at > taking.chain[0]!.at)) continue;
        found.push({ wait, other: taking.chain[0]! });
        break;
      }
    }
    return found;
  }
}

/** Whether a way through a function comes to an operation on a channel before it has counted down. */
function comesBefore(program: Program, fn: Fn, at: number, arrivals: readonly CountCall[]): boolean {
  let found = false;
  followPaths<boolean>(program, fn, {
    entry: false,
    key: String,
    event: (counted, event) => {
      if ((event.e === "send" || event.e === "receive") && event.at === at && !counted) found = true;
      return counted || (event.e === "call" && arrivals.some((one) => one.call === event.call));
    },
  });
  return found;
}

function startsOthers({ graph }: Fn): boolean {
  return (
    graph.blocks.some(({ events }) => events.some((event) => event.e === "spawn")) || graph.calls.some(({ args }) => args.some(({ value }) => value.k === "fn"))
  );
}

/** How far calls are followed from a goroutine to a wait in it. */
const maxCalls = 3;

/** Whether a function runs another in its own goroutine. */
function runsInto(program: Program, from: Fn, to: Fn, depth = 0): boolean {
  if (depth > maxCalls) return false;
  return from.graph.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.e !== "call") return false;
      const fns = program.target(from, event.call).fns.filter((one) => runsInCaller(program, from, event.call, one));
      return fns.includes(to) || fns.some((one) => one !== from && runsInto(program, one, to, depth + 1));
    }),
  );
}

/** Whether a step of a loop can end without one of those blocks. */
function comesBackWithout({ blocks }: EventGraph, body: number, loop: number, passed: ReadonlySet<number>): boolean {
  const come = walk(body, (at) => (passed.has(at) ? [] : successors(blocks[at]!.end)));
  return [...come].some((at) => {
    const { end } = blocks[at]!;
    return !passed.has(at) && end.t === "each" && end.loop === loop;
  });
}

/** `wg.Add(-1)` counts down: https://pkg.go.dev/sync#WaitGroup.Add */
function isNegative(fn: Fn, call: number): boolean {
  const amount = fn.call(call).args[0]?.value;
  return amount?.k === "const" && typeof amount.v === "number" && amount.v < 0;
}

/** `func (g *Group) Add(delta int) { g.wg.Add(delta) }`: the caller says whether it counts up or down. */
function isOfAnySign({ fn, call }: CountCall): boolean {
  const amount = fn.call(call).args[0]?.value;
  return amount?.k === "var" && fn.file.variable(amount.id).isParameter;
}

const isCounting = (effect: Effect): effect is CountsEffect =>
  effect.role === "expects" || effect.role === "arrives" || effect.role === "awaits" || effect.role === "notifies";
