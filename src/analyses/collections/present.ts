import type { Test } from "../../flow/event-graph.ts";
import { isOnlyBy } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { pathOf } from "../resources/state.ts";

/** @returns the collections that are known to have the key wherever a block runs: `if name in self.modules: … self.modules[name] = module` */
export function containersWithKey(fn: Fn, block: number, key: Value): readonly Value[] {
  return fn.graph.blocks.flatMap(({ end }, from) => {
    const asked = end.t === "branch" ? presence(end.test, key) : null;
    if (asked === null || end.t !== "branch") return [];
    return isOnlyBy(fn.graph, { from, to: asked.side ? end.yes : end.no }, block) ? [asked.container] : [];
  });
}

/** Which collection a test asks for the key, and which outcome says that it is there; null for other tests. */
function presence(test: Test, key: Value): { readonly container: Value; readonly side: boolean } | null {
  if (test.test === "not") {
    const inner = presence(test.of, key);
    return inner === null ? null : { ...inner, side: !inner.side };
  }
  return test.test === "contains" && isSamePlace(test.key, key) ? { container: test.container, side: true } : null;
}

/** @returns whether two values are the same constant, or the same variable or field */
export function isSamePlace(a: Value, b: Value): boolean {
  if (a.k === "const" && b.k === "const") return a.v === b.v;
  const path = pathOf(a);
  return path !== null && path === pathOf(b);
}
