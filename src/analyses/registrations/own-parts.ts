import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import { forEachValue } from "../work/values.ts";

/** Methods that find an element below the one they are called on: https://dom.spec.whatwg.org/#interface-parentnode */
const finders = /^(?:querySelector(?:All)?|getElementsBy\w+|attachShadow)$/;

/** How far fields and calls are followed. */
const maxDepth = 4;

/** @returns whether a value is the object itself, or an element that it has found below itself or made for itself: what listens there goes with it */
export function isOwnPart(value: Value, fn: Fn, depth = 0): boolean {
  if (depth > maxDepth) return false;
  const one = settled(value, fn);
  if (one.k === "this") return true;
  // A closure sees what the function around it has found.
  if (one.k === "var") {
    const { definitions, isParameter, fn: owner } = fn.file.variable(one.id);
    const [only] = definitions;
    return !isParameter && owner !== fn.id && only !== undefined && definitions.length === 1 && isOwnPart(only.value, fn.file.functions[only.fn]!, depth + 1);
  }
  if (one.k === "call") {
    const { callee } = fn.call(one.id);
    return callee.k === "field" && finders.test(callee.name) && isOwnPart(callee.of, fn, depth + 1);
  }
  if (one.k !== "field" || one.of.k !== "this" || fn.cls === null) return false;
  const definitions = fn.cls.field(one.name)?.definitions ?? [];
  const isFound = (by: Fn, given: Value): boolean => given.k === "call" && isOwnPart(given, by, depth + 1);
  const isMade = (by: Fn, given: Value): boolean => {
    const callee = given.k === "call" ? by.call(given.id).callee : null;
    return callee !== null && (callee.k === "field" || callee.k === "ref") && /(?:^|\.)createElement(?:NS)?$/.test(callee.name);
  };
  const isOwn = (by: Fn, given: Value): boolean => isFound(by, given) || isRendered(by, given);
  const by = definitions.filter((def) => def.value.k !== "const").map(({ value: given, fn: id }) => ({ by: fn.file.functions[id]!, given }));
  return by.some((def) => isOwn(def.by, def.given)) && by.every((def) => isOwn(def.by, def.given) || isMade(def.by, def.given));
}

/** `<div ref={(node) => { this.node = node }}>`: an element of what a method renders, which React hands over. https://react.dev/reference/react-dom/components/common#ref-callback */
function isRendered(by: Fn, given: Value): boolean {
  const { parent } = by;
  if (given.k !== "var" || by.fact.kind !== "lambda" || by.fact.params[0]?.variable !== given.id || parent === null) return false;
  return parent.graph.blocks.some(({ end }) => {
    let isPart = false;
    if (end.t === "return" && end.value?.k === "unknown") forEachValue(end.value, (one) => (isPart ||= one.k === "fn" && one.id === by.id));
    return isPart;
  });
}
