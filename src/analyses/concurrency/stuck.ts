import type { Program } from "../../program/program.ts";
import type { Channel } from "../channels/waiting.ts";
import { HolderFinder } from "../collections/identity.ts";
import { type Abandoned, abandonedOperations } from "./abandoned.ts";
import type { CallGraph } from "../call-graph.ts";
import type { ChannelUses } from "../channels/uses.ts";
import type { Blocked } from "./blocked.ts";
import { lonelyOperations, nilChannels, nilFields } from "./lonely.ts";
import { GivenFields } from "../given-fields.ts";
import { ContextEnds } from "./context-ends.ts";
import { Guards } from "./guards.ts";
import { LeftBehind } from "./left-behind.ts";
import { Counts, type LockedWait, type Uncounted } from "./counts.ts";
import { type Crossed, crossedWaits } from "./crossed.ts";
import { deafLoops, endlessPerRequest, orphans, tickerRanges } from "./endless.ts";
import { endlessContexts } from "./contexts.ts";
import { unreadGenerators } from "./generators.ts";
import { keptPlaces } from "./semaphores.ts";
import { leavingWorkers } from "./workers.ts";
import { failingSenders } from "./failing-senders.ts";
import { undrainedJoins } from "./undrained.ts";
import { abandonedReplies } from "./replies.ts";
import { selfWaits } from "./self-waits.ts";
import { unsettledWaits } from "./unsettled.ts";
import { unwokenWaits } from "./unwoken.ts";
import type { HeatMap } from "../heat.ts";
import { type Inversion, inversionsOf, type LockedOperation, lockedOperations } from "./deadlocks.ts";
import type { Site } from "../site.ts";
import { type DoubleLock, HeldLocks } from "./held-locks.ts";

/** Ways in which goroutines block for ever. */
export interface Stuck {
  readonly abandoned: readonly Abandoned[];
  readonly crossed: readonly Crossed[];
  readonly earlyWaits: readonly Site[];
  readonly doubles: readonly DoubleLock[];
  readonly inversions: readonly Inversion[];
  readonly lockedOperations: readonly LockedOperation[];
  readonly lockedWaits: readonly LockedWait[];
  readonly uncounted: readonly Uncounted[];
  readonly blocked: readonly Blocked[];
}

/** What goroutines, threads, tasks and processes meet at. */
interface Followed {
  readonly channels: readonly Channel[];
  readonly queues: readonly Channel[];
}

/** Looks for all of them in the whole program. */
export function stuckOf(program: Program, callGraph: CallGraph, heat: HeatMap, uses: ChannelUses, { channels, queues }: Followed): Stuck {
  const finder = new HolderFinder(program);
  const locks = new HeldLocks(program, finder);
  locks.followAll();
  const counts = new Counts(program, finder);
  const abandoned = abandonedOperations(program, callGraph, [...channels, ...queues]);
  const failing = failingSenders(program, callGraph, queues).filter((one) => !isAmong(abandoned, one.blocked));
  const fields = new GivenFields(program);
  const contexts = new ContextEnds(program, callGraph, heat, fields);
  const undrained = undrainedJoins(program, queues);
  return {
    // Who waits for processes too early does not come to what it waits for then.
    abandoned: [...abandoned, ...failing.filter(({ blocked }) => !undrained.some(({ other }) => other!.fn === blocked.fn))],
    crossed: crossedWaits(program, channels),
    earlyWaits: counts.earlyWaits(),
    doubles: locks.doubles,
    inversions: inversionsOf(locks, callGraph),
    lockedOperations: lockedOperations(locks, channels),
    lockedWaits: counts.lockedWaits(locks),
    uncounted: counts.uncounted(),
    blocked: [
      ...deafLoops(program, channels),
      ...orphans(program, callGraph, [...channels, ...queues]).filter(({ site }) => !isAmong(abandoned, site)),
      ...unsettledWaits(program, callGraph, queues),
      ...undrained,
      ...unwokenWaits(program, callGraph, queues),
      ...endlessPerRequest(program, heat),
      ...tickerRanges(program, heat),
      ...keptPlaces(program, channels),
      ...unreadGenerators(program, callGraph, channels),
      ...leavingWorkers(program, channels),
      ...endlessContexts(program, heat),
      ...nilFields(program, uses, fields),
      ...counts.endless(),
      ...lonelyOperations(program, channels, counts),
      ...selfWaits(program, callGraph, channels),
      ...abandonedReplies(program, uses, channels),
      ...nilChannels(program, uses),
      ...new LeftBehind(program, callGraph, contexts, new Guards(program, callGraph, locks, channels)).in(channels),
    ],
  };
}

const isAmong = (found: readonly Abandoned[], { fn, at }: Site): boolean => found.some(({ blocked }) => blocked.fn === fn && blocked.at === at);
