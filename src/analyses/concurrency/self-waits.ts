import { loopsAt } from "../../flow/event-graph.ts";
import { blockOfCall } from "../../flow/reach.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Blocked } from "./blocked.ts";
import { comesByAlways } from "./deadlocks.ts";
import { isStartedBy } from "./started.ts";

/** @returns waits of a method for the end of a goroutine that itself calls the method: `defer close(l.done); …; l.Stop()`, where `Stop` is `<-l.done` */
export function selfWaits(program: Program, callGraph: CallGraph, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  const seen = new Set<string>();
  for (const { field, escapes, uses, name } of channels) {
    if (field === null || escapes || seen.has(field)) continue;
    seen.add(field);
    const answers = uses.filter((use) => use.use === "closes" || use.use === "sends");
    const owners = new Set(answers.map((use) => ownerOf(use)));
    const [owner] = owners;
    if (owner === undefined || owners.size !== 1) continue;
    for (const wait of uses) {
      if (wait.optional || (wait.use !== "receives" && wait.use !== "awaits close") || wait.fn === owner || !comesByAlways(wait)) continue;
      const own = callGraph.callers(wait.fn).find(({ fn, call }) => {
        const { callee, start } = fn.call(call);
        const isOwn = fn === owner && callee.k === "field" && callee.of.k === "this" && program.target(fn, call).fns.includes(wait.fn);
        return isOwn && blockOfCall(fn.graph, call) >= 0 && answers.every((use) => comesAfter(use, owner, start));
      });
      if (own === undefined) continue;
      found.push({ site: wait, name, why: "asks itself", other: { fn: own.fn, at: own.fn.call(own.call).start } });
      break;
    }
  }
  return found;
}

/** The function that does something, itself or put off: `defer func() { close(done) }()`. */
const ownerOf = ({ fn }: ChannelUse): Fn => (isStartedBy("defer", fn) ? fn.parent! : fn);

/** Whether a function comes to a use only after a place: it is put off, or stands below, in no loop around both. */
function comesAfter({ fn, at }: ChannelUse, owner: Fn, place: number): boolean {
  const { graph } = owner;
  if (fn !== owner || graph.blocks.some(({ events }) => events.some((event) => event.e === "defer" && owner.call(event.call).start === at))) return true;
  return at > place && !loopsAt(graph, at).some((loop) => loopsAt(graph, place).includes(loop));
}
