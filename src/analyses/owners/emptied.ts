import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Program } from "../../program/program.ts";
import { type Holder, type HolderFinder, holderKey } from "../collections/identity.ts";
import type { Touch } from "../collections/touches.ts";
import { mentionedValues } from "../work/values.ts";

/**
 * `this.sessions = {}`: an empty collection takes the place of one that the function has not looked at before, so nobody can have ended what its entries hold.
 * @param touch an assignment that clears the collection
 */
export function isEmptiedUnseen(program: Program, finder: HolderFinder, holder: Holder, { fn, at }: Touch): boolean {
  const key = holderKey(holder);
  const isIt = (value: Value): boolean => {
    const reached = finder.find(value, fn);
    return reached !== null && holderKey(reached.holder) === key;
  };
  const mentions = (value: Value): boolean => mentionedValues(value).some(isIt);
  const isEmpty = (value: Value): boolean =>
    (value.k === "coll" && value.items.length === 0) ||
    // `new Map()`, `make(map[string]*feed)`
    (value.k === "call" &&
      fn.call(value.id).args.every((argument) => argument.value.k === "cast") &&
      program.target(fn, value.id).rows.some((row) => row.results.length > 0));
  const events = fn.graph.blocks.flatMap((block) => block.events);
  const isAssignment = (event: FlowEvent): boolean => (event.e === "set" || event.e === "store") && event.at === at && isEmpty(event.value);
  if (!events.some(isAssignment)) return false;
  return !(
    fn.graph.calls.some(({ start, callee, args }) => start < at && (mentions(callee) || args.some(({ value }) => mentions(value)))) ||
    fn.graph.loops.some(({ start, iterable }) => start < at && iterable !== null && mentions(iterable)) ||
    events.some((event) => "value" in event && "at" in event && event.at <= at && event.value !== null && mentions(event.value))
  );
}
