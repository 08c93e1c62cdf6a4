import type { Test } from "./event-graph.ts";
import type { Value } from "./values.ts";

/** @returns the values that a test is about */
export function testedValues(test: Test): readonly Value[] {
  switch (test.test) {
    case "not":
      return testedValues(test.of);
    case "compare":
      return [test.left, test.right];
    case "contains":
      return [test.key, test.container];
    case "other":
      return test.of;
    default:
      return [test.value];
  }
}
