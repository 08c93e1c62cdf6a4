import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { holds, settled } from "../../program/arguments.ts";
import type { Program } from "../../program/program.ts";
import type { CallbackModel, Effect, Runner } from "../../semantics/models/model.ts";
import { mentionedValues, returnedValues } from "../work/values.ts";
import { startedBy } from "./started-with.ts";

import { writtenSteps } from "./steps.ts";

/** Where a function runs, seen from the function that made a channel: in the same goroutine, in one of its own, or nobody knows. */
export type Runs = "here" | "spawned" | "unknown";

/** A call of the home function that starts another. */
interface Start {
  readonly call: number;
  /** The call that gives what runs it: a thread that another call starts, a task. */
  readonly made: number;
  readonly how: "spawn" | "call";
  /** The process may end while it runs. */
  readonly expendable: boolean;
  /** When it fails, the home function is interrupted. */
  readonly linked: boolean;
  /** What runs it, where a library starts it; null for goroutines and calls. */
  readonly what: Runner | null;
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

  /** Whether each of its starts stands in the step of a loop that makes something: then there is one of it for each of those. */
  startsBeside(fn: Fn, made: number): boolean {
    const { loop } = this.#home.call(made);
    const starts = this.#startsOf(fn);
    return loop >= 0 && starts.length === 1 && this.#home.call(starts[0]!.call).loop === loop;
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

  /** The first call of the home function that gives what runs the function, -1 for none. */
  madeOf(fn: Fn): number {
    return this.#startsOf(fn)[0]?.made ?? -1;
  }

  /** Whether the process may end while the function runs: nobody has to wait for its end. */
  isExpendable(fn: Fn): boolean {
    return this.#startsOf(fn).some((start) => start.expendable);
  }

  /** Whether the home function hears of it when the function fails. */
  isLinked(fn: Fn): boolean {
    return this.#startsOf(fn).some((start) => start.linked);
  }

  /** Whether something may end what runs the function, wherever that waits: the home function, a method of its object, or whoever gets what runs it. */
  isInterrupted(fn: Fn): boolean {
    return this.#startsOf(fn).some(({ made }) => {
      const type = this.#program.typeOf({ k: "call", id: made }, this.#home);
      if (type?.t !== "named") return false;
      const ends = (name: string): boolean =>
        this.#program
          .library(this.#home.file)
          .method(type, name)
          ?.rows.some((row) => row.effects.some(({ role }) => role === "interrupts")) === true;
      return this.#isReturned(made) || this.#near(made).some((one) => one.graph.calls.some(({ callee }) => callee.k === "field" && ends(callee.name)));
    });
  }

  /** The functions that may see what the home function makes: where something of the file's own gets it, all of them. */
  #near(made: number): readonly Fn[] {
    const { file, cls } = this.#home;
    const isOutside = (value: Value): boolean => value.k === "ref" || (value.k === "var" && file.variable(value.id).fn === 0);
    const isKeptOutside = this.#home.graph.calls.some(
      ({ callee, args }) => callee.k === "field" && isOutside(callee.of) && args.some(({ value }) => this.#holdsMade(value, made)),
    );
    return file.functions.filter((one) => one === this.#home || isKeptOutside || one.isInside(this.#home) || (cls !== null && one.cls === cls));
  }

  /** Whether the home function gives back what a call of it gives, or a list that it was put into. */
  #isReturned(made: number): boolean {
    const lists = new Set(
      this.#home.graph.calls.flatMap(({ callee, args }) =>
        callee.k === "field" && callee.of.k === "var" && args.some(({ value }) => this.#holdsMade(value, made)) ? [callee.of.id] : [],
      ),
    );
    const isIt = (value: Value): boolean => this.#holdsMade(value, made) || (value.k === "var" && lists.has(value.id));
    return returnedValues(this.#home.graph).some((value) => mentionedValues(value).some(isIt));
  }

  /** Whether a value is, or is a list of, what a call of the home function gives. */
  #holdsMade(value: Value, made: number): boolean {
    return mentionedValues(settled(value, this.#home)).some((one) => this.#isMade(one, made));
  }

  /** Whether a value is what a call of the home function gives. */
  #isMade(value: Value, made: number): boolean {
    const known = settled(value, this.#home);
    return known.k === "call" && known.id === made;
  }

  /** What runs the function, where a library starts it in one way; null for goroutines. */
  runnerOf(fn: Fn): Runner | null {
    const [first, ...others] = this.#startsOf(fn);
    return first !== undefined && others.every(({ what }) => what === first.what) ? first.what : null;
  }

  #findStarts(fn: Fn): readonly Start[] {
    const found: Start[] = [];
    for (const { events } of this.#home.graph.blocks) {
      for (const event of events) {
        if (event.e !== "spawn" && event.e !== "call" && event.e !== "defer") continue;
        const start = this.#startBy(fn, event);
        if (start !== null) found.push(start);
      }
    }
    return found;
  }

  #startBy(fn: Fn, event: Extract<FlowEvent, { e: "spawn" | "call" | "defer" }>): Start | null {
    const target = this.#program.target(this.#home, event.call);
    const { callee, args, awaited } = this.#home.call(event.call);
    const started = startedBy(this.#program, this.#home, event.call).find((one) => one.fn === fn);
    if (started !== undefined) return this.#startOfThread(event.call, started.callback);
    const runs = target.fns.includes(fn) || (callee.k === "fn" && this.#home.file.functions[callee.id] === fn);
    // What an asynchronous function does it does when it is awaited, or beside the others when something starts it.
    if (runs && fn.fact.isAsync && !awaited) return this.#startOfTask(event.call) ?? { ...plain, call: event.call, made: event.call, how: "call" };
    const handed = args.some(({ value }) => value.k === "fn" && this.#home.file.functions[value.id] === fn);
    const spawns = event.e === "spawn" || target.rows.some((row) => row.effects.some((effect) => effect.role === "spawns"));
    return runs || handed ? { ...plain, call: event.call, made: event.call, how: spawns ? "spawn" : "call" } : null;
  }

  /** `Thread(target=fn)`: it runs from the call of `start` on, where that is seen. */
  #startOfThread(made: number, { expendableBy, runner }: CallbackModel): Start {
    const { args } = this.#home.call(made);
    const expendable =
      args.some(({ name, value, spread }) => spread || (expendableBy.includes(name) && !(value.k === "const" && value.v === false))) ||
      // Of threads in a list any may be meant.
      this.#home.graph.blocks.some(({ events }) => events.some((event) => event.e === "store" && expendableBy.includes(event.field))) ||
      this.#home.graph.calls.some(({ callee }) => callee.k === "field" && expendableBy.includes(callee.name));
    const starting = this.#home.graph.calls.findIndex(
      ({ callee }, call) => callee.k === "field" && this.#isMade(callee.of, made) && this.#spawning(call) !== null,
    );
    const call = starting < 0 ? made : starting;
    return { call, made, how: "spawn", expendable, linked: false, what: runner };
  }

  /** `create_task(fn())`: the call that starts what another call of the home function gives; null when nothing is seen to start it. */
  #startOfTask(made: number): Start | null {
    for (const [call, { args }] of this.#home.graph.calls.entries()) {
      const effect = args.some(({ value }) => value.k === "call" && value.id === made) ? this.#spawning(call) : null;
      if (effect !== null) return { call, made: call, how: "spawn", expendable: false, linked: effect.linked, what: effect.what };
    }
    return null;
  }

  #spawning(call: number): Extract<Effect, { role: "spawns" }> | null {
    const { args } = this.#home.call(call);
    for (const { effects } of this.#program.target(this.#home, call).rows)
      for (const effect of effects) if (effect.role === "spawns" && holds(effect.when, args, this.#home)) return effect;
    return null;
  }
}

const plain = { expendable: false, linked: false, what: null } as const;
