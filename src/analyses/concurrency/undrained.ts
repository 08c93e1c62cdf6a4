import { loopsAt } from "../../flow/event-graph.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { sentValue } from "../channels/operations.ts";
import { Partners } from "../channels/partners.ts";
import { startedBy } from "../channels/started-with.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Blocked } from "./blocked.ts";
import { joins } from "./joins.ts";

/**
 * @returns waits for the end of processes before that is taken which they have put into a queue: a process that has put something does not end before
 *   (https://docs.python.org/3/library/multiprocessing.html#programming-guidelines)
 */
export function undrainedJoins(program: Program, queues: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const channel of queues) {
    const { fn: home, uses, name } = channel;
    if (channel.escapes || channel.variable === null || uses.some((use) => use.use === "closes")) continue;
    const sends = uses.filter((use) => use.use === "sends");
    const receives = uses.filter((use) => use.use === "receives");
    const senders = new Set(sends.map((use) => use.fn));
    const partners = new Partners(program, home);
    if (!sends.some((use) => use.lingers === true && isMuch(partners, use)) || receives.length === 0 || receives.some((use) => use.fn !== home)) continue;
    if (!startsOnly(program, home, senders) || [...senders].some((fn) => partners.runnerOf(fn) !== "process" || partners.isInterrupted(fn))) continue;
    const wait = home.graph.calls.find((_, call) => joins(program, home, call));
    if (wait === undefined || !receives.every((use) => comesAfter(home, use.at, wait.start))) continue;
    found.push({ site: { fn: home, at: wait.start }, name, why: "not drained", other: receives[0]! });
  }
  return found;
}

/** Whether all that a function starts beside itself are these functions. */
function startsOnly(program: Program, home: Fn, senders: ReadonlySet<Fn>): boolean {
  const started = home.graph.calls.flatMap((_, call) => startedBy(program, home, call));
  return started.length > 0 && started.every((one) => senders.has(one.fn));
}

/** Whether one place is come to only after another: it stands behind it, and no loop goes back. */
function comesAfter({ graph }: Fn, at: number, before: number): boolean {
  const around = new Set(loopsAt(graph, before));
  return at > before && !loopsAt(graph, at).some((loop) => around.has(loop));
}

/** Whether what is sent may be more than a pipe holds: of many processes, or in a loop, and not a mere constant. */
function isMuch(partners: Partners, use: ChannelUse): boolean {
  const { fn, at } = use;
  if (partners.countOf(fn) !== null && loopsAt(fn.graph, at).length === 0) return false;
  const sent = sentValue(use);
  return sent !== null && sent.k !== "const";
}
