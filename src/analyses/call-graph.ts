import { holds } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { Effect } from "../semantics/models/model.ts";

export interface CallEdge {
  readonly fn: Fn;
  /** Index in the function's graph. */
  readonly call: number;
}

export interface EffectSite {
  readonly call: number;
  readonly effect: Effect;
}

export interface CallCounts {
  readonly resolved: number;
  readonly total: number;
}

/** Who calls whom, and which calls have modelled effects: every call of the program, resolved once. */
export class CallGraph {
  readonly #callers = new Map<Fn, CallEdge[]>();
  readonly #callees = new Map<Fn, { readonly call: number; readonly fn: Fn }[]>();
  readonly #effects = new Map<Fn, EffectSite[]>();
  readonly counts: CallCounts;

  constructor(program: Program) {
    let resolved = 0;
    let total = 0;
    for (const fn of program.functions()) {
      const { calls } = fn.graph;
      for (let call = 0; call < calls.length; call++) {
        total++;
        const target = program.target(fn, call);
        if (target.fns.length > 0 || target.rows.length > 0 || target.constructs !== null || target.library !== "") resolved++;
        for (const callee of target.fns) this.#addEdge(fn, call, callee);
        // A lambda that is passed on runs on behalf of the call.
        for (const { value } of calls[call]!.args) if (value.k === "fn") this.#addEdge(fn, call, fn.file.functions[value.id]!);
        for (const row of target.rows)
          this.#addEffects(
            fn,
            call,
            row.effects.filter((effect) => holds(effect.when, calls[call]!.args, fn)),
          );
      }
    }
    this.counts = { resolved, total };
  }

  #addEdge(fn: Fn, call: number, callee: Fn): void {
    const callers = this.#callers.get(callee);
    if (callers === undefined) this.#callers.set(callee, [{ fn, call }]);
    else callers.push({ fn, call });
    const callees = this.#callees.get(fn);
    if (callees === undefined) this.#callees.set(fn, [{ call, fn: callee }]);
    else callees.push({ call, fn: callee });
  }

  #addEffects(fn: Fn, call: number, effects: readonly Effect[]): void {
    if (effects.length === 0) return;
    const known = this.#effects.get(fn);
    const sites = effects.map((effect) => ({ call, effect }));
    if (known === undefined) this.#effects.set(fn, sites);
    else known.push(...sites);
  }

  /** @returns the calls that may run the function; lambdas count as called where they are passed on */
  callers(fn: Fn): readonly CallEdge[] {
    return this.#callers.get(fn) ?? [];
  }

  /** @returns the functions that the function's calls may run */
  callees(fn: Fn): readonly { readonly call: number; readonly fn: Fn }[] {
    return this.#callees.get(fn) ?? [];
  }

  /** @returns the functions that may run when one of those runs, themselves included */
  reachedFrom(roots: Iterable<Fn>): ReadonlySet<Fn> {
    const found = new Set(roots);
    const pending = [...found];
    for (let fn = pending.pop(); fn !== undefined; fn = pending.pop()) {
      for (const { fn: callee } of this.callees(fn)) {
        if (found.has(callee)) continue;
        found.add(callee);
        pending.push(callee);
      }
    }
    return found;
  }

  /** @returns the modelled effects of the function's own calls */
  effects(fn: Fn): readonly EffectSite[] {
    return this.#effects.get(fn) ?? [];
  }
}
