import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { resultsOf } from "../resources/holding.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { isStartedBy } from "./started.ts";
import type { Blocked } from "./blocked.ts";
import { unmetExit } from "./waits.ts";
import { returnedValues } from "../work/values.ts";

/**
 * @returns places in channels with room that count who is at work (`slots <- struct{}{}` … `<-slots`), which are not given back on some way out: when
 *   all are gone, nobody gets one any more
 */
export function keptPlaces(program: Program, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  const seen = new Set<string>();
  for (const channel of channels) {
    if (channel.field !== null && seen.has(channel.field)) continue;
    if (channel.field !== null) seen.add(channel.field);
    if (channel.escapes || !isSemaphore(channel)) continue;
    for (const taken of channel.uses.filter((use) => use.use === "sends")) {
      const left = keptBy(program, channel, taken);
      if (left !== null) found.push({ site: taken, name: channel.name, why: "kept place", other: left });
    }
  }
  return found;
}

/** Whether a channel holds nothing but places: who puts a value without meaning in takes one out again, in the same function or one written in it. */
function isSemaphore(channel: Channel): boolean {
  const { uses } = channel;
  const sends = uses.filter((use) => use.use === "sends");
  const receives = uses.filter((use) => use.use === "receives");
  if (sends.length === 0 || receives.length === 0 || sends.length + receives.length !== uses.length) return false;
  // `case <-changed:` beside others waits for news.
  if (receives.some((use) => use.optional)) return false;
  if (channel.room === 0 || !sends.every((use) => isEmpty(sentAt(use)))) return false;
  // What is written before the place is taken waits for news, and does not give back.
  const givesBack = (send: ChannelUse, receive: ChannelUse): boolean =>
    receive.fn === send.fn ? receive.at > send.at : receive.fn.isInside(send.fn) && receive.fn.fact.start > send.at;
  return (
    sends.every((send) => receives.some((receive) => givesBack(send, receive))) && receives.every((receive) => sends.some((send) => givesBack(send, receive)))
  );
}

function sentAt({ fn, at }: ChannelUse): Value | null {
  for (const { events } of fn.graph.blocks) for (const event of events) if (event.e === "send" && event.at === at) return event.value;
  return null;
}

const isEmpty = (value: Value | null): boolean => value !== null && (value.k === "const" || (value.k === "coll" && value.items.length === 0));

/** A way out of the function that took a place, or of one that it left the giving back to, without giving it back. */
function keptBy(program: Program, { uses, fn: home, variable }: Channel, { fn, at }: ChannelUse): { readonly fn: Fn; readonly at: number } | null {
  const receives = uses.filter((use) => use.use === "receives");
  const givers = new Set(receives.filter((use) => use.fn !== fn && use.fn.isInside(fn)).map((use) => use.fn));
  const gives = (one: Fn): ((event: FlowEvent) => boolean) => {
    const own = new Set(receives.filter((use) => use.fn === one).map((use) => use.at));
    return (event) => {
      if (event.e === "receive") return own.has(event.at);
      if (event.e !== "call" && event.e !== "defer" && event.e !== "spawn") return false;
      const { callee, args } = one.call(event.call);
      const given = [callee, ...args.map(({ value }) => value)];
      return (
        given.some((value) => value.k === "fn" && holdsGiver(givers, one.file.functions[value.id]!)) ||
        program.target(one, event.call).fns.some((callee) => holdsGiver(givers, callee))
      );
    };
  };
  // `return func() { <-slots }`: the caller gives it back.
  const handsOver = (value: Value): boolean => value.k === "fn" && holdsGiver(givers, fn.file.functions[value.id]!);
  if (returnedValues(fn.graph).some((value) => resultsOf(value).some(handsOver))) return null;
  // With the function that made it the channel goes too.
  const isOwn = variable !== null && fn === home;
  const exit = isOwn
    ? null
    : unmetExit(program, fn, { starts: (event) => event.e === "send" && event.at === at, answers: gives(fn), answeredAfter: new Set() });
  if (exit !== null) return { fn, at: exit.at };
  for (const giver of givers) {
    if (uses.some((use) => use.use === "sends" && use.fn === giver) || isStartedBy("defer", giver) || isPutOff(program, giver)) continue;
    const left = unmetExit(program, giver, { starts: null, answers: gives(giver), answeredAfter: new Set() });
    if (left !== null) return { fn: giver, at: left.at };
  }
  return null;
}

/** `release := func() { if pending { <-slots; pending = false } }; defer release()`: what is put off by its name knows by itself whether there is something to give back. */
function isPutOff(program: Program, giver: Fn): boolean {
  const { parent } = giver;
  return (
    parent?.graph.blocks.some(({ events }) => events.some((event) => event.e === "defer" && program.target(parent, event.call).fns.includes(giver))) ?? false
  );
}

const holdsGiver = (givers: ReadonlySet<Fn>, fn: Fn): boolean => [...givers].some((giver) => giver === fn || giver.isInside(fn));
