import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type Holder, type HolderFinder, holderKey, homeOf } from "../collections/identity.ts";
import type { Touch } from "../collections/touches.ts";
import { mentionedValues } from "../work/values.ts";
import type { MadeValues } from "./made.ts";

/**
 * `this.sessions = {}`: an empty collection takes the place of one that the function has not looked at before, so nobody can have ended what its entries hold.
 * @param touch an assignment that clears the collection
 */
export function isEmptiedUnseen(program: Program, finder: HolderFinder, made: MadeValues, holder: Holder, { fn, at }: Touch): boolean {
  if (!isMadeElsewhere(made, holder, fn)) return false;
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
  const isAssignment = (event: FlowEvent): boolean =>
    (event.e === "set" || event.e === "store") && event.at === at && (isEmpty(event.value) || (event.e === "store" && event.field === "length"));
  if (!events.some(isAssignment)) return false;
  return !(
    fn.graph.calls.some(({ start, callee, args }) => start < at && (mentions(callee) || args.some(({ value }) => mentions(value)))) ||
    fn.graph.loops.some(({ start, iterable }) => start < at && iterable !== null && mentions(iterable)) ||
    events.some((event) => "value" in event && "at" in event && event.at <= at && event.value !== null && mentions(event.value))
  );
}

/** Whether another function makes the collection first; the only one to do so (`Start`) finds none before. */
function isMadeElsewhere(made: MadeValues, holder: Holder, fn: Fn): boolean {
  const { file } = homeOf(holder);
  const definitions = holder.holder === "variable" ? file.variable(holder.id).definitions : (holder.cls.field(holder.name)?.definitions ?? []);
  if (definitions.some((one) => one.value.k !== "const" && file.functions[one.fn] !== fn)) return true;
  return [...made.giversOf(holderKey(holder))].some((one) => one !== fn);
}
