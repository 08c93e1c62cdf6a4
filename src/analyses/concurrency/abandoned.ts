import { reachable } from "../../flow/reach.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { isLimitedByCallers } from "../channels/limited.ts";
import { isUse } from "../channels/operations.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Site } from "../site.ts";
import type { Runner } from "../../semantics/models/model.ts";
import { Partners } from "../channels/partners.ts";
import { writtenSteps } from "../channels/steps.ts";
import { happensAgain, isFirstSent, loopAt, most, mostStarted, sendsBefore, sentInAll } from "./counting.ts";
import { eventsOf, rangeLoops } from "./answers.ts";
import { homeBlocks } from "./unanswered.ts";
import { followPaths, unmetExit } from "./waits.ts";

/** A channel operation that nobody answers on some path. */
export interface Abandoned {
  readonly channel: Channel;
  /** The operation that blocks. */
  readonly blocked: ChannelUse;
  /** Where the other side leaves without answering; null when it never answers. */
  readonly left: Site | null;
  /** Where the blocked goroutine is started, or the one that should answer. */
  readonly spawn: Site | null;
  readonly why: "left early" | "answers some" | "answers fewer" | "leaves the loop" | "never answered" | "returns without sending" | "fails first";
  /** How many values are received at most, where that is what is too few. */
  readonly received: number | null;
  readonly certain: boolean;
  /** What runs the function that blocks or should answer; null: a goroutine. */
  readonly runner: Runner | null;
}

/**
 * Finds operations on the channels of one function that block for ever when the other side leaves first.
 * @param channels those that were made, with everything that is done to them
 */
export function abandonedOperations(program: Program, callGraph: CallGraph, channels: readonly Channel[]): readonly Abandoned[] {
  const found: Abandoned[] = [];
  for (const channel of channels) {
    if (channel.escapes || channel.variable === null) continue;
    const { room } = channel;
    if (room === null) continue;
    const partners = new Partners(program, channel.fn);
    if (channel.uses.some((use) => partners.runs(use.fn) === "unknown")) continue;
    const others = channels.filter((other) => other.fn === channel.fn && other !== channel && other.variable !== null && !other.escapes);
    const one = judge(program, channel, others, partners, room, isLimitedByCallers(program, callGraph, channel.fn));
    if (one !== null) found.push(one);
  }
  return found;
}

const answering: Readonly<Record<"sends" | "receives" | "ranges", readonly ChannelUse["use"][]>> = {
  sends: ["receives", "ranges", "awaits close"],
  receives: ["sends", "closes"],
  ranges: ["closes"],
};

function judge(program: Program, channel: Channel, others: readonly Channel[], partners: Partners, room: number, isLimited: boolean): Abandoned | null {
  const { fn: home, uses } = channel;
  for (const blocked of uses) {
    if (blocked.optional || (blocked.use !== "sends" && blocked.use !== "receives" && blocked.use !== "ranges")) continue;
    if (blocked.use === "sends" && room === Number.POSITIVE_INFINITY) continue;
    if (channel.kind === "queue" && isPatient(channel, partners, blocked, isLimited)) continue;
    const answers = uses.filter((use) => answering[blocked.use as "sends"].includes(use.use));
    const found =
      partners.runs(blocked.fn) === "spawned"
        ? goroutineBlocks(program, channel, others, partners, blocked, answers, room)
        : blocked.fn === home && (blocked.use !== "sends" || room === 0)
          ? homeBlocks(program, channel, others, partners, blocked, answers)
          : null;
    if (found !== null) return found;
  }
  return null;
}

/** A goroutine waits for the function that started it. */
function goroutineBlocks(
  program: Program,
  channel: Channel,
  others: readonly Channel[],
  partners: Partners,
  blocked: ChannelUse,
  answers: readonly ChannelUse[],
  room: number,
): Abandoned | null {
  const { fn: home } = channel;
  const spawn = { fn: home, at: home.call(partners.startOf(blocked.fn)).start };
  // A loop that makes a channel in each step starts one goroutine for each.
  const repeated = partners.isRepeated(blocked.fn) && !partners.startsBeside(blocked.fn, channel.call);
  const inLoop = happensAgain(program, blocked);
  const isMany = repeated || inLoop;
  const parts = { channel, blocked, spawn, received: null, runner: partners.runnerOf(blocked.fn) };
  if (blocked.use === "sends") {
    const sends = channel.uses.filter((use) => use.use === "sends" && !use.optional);
    if (!isMany && mostStarted(program, home, partners, sends) <= room) return null;
    if (answers.some((use) => use.fn !== home)) return null;
    // Who closes it on the way out lets the send panic, and not wait.
    if (channel.uses.some((use) => use.use === "closes" && use.fn === home)) return null;
    if (answers.length === 0) return { ...parts, left: null, why: "never answered", certain: true };
    const total = sentInAll(program, home, partners, sends);
    if (isMany && total !== null && total <= answers.length + room) return null;
    if (isMany && answers.every((use) => use.use === "receives" && loopAt(home, use.at) < 0)) {
      // Some values are taken of many, unless the goroutine is told to stop; a channel with more room may have been made for all of them.
      return total !== null || room <= 1 ? { ...parts, left: null, why: "answers some", received: most(program, answers), certain: repeated && !inLoop } : null;
    }
    const early = earlyReturn(program, channel, answers, repeated ? [] : others.flatMap((other) => goneBy(program, other, blocked)));
    if (early !== null && isMany && !(inLoop && others.some((other) => isLockstep(home, other, blocked, answers))))
      return { ...parts, left: { fn: home, at: early }, why: "leaves the loop", certain: false };
    if (isMany) return null;
  } else if (answers.length === 0 || answers.some((use) => use.fn !== home) || (repeated && answers.some((use) => use.use !== "closes"))) return null;
  const counted = countedAnswers(home, answers);
  if (
    blocked.use === "sends" &&
    !isMany &&
    counted !== null &&
    most(
      program,
      channel.uses.filter((use) => use.use === "sends"),
    ) <=
      counted + room
  )
    return null;
  const met = [...answers, ...(repeated ? [] : others.flatMap((other) => goneBy(program, other, blocked)))];
  const ranges = rangeLoops(home, answers);
  const isFirst = blocked.use === "sends" && !isMany && isFirstSent(program, withoutApart(channel, partners, blocked), blocked);
  const exit = unmetExit(program, home, {
    starts: partners.starts(blocked.fn),
    answers: eventsOf(home, met),
    answeredAfter: ranges,
    // Whoever goes through what comes, and is in a step, has the first that came.
    ...(isFirst ? { answeredIn: ranges } : {}),
  });
  if (exit === null) {
    const isOneTooMany = blocked.use === "sends" && !isMany && sendsBefore(program, channel, blocked) >= answers.length + room;
    return isOneTooMany && answers.every((use) => loopAt(home, use.at) < 0) ? { ...parts, left: null, why: "answers fewer", certain: false } : null;
  }
  // A goroutine that may end without the operation only perhaps blocks at it.
  const always =
    unmetExit(program, blocked.fn, { starts: null, answers: eventsOf(blocked.fn, [blocked]), answeredAfter: rangeLoops(blocked.fn, [blocked]) }) === null;
  return { ...parts, left: { fn: home, at: exit.at }, why: "left early", certain: always };
}

/**
 * Whether a wait at a queue may last as long as it likes: of a task or process that something near may interrupt, of a daemon thread that takes what comes, and
 * of one that takes what a loop sends, however often that is.
 */
function isPatient({ fn: home, uses }: Channel, partners: Partners, { fn, use }: ChannelUse, limited: boolean): boolean {
  if (fn === home) return limited;
  if (partners.isInterrupted(fn)) return true;
  const sends = uses.filter((one) => one.use === "sends" && one.fn === home);
  return use === "receives" && (partners.isExpendable(fn) || sends.every((one) => loopAt(home, one.at) >= 0));
}

/** How many values a loop with a written number of steps takes, where nothing leaves it before: `for i := 0; i < 2; i++ { <-done }`; null for any other. */
function countedAnswers(fn: Fn, answers: readonly ChannelUse[]): number | null {
  const [only, ...others] = answers;
  const loop = only?.use === "receives" && others.length === 0 ? fn.graph.loops[loopAt(fn, only.at)] : undefined;
  return loop === undefined || loop.exits ? null : writtenSteps(fn, loop);
}

/** Whether each step of the goroutine waits for a token that the step which takes its answer sends (`next <- true; v := <-out`): never more than one is under way. */
function isLockstep(home: Fn, { uses }: Channel, blocked: ChannelUse, answers: readonly ChannelUse[]): boolean {
  const sends = uses.filter((use) => use.use === "sends");
  const loop = loopAt(blocked.fn, blocked.at);
  return (
    uses.some((use) => use.use === "receives" && !use.optional && use.fn === blocked.fn && loop >= 0 && loopAt(use.fn, use.at) === loop) &&
    sends.some((use) => loopAt(home, use.at) >= 0) &&
    sends.every((use) => use.fn === home && (loopAt(home, use.at) < 0 || answers.some((answer) => loopAt(home, answer.at) === loopAt(home, use.at))))
  );
}

/**
 * A `return` inside a loop that receives, which leaves the rest unreceived.
 * @param gone where the function hears that the goroutine sends nothing more
 */
function earlyReturn(program: Program, { fn, kind }: Channel, answers: readonly ChannelUse[], gone: readonly ChannelUse[]): number | null {
  const left = new Set<number>();
  const isGone = eventsOf(fn, gone);
  const complete = followPaths<boolean>(program, fn, { entry: false, key: String, event: (heard, event) => heard || isGone(event) }, ({ state, at }) => {
    if (!state) left.add(at);
  });
  for (const use of answers) {
    const loop = use.use === "ranges" ? fn.graph.loops.find((one) => one.start === use.at) : fn.graph.loops[loopAt(fn, use.at)];
    if (loop === undefined) continue;
    // Who takes the rest afterwards, `finally`, leaves nobody waiting.
    if (kind === "queue" && answers.some((other) => other.at > loop.end)) continue;
    for (const { end } of fn.graph.blocks) {
      if (end.t !== "return" || end.implicit || end.value === null || (complete && !left.has(end.at))) continue;
      if (end.at > use.at && end.at < loop.end) return end.at;
    }
  }
  return null;
}

/** A channel without the sends of goroutines that are started only where the one that blocks is not: `if ok { go func() { … }() } else { go func() { … }() }`. */
function withoutApart(channel: Channel, partners: Partners, blocked: ChannelUse): Channel {
  const { graph } = channel.fn;
  const startOf = (fn: Fn): number => graph.blocks.findIndex(({ events }) => events.some(partners.starts(fn)));
  const own = startOf(blocked.fn);
  const isApart = (use: ChannelUse): boolean => {
    if (use.use !== "sends" || use.fn === blocked.fn || use.fn === channel.fn || partners.isRepeated(use.fn)) return false;
    const other = startOf(use.fn);
    return own >= 0 && other >= 0 && own !== other && !reachable(graph, own).has(other) && !reachable(graph, other).has(own);
  };
  return { ...channel, uses: channel.uses.filter((use) => !isApart(use)) };
}

/**
 * Where the function that started a goroutine takes what the goroutine sends on another channel when it does not come to the blocked operation any more:
 * of `if err != nil { errs <- err } else { values <- v }` only one happens.
 */
function goneBy(program: Program, { uses }: Channel, blocked: ChannelUse): readonly ChannelUse[] {
  const signals = uses.filter((use) => use.use === "sends" || use.use === "closes");
  if (signals.length === 0 || signals.some((use) => use.fn !== blocked.fn)) return [];
  const isSignal = eventsOf(blocked.fn, signals);
  let comesAfter = false;
  const complete = followPaths<boolean>(program, blocked.fn, {
    entry: false,
    key: String,
    event: (signalled, event) => {
      if (signalled && isUse(blocked.fn, event, blocked)) comesAfter = true;
      return signalled || (event.e !== "defer" && isSignal(event));
    },
  });
  return complete && !comesAfter ? uses.filter((use) => use.use === "receives" || use.use === "awaits close") : [];
}
