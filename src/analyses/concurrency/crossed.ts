import type { Program } from "../../program/program.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { Partners } from "../channels/partners.ts";
import { blockOfOperation } from "../channels/operations.ts";

/** A function and its goroutine each wait first for what the other does second. */
export interface Crossed {
  readonly channel: Channel;
  readonly blocked: ChannelUse;
  readonly other: Channel;
  /** Where the goroutine waits instead of answering. */
  readonly waits: ChannelUse;
}

/** An unbuffered channel with one operation in the function that made it and one in a goroutine that this starts once. */
interface Pair {
  readonly channel: Channel;
  readonly home: ChannelUse;
  readonly away: ChannelUse;
}

/** @returns pairs of unbuffered channels that two goroutines use in opposite orders, both on straight paths */
export function crossedWaits(program: Program, channels: readonly Channel[]): readonly Crossed[] {
  const pairs = channels.flatMap((channel) => pairOf(program, channel) ?? []);
  const found: Crossed[] = [];
  for (const one of pairs) {
    for (const two of pairs) {
      if (one.channel.fn !== two.channel.fn || one.away.fn !== two.away.fn) continue;
      if (comesFirst(one.home, two.home) && comesFirst(two.away, one.away))
        found.push({ channel: one.channel, blocked: one.home, other: two.channel, waits: two.away });
    }
  }
  return found;
}

function pairOf(program: Program, channel: Channel): Pair | null {
  const { fn, uses } = channel;
  if (channel.escapes || uses.length !== 2 || channel.room !== 0) return null;
  const home = uses.find((use) => use.fn === fn);
  const away = uses.find((use) => use.fn !== fn);
  if (home === undefined || away === undefined || home.optional || away.optional) return null;
  const partners = new Partners(program, fn);
  return partners.runs(away.fn) !== "spawned" || partners.isRepeated(away.fn) ? null : { channel, home, away };
}

/** Whether both stand in one block, this one before the other: no way leads to the second without the first. */
function comesFirst(one: ChannelUse, two: ChannelUse): boolean {
  const home = blockOfOperation(one.fn, one.at);
  return one.at < two.at && home >= 0 && home === blockOfOperation(two.fn, two.at);
}
