import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { mentionedValues, usedValues } from "../work/values.ts";

/** The variable with which a function cancels a context that it has made. */
export interface Cancel {
  readonly variable: number;
  /** The function itself calls it only when it returns, and gives it to nobody. */
  readonly isOnlyDeferred: boolean;
  /** The closures that have it too. */
  readonly closures: readonly Fn[];
}

/** @returns what a call gives to cancel the context that it makes: `ctx, cancel := context.WithCancel(parent)`; null where no variable has it */
export function cancelOf(fn: Fn, call: number): Cancel | null {
  const isCancel = (value: Value): boolean => value.k === "item" && value.i === 1 && value.of.k === "call" && value.of.id === call;
  const events = fn.graph.blocks.flatMap((block) => block.events);
  const set = events.find((event) => event.e === "set" && isCancel(event.value));
  if (set?.e !== "set") return null;
  const variable = set.var;
  const isIt = (value: Value): boolean => value.k === "var" && value.id === variable;
  const deferred = new Set(events.flatMap((event) => (event.e === "defer" ? [event.call] : [])));
  const isGivenOn = [...usedValues(fn.graph)].some((value) => mentionedValues(value).some(isIt));
  return {
    variable,
    isOnlyDeferred: !isGivenOn && fn.graph.calls.every(({ callee }, id) => !isIt(callee) || deferred.has(id)),
    closures: fn.file.functions.filter((one) => one.fact.captures.includes(variable)),
  };
}
