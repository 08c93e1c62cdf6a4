import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { anyArgument, argumentOf, holds, settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { CallModel, Effect } from "../../semantics/models/model.ts";
import { boundedAt } from "../processes.ts";
import type { ChannelUse } from "./uses.ts";

/** What a method call does with the queue that it is called on: a use of a channel, a question about how full it is, or nothing that matters to others. */
export type Operation = Pick<ChannelUse, "use" | "optional" | "lingers"> | "asks" | "nothing";

/** @returns the type of the queue between threads, tasks or processes that a library's constructor makes, null for any other call */
export function queueMadeBy(program: Program, fn: Fn, call: number): Extract<Type, { t: "named" }> | null {
  const { library } = program.target(fn, call);
  // Of most calls their name tells without their type.
  if (library === "" || program.library(fn.file).type(library)?.collection?.kind !== "queue") return null;
  const type = program.typeOf({ k: "call", id: call }, fn);
  return type?.t === "named" ? type : null;
}

/** @returns how many values a queue holds that a call makes: what bounds its collection, where that is written as a number; any number otherwise */
export function roomOf(program: Program, type: Extract<Type, { t: "named" }>, fn: Fn, call: number): number {
  const bounded = program.library(fn.file).type(type.name)?.collection?.bounded;
  if (bounded === undefined || typeof bounded === "string") return Number.POSITIVE_INFINITY;
  const size = anyArgument(fn.call(call).args, bounded, fn);
  const value = size.given === "yes" ? settled(size.value, fn) : null;
  return value?.k === "const" && typeof value.v === "number" && value.v > 0 ? value.v : Number.POSITIVE_INFINITY;
}

/** @returns what a call of one of a queue's methods does; null where the method is not known */
export function operationOf(program: Program, type: Extract<Type, { t: "named" }>, fn: Fn, call: number, method: string): Operation | null {
  const site = fn.call(call);
  const rows =
    program
      .library(fn.file)
      .method(type, method)
      ?.rows.filter((row) => holds(row.when, site.args, fn)) ?? [];
  const [row] = rows;
  if (row === undefined) return null;
  for (const effect of row.effects) {
    if (!holds(effect.when, site.args, fn)) continue;
    const operation = operationBy(program, row, effect, fn, call);
    if (operation !== null) return operation;
  }
  return "nothing";
}

function operationBy(program: Program, row: CallModel, effect: Effect, fn: Fn, call: number): Operation | null {
  switch (effect.role) {
    case "sends":
    case "receives": {
      const optional = !effect.waits || mayGoOn(effect, fn, call) || isBounded(program, row, fn, call);
      return { use: effect.role, optional, lingers: effect.lingers };
    }
    case "settles":
      return { use: "settles", optional: false };
    case "awaits-settled":
      return { use: "awaits settled", optional: isBounded(program, row, fn, call) };
    case "releases":
      return { use: "closes", optional: false };
    case "checks":
      return "asks";
    default:
      return null;
  }
}

/** Whether an operation may end without the other side: it does not wait, or only for some time. */
function mayGoOn({ block, timeout }: Extract<Effect, { role: "sends" | "receives" }>, fn: Fn, call: number): boolean {
  const { args } = fn.call(call);
  const waits = block === null ? null : argumentOf(args, block, fn);
  if (waits !== null && waits.given !== "no" && !(waits.given === "yes" && isConstant(waits.value, true, fn))) return true;
  const limit = anyArgument(args, timeout, fn);
  return limit.given === "maybe" || (limit.given === "yes" && !isConstant(limit.value, null, fn));
}

const isConstant = (value: Value, constant: boolean | null, fn: Fn): boolean => {
  const known = settled(value, fn);
  return known.k === "const" && known.v === constant;
};

/** Whether somebody else decides how long it waits: it is handed to another call (`wait_for`), or stands in a scope with a time limit. */
function isBounded(program: Program, row: CallModel, fn: Fn, call: number): boolean {
  return row.isAsync && (!fn.call(call).awaited || boundedAt(program, fn, call) >= 0);
}

/** @returns whether an event is that use of a channel: an operation of the language, or the call of a method */
export function isUse(fn: Fn, event: FlowEvent, { fn: of, at, call }: ChannelUse): boolean {
  if (fn !== of) return false;
  if (call !== undefined) return event.e === "call" && event.call === call;
  return (event.e === "send" || event.e === "receive") && event.at === at;
}

/** @returns the block in which the language sends or receives at an offset, -1 for none */
export function blockOfOperation({ graph }: Fn, at: number): number {
  return graph.blocks.findIndex(({ events }) => events.some((event) => (event.e === "send" || event.e === "receive") && event.at === at));
}

/** @returns what a call of a queue's method sends, as far back as it is settled; null for uses that send nothing by a call */
export function sentValue({ fn, call }: ChannelUse): Value | null {
  const value = call === undefined ? undefined : fn.call(call).args[0]?.value;
  return value === undefined ? null : settled(value, fn);
}

/** @returns whether a settled value is always the same: a constant, or something of the module's */
export function isFixed(value: Value, fn: Fn): boolean {
  return value.k === "const" || value.k === "ref" || (value.k === "var" && fn.file.variable(value.id).fn === 0);
}
