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
    if (channel.escapes || channel.variable === null || channel.room !== 0) continue;
    const one = alone(channel) ?? waitsFirst(program, channel, counts);
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
