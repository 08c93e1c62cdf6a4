import { type Branch, blockOfCall, reachedWithoutFailure } from "../../flow/reach.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Performs } from "../../semantics/models/model.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { isErrorType } from "../error-types.ts";
import { RememberedCalls } from "./remembered.ts";

/** Work done when a function is called: its own or through callees. */
export interface Performed {
  readonly effect: Performs;
  /** Calls that lead there, outermost first; the last one does the work. */
  readonly chain: readonly CallEdge[];
}

export type WorkRole = Performs["role"];

/** Longest chain of calls that is followed. */
const maxChain = 8;

/** For every function, the shortest way to each kind of costly work: the effect summaries, propagated from the calls that do it to all who call them. */
export class PerformedWork {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #memoised: () => ReadonlySet<Fn>;
  readonly #remembered: RememberedCalls;
  readonly #usual = new Map<Fn, ReadonlySet<number>>();
  readonly #byRole = new Map<WorkRole, ReadonlyMap<Fn, Performed>>();

  /** @param memoised functions that do their work once per key and remember it: calling them again costs nothing */
  constructor(program: Program, callGraph: CallGraph, memoised: () => ReadonlySet<Fn>) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#memoised = memoised;
    this.#remembered = new RememberedCalls(program);
  }

  /** @returns the work of that kind that calling the function does, null for none */
  of(fn: Fn, role: WorkRole): Performed | null {
    let known = this.#byRole.get(role);
    if (known === undefined) this.#byRole.set(role, (known = this.#propagate(role)));
    return known.get(fn) ?? null;
  }

  isMemoised(fn: Fn): boolean {
    return this.#memoised().has(fn);
  }

  /** @returns the work that a method does the first time it is called on an object, which then remembers the outcome; null for none */
  firstTime(fn: Fn, role: WorkRole): Performed | null {
    const remembered = this.#remembered.of(fn);
    if (remembered.size === 0) return null;
    for (const { call, effect } of this.#callGraph.effects(fn)) {
      if (effect.role === role && !effect.deferred && !effect.batch && remembered.get(call)?.memory === "object") return { effect, chain: [{ fn, call }] };
    }
    for (const { call, fn: callee } of this.#callGraph.callees(fn)) {
      const work = remembered.get(call)?.memory === "object" && this.runsWithCall({ fn, call }, callee) ? this.of(callee, role) : null;
      if (work !== null) return { effect: work.effect, chain: [{ fn, call }, ...work.chain] };
    }
    return null;
  }

  /** Breadth first, so that the first way found is a shortest one; each function is settled once, recursion included. */
  #propagate(role: WorkRole): ReadonlyMap<Fn, Performed> {
    const found = new Map<Fn, Performed>();
    const memoised = this.#memoised();
    let frontier: Fn[] = [];
    for (const fn of this.#program.functions()) {
      for (const { call, effect } of this.#callGraph.effects(fn)) {
        if (effect.role !== role || effect.deferred || effect.batch || found.has(fn) || this.#remembered.of(fn).has(call)) continue;
        if (this.isOnFailure(fn, call)) continue;
        found.set(fn, { effect, chain: [{ fn, call }] });
        frontier.push(fn);
      }
    }
    while (frontier.length > 0) {
      const next: Fn[] = [];
      for (const callee of frontier) {
        const { effect, chain } = found.get(callee)!;
        if (chain.length >= maxChain || memoised.has(callee)) continue;
        for (const edge of this.#callGraph.callers(callee)) {
          if (found.has(edge.fn) || this.#remembered.of(edge.fn).has(edge.call) || !this.runsWithCall(edge, callee)) continue;
          if (this.isOnFailure(edge.fn, edge.call)) continue;
          found.set(edge.fn, { effect, chain: [edge, ...chain] });
          next.push(edge.fn);
        }
      }
      frontier = next;
    }
    return found;
  }

  /** Whether a call is made only when something failed: in a `catch`, under `if err != nil`, which most steps of a loop do not come to. */
  isOnFailure(fn: Fn, call: number): boolean {
    let usual = this.#usual.get(fn);
    if (usual === undefined) {
      // `if err == nil { return found }` goes on when nothing was there: no failure.
      const usually = ({ test, negated, yes, no }: Branch): number | null => {
        if (!negated || test.test !== "null" || !isErrorType(this.#program, this.#program.typeOf(test.value, fn))) return null;
        return yes === no ? null : yes;
      };
      this.#usual.set(fn, (usual = reachedWithoutFailure(fn.graph, usually)));
    }
    const { blocks } = fn.graph;
    const block = blockOfCall(fn.graph, call);
    const loop = fn.call(call).loop;
    // A loop that runs only on failure makes the call for each of its steps.
    return block >= 0 && !usual.has(block) && (loop < 0 || blocks.some((one, id) => one.loop === loop && usual.has(id)));
  }

  /** Whether a call runs the function while it runs: a lambda that is only registered does not count. */
  runsWithCall(edge: CallEdge, callee: Fn): boolean {
    const target = this.#program.target(edge.fn, edge.call);
    if (target.fns.includes(callee)) return true;
    const argument = edge.fn.call(edge.call).args.findIndex(({ value }) => value.k === "fn" && edge.fn.file.functions[value.id] === callee);
    if (argument < 0) return false;
    const runs = this.#program.calls.callbackModel({ fn: edge.fn, call: edge.call, argument })?.runs;
    return runs === "each" || runs === "once";
  }
}
