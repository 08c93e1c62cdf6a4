import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { type Holder, HolderFinder, holderKey } from "./identity.ts";
import type { Touch } from "./touches.ts";

/** @returns whether the key is one that the collection has: `for name, rule := range c.rules { c.rules[name] = rule }` changes entries and adds none */
export function isOwnKey(program: Program, holder: Holder, { key, fn }: Touch): boolean {
  if (key?.k !== "var") return false;
  const { definitions, isParameter } = fn.file.variable(key.id);
  const finder = new HolderFinder(program);
  return (
    !isParameter &&
    definitions.length > 0 &&
    definitions.every(({ value, fn: at }) => {
      if (value.k !== "elem") return false;
      const from = finder.find(value.of, fn.file.functions[at]!);
      return from !== null && !from.nested && holderKey(from.holder) === holderKey(holder);
    })
  );
}

/** What a caller passes, and where. */
export interface Passed {
  readonly value: Value;
  readonly fn: Fn;
  readonly at: number;
}

/** @returns what all callers of the function pass for one of its parameters; null when the value is none, or a caller is not known */
export function passedBy(program: Program, callGraph: CallGraph, key: Value, fn: Fn): readonly Passed[] | null {
  if (key.k !== "var") return null;
  const index = fn.fact.params.findIndex((param) => param.variable === key.id);
  const { name } = fn.file.variable(key.id);
  const callers = callGraph.callers(fn);
  if (index < 0 || callers.length === 0) return null;
  const passed: Passed[] = [];
  for (const edge of callers) {
    const { args, start } = edge.fn.call(edge.call);
    const argument = args.find((one) => one.name === name) ?? args[index];
    if (argument === undefined || argument.spread || !program.target(edge.fn, edge.call).fns.includes(fn)) return null;
    passed.push({ value: argument.value, fn: edge.fn, at: start });
  }
  return passed;
}
