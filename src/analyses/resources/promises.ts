import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues } from "../work/values.ts";
import { type ResourceState, pathOf } from "./state.ts";

/** @returns the call that made the promise on which a callback is put (-1 when it is not known), and whether the chain of calls is awaited. */
export function promiseOf(program: Program, fn: Fn, id: number): { readonly call: number; readonly isAwaited: boolean } {
  const { start, end, callee } = fn.call(id);
  let made = callee.k === "field" ? settled(callee.of, fn) : callee;
  while (made.k === "call") {
    const { callee: inner } = fn.call(made.id);
    const isLink = program.target(fn, made.id).rows.some((row) => row.callbacks.some((callback) => callback.after !== null));
    if (!isLink || inner.k !== "field") break;
    made = settled(inner.of, fn);
  }
  const isAwaited = fn.graph.calls.some((one) => one.awaited && one.start === start && one.end >= end);
  return { call: made.k === "call" ? made.id : -1, isAwaited };
}

/** @returns whether a function goes on to use what holds the resource after a call. */
export function isUsedAfter(fn: Fn, id: number, { holders }: ResourceState): boolean {
  const { end } = fn.call(id);
  const holds = (value: Value): boolean =>
    value.k === "fn"
      ? fn.file.functions[value.id]!.fact.captures.some((variable) => holders.has(`v${variable}`))
      : mentionedValues(value).some((one) => holders.has(pathOf(one) ?? ""));
  if (fn.graph.calls.some((site) => site.end > end && (holds(site.callee) || site.args.some((one) => holds(one.value))))) return true;
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => "value" in event && "at" in event && event.at > end && event.value !== null && holds(event.value)),
  );
}
