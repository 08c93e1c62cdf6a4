import { solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Program } from "../../program/program.ts";
import { type FieldKept, keptInFields, releasersOf } from "./fields.ts";
import type { Handlings } from "./handlings.ts";
import type { Lifetime } from "./lifetimes.ts";
import { ResourceProblem } from "./problem.ts";

/** A resource that a constructor keeps in a field of its object before it throws: nobody gets the object, and nobody can end what it has. */
export interface Unfinished extends FieldKept {
  /** Where the constructor throws. */
  readonly thrownAt: number;
}

/** Methods by which a language ends an object that nobody refers to any more, also one that was never finished. */
const finalizers = /^__(?:del|destruct)(?:__)?$/;

/** Finds them by the throws of the constructors themselves; what fails in what they call is no check of theirs. */
export function unfinishedObjects(program: Program, handlings: Handlings, lifetimes: readonly Lifetime[]): readonly Unfinished[] {
  return keptInFields(lifetimes).flatMap((kept) => {
    const { life, field } = kept;
    const { fn, call, tracked } = life;
    if (fn.fact.kind !== "constructor" || fn.cls === null || tracked.acquires.reclaimed === "scope" || tracked.acquires.path) return [];
    // What is shut down or waited for has done nothing yet.
    if (tracked.acquires.openedBy.length > 0 || tracked.acquires.ending !== null || callsCloser(program, kept)) return [];
    if (!fn.graph.blocks.some(({ end }) => end.t === "throw" && end.to < 0)) return [];
    if ([...releasersOf(program, handlings, fn.cls, field, tracked).keys()].some((name) => finalizers.test(name))) return [];
    const origin = { from: "path", path: `this.${field}`, call, part: "" } as const;
    let thrownAt = -1;
    const complete = solve(fn.graph, new ResourceProblem(program, handlings, fn, { ...tracked, origin }), ({ exit, state, at }) => {
      if (exit === "throw" && state.open && thrownAt < 0) thrownAt = at;
    });
    return complete && thrownAt >= 0 ? [{ ...kept, thrownAt }] : [];
  });
}

/** Whether the constructor calls a method that closes the field, if only on some of its ways: when it does so is not followed. */
function callsCloser(program: Program, { life: { fn, tracked }, field }: FieldKept): boolean {
  const closes = (callee: Value): boolean =>
    callee.k === "field" &&
    tracked.acquires.releasedBy.includes(callee.name) &&
    callee.of.k === "field" &&
    callee.of.of.k === "this" &&
    callee.of.name === field;
  return fn.graph.calls.some((_, call) => program.target(fn, call).fns.some((one) => one.graph.calls.some(({ callee }) => closes(callee))));
}
