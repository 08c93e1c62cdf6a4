import { describe, expect, test } from "vitest";
import type { Block, EventGraph, FlowEvent, Terminator, Test } from "../../src/flow/event-graph.ts";
import { type FlowExit, type FlowProblem, solve } from "../../src/flow/solver.ts";

/** An event by its number. */
const call = (n: number): FlowEvent => ({ e: "call", call: n });
const leaving: Terminator = { t: "return", value: null, at: 90, implicit: false };
const unknown: Test = { test: "other", of: [] };
const branch = (yes: number, no: number, at = 10, negated = false): Terminator => ({ t: "branch", test: unknown, yes, no, at, negated });

function block(calls: readonly number[], end: Terminator, handler = -1): Block {
  return { events: calls.map(call), end, handler, loop: -1 };
}

function graphOf(...blocks: readonly Block[]): EventGraph {
  const site = {
    callee: { k: "unknown", of: [] },
    args: [],
    isNew: false,
    awaited: false,
    discarded: false,
    end: 0,
    loop: -1,
    types: [],
    guarded: false,
  } as const;
  return { blocks, loops: [], calls: Array.from({ length: 10 }, (_, n) => ({ ...site, start: n * 100 })) };
}

/** States are the calls made so far; calls from 5 on may throw. */
function solved(graph: EventGraph, more: Partial<FlowProblem<string>> = {}): readonly FlowExit<string>[] {
  const exits: FlowExit<string>[] = [];
  const problem: FlowProblem<string> = {
    entry: "",
    key: (state) => state,
    event: (state, event) => (event.e === "call" ? state + event.call : state),
    throws: (event) => event.e === "call" && event.call >= 5,
    branch: (state) => state,
    ...more,
  };
  expect(solve(graph, problem, (exit) => exits.push(exit))).toBe(true);
  return exits;
}

const ends = (exits: readonly FlowExit<string>[]): readonly string[] => exits.map((exit) => `${exit.exit} ${exit.state}`).sort();

describe("joins", () => {
  const diamond = graphOf(block([0], branch(1, 2)), block([1], { t: "jump", to: 3 }), block([2], { t: "jump", to: 3 }), block([3], leaving));

  test("states that are told apart stay apart", () => {
    expect(ends(solved(diamond))).toEqual(["return 013", "return 023"]);
  });

  test("states with one key are one from where they meet", () => {
    const lengths = solved(diamond, { key: (state) => String(state.length) });
    expect(lengths).toHaveLength(1);
  });

  test("a branch that cannot be taken in a state is not", () => {
    expect(ends(solved(diamond, { branch: (state, _, taken) => (taken ? null : state) }))).toEqual(["return 023"]);
  });

  test("an event may end the way", () => {
    expect(ends(solved(diamond, { event: (state, event) => (event.e === "call" && event.call === 1 ? null : state) }))).toEqual(["return "]);
  });
});

describe("loops", () => {
  test("a loop ends when its states repeat", () => {
    const loop = graphOf(block([0], { t: "jump", to: 1 }), block([], branch(2, 3)), block([1], { t: "jump", to: 1 }), block([], leaving));
    expect(ends(solved(loop, { event: (state, event) => (event.e === "call" && !state.includes(String(event.call)) ? state + event.call : state) }))).toEqual([
      "return 0",
      "return 01",
    ]);
  });

  test("states without an end are given up, and that is said", () => {
    const loop = graphOf(block([1], { t: "jump", to: 0 }));
    const problem: FlowProblem<number> = { entry: 0, key: String, event: (state) => state + 1, throws: () => false, branch: (state) => state };
    expect(solve(loop, problem, () => {})).toBe(false);
  });

  test("entering an each loop and passing it by are told apart", () => {
    const loop = graphOf(block([], { t: "each", loop: 0, body: 1, done: 2, at: 5 }), block([1], { t: "jump", to: 2 }), block([2], leaving));
    const each = (state: string, _: number, entered: boolean): string | null => (entered ? `${state}in` : null);
    expect(ends(solved(loop, { each }))).toEqual(["return in12"]);
    expect(ends(solved(loop))).toEqual(["return 12", "return 2"]);
  });
});

describe("exceptional edges", () => {
  test("an exception leaves before its event has done its work, and goes to the handler", () => {
    const handled = graphOf(block([0, 5, 1], leaving, 1), block([2], leaving));
    expect(ends(solved(handled))).toEqual(["return 02", "return 051"]);
  });

  test("without a handler it leaves the function, and says by which event", () => {
    const exits = solved(graphOf(block([0, 5], leaving)));
    expect(ends(exits)).toEqual(["exception 0", "return 05"]);
    expect(exits.find((exit) => exit.exit === "exception")).toMatchObject({ at: 500, event: call(5), block: 0 });
  });

  test("an event that ends the state ends it on the exceptional way too", () => {
    const graph = graphOf(block([5, 1], leaving));
    expect(ends(solved(graph, { event: (state, event) => (event.e === "call" && event.call === 5 ? null : state) }))).toEqual([]);
  });

  test("a throw goes to its handler or leaves; the way on after a finally counts as the exception it carries", () => {
    const caught: Terminator = { t: "throw", value: null, to: 1, at: 7, rethrow: false };
    expect(ends(solved(graphOf(block([0], caught), block([1], leaving))))).toEqual(["return 01"]);
    expect(ends(solved(graphOf(block([0], { ...caught, to: -1 }))))).toEqual(["throw 0"]);
    expect(ends(solved(graphOf(block([0], { ...caught, to: -1, rethrow: true }))))).toEqual(["exception 0"]);
  });
});

describe("decisions on the way", () => {
  test("are told in order, as the code writes them", () => {
    const graph = graphOf(
      block([], branch(1, 3, 10)),
      block([], branch(3, 2, 20, true)),
      block([1], { t: "choose", to: [3, 4], what: "switch", at: 30 }),
      block([], { t: "stop" }),
      block([2], leaving),
    );
    const [exit] = solved(graph);
    expect(exit!.decisions).toEqual([
      { at: 10, taken: true, what: "branch" },
      { at: 20, taken: true, what: "branch" },
      { at: 30, taken: true, what: "choose" },
    ]);
    expect(exit).toMatchObject({ exit: "return", at: 90, implicit: false, block: 4 });
  });

  test("name the call that threw and the loop that ran", () => {
    const graph = graphOf(
      block([], { t: "each", loop: 0, body: 1, done: 2, at: 5 }),
      block([6], { t: "jump", to: 2 }, 3),
      block([], { t: "stop" }),
      block([], leaving),
    );
    expect(solved(graph)[0]!.decisions).toEqual([
      { at: 5, taken: true, what: "each" },
      { at: 600, taken: true, what: "exception" },
    ]);
  });
});

test("a graph without blocks has no ways", () => {
  expect(solved(graphOf())).toEqual([]);
});
