import { successors, walk } from "../../flow/reach.ts";
import type { Channel } from "../channels/waiting.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Fn } from "../../program/entities.ts";
import type { CallGraph } from "../call-graph.ts";
import type { Site } from "../site.ts";
import type { HeldLocks, Nesting } from "./held-locks.ts";

/** Two locks are taken in both orders. */
export interface Inversion {
  readonly one: Nesting;
  readonly other: Nesting;
}

/** How many calls up a lock is looked for that is held around everything. */
const maxCallers = 4;

/** @returns pairs of locks that are taken in opposite orders, each once; not those that a third lock, held on both sides, keeps apart */
export function inversionsOf(locks: HeldLocks, callGraph: CallGraph): readonly Inversion[] {
  const { nestings } = locks;
  const found: Inversion[] = [];
  const seen = new Set<string>();
  for (const one of nestings) {
    const pair = [one.outer, one.inner].sort().join(" ");
    if (seen.has(pair)) continue;
    const other = nestings.find((two) => two.outer === one.inner && two.inner === one.outer && !(two.shared && one.shared));
    if (other === undefined) continue;
    seen.add(pair);
    const gates = gatesOf(locks, callGraph, other.fn, other.call);
    if ([...gatesOf(locks, callGraph, one.fn, one.call)].some((key) => key !== one.outer && key !== one.inner && gates.has(key))) continue;
    found.push({ one, other });
  }
  return found;
}

/** Locks held around a call whichever way it is reached: by its function, or by everybody who calls that. */
function gatesOf(locks: HeldLocks, callGraph: CallGraph, fn: Fn, call: number, depth = 0): ReadonlySet<string> {
  const own = locks.heldAround(fn, call);
  const callers = callGraph.callers(fn);
  if (depth >= maxCallers || callers.length === 0) return own;
  const [first, ...rest] = callers.map((caller) => gatesOf(locks, callGraph, caller.fn, caller.call, depth + 1));
  return new Set([...own, ...[...first!].filter((key) => rest.every((gates) => gates.has(key)))]);
}

/** A channel operation under a lock that the other side needs before it can answer. */
export interface LockedOperation {
  readonly channel: Channel;
  readonly blocked: ChannelUse;
  /** Where the other side takes the lock. */
  readonly other: Site;
}

/** @returns operations on unbuffered channels that hold a lock which everybody who could answer needs first */
export function lockedOperations(locks: HeldLocks, channels: readonly Channel[]): readonly LockedOperation[] {
  const found: LockedOperation[] = [];
  for (const channel of channels) {
    if (channel.escapes) continue;
    for (const blocked of channel.uses) {
      if (blocked.optional || (blocked.use !== "sends" && blocked.use !== "receives")) continue;
      // With room a send need not wait; a receive from an empty channel does.
      if (blocked.use === "sends" && channel.room !== 0) continue;
      const held = locks.heldAt(blocked);
      if (held.size === 0) continue;
      const answers = channel.uses.filter((use) =>
        blocked.use === "sends" ? use.use === "receives" || use.use === "ranges" : use.use === "sends" || use.use === "closes",
      );
      const others = answers.map((use) => {
        const taking = use.fn === blocked.fn ? null : needs(locks, channel, use, held);
        return taking === null || isInvited(channels, blocked, use, taking.at) ? null : taking;
      });
      if (others.length === 0 || others.some((other) => other === null)) continue;
      found.push({ channel, blocked, other: others[0]! });
      break;
    }
  }
  return found;
}

/**
 * `lock(); stop <- x; unlock(); <-stopped` and `<-stop; lock(); stopped <- x`: whoever waits under the lock was told to by one that had taken it and
 * needs it no more.
 */
function isInvited(channels: readonly Channel[], blocked: ChannelUse, answer: ChannelUse, takenAt: number): boolean {
  const isBefore = (use: ChannelUse): boolean => {
    if (use.at >= blocked.at || use.use !== "receives") return false;
    for (let fn: Fn | null = blocked.fn; fn !== null; fn = fn.parent) if (fn === use.fn) return true;
    return false;
  };
  return channels.some(
    ({ uses }) => uses.some((use) => use.fn === answer.fn && use.use === "sends" && use.at > takenAt && use.at < answer.at) && uses.some(isBefore),
  );
}

/** Where the function of an answering use takes one of the locks before the use, or around again in a loop; null when it does not. */
function needs(locks: HeldLocks, channel: Channel, use: ChannelUse, held: ReadonlySet<string>): Site | null {
  for (const { lock, chain, chosen } of locks.summary(use.fn).takes) {
    if (lock.key === null || !held.has(lock.key) || chosen) continue;
    const { at } = chain[0]!;
    const inLoop = use.fn.graph.loops.some((loop) => loop.start <= use.at && use.at < loop.end && loop.start <= at && at < loop.end);
    // Who makes the object shows it to others under that lock: nobody waits on its channel before.
    if (channel.variable === null && channel.fn === use.fn && !inLoop && !isDeferred(use)) continue;
    if (at < use.at || inLoop || isDeferred(use)) return chain[0]!;
  }
  return null;
}

/** `defer close(done)`: it happens after everything that follows. */
function isDeferred({ fn, at }: ChannelUse): boolean {
  return fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "defer" && fn.call(event.call).start === at));
}

/** @returns whether every way through a function to a return comes by a place: a lock that is taken only where a cache has no answer need not be taken */
export function comesByAlways({ fn, at }: Site): boolean {
  const { blocks } = fn.graph;
  const passes = (block: number): boolean =>
    blocks[block]!.events.some((event) => ("call" in event ? fn.call(event.call).start === at : "at" in event && event.at === at));
  const without = walk(0, (block) => (passes(block) ? [] : successors(blocks[block]!.end)));
  return ![...without].some((block) => !passes(block) && blocks[block]!.end.t === "return");
}
