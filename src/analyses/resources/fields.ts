import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Handlings } from "./handlings.ts";
import type { Lifetime } from "./lifetimes.ts";
import type { Tracked } from "./tracked.ts";

/** A resource that a function keeps in a field of its object. */
export interface FieldKept {
  readonly life: Lifetime;
  readonly field: string;
  /** Where it is stored. */
  readonly at: number;
}

/** @returns the resources of which that is all that becomes */
export function keptInFields(lifetimes: readonly Lifetime[]): readonly FieldKept[] {
  return lifetimes.flatMap((life) => {
    const { fn, call, fates } = life;
    const [only] = fates;
    if (call < 0 || fates.length !== 1 || only?.fate !== "escapes" || only.how !== "stored") return [];
    for (const { events } of fn.graph.blocks) {
      for (const event of events)
        if (event.e === "store" && event.at === only.at && event.object.k === "this") return [{ life, field: event.field, at: only.at }];
    }
    return [];
  });
}

/** @returns the methods of a class that release what a field of its objects holds, by name */
export function releasersOf(program: Program, handlings: Handlings, cls: Cls, field: string, tracked: Tracked): ReadonlyMap<string, Fn> {
  return new Map([...program.hierarchy.ownMethods(cls)].filter(([, method]) => handlings.ofPath(method, `this.${field}`, tracked, "") === "releases"));
}
