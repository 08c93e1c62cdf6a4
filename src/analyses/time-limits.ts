import type { Confidence } from "../findings/levels.ts";
import type { Outcome } from "../findings/rule.ts";
import { anyArgument, settled } from "../program/arguments.ts";
import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { Performs } from "../semantics/models/model.ts";
import type { Analyses } from "./analyses.ts";
import { describeCall } from "./describe.ts";
import { callLocation, callStep, finding, verified } from "./finding.ts";
import type { HeatMap } from "./heat.ts";
import { boundedAt } from "./processes.ts";

/** How a rule speaks of calls without a time limit. */
export interface LimitWords {
  /** "waits for its process without a time limit". */
  readonly waits: string;
  /** What the claim rests on where nothing was found that limits the call. */
  readonly confidence: (fn: Fn, call: number, heat: HeatMap) => Confidence;
}

/**
 * The findings and the verified places of a rule about calls that may never come back.
 * @param role what the calls do, as the models say it
 */
export function* timeLimitOutcomes({ program, callGraph, heat }: Analyses, role: Performs["role"], words: LimitWords): Iterable<Outcome> {
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role === role) yield* judge(program, fn, call, effect as Performs, heat, words);
    }
  }
}

function* judge(program: Program, fn: Fn, call: number, effect: Performs, heatMap: HeatMap, words: LimitWords): Iterable<Outcome> {
  const heat = heatMap.of(fn);
  const location = callLocation(fn, call);
  const limit = anyArgument(fn.call(call).args, effect.timeout, fn);
  if (limit.given === "maybe") return;
  const value = limit.given === "yes" ? settled(limit.value, fn) : null;
  const unlimited = value?.k === "const" && (value.v === null || value.v === 0);
  if (value !== null && !unlimited) {
    yield verified(location, value.k === "const" ? `timeout=${String(value.v)}` : "a time limit is given");
    return;
  }
  if (value === null && effect.timeoutDefault !== "none") {
    yield verified(location, limitText(effect.timeoutDefault));
    return;
  }
  const bounded = boundedAt(program, fn, call);
  if (bounded >= 0) {
    yield verified(location, `limited at line ${fn.file.line(bounded)}`);
    return;
  }
  yield finding(fn, {
    location,
    message: `'${describeCall(fn, call)}' ${words.waits}.`,
    confidence: heat === "startup" ? "low" : words.confidence(fn, call, heatMap),
    severity: heat === "request" ? "high" : heat === "startup" ? "low" : undefined,
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

/**
 * What the claim rests on that a request has no limit: a client that was made elsewhere may carry one, and code that serves nobody
 * (a page beside a server in another language) hangs for one person only.
 */
export function requestConfidence(fn: Fn, call: number, heat: HeatMap): Confidence {
  const { callee } = fn.call(call);
  if (callee.k === "field" && !isMadePlain(callee.of, fn)) return "low";
  if (heat.of(fn) === "request") return "high";
  return !heat.hasHandlers || heat.entriesOf("request").some((entry) => entry.file.language === fn.file.language) ? "medium" : "low";
}

/** A client that is made in this very function, by a call whose arguments are all written out and none of which is a limit by its name. */
function isMadePlain(client: Value, fn: Fn): boolean {
  if (client.k !== "var" || fn.file.variable(client.id).fn !== fn.id || fn.file.variable(client.id).isParameter) return false;
  return fn.file.variable(client.id).definitions.every(({ value, fn: at }) => {
    const args = value.k === "call" ? fn.file.functions[at]!.call(value.id).args : [];
    const isPlain = (name: string | null): boolean => name !== null && !/timeout|deadline|signal/i.test(name);
    return args.every(({ value: given, name, spread }) => {
      if (spread || !isPlain(name)) return false;
      return given.k === "coll" ? given.keys.every(isPlain) : given.k === "const" || given.k === "ref";
    });
  });
}
