import type { EventGraph, Test } from "../../flow/event-graph.ts";
import { blockOfCall, isOnlyBy } from "../../flow/reach.ts";

/** What holds wherever a call is made: a test that came out so. */
export interface Guard {
  /** Without its negations. */
  readonly test: Exclude<Test, { test: "not" }>;
  readonly holds: boolean;
}

/** @returns the tests of which one answer only leads to a call: `if (open) document.addEventListener(…)`, `if (!open) return; document.addEventListener(…)` */
export function guardsOf(graph: EventGraph, call: number): readonly Guard[] {
  const home = blockOfCall(graph, call);
  if (home < 0) return [];
  return graph.blocks.flatMap(({ end }, from) => {
    if (end.t !== "branch") return [];
    const ways = [
      { to: end.yes, holds: true },
      { to: end.no, holds: false },
    ];
    return ways.flatMap(({ to, holds }) => (isOnlyBy(graph, { from, to }, home) ? [plain(end.test, holds)] : []));
  });
}

function plain(test: Test, holds: boolean): Guard {
  return test.test === "not" ? plain(test.of, !holds) : { test, holds };
}
