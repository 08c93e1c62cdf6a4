import { solve } from "../../flow/solver.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse, ChannelUses } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { capacityOf } from "./abandoned.ts";
import type { Blocked } from "./blocked.ts";
import type { Counts } from "./counts.ts";

/** @returns operations on unbuffered channels whose other side comes only after them, or is the same goroutine */
export function lonelyOperations(program: Program, channels: readonly Channel[], counts: Counts): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const channel of channels) {
    if (channel.escapes || channel.variable === null || capacityOf(channel) !== 0) continue;
    const one = alone(channel) ?? waitsFirst(program, channel, counts);
    if (one !== null) found.push(one);
  }
  return found;
}

/** `ch := make(chan int); ch <- 1; <-ch` */
function alone({ fn, uses, name }: Channel): Blocked | null {
  const first = [...uses].sort((a, b) => a.at - b.at)[0];
  if (first === undefined || first.use !== "sends" || first.optional || uses.some((use) => use.fn !== fn)) return null;
  return { site: first, name, why: "alone", other: null, certain: true };
}

/** `wg.Wait()` for goroutines that send, and only then `range`. */
function waitsFirst(program: Program, { fn: home, uses, name }: Channel, counts: Counts): Blocked | null {
  const partners = new Partners(program, home);
  const answers = uses.filter((use) => use.use === "receives" || use.use === "ranges" || use.use === "awaits close");
  for (const send of uses) {
    if (send.use !== "sends" || send.optional || partners.runs(send.fn) !== "spawned") continue;
    const wait = counts.awaitedAfter(send, home);
    if (wait !== null && answers.every((use) => use.fn === home && use.at > wait.at))
      return { site: send, name, why: "waits first", other: wait, certain: true };
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
      if (blocked !== undefined && !all.some((use) => use.use === "escapes")) found.push({ site: blocked, name, why: "nil", other: null, certain: true });
    }
  }
  return found;
}

/** @returns operations on unbuffered channels of objects whose other side is one goroutine that may have returned before */
export function leftBehind(program: Program, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  const seen = new Set<string>();
  for (const channel of channels) {
    if (channel.field === null || channel.escapes || seen.has(channel.field) || capacityOf(channel) !== 0) continue;
    seen.add(channel.field);
    const { uses, name } = channel;
    const sides = [uses.filter((use) => use.use === "sends"), uses.filter((use) => use.use === "receives" || use.use === "ranges")] as const;
    if (uses.some((use) => use.use === "closes")) continue;
    for (const [mine, others] of [sides, [sides[1], sides[0]] as const]) {
      const blocked = mine.find((use) => !use.optional && use.use !== "ranges");
      const [other] = others;
      if (blocked === undefined || other === undefined || others.some((use) => use.fn !== other.fn) || other.fn === blocked.fn) continue;
      if (!onlySpawned(program, other.fn)) continue;
      const end = endsOtherwise(program, other.fn, others);
      // After another exchange with the same goroutine it is there.
      const later = found.findIndex((one) => one.site.fn === blocked.fn && one.other?.fn === other.fn);
      if (end !== null && later >= 0 && found[later]!.site.at <= blocked.at) continue;
      if (end !== null && later >= 0) found.splice(later, 1);
      if (end !== null) found.push({ site: blocked, name, why: "other side ends", other: { fn: other.fn, at: end }, certain: false });
    }
  }
  return found;
}

/** Whether the function is started as a goroutine, and never called. */
function onlySpawned(program: Program, fn: Fn): boolean {
  let spawned = false;
  for (const one of program.functions()) {
    if (one.file.language !== "go") continue;
    for (const { events } of one.graph.blocks) {
      for (const event of events) {
        if (event.e !== "call" && event.e !== "spawn" && event.e !== "defer") continue;
        if (!program.target(one, event.call).fns.includes(fn)) continue;
        if (event.e !== "spawn") return false;
        spawned = true;
      }
    }
  }
  return spawned;
}

/** A way out of a loop of the function on which it did not answer last: the offset of the return, null for none. */
function endsOtherwise(program: Program, fn: Fn, answers: readonly ChannelUse[]): number | null {
  const at = new Set(answers.map((use) => use.at));
  if (answers.some((use) => use.use === "ranges") || !answers.every((use) => fn.graph.loops.some((loop) => loop.start < use.at && use.at < loop.end)))
    return null;
  let found: number | null = null;
  // The last thing it took: each `select` begins anew.
  const complete = solve<{ readonly answered: boolean }>(
    fn.graph,
    {
      entry: { answered: false },
      key: ({ answered }) => String(answered),
      throws: () => false,
      branch: (state) => state,
      event: (state, event) => {
        if (event.e === "call" && program.target(fn, event.call).rows.some((row) => row.noReturn)) return null;
        if (event.e === "send" || event.e === "receive") return { answered: at.has(event.at) };
        return state;
      },
    },
    (exit) => {
      if (exit.exit === "return" && !exit.state.answered) found ??= exit.at;
    },
  );
  return complete ? found : null;
}
