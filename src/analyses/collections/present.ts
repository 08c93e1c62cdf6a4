import type { Test } from "../../flow/event-graph.ts";
import { reachable } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { pathOf } from "../resources/state.ts";

/** @returns whether a block only runs when the collection is known to have the key: `if name in self.modules: … self.modules[name] = module` */
export function hasKeyBefore(fn: Fn, block: number, collection: Value, key: Value): boolean {
  return fn.graph.blocks.some(({ end }, from) => {
    if (end.t !== "branch") return false;
    const side = presentSide(end.test, collection, key);
    if (side === null) return false;
    return !reachable(fn.graph, 0, [{ from, to: side ? end.yes : end.no }]).has(block);
  });
}

/** Which outcome of a test says that the key is there; null when neither does. */
function presentSide(test: Test, collection: Value, key: Value): boolean | null {
  if (test.test === "not") {
    const inner = presentSide(test.of, collection, key);
    return inner === null ? null : !inner;
  }
  return test.test === "contains" && isSame(test.container, collection) && isSame(test.key, key) ? true : null;
}

function isSame(a: Value, b: Value): boolean {
  if (a.k === "const" && b.k === "const") return a.v === b.v;
  const path = pathOf(a);
  return path !== null && path === pathOf(b);
}
