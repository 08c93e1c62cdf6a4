import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

import { writtenSteps } from "./steps.ts";

/** Where a function runs, seen from the function that made a channel: in the same goroutine, in one of its own, or nobody knows. */
export type Runs = "here" | "spawned" | "unknown";

/** A call of the home function that starts another. */
interface Start {
  readonly call: number;
  readonly how: "spawn" | "call";
}

/** Tells which functions run beside a function, and by which of its events they are started. */
export class Partners {
  readonly #program: Program;
  readonly #home: Fn;
  readonly #starts = new Map<Fn, readonly Start[]>();

  constructor(program: Program, home: Fn) {
    this.#program = program;
    this.#home = home;
  }

  /** @returns where the function runs when the home function runs it */
  runs(fn: Fn): Runs {
    if (fn === this.#home) return "here";
    const starts = this.#startsOf(fn);
    return starts.length > 0 && starts.every(({ how }) => how === "spawn") ? "spawned" : "unknown";
  }

  /** Whether it is started more than once: by several calls, or per step of a loop. */
  isRepeated(fn: Fn): boolean {
    const count = this.countOf(fn);
    return count === null || count > 1;
  }

  /** How many times it is started; null when that depends on a loop whose steps are not written as a number. */
  countOf(fn: Fn): number | null {
    let count = 0;
    for (const { call } of this.#startsOf(fn)) {
      const loop = this.#home.graph.loops[this.#home.call(call).loop];
      const steps = loop === undefined ? 1 : loop.parent < 0 ? writtenSteps(this.#home, loop) : null;
      if (steps === null) return null;
      count += steps;
    }
    return count;
  }

  /** Whether an event of the home function starts the function. */
  starts(fn: Fn): (event: FlowEvent) => boolean {
    const calls = new Set(this.#startsOf(fn).map(({ call }) => call));
    return (event) => (event.e === "spawn" || event.e === "call") && calls.has(event.call);
  }

  /** The first call of the home function that starts it, -1 for none. */
  startOf(fn: Fn): number {
    return this.#startsOf(fn)[0]?.call ?? -1;
  }

  #startsOf(fn: Fn): readonly Start[] {
    let known = this.#starts.get(fn);
    if (known === undefined) this.#starts.set(fn, (known = this.#findStarts(fn)));
    return known;
  }

  #findStarts(fn: Fn): readonly Start[] {
    const found: Start[] = [];
    for (const { events } of this.#home.graph.blocks) {
      for (const event of events) {
        if (event.e !== "spawn" && event.e !== "call" && event.e !== "defer") continue;
        const target = this.#program.target(this.#home, event.call);
        const { callee, args } = this.#home.call(event.call);
        const runs = target.fns.includes(fn) || (callee.k === "fn" && this.#home.file.functions[callee.id] === fn);
        const handed = args.some(({ value }) => value.k === "fn" && this.#home.file.functions[value.id] === fn);
        const spawns = event.e === "spawn" || target.rows.some((row) => row.effects.some((effect) => effect.role === "spawns"));
        if (runs || handed) found.push({ call: event.call, how: spawns ? "spawn" : "call" });
      }
    }
    return found;
  }
}
