import { solve } from "../../flow/solver.ts";
import type { Acquires } from "../../semantics/models/model.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Handlings } from "./handlings.ts";
import { partsOf } from "./parts.ts";
import { ResourceProblem } from "./problem.ts";
import type { Fate } from "./tracked.ts";

/** The value is followed as a resource that nothing releases: what counts is who keeps it. */
const asResource: Acquires = {
  role: "acquires",
  resource: "value",
  value: { of: "result", index: 0 },
  releasedBy: [],
  scoped: false,
  reclaimed: "gc",
  ending: null,
  severity: null,
  exhausted: [],
  drained: null,
  failedBy: [],
  openedBy: [],
  releasedByFailing: [],
  owned: false,
  endsWith: null,
  carriedBy: null,
  givenTo: null,
  lowest: null,
  partly: false,
  shared: false,
  reentrant: false,
  path: false,
  within: null,
  fromPath: null,
  completes: false,
  releaser: null,
  rule: "",
  when: [],
};

/** @returns how what a call gives outlives the function that calls it (returned, stored, handed over); null when it does not */
export function keeperOf(program: Program, handlings: Handlings, fn: Fn, call: number): Extract<Fate, { fate: "escapes" }> | null {
  const tracked = {
    acquires: asResource,
    parts: partsOf(program, fn, call, 0),
    origin: { from: "call", call, result: 0, part: "" },
    beyondScopes: true,
  } as const;
  const problem = new ResourceProblem(program, handlings, fn, tracked);
  let returned = -1;
  solve(fn.graph, problem, (exit) => {
    const { end } = fn.graph.blocks[exit.block]!;
    if (exit.state.open && end.t === "return" && end.value !== null && problem.holding.contains(end.value, exit.state)) returned = end.at;
  });
  if (returned >= 0) return { fate: "escapes", how: "returned", at: returned, result: 0 };
  return problem.fates.find((fate) => fate.fate === "escapes") ?? null;
}
