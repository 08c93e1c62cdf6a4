import { type FlowEvent, loopsAt } from "../../flow/event-graph.ts";
import { followPassages } from "../../flow/passages.ts";
import { comesBack, successors, walk } from "../../flow/reach.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isModelledEnd } from "../ending-calls.ts";
import { blockOfOperation, isUse } from "../channels/operations.ts";
import type { Partners } from "../channels/partners.ts";
import { writtenSteps } from "../channels/steps.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { followPaths } from "./waits.ts";

/** @returns how many values all functions send, each as often as it is started; null where that is not written. */
export function sentInAll(program: Program, home: Fn, partners: Partners, sends: readonly ChannelUse[]): number | null {
  let sum = 0;
  for (const fn of new Set(sends.map((use) => use.fn))) {
    const own = sends.filter((use) => use.fn === fn);
    const starts = fn === home ? 1 : partners.countOf(fn);
    const once = own.some((use) => happensAgain(program, use)) ? stepsOf(program, own) : most(program, own);
    if (starts === null || once === null) return null;
    sum += starts * once;
  }
  return sum;
}

/** How often one run of a function comes to its uses, each in at most one loop, whose steps are counted; null for other loops. */
function stepsOf(program: Program, uses: readonly ChannelUse[]): number | null {
  let sum = 0;
  for (const use of uses) {
    const around = loopsAt(use.fn.graph, use.at);
    const steps = around.length === 0 && !happensAgain(program, use) ? 1 : around.length === 1 ? writtenSteps(use.fn, use.fn.graph.loops[around[0]!]!) : null;
    if (steps === null) return null;
    sum += steps;
  }
  return sum;
}

/** @returns the innermost loop around an offset, -1 for none. */
export const loopAt = (fn: Fn, at: number): number => loopsAt(fn.graph, at).at(-1) ?? -1;

/** @returns whether one run of the function may come to a use again; a flag that is set on the way may keep it from that (`if !sent { sent = true; ch <- v }`). */
export function happensAgain(program: Program, use: ChannelUse): boolean {
  const { fn, at } = use;
  const block = fn.graph.blocks.findIndex(({ events }) => events.some((event) => isUse(fn, event, use)));
  if (block < 0) return loopAt(fn, at) >= 0;
  if (!comesBack(fn.graph, block)) return false;
  let again = false;
  const complete = followPassages(fn.graph, (passed, event) => {
    if (event.e === "call" && isModelledEnd(program, fn, event.call)) return null;
    if (!isUse(fn, event, use)) return passed;
    again ||= passed;
    return true;
  });
  return !complete || again;
}

/** @returns the most sends on a channel that one run of the function makes before one of them. */
export function sendsBefore(program: Program, { uses }: Channel, last: ChannelUse): number {
  const sends = uses.filter((use) => use.use === "sends" && use.fn === last.fn);
  let most = 0;
  followPaths<number>(program, last.fn, {
    entry: 0,
    key: String,
    event: (count, event) => {
      if (!sends.some((use) => isUse(last.fn, event, use))) return count;
      if (isUse(last.fn, event, last)) most = Math.max(most, count);
      return Math.min(count + 1, sends.length);
    },
  });
  return most;
}

/** @returns how many of the sends happen at most, by the functions that one run of the home function starts: in the cases of a `switch` only those of one. */
export function mostStarted(program: Program, home: Fn, partners: Partners, sends: readonly ChannelUse[]): number {
  const all = most(program, sends);
  const others = [...new Set(sends.map((use) => use.fn))].filter((fn) => fn !== home);
  if (others.some((fn) => partners.runs(fn) !== "spawned")) return all;
  const started = others.map((fn) => ({
    starts: partners.starts(fn),
    count: most(
      program,
      sends.filter((use) => use.fn === fn),
    ),
  }));
  const own = sends.filter((use) => use.fn === home);
  const sentAt = (event: FlowEvent): number => (own.some((use) => isUse(home, event, use)) ? 1 : 0);
  return highest(program, home, all, (event) => started.reduce((sum, one) => (one.starts(event) ? sum + one.count : sum), sentAt(event)));
}

/** @returns how many of the sends or receives happen at most, each function running once: those in different branches exclude each other. */
export function most(program: Program, uses: readonly ChannelUse[]): number {
  let sum = 0;
  for (const fn of new Set(uses.map((use) => use.fn))) {
    const own = uses.filter((use) => use.fn === fn);
    sum += highest(program, fn, own.length, (event) => (own.some((use) => isUse(fn, event, use)) ? 1 : 0));
  }
  return sum;
}

/** The most that events add up to on one way through a function: never more than `limit`, which also stands for a function too large to follow. */
function highest(program: Program, fn: Fn, limit: number, counted: (event: FlowEvent) => number): number {
  let found = 0;
  const complete = followPaths<number>(program, fn, {
    entry: 0,
    key: String,
    event: (count, event) => {
      const next = Math.min(count + counted(event), limit);
      found = Math.max(found, next);
      return next;
    },
  });
  return complete ? found : limit;
}

/** @returns whether a send is the first on its channel, whichever way leads to it, and happens once: who has received something has received it */
export function isFirstSent(program: Program, channel: Channel, use: ChannelUse): boolean {
  const sends = channel.uses.filter((one) => one.use === "sends");
  if (sends.some((one) => one.fn !== use.fn)) return false;
  return sendsBefore(program, channel, use) === 0 && !happensAgain(program, use);
}

/**
 * @returns whether a send may come after another on its channel, so that a reader who left may not have received it; `channels` are those that are known: who
 *   goes through the only value of one sends once for it
 */
export function maySendMore(program: Program, channels: readonly Channel[], channel: Channel, use: ChannelUse): boolean {
  return !isFirstSent(program, channel, use) && !isOnlyStep(program, channels, channel, use);
}

function isOnlyStep(program: Program, channels: readonly Channel[], channel: Channel, use: ChannelUse): boolean {
  const over = loopedOver(use);
  const source = over === null ? undefined : channels.find((one) => one.variable === over && one.fn.file === use.fn.file);
  return source !== undefined && isOnlyStepOver(program, channel, use, source);
}

/** @returns the variable whose values the outermost loop around a use goes through, null for none */
export function loopedOver({ fn, at }: ChannelUse): number | null {
  const loop = fn.graph.loops[loopAt(fn, at)];
  return loop !== undefined && loop.parent < 0 && loop.iterable?.k === "var" ? loop.iterable.id : null;
}

/**
 * @returns whether a send in a loop happens once, since the channel that the loop goes through gets one value at most:
 *   `for v := range one { if v.err != nil { out <- v; continue }; out <- v }`
 */
export function isOnlyStepOver(program: Program, channel: Channel, { fn, at }: ChannelUse, source: Channel): boolean {
  const sends = channel.uses.filter((one) => one.use === "sends");
  if (source.escapes || sends.some((one) => one.fn !== fn || loopAt(fn, one.at) !== loopAt(fn, at))) return false;
  const given = source.uses.filter((one) => one.use === "sends");
  const isOne = given.length > 0 && given.every((one) => isFirstSent(program, source, one));
  return isOne && sends.every((one) => one.at === at || excludes(fn, one.at, at));
}

/** Whether no step of a loop comes by both places. */
function excludes(fn: Fn, one: number, other: number): boolean {
  const { blocks } = fn.graph;
  const [first, second] = [blockOfOperation(fn, Math.min(one, other)), blockOfOperation(fn, Math.max(one, other))];
  // Blocks are numbered as they are written: the way back to the head of the loop leads to a lower one.
  return first !== second && !walk(first, (block) => successors(blocks[block]!.end).filter((next) => next > block)).has(second);
}
