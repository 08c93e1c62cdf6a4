import { reachable } from "../../flow/reach.ts";
import type { Block, EventGraph, Test } from "../../flow/event-graph.ts";
import type { Fn } from "../../program/entities.ts";
import { modelKey } from "../../semantics/models/compile.ts";
import type { Value } from "../../flow/values.ts";

/** Which side of a test leads straight to a release. */
export type ReleaseGuards = ReadonlyMap<Test, boolean>;

/** Most tests one after the other in front of a release (`if (a && !b) release()`). */
const maxChain = 4;

/** @returns the tests right in front of a call that releases: `if (client.isOpen) client.quit()` */
export function releaseGuards({ graph, file }: Fn, releasedBy: readonly string[]): ReleaseGuards {
  const methods = new Set(releasedBy.map((path) => modelKey(file.language, path.slice(path.lastIndexOf(".") + 1))));
  const releases = ({ events }: Block): boolean =>
    events.some((event) => {
      if (event.e !== "call") return false;
      const { callee } = graph.calls[event.call]!;
      return callee.k === "field" && methods.has(modelKey(file.language, callee.name));
    });
  const leading = new Set([...graph.blocks.keys()].filter((id) => releases(graph.blocks[id]!)));
  const guards = new Map<Test, boolean>();
  for (let round = 0; leading.size > 0 && round < maxChain; round++) {
    for (const [id, { events, end }] of graph.blocks.entries()) {
      if (end.t !== "branch" || guards.has(end.test) || leading.has(end.yes) === leading.has(end.no) || isLoopTest(graph, id)) continue;
      guards.set(end.test, leading.has(end.yes));
      if (events.length === 0) leading.add(id);
    }
  }
  return guards;
}

/** The test of a loop guards its body, not what comes after it: `for rows.Next() { … }; rows.Close()`. */
function isLoopTest(graph: EventGraph, block: number): boolean {
  const { end } = graph.blocks[block]!;
  return end.t === "branch" && reachable(graph, end.yes).has(block) !== reachable(graph, end.no).has(block);
}

/** @returns what a test asks of an object: `client` for `client.isOpen`, `client.closed()` and `client.closed === false`; null for other tests */
export function stateSubject(test: Test, graph: EventGraph): Value | null {
  const asked =
    test.test === "truthy" ? test.value : test.test === "compare" && test.right.k === "const" && typeof test.right.v === "boolean" ? test.left : null;
  const member = asked?.k === "call" ? graph.calls[asked.id]!.callee : asked;
  return member?.k === "field" ? member.of : null;
}
