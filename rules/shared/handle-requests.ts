import type { Confidence, Severity } from "../../src/findings/levels.ts";
import type { Outcome } from "../../src/findings/rule.ts";
import type { Heat } from "../../src/findings/finding.ts";
import { argumentOf } from "../../src/program/arguments.ts";
import type { Value } from "../../src/flow/values.ts";
import type { Performs } from "../../src/semantics/models/model.ts";
import type { CallEdge } from "../../src/analyses/call-graph.ts";
import type { Analyses } from "../../src/analyses/analyses.ts";
import { describeCall } from "../../src/analyses/describe.ts";
import { callLocation, callStep, finding, place, verified } from "../../src/analyses/finding.ts";
import { HandleLimits } from "../../src/analyses/handle-limits.ts";
import { type Cause, classAround, HandleOrigins } from "../../src/analyses/handle-origins.ts";

/** A call that waits on a handle without a limit of its own. */
export interface Waiting extends CallEdge {
  readonly effect: Performs;
  readonly heat: Heat;
  readonly confidence: Confidence;
  /** Undefined: the rule's own. */
  readonly severity: Severity | undefined;
}

/** Most calls that a finding shows as its evidence. */
const maxShown = 3;

const levels: readonly Confidence[] = ["low", "medium", "high"];

/**
 * The limit of a handle is an option of it, so what is wrong is wrong once: one finding for the call that makes the handle, or for the class or file that uses
 * one which is made elsewhere.
 */
export function* handleOutcomes({ program, callGraph }: Analyses, all: readonly Waiting[]): Iterable<Outcome> {
  if (all.length === 0) return;
  const origins = new HandleOrigins(program, callGraph);
  const limits = new HandleLimits(program, callGraph, origins);
  const byCause = new Map<Cause, Waiting[]>();
  const byHome = new Map<object, Waiting[]>();
  for (const one of all) {
    const { fn, call } = one;
    const value = handleOf(one);
    const origin = value === null ? null : origins.of(value, fn);
    const limit = origin === null ? null : limits.on(origin);
    if (limit !== null && limit !== "perhaps") {
      yield verified(callLocation(fn, call), `limited at ${place(fn, limit.fn, limit.at)}`);
      continue;
    }
    const waiting = limit === "perhaps" ? { ...one, confidence: "low" as const } : one;
    for (const cause of origin?.causes ?? []) add(byCause, cause, waiting);
    // A handle that is made elsewhere may carry a limit.
    if (origin === null || origin.causes.size === 0) add(byHome, classAround(fn) ?? fn.file, { ...one, confidence: "low" });
  }
  for (const [cause, waiting] of byCause) yield madeWithout(cause, waiting);
  for (const waiting of byHome.values()) yield usedWithout(waiting);
}

function add<K>(groups: Map<K, Waiting[]>, key: K, one: Waiting): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [one]);
  else known.push(one);
}

function handleOf({ fn, call, effect: { handle } }: Waiting): Value | null {
  const { callee, args } = fn.call(call);
  if (handle?.of === "receiver") return callee.k === "field" ? callee.of : null;
  const given = handle?.of === "argument" ? argumentOf(args, handle.argument, fn) : null;
  return given?.given === "yes" ? given.value : null;
}

function madeWithout(cause: Cause, waiting: readonly Waiting[]): Outcome {
  const [first, ...others] = [...cause];
  const { fn, call, what } = first!;
  const waits = waiting.length === 1 ? `'${describeCall(waiting[0]!.fn, waiting[0]!.call)}' waits` : `${waiting.length} calls wait`;
  return finding(fn, {
    ...levelsOf(waiting),
    location: callLocation(fn, call),
    message: `The ${what} made by '${describeCall(fn, call)}' has no time limit: ${waits} on it.`,
    evidence: [
      callStep(fn, call, "made here; no option of it limits the wait, and there is no default"),
      ...others.map((one) => callStep(one.fn, one.call, "or made here")),
      ...waiting.slice(0, maxShown).map((one) => callStep(one.fn, one.call, `'${describeCall(one.fn, one.call)}' waits on it`)),
    ],
  });
}

function usedWithout(waiting: readonly Waiting[]): Outcome {
  const [{ fn, call }, ...others] = waiting as readonly [Waiting, ...Waiting[]];
  const same =
    others.length === 0
      ? ""
      : `, like ${others.length === 1 ? "one more call" : `${others.length} more calls`} of this ${classAround(fn) === null ? "file" : "class"}`;
  return finding(fn, {
    ...levelsOf(waiting),
    location: callLocation(fn, call),
    message: `'${describeCall(fn, call)}' waits for its answer without a time limit${same}.`,
    evidence: [
      callStep(fn, call, "nothing limits it here; what it waits on is made elsewhere"),
      ...others.slice(0, maxShown - 1).map((one) => callStep(one.fn, one.call, `'${describeCall(one.fn, one.call)}' waits too`)),
    ],
  });
}

/** The finding's levels are those of the call that matters most. */
function levelsOf(waiting: readonly Waiting[]): { heat: Heat; confidence: Confidence; severity: Severity | undefined } {
  const confidence = levels[Math.max(...waiting.map((one) => levels.indexOf(one.confidence)))]!;
  const hot = waiting.find((one) => one.severity === "high") ?? waiting.find((one) => one.severity === undefined) ?? waiting[0]!;
  return { heat: hot.heat, confidence, severity: hot.severity };
}
