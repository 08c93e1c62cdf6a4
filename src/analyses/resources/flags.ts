import type { CallArgument, Test } from "../../flow/event-graph.ts";
import { isOnlyBy } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { CallEdge } from "../call-graph.ts";

/** The value of a constant. */
export type Constant = Extract<Value, { k: "const" }>["v"];

/** What a parameter has to be for a function to come to some place. */
export interface Flag {
  /** Its position among the parameters. */
  readonly parameter: number;
  /** What is asked: whether it is true, or whether it is null. */
  readonly asks: "truth" | "null";
  readonly answer: boolean;
}

/** @returns what the function's parameters have to be for it to come to a block: `if not wait: return process` */
export function flagsOf(fn: Fn, block: number): readonly Flag[] {
  const found: Flag[] = [];
  for (const [from, { end }] of fn.graph.blocks.entries()) {
    const asked = end.t === "branch" ? askedOf(fn, end.test) : null;
    if (asked === null || end.t !== "branch") continue;
    for (const [to, taken] of [
      [end.yes, true],
      [end.no, false],
    ] as const)
      if (isOnlyBy(fn.graph, { from, to }, block)) found.push({ ...asked, answer: asked.answer === taken });
  }
  return found;
}

/** The parameter that a test asks about and nothing changes before; null for other tests. */
function askedOf(fn: Fn, test: Test): Flag | null {
  if (test.test === "not") {
    const inner = askedOf(fn, test.of);
    return inner === null ? null : { ...inner, answer: !inner.answer };
  }
  if ((test.test !== "truthy" && test.test !== "null") || test.value.k !== "var") return null;
  const { id } = test.value;
  const parameter = fn.fact.params.findIndex((param) => param.variable === id && param.rest === "none");
  const isSet = fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "set" && event.var === id));
  return parameter < 0 || isSet ? null : { parameter, asks: test.test === "null" ? "null" : "truth", answer: true };
}

/** @returns whether a call gives a parameter a constant, or leaves it at one, that is not what it has to be */
export function isRuledOut(flags: readonly Flag[], callee: Fn, { fn, call }: CallEdge): boolean {
  const { args } = fn.call(call);
  if (args.some(({ spread }) => spread)) return false;
  return flags.some((flag) => {
    const given = argumentFor(args, callee, flag.parameter);
    const value = given ?? callee.fact.params[flag.parameter]!.defaultValue;
    // `func setup(conn *Conn) { if conn == nil { conn = connect() } }`: who gives one has one, unless it was given it itself.
    const isSomething = given?.k === "var" && !fn.file.variable(given.id).isParameter;
    if (flag.asks === "null" && flag.answer && isSomething) return true;
    return value?.k === "const" && contradicts(flag, value.v);
  });
}

/** @returns what a call gives one of the callee's parameters, by its name or its position; undefined for nothing */
export function argumentFor(args: readonly CallArgument[], callee: Fn, parameter: number): Value | undefined {
  const { name } = callee.fact.params[parameter]!;
  const positional = args[parameter];
  return (args.find((one) => one.name !== "" && one.name === name) ?? (positional?.name === "" ? positional : undefined))?.value;
}

/** @returns whether a constant is not what a flag wants */
export const contradicts = ({ asks, answer }: Flag, constant: Constant): boolean => (asks === "null" ? constant === null : Boolean(constant)) !== answer;
