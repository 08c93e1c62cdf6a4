import type { EventGraph, FlowEvent } from "./event-graph.ts";
import { noOutcomes, outcomesKey, RepeatedTests, type TestOutcomes } from "./repeated-tests.ts";
import { type FlowExit, solve } from "./solver.ts";

/** A way through a function: whether it came by something, and how its tests came out. */
export interface Passage {
  readonly passed: boolean;
  readonly outcomes: TestOutcomes;
}

/**
 * Follows every way through a function from its start, without exceptions; a test that is made again comes out as before.
 * @param event whether the way has come by what is looked for, after an event; null when it ends there
 * @returns whether all ways were followed to their end
 */
export function followPassages(
  graph: EventGraph,
  event: (passed: boolean, event: FlowEvent) => boolean | null,
  exit: (exit: FlowExit<Passage>) => void = () => undefined,
): boolean {
  const tests = new RepeatedTests(graph, true);
  return solve<Passage>(
    graph,
    {
      entry: { passed: false, outcomes: noOutcomes },
      key: ({ passed, outcomes }) => `${passed} ${outcomesKey(outcomes)}`,
      throws: () => false,
      branch: (state, test, taken) => {
        const outcomes = tests.branch(state.outcomes, test, taken);
        return outcomes === null ? null : { ...state, outcomes };
      },
      event: (state, one) => {
        const passed = event(state.passed, one);
        return passed === null ? null : { passed, outcomes: tests.event(state.outcomes, one) };
      },
    },
    exit,
  );
}
