import type { FlowEvent, Terminator } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";

/** A place of a function, outside the arguments and callees of calls, at which a value is kept, given on or gone through. */
export interface Mention {
  readonly value: Value;
  readonly at: number;
}

/** All that a function does with values beside its calls; what it only tests is left out. */
export function* otherMentions(fn: Fn): Iterable<Mention> {
  const { blocks, loops } = fn.graph;
  for (const { iterable, start } of loops) if (iterable !== null) yield { value: iterable, at: start };
  for (const { events, end } of blocks) {
    for (const event of events) yield* ofEvent(event);
    yield* ofEnd(end);
  }
}

function* ofEvent(event: FlowEvent): Iterable<Mention> {
  switch (event.e) {
    case "call":
    case "defer":
    case "spawn":
      return;
    case "delete":
      yield { value: event.target, at: event.at };
      return;
    case "send":
    case "receive":
      yield { value: event.channel, at: event.at };
      if (event.e === "send") yield { value: event.value, at: event.at };
      return;
    case "escape":
      for (const value of event.values) yield { value, at: event.at };
      return;
    case "store":
    case "put":
      yield { value: event.object, at: event.at };
      yield { value: event.value, at: event.at };
      return;
    default:
      if (event.value !== null) yield { value: event.value, at: event.at };
  }
}

function* ofEnd(end: Terminator): Iterable<Mention> {
  if ((end.t === "return" || end.t === "throw") && end.value !== null) yield { value: end.value, at: end.at };
}
