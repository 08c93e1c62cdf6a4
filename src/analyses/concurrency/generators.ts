import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Site } from "../site.ts";
import type { Blocked } from "./blocked.ts";
import { isOnlyStepOver, loopedOver, maySendMore } from "./counting.ts";

/** @returns sends of goroutines on a channel that their function returns, where some caller stops reading before the end */
export function unreadGenerators(program: Program, callGraph: CallGraph, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const channel of channels) {
    const { fn: home, uses, name } = channel;
    if (channel.variable === null || channel.room === null || !isOnlyReturned(channel)) continue;
    const partners = new Partners(program, home);
    const send = uses.find(
      (use) =>
        use.use === "sends" &&
        !use.optional &&
        (partners.runs(use.fn) === "spawned" ? maySendMore(program, channels, channel, use) : isForEach(program, partners, use.fn)),
    );
    if (send === undefined || uses.some((use) => use.fn === home && use.use !== "escapes")) continue;
    for (const { fn, call } of callGraph.callers(home)) {
      const left = leavesEarly(fn, call);
      if (left === null || isOnlyOne(program, channels, channel, send, { fn, call })) continue;
      found.push({ site: send, name, why: "reader leaves", other: left });
      break;
    }
  }
  return found;
}

/** Whether a goroutine has a library call a function for each of several things: `filepath.WalkDir(root, func(path string, …) error { out <- path; … })`. */
function isForEach(program: Program, partners: Partners, fn: Fn): boolean {
  const { parent } = fn;
  if (parent === null || partners.runs(parent) !== "spawned") return false;
  return parent.graph.calls.some(({ args }, call) => {
    const argument = args.findIndex(({ value }) => value.k === "fn" && parent.file.functions[value.id] === fn);
    return argument >= 0 && program.calls.callbackModel({ fn: parent, call, argument })?.runs === "each";
  });
}

/** Whether the caller gives the function a channel with one value, for which it sends once. */
function isOnlyOne(program: Program, channels: readonly Channel[], channel: Channel, send: ChannelUse, { fn, call }: CallEdge): boolean {
  const over = loopedOver(send);
  const position = channel.fn.fact.params.findIndex(({ variable }) => variable === over);
  const given = position < 0 ? undefined : fn.call(call).args[position]?.value;
  const source = given?.k === "var" ? channels.find((one) => one.variable === given.id && one.fn.file === fn.file) : undefined;
  return source !== undefined && isOnlyStepOver(program, channel, send, source);
}

/** Whether what goes out of the function is the channel itself, by `return`. */
function isOnlyReturned({ fn, uses }: Channel): boolean {
  const returns = new Set(fn.graph.blocks.flatMap(({ end }) => (end.t === "return" ? [end.at] : [])));
  const escapes = uses.filter((use: ChannelUse) => use.use === "escapes");
  return escapes.length > 0 && escapes.every((use) => use.fn === fn && returns.has(use.at));
}

/** Where a function leaves a loop over what a call gave before that has ended; null when it does not, or does something else with it too. */
function leavesEarly(fn: Fn, call: number): Site | null {
  const isIt = (value: Value | null): boolean => {
    if (value?.k === "call") return value.id === call;
    if (value?.k !== "var") return false;
    const { definitions } = fn.file.variable(value.id);
    return definitions.length === 1 && definitions[0]!.fn === fn.id && definitions[0]!.value.k === "call" && definitions[0]!.value.id === call;
  };
  const loop = fn.graph.loops.find((one) => isIt(one.iterable));
  if (loop === undefined || !loop.exits) return null;
  const back = fn.graph.blocks.find(({ end }) => end.t === "return" && loop.start < end.at && end.at < loop.end);
  return { fn, at: back?.end.t === "return" ? back.end.at : loop.start };
}
