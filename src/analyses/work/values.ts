import type { EventGraph } from "../../flow/event-graph.ts";
import type { CollectionValue, TypeFact, Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";

/** Calls `visit` for a value and every value inside it, without following variables and calls. */
export function forEachValue(value: Value, visit: (value: Value) => void): void {
  visit(value);
  switch (value.k) {
    case "field":
    case "item":
    case "elem":
    case "slice":
    case "cast":
    case "received":
    case "entered":
      forEachValue(value.of, visit);
      return;
    case "index":
      forEachValue(value.of, visit);
      if (value.key !== null) forEachValue(value.key, visit);
      return;
    case "coll":
      for (const item of value.items) forEachValue(item, visit);
      return;
    case "either":
    case "derived":
    case "unknown":
      for (const one of value.of) forEachValue(one, visit);
      return;
    default:
      return;
  }
}

/** @returns a value and every value inside it, outermost first */
export function mentionedValues(value: Value): readonly Value[] {
  const found: Value[] = [];
  forEachValue(value, (one) => found.push(one));
  return found;
}

/** The values that a function passes on, keeps or gives back: arguments, what events carry, what it returns. */
export function* usedValues(graph: EventGraph): Iterable<Value> {
  for (const site of graph.calls) for (const { value } of site.args) yield value;
  for (const { events, end } of graph.blocks) {
    for (const event of events) if ("value" in event && event.value !== null) yield event.value;
    if (end.t === "return" && end.value !== null) yield end.value;
  }
}

/** @returns what a function gives back, one for each `return` that gives something */
export const returnedValues = (graph: EventGraph): readonly Value[] =>
  graph.blocks.flatMap(({ end }) => (end.t === "return" && end.value !== null ? [end.value] : []));

/** A literal that names its type: `&session{conn: conn}`. */
export type TypedLiteral = CollectionValue & { readonly type: TypeFact };

/** The literals of a function that name their type; only Go has them. */
export function* typedLiterals({ file, graph }: Fn): Iterable<TypedLiteral> {
  if (file.language !== "go") return;
  for (const value of usedValues(graph))
    for (const one of mentionedValues(value)) if (one.k === "coll" && one.type !== undefined) yield { ...one, type: one.type };
}
