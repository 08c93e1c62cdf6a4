import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import { noOutcomes, outcomesKey, RepeatedTests, type TestOutcomes } from "../../flow/repeated-tests.ts";
import { type FlowExit, solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { neverComesBack } from "../ending-calls.ts";

/** What a function has done so far, where only that counts. */
interface Progress {
  /** The other side was started. */
  readonly started: boolean;
  /** What it waits for was done. */
  readonly done: boolean;
  /** It will be done when the function returns. */
  readonly deferred: boolean;
  /** How tests came out that are made more than once. */
  readonly outcomes: TestOutcomes;
}

/** What makes and what answers a wait, in one function. */
export interface Obligation {
  /** The other side is started here; with none it is there from the entry on. */
  readonly starts: ((event: FlowEvent) => boolean) | null;
  /** It is answered here, now or, deferred, on every way out. */
  readonly answers: (event: FlowEvent) => boolean;
  /** Loops that are done only when the answer has come (`for v := range ch`). */
  readonly answeredAfter: ReadonlySet<number>;
  /** Loops of which each step is an answer (`for v := range ch`, where one value is all there is). */
  readonly answeredIn?: ReadonlySet<number>;
  /** A value without which there is nobody to answer (`if wg != nil { defer wg.Done() }`). */
  readonly isOwed?: (value: Value) => boolean;
}

/** What is followed along the paths of a function, whatever their conditions. */
interface Along<S> {
  readonly entry: S;
  readonly key: (state: S) => string;
  readonly event: (state: S, event: FlowEvent) => S;
  readonly each?: (state: S, loop: number, entered: boolean) => S;
  readonly branch?: (state: S, test: Test, taken: boolean) => S | null;
}

/**
 * Follows all paths of a function; a call that does not return ends one.
 * @param returns called for every return
 * @returns false when the function is too large to be followed
 */
export function followPaths<S>(program: Program, fn: Fn, { event, ...along }: Along<S>, returns: (exit: FlowExit<S>) => void = () => undefined): boolean {
  const ends = (one: FlowEvent): boolean => one.e === "call" && neverComesBack(program, fn, one.call);
  return solve<S>(
    fn.graph,
    { branch: (state) => state, ...along, throws: () => false, event: (state, one) => (ends(one) ? null : event(state, one)) },
    (exit) => {
      if (exit.exit === "return") returns(exit);
    },
  );
}

/**
 * @returns a way out of the function on which the obligation is not met, null when there is none or the function is too large to be followed
 */
export function unmetExit(program: Program, fn: Fn, { starts, answers, answeredAfter, answeredIn, isOwed }: Obligation): FlowExit<unknown> | null {
  let found: FlowExit<unknown> | null = null;
  const tests = new RepeatedTests(fn.graph, true);
  const complete = followPaths<Progress>(
    program,
    fn,
    {
      entry: { started: starts === null, done: false, deferred: false, outcomes: noOutcomes },
      key: ({ started, done, deferred, outcomes }) => `${started} ${done} ${deferred} ${outcomesKey(outcomes)}`,
      event: (before, event) => {
        const outcomes = tests.event(before.outcomes, event);
        const state = outcomes === before.outcomes ? before : { ...before, outcomes };
        if (answers(event)) return event.e === "defer" ? { ...state, deferred: true } : { ...state, done: true };
        return starts?.(event) === true ? { ...state, started: true, done: false } : state;
      },
      branch: (before, test, taken) => {
        const outcomes = tests.branch(before.outcomes, test, taken);
        if (outcomes === null) return null;
        const state = outcomes === before.outcomes ? before : { ...before, outcomes };
        return test.test === "null" && taken && isOwed?.(test.value) === true ? { ...state, done: true } : state;
      },
      each: (state, loop, entered) => ((entered ? answeredIn?.has(loop) === true : answeredAfter.has(loop)) ? { ...state, done: true } : state),
    },
    (exit) => {
      const { started, done, deferred } = exit.state;
      if (started && !done && !deferred && (found === null || exit.decisions.length < found.decisions.length)) found = exit;
    },
  );
  return complete ? found : null;
}
