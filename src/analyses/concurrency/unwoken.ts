import { type CallSite, loopsAt, type Test } from "../../flow/event-graph.ts";
import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { isFixed, sentValue } from "../channels/operations.ts";
import { startedBy } from "../channels/started-with.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Site } from "../site.ts";
import type { Blocked } from "./blocked.ts";
import { joins } from "./joins.ts";

/**
 * @returns waits in a loop that asks a flag before each of them, where the method that sets the flag waits for the end of the loop's thread, and puts nothing
 *   into the queue that would wake it
 */
export function unwokenWaits(program: Program, callGraph: CallGraph, queues: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const { fn: maker, uses, escapes, name, field } of queues) {
    const receives = uses.filter((use) => use.use === "receives");
    const [wait] = receives;
    const { cls } = maker;
    if (escapes || field === null || cls === null || wait === undefined || receives.some((use) => use.fn !== wait.fn || use.optional)) continue;
    // A constant is a word that wakes it, and what is sent in a loop comes again.
    if (uses.some((use) => use.use === "closes" || (use.use === "sends" && (isConstant(use) || loopsAt(use.fn.graph, use.at).length > 0)))) continue;
    const flags = askedFlags(program, wait);
    const ender = cls.file.functions.map((fn) => (fn.cls === cls ? endsBy(program, cls, fn, flags, wait.fn) : null)).find((site) => site !== null);
    if (ender === undefined || ender === null || isWoken(callGraph, ender.fn, uses)) continue;
    found.push({ site: wait, name, why: "not woken", other: ender });
  }
  return found;
}

function isConstant(use: ChannelUse): boolean {
  const sent = sentValue(use);
  return sent === null || isFixed(sent, use.fn);
}

/** The fields of the object that the loop around a wait asks whether to go on. */
function askedFlags(program: Program, { fn, at }: ChannelUse): ReadonlySet<string> {
  const flags = new Set<string>();
  for (const loop of loopsAt(fn.graph, at)) {
    const { test } = fn.graph.loops[loop]!;
    for (const value of test === null ? [] : testedIn(test)) {
      const flag = value.k === "call" ? askedBy(program, fn, value.id) : ownField(value);
      if (flag !== null) flags.add(flag);
    }
  }
  return flags;
}

/** The values of a test that decides by itself. */
const testedIn = (test: Test): readonly Value[] => (test.test === "other" || test.test === "contains" ? [] : testedValues(test));

function askedBy(program: Program, fn: Fn, call: number): string | null {
  const { callee } = fn.call(call);
  return callee.k === "field" && hasEffect(program, fn, call, "asks-signal") ? ownField(callee.of) : null;
}

const ownField = (value: Value): string | null => (value.k === "field" && value.of.k === "this" ? value.name : null);

const hasEffect = (program: Program, fn: Fn, call: number, role: "asks-signal" | "signals"): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === role));

/** Where a method waits for the end of the thread that runs a function, after it set one of the flags; null when it does not. */
function endsBy(program: Program, cls: Cls, fn: Fn, flags: ReadonlySet<string>, runs: Fn): Site | null {
  const set = setAt(program, fn, flags);
  if (set < 0 || fn.fact.kind === "constructor") return null;
  const join = fn.graph.calls.find((site, call) => site.start > set && joinsThreadOf(program, cls, fn, call, site, runs));
  return join === undefined ? null : { fn, at: join.start };
}

/** Where a function sets one of the flags, -1 for nowhere. */
function setAt(program: Program, fn: Fn, flags: ReadonlySet<string>): number {
  const isFlag = (value: Value): boolean => flags.has(ownField(value) ?? "");
  const call = fn.graph.calls.find(({ callee }, id) => callee.k === "field" && isFlag(callee.of) && hasEffect(program, fn, id, "signals"));
  if (call !== undefined) return call.start;
  for (const { events } of fn.graph.blocks)
    for (const event of events) if (event.e === "store" && event.object.k === "this" && flags.has(event.field) && event.value.k === "const") return event.at;
  return -1;
}

/** Whether a call waits, for any time, for a thread in a field that only ever runs that function. */
function joinsThreadOf(program: Program, cls: Cls, fn: Fn, call: number, { callee }: CallSite, runs: Fn): boolean {
  const field = callee.k === "field" ? cls.field(ownField(callee.of) ?? "") : undefined;
  const made = field?.definitions.filter(({ value }) => value.k !== "const") ?? [];
  const runsIt = made.length > 0 && made.every(({ value, fn: by }) => value.k === "call" && startsOnly(program, cls.file.functions[by]!, value.id, runs));
  return runsIt && joins(program, fn, call);
}

const startsOnly = (program: Program, fn: Fn, call: number, runs: Fn): boolean => startedBy(program, fn, call).some((one) => one.fn === runs);

/** Whether a method, one that it calls, or one that calls it, puts something into the queue. */
function isWoken(callGraph: CallGraph, ender: Fn, uses: readonly ChannelUse[]): boolean {
  const near = new Set([...callGraph.reachedFrom([ender]), ...callGraph.callers(ender).map((edge) => edge.fn)]);
  return uses.some((use) => use.use === "sends" && near.has(use.fn));
}
