import { followPassages } from "../../flow/passages.ts";
import { blockOfCall, isOnlyBy } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import { makingCall } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type Repetition, isConstantFew, loopsAround } from "../work/loops.ts";
import { Handlings } from "./handlings.ts";
import { keeperOf } from "./keeper.ts";
import type { Lifetime } from "./lifetimes.ts";

/** A resource that each step of a loop opens, and whose release is put off until the function, or a scope around the loop, ends. */
export interface Deferral {
  readonly life: Lifetime;
  /** Call that puts the release off. */
  readonly call: number;
  readonly loop: Repetition;
  /** Why they do not pile up; null when they do. */
  readonly bounded: "few steps" | "last step" | "when missing" | null;
  /** Each is read to its end in its own step: what piles up holds nothing any more. */
  readonly isReadOut: boolean;
}

/** Finds them among all resources that were followed. */
export function deferralsOf(program: Program, lifetimes: readonly Lifetime[]): readonly Deferral[] {
  const handlings = new Handlings(program);
  const found: Deferral[] = [];
  for (const life of lifetimes) {
    const { fn, call: acquired } = life;
    if (acquired < 0 || fn.call(acquired).loop < 0) continue;
    const call = deferringCall(program, handlings, life);
    if (call === null) continue;
    const loop = loopsAround(fn, call).find((one) => loopsAround(fn, acquired).some((other) => other.index === one.index));
    if (loop === undefined || !isAroundStep(fn, call, loop)) continue;
    const bounded = isConstantFew(program, fn, loop.loop)
      ? "few steps"
      : !runsAgain(fn, call, endsOf(life))
        ? "last step"
        : isOnlyWhenMissing(life, loop)
          ? "when missing"
          : null;
    // `for rows.Next()` is left when all was read.
    const isReadOut = bounded === null && !runsAgain(fn, call, callsOf(life, life.tracked.acquires.exhausted));
    found.push({ life, call, loop, bounded, isReadOut });
  }
  return found;
}

/** The call of the function that puts off the release of the resource, null for none. */
function deferringCall(program: Program, handlings: Handlings, { fn, fates }: Lifetime): number | null {
  for (const fate of fates) {
    const call = fate.fate === "managed" ? -1 : fn.graph.calls.findIndex((site) => site.start === fate.at);
    if (call < 0) continue;
    if (fate.fate === "released" && fate.how === "defer") return call;
    // A stack that is left with the scope is made to hold many at once; what the step alone uses need not wait for that.
    if (fate.fate === "escapes" && fate.how === "stored" && putsOff(program, fn, call) && keeperOf(program, handlings, fn, call) === null) return call;
  }
  return null;
}

const putsOff = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.arguments.some(({ flow }) => flow === "defers"));

/** Whether what the release waits for was there before the loop: the function itself, or a stack made outside. */
function isAroundStep(fn: Fn, call: number, { loop }: Repetition): boolean {
  const { callee } = fn.call(call);
  if (callee.k !== "field" || callee.of.k !== "var" || isDeferred(fn, call)) return true;
  return fn.file.variable(callee.of.id).definitions.every(({ at }) => at < loop.start || at >= loop.end);
}

const isDeferred = (fn: Fn, call: number): boolean => fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "defer" && event.call === call));

/**
 * The calls of the function that release the resource at once, by the variable that holds it: `defer tx.Rollback()`, and `tx.Commit()` in the same step; with
 * those that ask a context how it has ended (`if !errors.Is(ctx.Err(), context.DeadlineExceeded) { return err }`): one that has holds nothing.
 */
function endsOf(life: Lifetime): ReadonlySet<number> {
  const { fn, call: acquired, tracked } = life;
  const released = callsOf(life, tracked.acquires.releasedBy);
  if (tracked.acquires.rule !== "lost-cancel") return released;
  const asks = [...fn.graph.calls.entries()].filter(
    ([, { callee }]) => callee.k === "field" && callee.name === "Err" && makingCall(callee.of, fn) === acquired,
  );
  return new Set([...released, ...asks.map(([id]) => id)]);
}

/** The calls of some of its methods, by the variable that holds it. */
function callsOf({ fn, call: acquired }: Lifetime, methods: readonly string[]): ReadonlySet<number> {
  const ends = [...fn.graph.calls.entries()].filter(([, { callee }]) =>
    callee.k === "field"
      ? methods.includes(callee.name) && makingCall(callee.of, fn) === acquired
      : callee.k === "var" && methods.includes("()") && makingCall(callee, fn) === acquired,
  );
  return new Set(ends.map(([id]) => id));
}

/** `if watcher == nil { watcher, err = open(); … defer watcher.Close() }`, and nothing else in the loop sets the variable. */
function isOnlyWhenMissing({ fn, call: acquired }: Lifetime, { loop }: Repetition): boolean {
  const { blocks } = fn.graph;
  const home = blockOfCall(fn.graph, acquired);
  const isMade = (value: Value): boolean => makingCall(value, fn) === acquired;
  return blocks.some(({ end }, from) => {
    if (end.t !== "branch" || end.test.test !== "null" || end.test.value.k !== "var") return false;
    const { definitions } = fn.file.variable(end.test.value.id);
    const within = definitions.filter(({ at, fn: by }) => by !== fn.id || (at >= loop.start && at < loop.end));
    return within.length > 0 && within.every(({ value }) => isMade(value)) && isOnlyBy(fn.graph, { from, to: end.yes }, home);
  });
}

/** Whether control comes by again with the one before still open: not where it leaves the loop each time, nor where a flag tells that it was there before. */
function runsAgain(fn: Fn, call: number, ends: ReadonlySet<number>): boolean {
  let again = false;
  const complete = followPassages(fn.graph, (passed, event) => {
    if (event.e === "call" && ends.has(event.call)) return false;
    const isIt = (event.e === "call" || event.e === "defer") && event.call === call;
    if (isIt && passed) again = true;
    return passed || isIt;
  });
  return again || !complete;
}
