import type { Value } from "../../flow/values.ts";

/** A value and every value inside it, without following variables and calls. */
export function* mentionedValues(value: Value): Iterable<Value> {
  yield value;
  switch (value.k) {
    case "field":
    case "item":
    case "elem":
    case "slice":
    case "cast":
    case "received":
    case "entered":
      yield* mentionedValues(value.of);
      return;
    case "index":
      yield* mentionedValues(value.of);
      if (value.key !== null) yield* mentionedValues(value.key);
      return;
    case "coll":
      for (const item of value.items) yield* mentionedValues(item);
      return;
    case "either":
    case "derived":
    case "unknown":
      for (const one of value.of) yield* mentionedValues(one);
      return;
    default:
      return;
  }
}
