import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type HolderFinder, holderKey } from "../collections/identity.ts";
import { pathOf } from "../resources/state.ts";
import type { Value } from "../../flow/values.ts";
import type { HeldLocks, Site } from "./held-locks.ts";
import { unmetExit } from "./waits.ts";

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
  readonly #arrives: CountCall[] = [];
  readonly #awaits: CountCall[] = [];
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
        for (const effect of target.rows.flatMap((row) => row.effects)) {
          if ((effect.role !== "arrives" && effect.role !== "awaits") || callee.k !== "field") continue;
          const key = this.#keyOf(callee.of, fn);
          if (key === null) continue;
          (effect.role === "arrives" ? this.#arrives : this.#awaits).push({ fn, call: event.call, at: start, deferred: event.e === "defer", key });
        }
      }
    }
  }

  #keyOf(value: Value, fn: Fn): string | null {
    const reached = this.#finder.find(value, fn);
    if (reached !== null) return holderKey(reached.holder);
    const path = pathOf(value);
    return path === null ? null : `${fn.file.index} ${path}`;
  }

  /** @returns goroutines that count down on some of their paths only */
  uncounted(): readonly Uncounted[] {
    const found: Uncounted[] = [];
    for (const { fn, call, key } of this.#arrives) {
      if (!this.#spawned.has(fn) || fn.call(call).loop >= 0 || found.some((one) => one.fn === fn)) continue;
      const own = new Set(this.#arrives.filter((one) => one.key === key && (one.fn === fn || one.fn.isInside(fn))).map((one) => one.at));
      const answers = (event: FlowEvent): boolean => {
        if (event.e !== "call" && event.e !== "defer") return false;
        const { callee, start, args } = fn.call(event.call);
        if (own.has(start)) return true;
        // Handed on, or done by a closure.
        if (callee.k === "fn") return this.#arrives.some((one) => one.fn === fn.file.functions[callee.id]);
        return args.some(({ value }) => this.#keyOf(value, fn) === key);
      };
      const exit = unmetExit(this.#program, fn, { starts: null, answers, answeredAfter: new Set() });
      if (exit !== null) found.push({ fn, call, left: exit.at });
    }
    return found;
  }

  /** @returns waits inside the loop that starts the goroutines, where all of them were counted before it: the first wait never ends */
  earlyWaits(): readonly Site[] {
    return this.#awaits.filter(({ fn, call, at, key, deferred }) => {
      const around = fn.graph.loops[fn.call(call).loop];
      if (deferred || around === undefined) return false;
      const within = (offset: number): boolean => around.start <= offset && offset < around.end;
      const started = this.#arrives.some((one) => one.key === key && one.fn.parent === fn && this.#spawned.has(one.fn) && within(one.fn.fact.start));
      const others = fn.graph.calls.filter(({ callee, start }) => callee.k === "field" && start !== at && this.#keyOf(callee.of, fn) === key);
      const before = others.filter(({ start }) => start < around.start);
      return started && !others.some(({ start }) => within(start)) && before.length === 1 && before[0]!.loop < 0 && before[0]!.args[0]?.value.k === "call";
    });
  }

  /** @returns waits under a lock that the counting goroutine takes first */
  lockedWaits(locks: HeldLocks): readonly LockedWait[] {
    const found: LockedWait[] = [];
    for (const wait of this.#awaits) {
      const held = locks.heldAt(wait);
      if (held.size === 0) continue;
      for (const arrive of this.#arrives) {
        if (arrive.key !== wait.key || arrive.fn === wait.fn) continue;
        const taking = locks
          .summary(arrive.fn)
          .takes.find(({ lock, chain }) => lock.key !== null && held.has(lock.key) && (arrive.deferred || chain[0]!.at < arrive.at));
        if (taking === undefined) continue;
        found.push({ wait, other: taking.chain[0]! });
        break;
      }
    }
    return found;
  }
}
