import type { Block, Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { ReleaseGuards } from "./guards.ts";

/**
 * @param isRemoval whether a call removes what is passed to it
 * @returns the tests of an option that decide about a removal and nothing else (`if !*keep { defer os.RemoveAll(dir) }`), with the side that removes
 */
export function optionalRemovals(fn: Fn, isRemoval: (call: number) => boolean): ReleaseGuards {
  const { blocks } = fn.graph;
  const onlyRemoves = ({ events, end }: Block, otherwise: number): boolean =>
    end.t === "jump" &&
    end.to === otherwise &&
    events.every((event) => (event.e === "call" || event.e === "defer") && isRemoval(event.call)) &&
    events.length > 0;
  const found = new Map<Test, boolean>();
  for (const { end } of blocks) {
    if (end.t !== "branch" || !asksOption(end.test, fn)) continue;
    if (onlyRemoves(blocks[end.yes]!, end.no)) found.set(end.test, true);
    else if (onlyRemoves(blocks[end.no]!, end.yes)) found.set(end.test, false);
  }
  return found;
}

/** Whether a test asks for what was decided before the function ran: a parameter, a field, a variable of the file. */
function asksOption(test: Test, fn: Fn): boolean {
  const value = test.test === "truthy" ? rootOf(test.value) : null;
  if (value?.k !== "var") return value?.k === "ref" || value?.k === "this";
  return fn.file.variable(value.id).definitions.every((one) => one.fn !== fn.id);
}

function rootOf(value: Value): Value {
  return value.k === "field" || value.k === "cast" ? rootOf(value.of) : value;
}
