import type { FlowEvent } from "../../flow/event-graph.ts";
import { isOnlyBy } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { blockOfOperation } from "../channels/operations.ts";
import type { Partners } from "../channels/partners.ts";
import { writtenSteps } from "../channels/steps.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { isUnlimited } from "../request-limits.ts";
import type { Abandoned } from "./abandoned.ts";
import { eventsOf, rangeLoops } from "./answers.ts";
import { cancelOf } from "./cancels.ts";
import { signalsEnd } from "./contexts.ts";
import { happensAgain, loopAt } from "./counting.ts";
import { unmetExit } from "./waits.ts";

/** @returns the wait of a function for a goroutine that it started, and that may end without an answer; null when it is answered */
export function homeBlocks(
  program: Program,
  channel: Channel,
  others: readonly Channel[],
  partners: Partners,
  blocked: ChannelUse,
  answers: readonly ChannelUse[],
): Abandoned | null {
  const { fn: home } = channel;
  if (answers.length === 0 || blocked.use === "sends") return null;
  const fns = new Set(answers.map((use) => use.fn));
  const [only] = fns;
  if (fns.size !== 1 || only === home || only === undefined || partners.runs(only) !== "spawned") return null;
  // One receive for one goroutine, or as many as there are steps in two loops.
  const repeated = partners.isRepeated(only);
  if (blocked.use === "receives" && loopAt(home, blocked.at) >= 0 !== repeated) return null;
  if (repeated && (blocked.use !== "receives" || answers.some((use) => use.use !== "sends" || use.optional))) return null;
  // A loop over nothing sends nothing; of several threads the last may send for all.
  if (channel.kind === "queue" && (repeated || answers.some((use) => happensAgain(program, use)))) return null;
  const isAnswer = eventsOf(only, [...answers, ...others.flatMap((other) => takenInstead(home, other, blocked, only))]);
  const givesUp = cancelledByAnswer(program, home, only, answers, blocked);
  const exit = unmetExit(program, only, {
    starts: null,
    answers: (event) => isAnswer(event) || givesUp(event),
    answeredAfter: rangeLoops(
      only,
      others.flatMap((other) => endedAfterwards(home, other, blocked)),
    ),
  });
  if (exit === null || answers.some((use) => comesByFirst(use, exit.at))) return null;
  return {
    channel,
    blocked,
    spawn: { fn: home, at: home.call(partners.startOf(only)).start },
    left: { fn: only, at: exit.at },
    why: "returns without sending",
    received: null,
    certain: !repeated,
    runner: partners.runnerOf(only),
  };
}

/**
 * What a goroutine sends on another channel, where the function waits only after that was closed without a value: of `if !found { errs <- err }; close(winner)`
 * and `if v, ok := <-winner; !ok { return <-errs }` whoever sent a value need not send an error.
 */
function takenInstead(home: Fn, { uses, variable }: Channel, blocked: ChannelUse, sender: Fn): readonly ChannelUse[] {
  const [taken, ...others] = uses.filter((use) => use.fn === home && (use.use === "receives" || use.use === "ranges"));
  if (taken === undefined || others.length > 0 || taken.use !== "receives" || loopAt(home, taken.at) >= 0) return [];
  const flags = home.graph.blocks.flatMap(({ events }) => events.flatMap((event) => (event.e === "set" && isOk(event.value, variable) ? [event.var] : [])));
  const target = blockOfOperation(home, blocked.at);
  const isAfterClose = home.graph.blocks.some(({ end }, from) => {
    if (end.t !== "branch" || end.test.test !== "truthy" || end.test.value.k !== "var" || !flags.includes(end.test.value.id)) return false;
    return target >= 0 && isOnlyBy(home.graph, { from, to: end.no }, target);
  });
  return isAfterClose ? uses.filter((use) => use.use === "sends" && use.fn === sender) : [];
}

/** The second result of `v, ok := <-channel`. */
function isOk(value: Value, channel: number | null): boolean {
  return value.k === "item" && value.i === 1 && value.of.k === "received" && value.of.of.k === "var" && value.of.of.id === channel;
}

/**
 * Recognises where one of several goroutines hears that it need not answer any more: the context ends when one of them has cancelled it, which then answers, and
 * the function leaves the loop in which it waits.
 */
function cancelledByAnswer(program: Program, home: Fn, only: Fn, answers: readonly ChannelUse[], blocked: ChannelUse): (event: FlowEvent) => boolean {
  const mayLeave = home.graph.loops[loopAt(home, blocked.at)]?.exits === true;
  return (event) => {
    const callee =
      mayLeave && event.e === "receive" && event.channel.k === "call" && signalsEnd(program, only, event.channel.id)
        ? only.call(event.channel.id).callee
        : null;
    if (callee?.k !== "field" || callee.of.k !== "var") return false;
    const { definitions, isParameter } = home.file.variable(callee.of.id);
    const made = definitions.length === 1 && !isParameter && definitions[0]!.fn === home.id ? definitions[0]!.value : null;
    if (made?.k !== "item" || made.of.k !== "call") return false;
    const parent = home.call(made.of.id).args[0]?.value;
    const cancel = parent !== undefined && isUnlimited(program, home, parent) ? cancelOf(home, made.of.id) : null;
    if (cancel === null || !cancel.isOnlyDeferred || cancel.closures.some((one) => one !== only)) return false;
    const cancels = (one: FlowEvent): boolean => {
      const called = one.e === "call" ? only.call(one.call).callee : null;
      return called?.k === "var" && called.id === cancel.variable;
    };
    return cancel.closures.length > 0 && unmetExit(program, only, { starts: cancels, answers: eventsOf(only, answers), answeredAfter: new Set() }) === null;
  };
}

/** The loops over another channel that the function closes only after its wait, or never: they have not ended before. */
function endedAfterwards(home: Fn, { uses }: Channel, blocked: ChannelUse): readonly ChannelUse[] {
  const loop = home.graph.loops[loopAt(home, blocked.at)];
  const isAfter = ({ fn, at }: ChannelUse): boolean => fn === home && at > (loop?.end ?? blocked.at);
  return uses.every((use) => use.use !== "closes" || isAfter(use) || isDeferredIn(home, use)) ? uses.filter((use) => use.use === "ranges") : [];
}

function isDeferredIn(home: Fn, { fn, at }: ChannelUse): boolean {
  return fn === home && home.graph.blocks.some(({ events }) => events.some((event) => event.e === "defer" && home.call(event.call).start === at));
}

/** Whether a use stands in a loop that has steps, before a place behind that loop. */
function comesByFirst({ fn, at }: ChannelUse, place: number): boolean {
  const loop = fn.graph.loops[loopAt(fn, at)];
  return loop !== undefined && loop.parent < 0 && loop.end <= place && (writtenSteps(fn, loop) ?? 0) > 0;
}
