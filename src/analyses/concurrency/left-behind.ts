import { type FlowEvent, loopsAt } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Site } from "../site.ts";
import { mentionedValues } from "../work/values.ts";
import type { Blocked } from "./blocked.ts";
import type { ContextEnds } from "./context-ends.ts";
import type { Guards } from "./guards.ts";
import { followPaths } from "./waits.ts";

/** A way out of the loop of a goroutine on which it did not answer last. */
interface Ending {
  /** The offset of the return. */
  readonly at: number;
  /** What it received last: that may have told it to end. */
  readonly told: FlowEvent | null;
}

/** Whether what tells a goroutine to end is a channel that nobody in the program sends to or closes. */
function isNeverTold(told: FlowEvent | null, ender: Fn, channels: readonly Channel[]): boolean {
  if (told?.e !== "receive") return false;
  const heard = channels.filter(({ uses }) => uses.some((use) => use.fn === ender && use.at === told.at));
  return heard.length > 0 && heard.every(({ uses, escapes }) => !escapes && !uses.some((use) => use.use === "sends" || use.use === "closes"));
}

/** Looks for operations on unbuffered channels of objects whose other side is one goroutine that may have returned before. */
export class LeftBehind {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #contexts: ContextEnds;
  readonly #guards: Guards;

  constructor(program: Program, callGraph: CallGraph, contexts: ContextEnds, guards: Guards) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#contexts = contexts;
    this.#guards = guards;
  }

  /** @returns them, one for each side of a channel */
  in(channels: readonly Channel[]): readonly Blocked[] {
    const found: Blocked[] = [];
    const seen = new Set<string>();
    for (const channel of channels) {
      if (channel.field === null || channel.escapes || seen.has(channel.field) || channel.room !== 0) continue;
      seen.add(channel.field);
      found.push(...this.#oneSided(channel, channels));
    }
    // After one exchange with a goroutine it is there for the next: of several with the same one, the first counts.
    const isAfter = ({ site, other }: Blocked, { uses }: Channel): boolean =>
      uses.some((use) => use.fn === site.fn && use.at < site.at) && uses.some((use) => use.fn === other!.fn && use.use !== "closes");
    return found.filter(
      (one) => !asksBefore(one.site) && !channels.some((channel) => channel.field !== null && (isAfter(one, channel) || this.#isEndedAfterwards(one, channel))),
    );
  }

  /** Whether the other side ends by the close of a channel that all who come to the operation make only afterwards: `buffer.flush(); buffer.stop()`. */
  #isEndedAfterwards({ site, other }: Blocked, { uses }: Channel): boolean {
    const closers = uses.filter((use) => use.use === "closes").map((use) => use.fn);
    if (closers.length === 0 || !uses.some((use) => use.fn === other!.fn && (use.use === "receives" || use.use === "awaits close"))) return false;
    const callers = this.#callGraph.callers(site.fn);
    const isBefore = ({ fn, call }: CallEdge): boolean => {
      const { loop, start } = fn.call(call);
      const ends = fn.graph.calls.flatMap((one, id) => (this.#program.target(fn, id).fns.some((callee) => closers.includes(callee)) ? [one.start] : []));
      return loop < 0 && ends.length > 0 && ends.every((end) => end > start);
    };
    const ending = closers.flatMap((closer) => this.#callGraph.callers(closer));
    return callers.length > 0 && callers.every(isBefore) && ending.every((edge) => callers.some((one) => one.fn === edge.fn));
  }

  /** The sends or receives of a channel that depend on one goroutine which may end without them. */
  *#oneSided({ uses, name }: Channel, channels: readonly Channel[]): Iterable<Blocked> {
    if (uses.some((use) => use.use === "closes")) return;
    const sends = uses.filter((use) => use.use === "sends");
    const receives = uses.filter((use) => use.use === "receives" || use.use === "ranges");
    for (const [mine, others] of [[sends, receives] as const, [receives, sends] as const]) {
      const waiting = mine.filter((use) => !use.optional && use.use !== "ranges");
      const [other] = others;
      if (other === undefined || others.some((use) => use.fn !== other.fn) || waiting[0]?.fn === other.fn) continue;
      const isThereOnce = this.#isOnlySpawned(other.fn) && !this.#startsAgain(other.fn);
      const endings = isThereOnce ? this.#endings(other.fn, others).filter(({ told }) => !isNeverTold(told, other.fn, channels)) : [];
      let doubtful: Blocked | null = null;
      let certain: Blocked | null = null;
      for (const blocked of waiting) {
        if (other.fn === blocked.fn) continue;
        for (const ending of endings) {
          const doubt = this.#doubtAbout(blocked, ending, other.fn);
          const one: Blocked = { site: blocked, name, why: "other side ends", other: { fn: other.fn, at: ending.at }, unlikely: doubt === "unlikely" };
          if (doubt === "none") certain ??= one;
          else if (doubt === "unlikely") doubtful ??= one;
        }
      }
      const found = certain ?? doubtful;
      if (found !== null) yield found;
    }
  }

  /** Whether the operation can be there after the other side has ended in that way. */
  #doubtAbout(blocked: ChannelUse, { told }: Ending, ender: Fn): "none" | "unlikely" | "impossible" {
    if (told === null) return "none";
    const end = this.#contexts.awaitedBy(told, ender);
    if (end !== null) return end === "never" ? "impossible" : end === "with the process" ? "unlikely" : "none";
    const guard = this.#guards.of(blocked, told, ender);
    return guard === "locked flag" ? "impossible" : guard === "flag" ? "unlikely" : "none";
  }

  /** The calls that start a function. */
  #startsOf(fn: Fn): readonly CallEdge[] {
    return this.#callGraph.callers(fn).filter((edge) => this.#program.target(edge.fn, edge.call).fns.includes(fn));
  }

  /** Whether the function is started as a goroutine, and never called. */
  #isOnlySpawned(fn: Fn): boolean {
    const starts = this.#startsOf(fn);
    const isSpawn = ({ fn: caller, call }: CallEdge): boolean =>
      caller.graph.blocks.some(({ events }) => events.some((event) => event.e === "spawn" && event.call === call));
    return starts.length > 0 && starts.every(isSpawn);
  }

  /**
   * Whether all who start a function do so in an endless loop, for an object that was there before, themselves or through what they are called by: after one
   * has ended, the next answers.
   */
  #startsAgain(fn: Fn, seen = new Set<Fn>()): boolean {
    seen.add(fn);
    const starts = this.#startsOf(fn).filter((edge) => edge.fn !== fn);
    return starts.length > 0 && starts.every(({ fn: caller, call }) => this.#isStartedAgain(caller, call, seen));
  }

  #isStartedAgain(caller: Fn, call: number, seen: Set<Fn>): boolean {
    const { callee, start } = caller.call(call);
    if (callee.k !== "field") return false;
    const root = rootOf(callee.of);
    const endless = loopsAt(caller.graph, start)
      .map((loop) => caller.graph.loops[loop]!)
      .find(({ kind, iterable }) => iterable === null && (kind === "forever" || kind === "while"));
    if (endless === undefined) {
      const isGiven = root.k === "this" || (root.k === "var" && caller.fact.params.some(({ variable }) => variable === root.id));
      return isGiven && !seen.has(caller) && this.#startsAgain(caller, seen);
    }
    return !caller.graph.blocks.some(({ events }) =>
      events.some(
        (event) =>
          event.e === "set" && root.k === "var" && event.var === root.id && event.at > endless.start && event.at < endless.end && !isElement(event.value),
      ),
    );
  }

  /** The ways out of the loops of a function on which it did not answer last. */
  #endings(fn: Fn, answers: readonly ChannelUse[]): readonly Ending[] {
    const at = new Set(answers.map((use) => use.at));
    if (answers.some((use) => use.use === "ranges" || loopsAt(fn.graph, use.at).length === 0)) return [];
    // A loop over a channel that nobody closes has no end of its own.
    if (answers.every((use) => loopsAt(fn.graph, use.at).some((loop) => isOpenChannel(this.#program, fn, fn.graph.loops[loop]!.iterable)))) return [];
    const found = new Map<string, Ending>();
    const complete = followPaths<FlowEvent | "answered" | "nothing">(
      this.#program,
      fn,
      {
        entry: "nothing",
        key: lastKey,
        // The last thing it took: each `select` begins anew. What it tells others after that (`<-stop; done <- struct{}{}`) takes nothing back.
        event: (last, event) => {
          if (event.e === "receive") return at.has(event.at) ? "answered" : event;
          return event.e === "send" && at.has(event.at) ? "answered" : last;
        },
      },
      ({ state, at: end }) => {
        if (state === "answered") return;
        const key = lastKey(state);
        if (!found.has(key)) found.set(key, { at: end, told: state === "nothing" ? null : state });
      },
    );
    return complete ? [...found.values()] : [];
  }
}

const rootOf = (value: Value): Value => (value.k === "field" ? rootOf(value.of) : value);

const isElement = (value: Value): boolean => value.k === "elem" || (value.k === "item" && isElement(value.of));

const lastKey = (last: FlowEvent | string): string => (typeof last === "string" ? last : String("at" in last ? last.at : -1));

/** `s.requests <- request; return <-request.answer`: whoever took the request is there to answer it. */
function asksBefore({ fn, at }: Site): boolean {
  const events = fn.graph.blocks.flatMap((block) => block.events);
  const answer = events.find((event) => event.e === "receive" && event.at === at);
  const request = answer?.e === "receive" && answer.channel.k === "field" && answer.channel.of.k === "var" ? answer.channel.of.id : -1;
  return events.some((event) => event.e === "send" && event.at < at && mentionedValues(event.value).some((one) => one.k === "var" && one.id === request));
}

/** Whether a value is a channel of the module that nothing in the program closes. */
function isOpenChannel(program: Program, fn: Fn, value: Value | null): boolean {
  if (value?.k !== "var" || fn.file.variable(value.id).fn !== 0) return false;
  const type = program.typeOf(value, fn);
  if (type?.t !== "named" || type.name !== "chan") return false;
  const { name } = fn.file.variable(value.id);
  for (const one of program.functions()) {
    if (one.file.language !== "go") continue;
    for (const { callee, args } of one.graph.calls) {
      const closed = callee.k === "ref" && callee.name === "close" ? args[0]?.value : undefined;
      if (closed?.k === "var" ? one.file.variable(closed.id).name === name : closed?.k === "ref" && closed.name.endsWith(name)) return false;
    }
  }
  return true;
}
