import type { Channel } from "../channels/waiting.ts";
import type { ChannelUse } from "../channels/uses.ts";
import { capacityOf } from "./abandoned.ts";
import type { Site } from "../site.ts";
import type { HeldLocks, Nesting } from "./held-locks.ts";

/** Two locks are taken in both orders. */
export interface Inversion {
  readonly one: Nesting;
  readonly other: Nesting;
}

/** @returns pairs of locks that are taken in opposite orders, each once */
export function inversionsOf({ nestings }: HeldLocks): readonly Inversion[] {
  const found: Inversion[] = [];
  const seen = new Set<string>();
  for (const one of nestings) {
    const pair = [one.outer, one.inner].sort().join(" ");
    if (seen.has(pair)) continue;
    const other = nestings.find((two) => two.outer === one.inner && two.inner === one.outer && !(two.shared && one.shared));
    if (other === undefined) continue;
    seen.add(pair);
    found.push({ one, other });
  }
  return found;
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
    if (channel.escapes || capacityOf(channel) !== 0) continue;
    for (const blocked of channel.uses) {
      if (blocked.optional || (blocked.use !== "sends" && blocked.use !== "receives")) continue;
      const held = locks.heldAt(blocked);
      if (held.size === 0) continue;
      const answers = channel.uses.filter((use) =>
        blocked.use === "sends" ? use.use === "receives" || use.use === "ranges" : use.use === "sends" || use.use === "closes",
      );
      const others = answers.map((use) => (use.fn === blocked.fn ? null : needs(locks, use, held)));
      if (others.length === 0 || others.some((other) => other === null)) continue;
      found.push({ channel, blocked, other: others[0]! });
      break;
    }
  }
  return found;
}

/** Where the function of an answering use takes one of the locks before the use, or around again in a loop; null when it does not. */
function needs(locks: HeldLocks, use: ChannelUse, held: ReadonlySet<string>): Site | null {
  for (const { lock, chain, chosen } of locks.summary(use.fn).takes) {
    if (lock.key === null || !held.has(lock.key) || chosen) continue;
    const { at } = chain[0]!;
    const inLoop = use.fn.graph.loops.some((loop) => loop.start <= use.at && use.at < loop.end && loop.start <= at && at < loop.end);
    if (at < use.at || inLoop) return chain[0]!;
  }
  return null;
}
