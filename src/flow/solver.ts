/**
 * The one dataflow solver: it carries abstract states along the paths of an event graph. States that a problem calls the same are joined where they meet,
 * so the result is the fixpoint over all paths, loops included; states it tells apart stay apart, which is what makes an analysis path-sensitive.
 */
import type { EventGraph, FlowEvent, Test } from "./event-graph.ts";

/** An analysis, as the solver sees it. Null in place of a state ends the path there. */
export interface FlowProblem<S> {
  readonly entry: S;
  /** Two states with the same key at the same place are one. */
  key(state: S): string;
  /** What an event does to a state. */
  event(state: S, event: FlowEvent, place: Place): S | null;
  /** Whether control may leave by an exception at this event; the state is the one before it. */
  throws(event: FlowEvent, state: S): boolean;
  /** Whether an event that ends a state leaves it as it is when it throws; left out, none does. */
  stays?(event: FlowEvent, state: S): boolean;
  /** The state on the way of that exception; the same where it is left out. */
  thrown?(state: S, event: FlowEvent): S;
  /** What taking a branch tells; null when it cannot be taken in this state. */
  branch(state: S, test: Test, taken: boolean): S | null;
  /** What entering the body of an `each` loop, or passing it by, tells. */
  each?(state: S, loop: number, entered: boolean): S | null;
}

/** An event by its block and position. */
export interface Place {
  readonly block: number;
  readonly index: number;
}

/** Where and how a path ends. */
export interface FlowExit<S> {
  /** `return`; `throw`: an explicit throw leaves the function; `exception`: a call's exception does. */
  readonly exit: "return" | "throw" | "exception";
  readonly state: S;
  /** Offset of the return or throw, or of the event that throws (-1 when it has none). */
  readonly at: number;
  /** For `exception`: the event. */
  readonly event: FlowEvent | null;
  readonly block: number;
  readonly implicit: boolean;
  /** The decisions on the way from the entry: offsets of the branches taken. */
  readonly decisions: readonly Decision[];
}

export interface Decision {
  readonly at: number;
  /** Whether the condition, as the code writes it, holds. */
  readonly taken: boolean;
  readonly what: "branch" | "choose" | "each" | "exception";
}

interface Step<S> {
  readonly block: number;
  readonly state: S;
  readonly from: Step<S> | null;
  readonly decision: Decision | null;
}

/** Most steps of one function; more and the answer is "not known". */
const maxSteps = 6000;

/**
 * Runs a problem over a graph.
 * @param exit called for every way out of the function with a state that is still alive
 * @returns false when the function is too large to be followed to the end
 */
export function solve<S>(graph: EventGraph, problem: FlowProblem<S>, exit: (exit: FlowExit<S>) => void): boolean {
  if (graph.blocks.length === 0) return true;
  const seen = new Set<string>();
  const pending: Step<S>[] = [{ block: 0, state: problem.entry, from: null, decision: null }];
  let steps = 0;
  while (pending.length > 0) {
    const step = pending.pop()!;
    const key = `${step.block} ${problem.key(step.state)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (++steps > maxSteps) return false;
    run(step);
  }
  return true;

  function go(block: number, state: S | null, from: Step<S>, decision: Decision | null): void {
    if (state !== null) pending.push({ block, state, from, decision });
  }

  function leave(kind: FlowExit<S>["exit"], state: S, at: number, event: FlowEvent | null, from: Step<S>, implicit = false): void {
    exit({ exit: kind, state, at, event, block: from.block, implicit, decisions: decisionsOf(from) });
  }

  function run(step: Step<S>): void {
    const block = graph.blocks[step.block]!;
    let state: S | null = step.state;
    for (const [index, event] of block.events.entries()) {
      const before: S = state;
      state = problem.event(state, event, { block: step.block, index });
      if (problem.throws(event, before)) {
        // What throws has not done its work, unless its work is to end the state.
        const thrown = state === null && problem.stays?.(event, before) !== true ? null : before;
        if (thrown !== null) {
          if (block.handler < 0) leave("exception", thrown, offsetOf(event, graph), event, step);
          else go(block.handler, problem.thrown?.(thrown, event) ?? thrown, step, { at: offsetOf(event, graph), taken: true, what: "exception" });
        }
      }
      if (state === null) return;
    }
    end(step, state);
  }

  function end(step: Step<S>, state: S): void {
    const { end: last } = graph.blocks[step.block]!;
    switch (last.t) {
      case "jump":
        go(last.to, state, step, null);
        return;
      case "branch":
        go(last.no, problem.branch(state, last.test, false), step, { at: last.at, taken: last.negated, what: "branch" });
        go(last.yes, problem.branch(state, last.test, true), step, { at: last.at, taken: !last.negated, what: "branch" });
        return;
      case "choose":
        for (const to of last.to) go(to, state, step, { at: last.at, taken: true, what: "choose" });
        return;
      case "each":
        go(last.done, problem.each === undefined ? state : problem.each(state, last.loop, false), step, { at: last.at, taken: false, what: "each" });
        go(last.body, problem.each === undefined ? state : problem.each(state, last.loop, true), step, { at: last.at, taken: true, what: "each" });
        return;
      case "return":
        leave("return", state, last.at, null, step, last.implicit);
        return;
      case "throw":
        if (last.to >= 0) go(last.to, state, step, { at: last.at, taken: true, what: "exception" });
        else leave(last.rethrow ? "exception" : "throw", state, last.at, null, step);
        return;
      case "stop":
        return;
    }
  }
}

function decisionsOf<S>(step: Step<S>): Decision[] {
  const decisions: Decision[] = [];
  for (let one: Step<S> | null = step; one !== null; one = one.from) if (one.decision !== null) decisions.push(one.decision);
  return decisions.reverse();
}

/** @returns the offset at which an event stands */
export function offsetOf(event: FlowEvent, graph: EventGraph): number {
  return "call" in event ? graph.calls[event.call]!.start : event.at;
}
