import { expect, test } from "vitest";
import type { FlowEvent } from "../../src/flow/event-graph.ts";
import { GraphBuilder } from "../../src/flow/graph-builder.ts";
import { neverReturns, reachable, successors } from "../../src/flow/reach.ts";

const call = (n: number): FlowEvent => ({ e: "call", call: n });
const leaving = { t: "return", value: null, at: 0, implicit: true } as const;

test("what follows an end belongs to no block", () => {
  const graph = new GraphBuilder();
  graph.event(call(0));
  graph.end(leaving);
  expect(graph.reachable).toBe(false);
  graph.event(call(1));
  graph.end({ t: "stop" });
  const { blocks } = graph.finish();
  expect(blocks).toEqual([{ events: [call(0)], end: leaving, handler: -1, loop: -1 }]);
});

test("blocks keep the handler and the loop in force when they were made", () => {
  const graph = new GraphBuilder();
  graph.handler = 7;
  graph.loop = 3;
  const inside = graph.block();
  graph.handler = -1;
  graph.loop = -1;
  const outside = graph.block();
  const { blocks } = graph.finish();
  expect(blocks[inside]).toMatchObject({ handler: 7, loop: 3, end: { t: "stop" } });
  expect(blocks[outside]).toMatchObject({ handler: -1, loop: -1 });
});

test("a cut goes on in a new block under the present handler, and leaves the unreachable unreachable", () => {
  const graph = new GraphBuilder();
  graph.event(call(0));
  graph.handler = 5;
  graph.cut();
  graph.event(call(1));
  graph.end(leaving);
  graph.cut();
  graph.event(call(2));
  expect(graph.reachable).toBe(false);
  const { blocks } = graph.finish();
  expect(blocks.map((block) => [block.events, block.handler])).toEqual([
    [[call(0)], -1],
    [[call(1)], 5],
    [[], 5],
  ]);
  expect(graph.endOf(0)).toEqual({ t: "jump", to: 1 });
});

test("successors are the ways out of a block, exceptions aside", () => {
  const test = { test: "other", of: [] } as const;
  expect(successors({ t: "jump", to: 4 })).toEqual([4]);
  expect(successors({ t: "branch", test, yes: 1, no: 2, at: 0, negated: false })).toEqual([1, 2]);
  expect(successors({ t: "choose", to: [3, 4], what: "select", at: 0 })).toEqual([3, 4]);
  expect(successors({ t: "each", loop: 0, body: 1, done: 2, at: 0 })).toEqual([1, 2]);
  expect(successors({ t: "throw", value: null, to: 6, at: 0, rethrow: false })).toEqual([6]);
  expect(successors({ t: "throw", value: null, to: -1, at: 0, rethrow: false })).toEqual([]);
  expect(successors(leaving)).toEqual([]);
});

test("reachable blocks include handlers, and an edge may be left out", () => {
  const graph = new GraphBuilder();
  const handler = graph.block();
  graph.handler = handler;
  const body = graph.block();
  const after = graph.block();
  graph.jump(body);
  graph.continueAt(body);
  graph.jump(after);
  const built = graph.finish();
  expect([...reachable(built, 0)].sort()).toEqual([0, handler, body, after]);
  expect([...reachable(built, 0, [{ from: 0, to: body }])]).toEqual([0]);
});

test("a function that only throws or loops for ever never returns", () => {
  const endless = new GraphBuilder();
  endless.jump(0);
  expect(neverReturns(endless.finish())).toBe(true);
  const returning = new GraphBuilder();
  returning.end(leaving);
  expect(neverReturns(returning.finish())).toBe(false);
  expect(neverReturns({ blocks: [], calls: [], loops: [] })).toBe(false);
});
