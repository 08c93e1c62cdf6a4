import { testedValues } from "../../flow/tests.ts";
import { solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues } from "../work/values.ts";
import { type FieldKept, keptInFields, releasersOf } from "./fields.ts";
import type { Handlings } from "./handlings.ts";
import type { Lifetime } from "./lifetimes.ts";
import { ResourceProblem } from "./problem.ts";
import type { Tracked } from "./tracked.ts";

/** A resource that takes the place of another in a field of an object, which is then nobody's and still open. */
export type Replaced = FieldKept;

/**
 * Finds them among the resources that methods keep in fields. The class has to release the field somewhere, and there has to be one in it already: another
 * place of the class opens it too, or the method asks whether it is time for another (`if (today !== this.day)`).
 */
export function replacedFields(program: Program, handlings: Handlings, lifetimes: readonly Lifetime[]): readonly Replaced[] {
  const kept = keptInFields(lifetimes);
  return kept.filter(({ life, field, at }) => {
    const { fn, tracked } = life;
    const cls = fn.cls;
    if (cls === null || fn.fact.kind === "constructor" || tracked.acquires.reclaimed === "scope" || life.through.length > 0) return false;
    const others = kept.filter((one) => one.life.fn.cls === cls && one.field === field && one.life.fn !== fn);
    if (!others.some((one) => opensBefore(program, one.life.fn, fn)) && !isRenewal(fn, at)) return false;
    const isReleased = [...releasersOf(program, handlings, cls, field, tracked).values()].some((method) => method !== fn);
    return isReleased && isLost(program, handlings, fn, field, tracked, at);
  });
}

/** Whether another function of the class has opened one before: its constructor has, unless it calls the method itself. */
function opensBefore(program: Program, other: Fn, fn: Fn): boolean {
  return other.fact.kind === "constructor" && !other.graph.calls.some((_, call) => program.target(other, call).fns.includes(fn));
}

/** Whether the way to the store leads over a test of another field that the method then sets: it comes by again and again. */
function isRenewal(fn: Fn, at: number): boolean {
  const asked = new Set<string>();
  const set = new Set<string>();
  for (const { events, end } of fn.graph.blocks) {
    if (end.t === "branch" && end.test.test === "compare" && end.at < at && ![end.test.left, end.test.right].some(isText))
      for (const value of testedValues(end.test).flatMap(mentionedValues)) if (value.k === "field" && value.of.k === "this") asked.add(value.name);
    for (const event of events) if (event.e === "store" && event.object.k === "this" && event.at !== at) set.add(event.field);
  }
  return [...asked].some((name) => set.has(name));
}

/** `if (this.host !== "")` asks what there is, not whether it is time. */
const isText = (value: Value): boolean => value.k === "const" && typeof value.v === "string";

/** Whether the method comes to the store with the field still open. */
function isLost(program: Program, handlings: Handlings, fn: Fn, field: string, tracked: Tracked, at: number): boolean {
  const origin = { from: "entry", path: `this.${field}`, call: -1, part: "", error: null, release: null } as const;
  const problem = new ResourceProblem(program, handlings, fn, { ...tracked, origin });
  const complete = solve(fn.graph, problem, () => undefined);
  return complete && problem.overwritten.some((one) => one.at === at);
}
