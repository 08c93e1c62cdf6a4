import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import type { ObjectLifetimes } from "../collections/lifetime.ts";
import type { HeatMap } from "../heat.ts";
import { type Kept, RememberedCalls } from "../work/remembered.ts";

/** Tells calls that a guard lets run once for the process: `if (started) return; started = true; process.on(…)`, there or in those who call. */
export class OnceGuards {
  readonly #callGraph: CallGraph;
  readonly #heat: HeatMap;
  readonly #objects: ObjectLifetimes;
  readonly #remembered: RememberedCalls;
  readonly #entries: ReadonlySet<Fn>;

  constructor(program: Program, callGraph: CallGraph, heat: HeatMap, objects: ObjectLifetimes) {
    this.#callGraph = callGraph;
    this.#heat = heat;
    this.#objects = objects;
    this.#remembered = new RememberedCalls(program);
    this.#entries = new Set([...heat.entriesOf("request"), ...heat.entriesOf("job")]);
  }

  /** Whether a call runs once however many requests come. */
  isOncePerProcess(fn: Fn, call: number): boolean {
    const holds = (kept: Kept): boolean => this.#isLasting(kept) && !this.#forgottenBy(kept).some((one) => this.#heat.of(one) === "request");
    return this.#isGuarded(fn, call, holds, (one) => this.#entries.has(one));
  }

  /** Whether a call runs once, whoever calls: nothing makes the guard forget. */
  isOnce(fn: Fn, call: number): boolean {
    const holds = (kept: Kept): boolean => this.#isLasting(kept) && this.#forgottenBy(kept).length === 0;
    return this.#isGuarded(fn, call, holds, (one) => {
      const edges = this.#callGraph.callers(one);
      return (edges.length === 0 && one.fact.kind !== "module") || edges.some((edge) => this.#heat.runsLater(edge, one));
    });
  }

  /** Whether a call runs at most once for each request: one way only leads to it from where that begins, and no loop. */
  isOncePerRequest(fn: Fn, call: number): boolean {
    const seen = new Set<Fn>();
    let at: CallEdge = { fn, call };
    while (at.fn.call(at.call).loop < 0 && !seen.has(at.fn)) {
      seen.add(at.fn);
      const edges = this.#callGraph.callers(at.fn);
      if (this.#entries.has(at.fn)) return edges.length === 0;
      if (edges.length !== 1) return false;
      at = edges[0]!;
    }
    return false;
  }

  /** The functions that make a guard forget what it let through; one that ends that first lets only another take its place. */
  #forgottenBy(kept: Kept): readonly Fn[] {
    return this.#remembered.emptiedBy(kept).filter((fn) => !this.#remembered.ends(fn, kept));
  }

  /** Whether what a guard asks lives as long as the process. */
  #isLasting({ memory, cls }: Kept): boolean {
    return memory === "process" || (cls !== null && this.#objects.of(cls) === "process");
  }

  /** Whether a guard that holds stands before the call, or on each way to it from where the work begins. */
  #isGuarded(fn: Fn, call: number, holds: (kept: Kept) => boolean, begins: (fn: Fn) => boolean): boolean {
    const passes = (edge: CallEdge, callee: Fn | null): boolean => {
      const kept = this.#remembered.of(edge.fn).get(edge.call);
      // What is handed over once may be called many times.
      return kept === undefined || !holds(kept) || (callee !== null && this.#heat.runsLater(edge, callee));
    };
    if (!passes({ fn, call }, null)) return true;
    let guarded = false;
    const pending = [fn];
    const seen = new Set(pending);
    for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
      if (begins(one)) return false;
      const edges = this.#callGraph.callers(one);
      const callee = one;
      const open = edges.filter((edge) => passes(edge, callee));
      if (open.length < edges.length) guarded = true;
      // A function that nobody is seen to call runs on behalf of the one around it.
      const outer = edges.length === 0 && one.parent !== null && one.parent.fact.kind !== "module" ? [one.parent] : [];
      for (const next of [...open.map((edge) => edge.fn), ...outer]) {
        if (seen.has(next)) continue;
        seen.add(next);
        pending.push(next);
      }
    }
    return guarded;
  }
}
