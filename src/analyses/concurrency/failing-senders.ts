import { loopsAt } from "../../flow/event-graph.ts";
import { solve } from "../../flow/solver.ts";
import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { isLimitedByCallers } from "../channels/limited.ts";
import { mentionedValues } from "../work/values.ts";
import { isFixed, isUse, sentValue } from "../channels/operations.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { callMayThrow, plainEvents } from "../throwing.ts";
import type { Abandoned } from "./abandoned.ts";

/** Nothing was sent yet. */
const nothing = -1;

/**
 * @returns waits of a function for the only one that sends, which may fail before: an exception ends its thread or task, and nobody sends what the receiver
 *   waits for
 */
export function failingSenders(program: Program, callGraph: CallGraph, queues: readonly Channel[]): readonly Abandoned[] {
  const found: Abandoned[] = [];
  for (const channel of queues) {
    if (channel.escapes || channel.variable === null) continue;
    const one = judge(program, callGraph, channel, new Partners(program, channel.fn));
    if (one !== null) found.push(one);
  }
  return found;
}

function judge(program: Program, callGraph: CallGraph, channel: Channel, partners: Partners): Abandoned | null {
  const { fn: home, uses } = channel;
  const waits = uses.filter((use) => use.use === "receives");
  const sends = uses.filter((use) => use.use === "sends");
  const blocked = waits.find((use) => !use.optional);
  const [first] = sends;
  if (blocked === undefined || first === undefined || uses.some((use) => use.use === "closes")) return null;
  const sender = first.fn;
  if (waits.some((use) => use.fn !== home || use.optional) || sends.some((use) => use.fn !== sender) || partners.runs(sender) !== "spawned") return null;
  // Who is interrupted, or asks the task how it went, hears of the failure.
  if (partners.isLinked(sender) || partners.isInterrupted(sender) || isLimitedByCallers(program, callGraph, home)) return null;
  if (hearsOf(partners, home, sender, blocked) || asksHowItWent(program, partners, home, sender)) return null;
  const around = loopsAt(home.graph, blocked.at).at(-1);
  const inLoop = around !== undefined;
  const repeated = partners.isRepeated(sender);
  // Of several senders one value each is taken in a loop that counts them; otherwise the last may send for all.
  if (repeated && (!inLoop || home.graph.loops[around]!.iterable === null)) return null;
  const last = lastSends(program, sender, sends);
  if (last === null) return null;
  // One value of each sender; or all until a last word that the receiver knows.
  const isEach = !inLoop || repeated;
  if (!isEach && !endsWithWord(sender, sends, last.returned)) return null;
  const failed = [...last.failed].find(([at]) => (isEach ? at === nothing : !last.returned.has(at)));
  if (failed === undefined || (isEach && last.returned.has(nothing))) return null;
  const spawn = { fn: home, at: home.call(partners.startOf(sender)).start };
  return {
    channel,
    blocked,
    spawn,
    left: { fn: sender, at: failed[1] },
    why: "fails first",
    received: null,
    certain: false,
    runner: partners.runnerOf(sender),
  };
}

/** Whether the function asks how the sender's task went before it waits: the task, or what waits for it, is awaited or asked for its result. */
function hearsOf(partners: Partners, home: Fn, sender: Fn, blocked: ChannelUse): boolean {
  const made = partners.madeOf(sender);
  const isIt = (value: Value): boolean => {
    const known = settled(value, home);
    return known.k === "call" && known.id === made;
  };
  const comesBefore = (at: number): boolean => at < blocked.at;
  return (
    home.graph.blocks.some(({ events }) => events.some((event) => event.e === "await" && comesBefore(event.at) && isIt(event.value))) ||
    home.graph.calls.some(({ callee, args, start }, call) => {
      if (!comesBefore(start) || call === partners.startOf(sender)) return false;
      return partners.runnerOf(sender) === "task" && (args.some(({ value }) => isIt(value)) || (callee.k === "field" && isIt(callee.of)));
    })
  );
}

/** Whether the function asks a thread or process how it went: whether it is alive, which code it ended with. */
function asksHowItWent(program: Program, partners: Partners, home: Fn, sender: Fn): boolean {
  const type = program.typeOf({ k: "call", id: partners.madeOf(sender) }, home);
  if (type?.t !== "named") return false;
  const isIt = (value: Value): boolean => {
    const known = program.typeOf(value, home);
    return known?.t === "named" && known.name === type.name;
  };
  const isAsked = (value: Value): boolean => value.k === "field" && isIt(value.of);
  const startsOrEnds = (call: number): boolean =>
    program.target(home, call).rows.some((row) => row.effects.some(({ role }) => role === "spawns" || role === "joins"));
  return (
    home.graph.blocks.some(({ end }) => end.t === "branch" && testedValues(end.test).some((value) => mentionedValues(value).some(isAsked))) ||
    home.graph.calls.some(
      ({ callee, args }, call) => (isAsked(callee) && !startsOrEnds(call)) || args.some(({ value }) => mentionedValues(value).some(isAsked)),
    )
  );
}

interface LastSends {
  /** The sends that may be the last before the function returns, by offset. */
  readonly returned: ReadonlySet<number>;
  /** The sends that may be the last before it fails, each with the place that fails. */
  readonly failed: ReadonlyMap<number, number>;
}

/** The last sends on the ways through a function; null when it is too large to be followed. */
function lastSends(program: Program, fn: Fn, sends: readonly ChannelUse[]): LastSends | null {
  const plain = plainEvents(fn);
  const returned = new Set<number>();
  const failed = new Map<number, number>();
  const complete = solve<number>(
    fn.graph,
    {
      entry: nothing,
      key: String,
      event: (last, event) => sends.find((use) => isUse(fn, event, use))?.at ?? last,
      throws: (event) => event.e === "call" && plain.has(event) && !sends.some((use) => isUse(fn, event, use)) && callMayThrow(program, fn, event.call),
      branch: (last) => last,
    },
    ({ exit, state, at }) => {
      if (exit === "return") returned.add(state);
      else if (!failed.has(state)) failed.set(state, at);
    },
  );
  return complete ? { returned, failed } : null;
}

/** Whether every way to the end of a function comes last to a send, outside its loops, of something that is always the same (`None`). */
function endsWithWord(fn: Fn, sends: readonly ChannelUse[], returned: ReadonlySet<number>): boolean {
  if (returned.size === 0 || returned.has(nothing)) return false;
  return sends.filter((use) => returned.has(use.at)).every((use) => loopsAt(fn.graph, use.at).length === 0 && isWord(use));
}

/** Whether what is sent is a constant, or something of the module's. */
function isWord(use: ChannelUse): boolean {
  const sent = sentValue(use);
  return sent !== null && (isFixed(sent, use.fn) || (sent.k === "coll" && sent.items.length === 0));
}
