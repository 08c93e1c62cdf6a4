import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Fn } from "../../program/entities.ts";
import type { ChannelUse } from "../channels/uses.ts";

/** @returns a test for the events of a function that are those uses of a channel, deferred ones included */
export function eventsOf(fn: Fn, uses: readonly ChannelUse[]): (event: FlowEvent) => boolean {
  const at = new Set(uses.filter((use) => use.fn === fn).map((use) => use.at));
  return (event) => {
    if (event.e === "send" || event.e === "receive") return at.has(event.at);
    if (event.e === "call" || event.e === "defer") return at.has(fn.call(event.call).start) || closesInside(fn, event.call, uses);
    return false;
  };
}

/** `defer func() { close(ch) }()`. */
function closesInside(fn: Fn, call: number, uses: readonly ChannelUse[]): boolean {
  const { callee } = fn.call(call);
  return callee.k === "fn" && uses.some((use) => use.fn === fn.file.functions[callee.id]);
}

/** @returns the loops of a function that go through a channel, by its uses */
export function rangeLoops(fn: Fn, uses: readonly ChannelUse[]): ReadonlySet<number> {
  return new Set(
    [...fn.graph.loops.keys()].filter((loop) => uses.some((use) => use.use === "ranges" && use.fn === fn && use.at === fn.graph.loops[loop]!.start)),
  );
}
