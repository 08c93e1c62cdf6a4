import type { Lifetime } from "./lifetimes.ts";

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
