import type { EventGraph, FlowEvent } from "../../flow/event-graph.ts";
import { neverReturns, successors, walk } from "../../flow/reach.ts";
import { isModelledEnd } from "../ending-calls.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { endsItsLoop } from "../channels/limited.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { HeatMap } from "../heat.ts";
import type { Blocked } from "./blocked.ts";
import { isOverNeverClosed } from "../work/loops.ts";
import { signalsEnd } from "./contexts.ts";
import { isStartedBy } from "./started.ts";

/** A place in a graph: a block, and one of its events. */
interface Receive {
  readonly block: number;
  readonly channel: Value;
  readonly at: number;
}

/**
 * @returns loops that go on after they were told to end: every further receive from the closed channel returns at once. A `break` in a `select` leaves
 *   only that: https://go.dev/ref/spec#Break_statements
 */
export function deafLoops(program: Program, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const fn of program.functions()) {
    if (fn.file.language !== "go" || fn.graph.loops.length === 0) continue;
    for (const receive of receivesOf(fn.graph)) {
      const name = endSignal(program, channels, fn, receive);
      if (name !== null && isDeaf(program, fn, receive)) found.push({ site: { fn, at: receive.at }, name, why: "goes on", other: null });
    }
  }
  return found;
}

/** @returns goroutines whose endless loop waits only for channels of a function that returns before, and which nobody closes */
export function orphans(program: Program, callGraph: CallGraph, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  const seen = new Set<Fn>();
  for (const channel of channels) {
    const { fn: home, uses, name } = channel;
    if (channel.variable === null || channel.escapes || neverReturns(home.graph)) continue;
    const partners = new Partners(program, home);
    const wait = uses.find(
      (use) => use.use === "receives" && !(channel.kind === "queue" && use.optional) && partners.runs(use.fn) === "spawned" && isEndless(program, use.fn),
    );
    if (wait === undefined || seen.has(wait.fn) || uses.some((use) => use.use === "closes" || (use.use === "sends" && partners.runs(use.fn) !== "here")))
      continue;
    const own = channels.filter((other) => other.fn === home && other.variable !== null && !other.escapes && !closes(other.uses));
    if (channel.kind === "queue" && endsOtherwise(program, callGraph, channel, partners, wait.fn)) continue;
    const known = new Set(own.flatMap((other) => other.uses.map((use) => siteKey(use.fn, use.at))));
    if (receivesOf(wait.fn.graph).some((receive) => !known.has(siteKey(wait.fn, receive.at)))) continue;
    seen.add(wait.fn);
    found.push({
      site: wait,
      name,
      why: "nobody left",
      other: { fn: home, at: home.call(partners.startOf(wait.fn)).start },
      runner: partners.runnerOf(wait.fn),
    });
  }
  return found;
}

/**
 * Whether a thread, task or process that takes from a queue ends in another way than by its own loop: as a daemon with the process, by somebody who interrupts
 * it or its group, with the event loop, or by an exception of its own.
 */
function endsOtherwise(program: Program, callGraph: CallGraph, { fn: home, lifetime }: Channel, partners: Partners, fn: Fn): boolean {
  if (lifetime === "process" || partners.isExpendable(fn) || partners.isInterrupted(fn) || partners.isLinked(fn)) return true;
  if (partners.runnerOf(fn) === "task" && endsItsLoop(program, callGraph, home)) return true;
  return fn.graph.blocks.some(({ end }) => end.t === "throw" && !end.rethrow);
}

/** @returns goroutines that handlers of requests or jobs start, and that have no way out */
export function endlessPerRequest(program: Program, heat: HeatMap): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const fn of program.functions()) {
    if (fn.file.language !== "go" || heat.of(fn) !== "request" || startsOnce(program, fn)) continue;
    for (const { events } of fn.graph.blocks) {
      for (const event of events) {
        if (event.e !== "spawn") continue;
        const { callee, start } = fn.call(event.call);
        const [started] = callee.k === "fn" ? [fn.file.functions[callee.id]!] : program.target(fn, event.call).fns;
        // `defer func() { if recover() != nil { go loop() } }()` in the loop itself puts another in the place of the one that ends.
        if (started !== undefined && !fn.isInside(started) && isEndless(program, started))
          found.push({ site: { fn, at: start }, name: started.name, why: "no way out", other: null });
      }
    }
  }
  return found;
}

/** Whether a function starts things once for all requests: a library runs it once (`sync.Once`), or it notes that it did. */
function startsOnce(program: Program, fn: Fn): boolean {
  const use = program.calls.callbackUse(fn);
  if (use !== null && program.target(use.fn, use.call).rows.some((row) => row.effects.some((effect) => effect.role === "memoizes"))) return true;
  const notes = (event: FlowEvent): boolean =>
    (event.e === "store" && event.value.k === "const") || (event.e === "set" && event.value.k === "const" && fn.file.variable(event.var).fn === 0);
  return fn.graph.blocks.some(({ events }) => events.some(notes)) || fillsWhatItAsks(fn);
}

/** `if c.hub != nil { return }; c.hub = h; go c.watch()`: once for each object. */
function fillsWhatItAsks({ graph }: Fn): boolean {
  const asked = new Set<string>();
  for (const { end } of graph.blocks) {
    const value = end.t === "branch" && end.test.test === "null" ? end.test.value : null;
    if (value?.k !== "field" || value.of.k !== "this" || end.t !== "branch") continue;
    // The way on which it is there leads out.
    if (graph.blocks[end.no]!.end.t === "return") asked.add(value.name);
  }
  return graph.blocks.some(({ events }) => events.some((event) => event.e === "store" && event.object.k === "this" && asked.has(event.field)));
}

const closes = (uses: readonly ChannelUse[]): boolean => uses.some((use) => use.use === "closes");

/** @returns goroutines that range over the channel of a ticker: stopping it does not close that (https://pkg.go.dev/time#Ticker.Stop), so they never end */
export function tickerRanges(program: Program, heat: HeatMap): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const fn of program.functions()) {
    if (fn.file.language !== "go" || fn.parent === null || !isStartedBy("spawn", fn)) continue;
    for (const loop of fn.graph.loops) {
      if (loop.exits || loop.iterable?.k !== "field" || loop.iterable.of.k !== "var" || !isOverNeverClosed(program, fn, loop)) continue;
      const { id } = loop.iterable.of;
      const stop = fn.parent.graph.calls.find(({ callee }) => callee.k === "field" && callee.name === "Stop" && callee.of.k === "var" && callee.of.id === id);
      if (heat.of(fn.parent) === "startup") continue;
      found.push({
        site: { fn, at: loop.start },
        name: `${fn.file.variable(id).name}.${loop.iterable.name}`,
        why: stop === undefined ? "ticks for ever" : "stopped ticker",
        other: stop === undefined ? null : { fn: fn.parent, at: stop.start },
      });
    }
  }
  return found;
}

const siteKey = (fn: Fn, at: number): string => `${fn.file.index} ${fn.id} ${at}`;

/** Whether a function runs for ever: it neither returns nor ends the process. */
function isEndless(program: Program, fn: Fn): boolean {
  return neverReturns(fn.graph) && fn.graph.loops.length > 0 && !fn.graph.calls.some((_, call) => isModelledEnd(program, fn, call));
}

function receivesOf({ blocks }: EventGraph): readonly Receive[] {
  return blocks.flatMap(({ events }, block) => events.flatMap((event) => (event.e === "receive" ? [{ block, channel: event.channel, at: event.at }] : [])));
}

/** The name of a channel that only ever tells that it is time to end; null for others. */
function endSignal(program: Program, channels: readonly Channel[], fn: Fn, { channel, at }: Receive): string | null {
  if (channel.k === "call") return signalsEnd(program, fn, channel.id) ? "Done()" : null;
  const made = channels.find((one) => one.uses.some((use) => use.fn === fn && use.at === at && use.use === "receives"));
  return made !== undefined && closes(made.uses) && !made.uses.some((use) => use.use === "sends" || use.use === "escapes") ? made.name : null;
}

/** Whether the way of a `select` that takes the signal does nothing, and comes back to the `select`; or does something, in a loop that nothing leaves. */
function isDeaf(program: Program, fn: Fn, receive: Receive): boolean {
  const { blocks } = fn.graph;
  const select = blocks.findIndex(({ end }) => end.t === "choose" && end.what === "select" && end.to.includes(receive.block));
  if (select < 0) return false;
  const way = walk(receive.block, (at) => (at === select ? [] : successors(blocks[at]!.end)));
  if (!way.has(select)) return false;
  const events = [...way].filter((block) => block !== select).flatMap((block) => blocks[block]!.events);
  const ends = [...way].some((block) => ["return", "throw", "stop"].includes(blocks[block]!.end.t));
  if (ends || events.some((event) => event.e === "call" && isModelledEnd(program, fn, event.call))) return false;
  // `done = nil` switches the way off; a flag is asked elsewhere.
  if (events.some((event) => event.e === "set" || event.e === "store" || event.e === "put")) return false;
  return events.every((event) => event.e === "receive") || isEndless(program, fn);
}
