import { blockOfCall } from "../../flow/reach.ts";
import type { Fn } from "../../program/entities.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { argumentFor, type Constant, contradicts, flagsOf } from "../resources/flags.ts";
import type { Performed, PerformedWork, WorkRole } from "./performed.ts";

/** Longest chain of calls that is followed. */
const maxChain = 6;

/** Constants that a function's parameters have, by position; undefined where that is not known. */
type Bound = readonly (Constant | undefined)[];

/**
 * Finds the work that a call really comes to: `find(name)` with `case_sensitive=False` does what stands under `else`.
 * @returns the work as it is known where its calls can follow one another; another one that the callee does where they cannot; null for none
 */
export function feasibleWork(callGraph: CallGraph, performed: PerformedWork, edge: CallEdge, callee: Fn, work: Performed, role: WorkRole): Performed | null {
  return isFeasible(edge, work.chain) ? work : searched(callGraph, performed, callee, bind(edge, callee, []), role, [callee]);
}

/** Whether the constants that each call passes lead to the next one. */
function isFeasible(edge: CallEdge, chain: readonly CallEdge[]): boolean {
  let from = edge;
  let bound: Bound = [];
  for (const next of chain) {
    // A callback runs with what its caller gives it.
    if (next.fn.fact.kind === "lambda") return true;
    bound = bind(from, next.fn, bound);
    if (isUnreached(next, bound)) return false;
    from = next;
  }
  return true;
}

function searched(callGraph: CallGraph, performed: PerformedWork, fn: Fn, bound: Bound, role: WorkRole, passed: readonly Fn[]): Performed | null {
  for (const { call, effect } of callGraph.effects(fn)) {
    if (effect.role === role && !effect.deferred && !effect.batch && !isUnreached({ fn, call }, bound) && !performed.isOnFailure(fn, call))
      return { effect, chain: [{ fn, call }] };
  }
  if (passed.length > maxChain) return null;
  for (const { call, fn: callee } of callGraph.callees(fn)) {
    if (passed.includes(callee) || performed.of(callee, role) === null || isUnreached({ fn, call }, bound) || performed.isOnFailure(fn, call)) continue;
    if (!performed.runsWithCall({ fn, call }, callee) || performed.isMemoised(callee)) continue;
    const found = searched(callGraph, performed, callee, bind({ fn, call }, callee, bound), role, [...passed, callee]);
    if (found !== null) return { effect: found.effect, chain: [{ fn, call }, ...found.chain] };
  }
  return null;
}

/** Whether what the parameters are keeps the function from making a call. */
function isUnreached({ fn, call }: CallEdge, bound: Bound): boolean {
  if (bound.every((one) => one === undefined)) return false;
  const block = blockOfCall(fn.graph, call);
  // A call that is put off stands in no block.
  if (block < 0) return false;
  return flagsOf(fn, block).some((flag) => {
    const constant = bound[flag.parameter];
    return constant !== undefined && contradicts(flag, constant);
  });
}

/** What the callee's parameters are, given what the caller's are. */
function bind({ fn, call }: CallEdge, callee: Fn, bound: Bound): Bound {
  const { args } = fn.call(call);
  if (args.some(({ spread }) => spread)) return [];
  return callee.fact.params.map((param, i) => {
    const value = argumentFor(args, callee, i) ?? param.defaultValue;
    if (value?.k === "const") return value.v;
    const own = value?.k === "var" ? fn.fact.params.findIndex((one) => one.variable === value.id) : -1;
    return own < 0 ? undefined : bound[own];
  });
}
