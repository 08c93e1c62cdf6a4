import type { FlowEvent } from "../flow/event-graph.ts";
import { successors, walk } from "../flow/reach.ts";
import type { Fn } from "../program/entities.ts";
import { isOfBase } from "./base-constructors.ts";
import { mentionedValues } from "./work/values.ts";
import type { Program } from "../program/program.ts";

const known = new WeakMap<Fn, boolean>();

/** How far calls are followed. */
const maxDepth = 4;

const levels = /^(?:trace|debug|info|notice|warn|warning|error|exception|critical|log)$/;

/** @returns whether a call writes to a log, as its name and that of what it is made on say: whoever wraps a library's logger means it not to throw either */
function isLogging(fn: Fn, call: number): boolean {
  const { callee, discarded } = fn.call(call);
  if (!discarded || callee.k !== "field" || !levels.test(callee.name)) return false;
  const { of } = callee;
  const name = of.k === "var" ? fn.file.variable(of.id).name : of.k === "field" || of.k === "ref" ? of.name : "";
  return /log/i.test(name);
}

/** Functions that look a text up in a catalogue: https://docs.python.org/3/library/gettext.html */
const translators = /^(?:_|T|n?gettext)$/;

/** @returns whether a call that nobody resolves only translates a text, as its name says */
function isTranslation(fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  return callee.k === "ref" && translators.test(callee.name);
}

/** @returns whether a method is called on a number or a text that was just computed (`(bytes / 1024).toFixed(2)`) */
function isOfPlainValue(fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  return callee.k === "field" && (callee.of.k === "derived" || callee.of.k === "const");
}

/** Methods of texts, lists and maps that have the same name in many libraries and fail in none. */
const plainMethods =
  /^(?:startswith|endswith|startsWith|endsWith|strip|lstrip|rstrip|trim|lower|upper|toLowerCase|toUpperCase|split|rsplit|partition|rpartition|format|append|push|items|keys|values|toString)$/;

/** @returns whether a call that nobody resolves is of a method that fails in no library, as its name says */
export function isPlainMethod(fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  return callee.k === "field" && plainMethods.test(callee.name);
}

/** @returns whether a call can hardly fail, as its name or what it is made on says, whatever it goes to */
export const isHarmless = (fn: Fn, call: number): boolean => isLogging(fn, call) || isOfPlainValue(fn, call) || isTranslation(fn, call);

const forLogs = new WeakMap<Fn, ReadonlySet<number>>();

/** @returns whether a call only makes what is written to a log: `logger.info(f"connected to {url.get('host')}")` */
export function isForLog(fn: Fn, call: number): boolean {
  let made = forLogs.get(fn);
  if (made === undefined) forLogs.set(fn, (made = madeForLogs(fn)));
  return made.has(call);
}

function madeForLogs(fn: Fn): ReadonlySet<number> {
  const logged = new Set<number>();
  const used = new Set<number>();
  for (const [user, { args }] of fn.graph.calls.entries()) {
    const into = isLogging(fn, user) ? logged : used;
    for (const { value } of args) for (const one of mentionedValues(value)) if (one.k === "call") into.add(one.id);
  }
  return new Set([...logged].filter((call) => !used.has(call)));
}

/** @returns whether a function of the program may throw: it does so itself, or calls something that may, or that nobody knows */
export function canThrow(program: Program, fn: Fn, depth = 0): boolean {
  const before = known.get(fn);
  if (before !== undefined) return before;
  if (depth > maxDepth || !fn.fact.hasBody) return true;
  // Nothing of a generator runs before the first value is asked for.
  if (fn.fact.isGenerator) return false;
  // A recursive call adds nothing of its own.
  known.set(fn, false);
  // What a handler of its own catches stays inside; what that throws again is a throw out of it.
  const throwsItself = fn.graph.blocks.some(({ end }) => end.t === "throw" && end.to < 0);
  const throws = throwsItself || fn.graph.calls.some(({ guarded }, call) => !guarded && callCanThrow(program, fn, call, depth));
  known.set(fn, throws);
  return throws;
}

const seen = new WeakMap<Fn, boolean>();

/**
 * @returns whether something is seen in a function of the program that may throw out of it: a throw, or a call that a library's description says may fail, and
 *   not hardly ever
 */
export function isSeenToThrow(program: Program, fn: Fn, depth = 0): boolean {
  const before = seen.get(fn);
  if (before !== undefined) return before;
  if (depth > maxDepth || !fn.fact.hasBody) return true;
  seen.set(fn, false);
  const throws =
    fn.graph.blocks.some(({ end }) => end.t === "throw" && end.to < 0) ||
    fn.graph.calls.some(({ guarded, awaited }, call) => {
      if (guarded || isHarmless(fn, call)) return false;
      const { rows, fns } = program.target(fn, call);
      return (
        awaited || (rows.length > 0 ? rows.some((row) => row.throws && row.fails !== "hardly") : fns.some((one) => isSeenToThrow(program, one, depth + 1)))
      );
    });
  seen.set(fn, throws);
  return throws;
}

/** @returns whether a call may throw where it stands; what is only started there fails elsewhere */
export function callMayThrow(program: Program, fn: Fn, call: number): boolean {
  const { rows, fns, constructs } = program.target(fn, call);
  if (rows.length === 0 && fns.length === 0 && constructs !== null) return false;
  const isStarted = rows.length > 0 ? rows.every((row) => row.isAsync) : fns.length > 0 && fns.every((one) => one.fact.isAsync);
  return (!isStarted || fn.call(call).awaited) && callCanThrow(program, fn, call, 0);
}

/**
 * @returns the events of a function that happen also when nothing has failed before: what goes wrong while an exception is handled (`log.exception(…)`) is no
 *   way that anybody plans for
 */
export function plainEvents({ graph }: Fn): ReadonlySet<FlowEvent> {
  return new Set([...walk(0, (at) => successors(graph.blocks[at]!.end))].flatMap((at) => graph.blocks[at]!.events));
}

function callCanThrow(program: Program, fn: Fn, call: number, depth: number): boolean {
  if (isHarmless(fn, call)) return false;
  // What a library's class does there sets up the object.
  if (isOfBase(fn.call(call).callee)) return false;
  const { rows, fns } = program.target(fn, call);
  if (rows.length > 0) return rows.some((row) => row.throws);
  return fns.length === 0 ? !isPlainMethod(fn, call) : fns.some((one) => canThrow(program, one, depth + 1));
}
