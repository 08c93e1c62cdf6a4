import type { Confidence } from "../../src/findings/levels.ts";
import type { Outcome } from "../../src/findings/rule.ts";
import { anyArgument, settled } from "../../src/program/arguments.ts";
import type { Fn } from "../../src/program/entities.ts";
import type { Program } from "../../src/program/program.ts";
import type { Performs } from "../../src/semantics/models/model.ts";
import type { Analyses } from "../../src/analyses/analyses.ts";
import { describeCall } from "../../src/analyses/describe.ts";
import { callLocation, callStep, finding, verified } from "../../src/analyses/finding.ts";
import type { HeatMap } from "../../src/analyses/heat.ts";
import { asksItself } from "../../src/analyses/own-address.ts";
import { isAsIfMissing, isOfLibrary, isUnlimited, limitSetOn } from "../../src/analyses/request-limits.ts";
import { boundedAt } from "../../src/analyses/processes.ts";
import { handleOutcomes, type Waiting } from "./handle-requests.ts";

/** How a rule speaks of calls without a time limit. */
export interface LimitWords {
  /** "waits for its process without a time limit". */
  readonly waits: string;
  /** A zero is written by somebody who wants no limit (for a stream, a proxy), not by somebody who forgot. */
  readonly allowsZero: boolean;
  /** What the claim rests on where nothing was found that limits the call. */
  readonly confidence: (program: Program, fn: Fn, call: number, heat: HeatMap) => Confidence;
}

/**
 * The findings and the verified places of a rule about calls that may never come back.
 * @param role what the calls do, as the models say it
 */
export function* timeLimitOutcomes(analyses: Analyses, role: Performs["role"], words: LimitWords): Iterable<Outcome> {
  const { program, callGraph } = analyses;
  const onHandles: Waiting[] = [];
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role === role) yield* judge(analyses, fn, call, effect as Performs, words, onHandles);
    }
  }
  yield* handleOutcomes(analyses, onHandles);
}

function* judge(
  { program, heat: heatMap, limitedLibraries: limited, jobLimits }: Analyses,
  fn: Fn,
  call: number,
  effect: Performs,
  words: LimitWords,
  onHandles: Waiting[],
): Iterable<Outcome> {
  const heat = heatMap.of(fn);
  const location = callLocation(fn, call);
  const limit = anyArgument(fn.call(call).args, effect.timeout, fn);
  if (limit.given === "maybe") return;
  const written = limit.given === "yes" ? settled(limit.value, fn) : null;
  const value = written !== null && isAsIfMissing(fn, written) ? null : written;
  const unlimited = value?.k === "const" && (value.v === null || value.v === 0);
  if (value !== null && !unlimited) {
    yield verified(location, value.k === "const" ? `timeout=${String(value.v)}` : "a time limit is given");
    return;
  }
  if (value === null && effect.timeoutDefault !== "none") {
    yield verified(location, limitText(effect.timeoutDefault));
    return;
  }
  const given = effect.limitedBy.length === 0 ? null : anyArgument(fn.call(call).args, effect.limitedBy, fn);
  if (given !== null && (given.given !== "yes" || !isUnlimited(program, fn, given.value))) {
    yield verified(location, "bounded by what it is given");
    return;
  }
  if (isOfLibrary(program, limited, fn, call)) {
    yield verified(location, "the library's default is set");
    return;
  }
  const set = limitSetOn(fn, call);
  if (set >= 0) {
    yield verified(location, `limited at line ${fn.file.line(set)}`);
    return;
  }
  const bounded = boundedAt(program, fn, call);
  if (bounded >= 0) {
    yield verified(location, `limited at line ${fn.file.line(bounded)}`);
    return;
  }
  const isDecided = words.allowsZero && value?.k === "const" && value.v === 0;
  const isOwn = asksItself(program, fn, call);
  const confidence = heat === "startup" || isDecided || isOwn || jobLimits.bounds(fn) ? "low" : words.confidence(program, fn, call, heatMap);
  const severity = isOwn || heat === "startup" ? "low" : heat === "request" ? "high" : undefined;
  if (effect.handle !== null) {
    onHandles.push({ fn, call, effect, heat, confidence, severity });
    return;
  }
  yield finding(fn, {
    location,
    message: `'${describeCall(fn, call)}' ${words.waits}.${isOwn ? " It asks this machine itself." : ""}`,
    confidence,
    severity,
    heat,
    evidence: [callStep(fn, call, value === null ? "no time limit is given, and there is no default" : "the time limit is switched off")],
  });
}

/** What a model says of the limit that holds without an argument: seconds, the context's, or in words. */
function limitText(limit: string): string {
  if (limit === "0") return "starts the process and returns at once";
  if (limit === "context") return "bounded by its context";
  return `limited by default to ${/^\d+$/.test(limit) ? `${limit} s` : limit}`;
}
