import { type LoopFact, loopsAt } from "../../flow/event-graph.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import { writtenSteps } from "../channels/steps.ts";
import { happensAgain } from "./counting.ts";
import type { Program } from "../../program/program.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUses } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { GivenFields } from "../given-fields.ts";
import type { Blocked } from "./blocked.ts";
import type { Counts } from "./counts.ts";

/** @returns operations on unbuffered channels whose other side comes only after them, or is the same goroutine */
export function lonelyOperations(program: Program, channels: readonly Channel[], counts: Counts): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const channel of channels) {
    if (channel.escapes || channel.room === null) continue;
    const one =
      channel.room > 0 ? fillsUp(program, channel, channel.room) : channel.variable === null ? null : (alone(channel) ?? waitsFirst(program, channel, counts));
    if (one !== null) found.push(one);
  }
  return found;
}

/** `ch := make(chan int); ch <- 1; <-ch` */
function alone({ fn, uses, name }: Channel): Blocked | null {
  const first = [...uses].sort((a, b) => a.at - b.at)[0];
  if (first === undefined || first.use !== "sends" || first.optional || uses.some((use) => use.fn !== fn)) return null;
  return { site: first, name, why: "alone", other: null };
}

/**
 * A loop that sends more than a channel has room for, where only the same goroutine receives, after it, or where nobody has the object of the channel yet:
 * `errs := make(chan error, 1); for … { errs <- err }; return <-errs`.
 */
function fillsUp(program: Program, channel: Channel, room: number): Blocked | null {
  const { fn, uses, name, variable } = channel;
  const made = fn.call(channel.call).start;
  const startsNothing = !fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "spawn"));
  if (room === Number.POSITIVE_INFINITY || (variable === null ? !startsNothing : uses.some((use) => use.fn !== fn)) || asksHowFull(program, channel))
    return null;
  for (const send of uses) {
    if (send.fn !== fn || send.use !== "sends" || send.optional || !happensAgain(program, send)) continue;
    const around = loopsAt(fn.graph, send.at).map((loop) => fn.graph.loops[loop]!);
    const [outer] = around;
    if (outer === undefined || (outer.start < made && made < outer.end)) continue;
    if (uses.some((use) => use !== send && use.fn === fn && use.at > outer.start && use.at < outer.end)) continue;
    const steps = around.length === 1 ? stepsOf(fn, outer) : null;
    // What others may receive from meanwhile is only told where the number of steps is written.
    if (steps === null ? variable !== null : steps > room) return { site: send, name, why: "fills up", other: null };
  }
  return null;
}

/** How many steps a loop has, where its bounds or its list are written out. */
function stepsOf(fn: Fn, loop: LoopFact): number | null {
  const over = loop.iterable === null ? null : settled(loop.iterable, fn);
  return over?.k === "coll" ? over.size : writtenSteps(fn, loop);
}

/** `if len(ch) == cap(ch) { break }` */
function asksHowFull(program: Program, { fn, variable }: Channel): boolean {
  return fn.graph.calls.some(
    ({ args }, call) =>
      args.some(({ value }) => value.k === "var" && value.id === variable) &&
      !program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "releases")),
  );
}

/** `wg.Wait()` for goroutines that send, and only then `range`. */
function waitsFirst(program: Program, { fn: home, uses, name }: Channel, counts: Counts): Blocked | null {
  const partners = new Partners(program, home);
  const answers = uses.filter((use) => use.use === "receives" || use.use === "ranges" || use.use === "awaits close");
  for (const send of uses) {
    if (send.use !== "sends" || send.optional || partners.runs(send.fn) !== "spawned") continue;
    const wait = counts.awaitedAfter(send, home);
    if (wait !== null && answers.every((use) => use.fn === home && use.at > wait.at)) return { site: send, name, why: "waits first", other: wait };
  }
  return null;
}

/** @returns operations on channels that were declared and never made: https://go.dev/ref/spec#Channel_types */
export function nilChannels(program: Program, uses: ChannelUses): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const file of program.files) {
    if (file.language !== "go") continue;
    for (const [id, { fn, type, definitions, isParameter, name }] of file.facts.unit.variables.entries()) {
      if (fn === 0 || isParameter || type?.shape !== "chan" || definitions.some(({ value }) => value.k !== "const" || value.v !== null)) continue;
      if (file.functions[fn]!.fact.namedResults.includes(id)) continue;
      const all = uses.ofVariable(file.functions[fn]!, id);
      const blocked = all.find((use) => !use.optional && (use.use === "sends" || use.use === "receives" || use.use === "ranges"));
      if (blocked !== undefined && !all.some((use) => use.use === "escapes")) found.push({ site: blocked, name, why: "nil", other: null });
    }
  }
  return found;
}

/** @returns operations on channel fields of the package's own that nothing in the program ever sets */
export function nilFields(program: Program, uses: ChannelUses, given: GivenFields): readonly Blocked[] {
  const found: Blocked[] = [];
  if (given.hasUnknown) return found;
  for (const file of program.files) {
    if (file.language !== "go") continue;
    for (const cls of file.classes) {
      for (const field of cls.fact.fields) {
        if (field.type?.shape !== "chan" || !/^[a-z]/.test(field.name) || given.of(cls, field.name)?.length !== 0) continue;
        const all = uses.ofField(cls, field.name);
        const blocked = all.find((use) => !use.optional && (use.use === "sends" || use.use === "receives" || use.use === "ranges"));
        if (blocked !== undefined && !all.some((use) => use.use === "escapes")) found.push({ site: blocked, name: field.name, why: "nil", other: null });
      }
    }
  }
  return found;
}
