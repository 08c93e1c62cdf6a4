import { type Block, loopsAt } from "../../flow/event-graph.ts";
import { successors, walk } from "../../flow/reach.ts";
import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Blocked } from "./blocked.ts";

/** @returns sends in a loop to goroutines of which each may return before the loop has ended */
export function leavingWorkers(program: Program, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const channel of channels) {
    const { fn: home, uses, name } = channel;
    if (channel.variable === null || channel.escapes || channel.room === null) continue;
    const partners = new Partners(program, home);
    const send = uses.find((use) => use.use === "sends" && !use.optional && use.fn === home && loopsAt(home.graph, use.at).length > 0);
    const answers = uses.filter((use) => use.use === "receives" || use.use === "ranges");
    if (send === undefined || answers.length === 0) continue;
    // One that can also be told to end is told by whoever ends the loop.
    const ends = answers.map((use) => (partners.runs(use.fn) === "spawned" && !use.optional && !asksWhetherClosed(use.fn) ? returnsInside(use) : null));
    if (ends.every((end) => end !== null)) found.push({ site: send, name, why: "workers leave", other: ends[0]! });
  }
  return found;
}

/**
 * A `return` of a goroutine out of the loop in which it receives, of its own accord: not because of the value that it received, and without telling anybody on
 * another channel.
 */
function returnsInside({ fn, at, use }: ChannelUse): { readonly fn: Fn; readonly at: number } | null {
  const { blocks, loops } = fn.graph;
  const loop = use === "ranges" ? loops.find((one) => one.start === at) : loops[loopsAt(fn.graph, at).at(-1) ?? -1];
  if (loop === undefined) return null;
  const value = receivedVariable(fn, at);
  const isValue = (one: Value): boolean => one.k === "received" || (one.k === "var" && one.id === value);
  const isTold = ({ end }: Block): boolean => end.t === "branch" && testedValues(end.test).some(isValue);
  const from = blocks.findIndex(({ events, end }) =>
    use === "ranges" ? end.t === "each" && loops[end.loop] === loop : events.some((event) => event.e === "receive" && event.at === at),
  );
  if (from < 0) return null;
  const own = walk(from, (block) => {
    const one = blocks[block]!;
    return (block !== from && one.events.some(({ e }) => e === "send")) || isTold(one) ? [] : successors(one.end);
  });
  for (const block of own) {
    const { end, events } = blocks[block]!;
    if (end.t === "return" && !end.implicit && loop.start < end.at && end.at < loop.end && end.at > at && !events.some(({ e }) => e === "send"))
      return { fn, at: end.at };
  }
  return null;
}

/** The variable that gets what is received there, null for none. */
function receivedVariable(fn: Fn, at: number): number | null {
  for (const { events } of fn.graph.blocks) {
    const index = events.findIndex((event) => event.e === "receive" && event.at === at);
    const next = index < 0 ? undefined : events.slice(index).find((event) => event.e === "set" && event.value.k === "received");
    if (next?.e === "set") return next.var;
  }
  return null;
}

/** `v, ok := <-jobs`: it returns when the channel is closed. */
function asksWhetherClosed(fn: Fn): boolean {
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => event.e === "set" && event.value.k === "item" && event.value.i === 1 && event.value.of.k === "received"),
  );
}
