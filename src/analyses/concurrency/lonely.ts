import { loopsAt } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse, ChannelUses } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Site } from "../site.ts";
import { mentionedValues, typedLiterals } from "../work/values.ts";
import { isUnlimited } from "../request-limits.ts";
import type { Blocked } from "./blocked.ts";
import { signalsEnd } from "./contexts.ts";
import type { Counts } from "./counts.ts";
import { followPaths } from "./waits.ts";

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
export function nilFields(program: Program, uses: ChannelUses): readonly Blocked[] {
  const found: Blocked[] = [];
  const set = fieldsSet(program);
  if (set === null) return found;
  for (const file of program.files) {
    if (file.language !== "go") continue;
    for (const cls of file.classes) {
      for (const field of cls.fact.fields) {
        if (field.type?.shape !== "chan" || !/^[a-z]/.test(field.name) || set.has(`${cls.file.index} ${cls.id} ${field.name}`)) continue;
        const all = uses.ofField(cls, field.name);
        const blocked = all.find((use) => !use.optional && (use.use === "sends" || use.use === "receives" || use.use === "ranges"));
        if (blocked !== undefined && !all.some((use) => use.use === "escapes")) found.push({ site: blocked, name: field.name, why: "nil", other: null });
      }
    }
  }
  return found;
}

/** The fields of structs that the program gives a value, by file, class and name. */
function fieldsSet(program: Program): ReadonlySet<string> | null {
  const set = new Set<string>();
  for (const fn of program.functions()) {
    if (fn.file.language !== "go") continue;
    for (const literal of typedLiterals(fn)) {
      const type = program.types.fromFact(literal.type, fn.file);
      if (type?.t !== "instance") continue;
      // Without names every field is given.
      const names = literal.keys.some((key) => key === null) ? type.cls.fact.fields.map(({ name }) => name) : literal.keys;
      for (const name of names) set.add(`${type.cls.file.index} ${type.cls.id} ${name}`);
    }
    for (const { events } of fn.graph.blocks) {
      for (const event of events) {
        if (event.e !== "store") continue;
        const type = event.object.k === "this" ? program.types.self(fn) : program.typeOf(event.object, fn);
        if (type === null) return null;
        if (type.t === "instance") for (const cls of program.hierarchy.ancestry(type.cls)) set.add(`${cls.file.index} ${cls.id} ${event.field}`);
      }
    }
  }
  return set;
}

/** @returns operations on unbuffered channels of objects whose other side is one goroutine that may have returned before */
export function leftBehind(program: Program, callGraph: CallGraph, channels: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  const seen = new Set<string>();
  for (const channel of channels) {
    if (channel.field === null || channel.escapes || seen.has(channel.field) || channel.room !== 0) continue;
    seen.add(channel.field);
    found.push(...oneSided(program, callGraph, channel));
  }
  // After one exchange with a goroutine it is there for the next: of several with the same one, the first counts.
  const isAfter = ({ site, other }: Blocked, { uses }: Channel): boolean =>
    uses.some((use) => use.fn === site.fn && use.at < site.at) && uses.some((use) => use.fn === other!.fn && use.use !== "closes");
  return found.filter(
    (one) =>
      !asksBefore(one.site) &&
      !channels.some((channel) => channel.field !== null && (isAfter(one, channel) || isEndedAfterwards(program, callGraph, one, channel))),
  );
}

/** `s.requests <- request; return <-request.answer`: whoever took the request is there to answer it. */
function asksBefore({ fn, at }: Site): boolean {
  const events = fn.graph.blocks.flatMap((block) => block.events);
  const answer = events.find((event) => event.e === "receive" && event.at === at);
  const request = answer?.e === "receive" && answer.channel.k === "field" && answer.channel.of.k === "var" ? answer.channel.of.id : -1;
  return events.some((event) => event.e === "send" && event.at < at && mentionedValues(event.value).some((one) => one.k === "var" && one.id === request));
}

/** Whether the other side ends by the close of a channel that all who come to the operation make only afterwards: `buffer.flush(); buffer.stop()`. */
function isEndedAfterwards(program: Program, callGraph: CallGraph, { site, other }: Blocked, { uses }: Channel): boolean {
  const closers = uses.filter((use) => use.use === "closes").map((use) => use.fn);
  if (closers.length === 0 || !uses.some((use) => use.fn === other!.fn && (use.use === "receives" || use.use === "awaits close"))) return false;
  const callers = callGraph.callers(site.fn);
  const isBefore = ({ fn, call }: CallEdge): boolean => {
    const { loop, start } = fn.call(call);
    const ends = fn.graph.calls.flatMap((one, id) => (program.target(fn, id).fns.some((callee) => closers.includes(callee)) ? [one.start] : []));
    return loop < 0 && ends.length > 0 && ends.every((end) => end > start);
  };
  const ending = closers.flatMap((closer) => callGraph.callers(closer));
  return callers.length > 0 && callers.every(isBefore) && ending.every((edge) => callers.some((one) => one.fn === edge.fn));
}

/** The sends or receives of a channel that depend on one goroutine which may end without them. */
function* oneSided(program: Program, callGraph: CallGraph, { uses, name }: Channel): Iterable<Blocked> {
  if (uses.some((use) => use.use === "closes")) return;
  const sends = uses.filter((use) => use.use === "sends");
  const receives = uses.filter((use) => use.use === "receives" || use.use === "ranges");
  for (const [mine, others] of [[sends, receives] as const, [receives, sends] as const]) {
    const blocked = mine.find((use) => !use.optional && use.use !== "ranges");
    const [other] = others;
    if (blocked === undefined || other === undefined || others.some((use) => use.fn !== other.fn) || other.fn === blocked.fn) continue;
    const end = onlySpawned(program, callGraph, other.fn) ? endsOtherwise(program, callGraph, other.fn, others) : null;
    if (end !== null) yield { site: blocked, name, why: "other side ends", other: { fn: other.fn, at: end } };
  }
}

/** Whether the function is started as a goroutine, and never called. */
function onlySpawned(program: Program, callGraph: CallGraph, fn: Fn): boolean {
  const starts = callGraph.callers(fn).filter((edge) => program.target(edge.fn, edge.call).fns.includes(fn));
  const isSpawn = ({ fn: caller, call }: CallEdge): boolean =>
    caller.graph.blocks.some(({ events }) => events.some((event) => event.e === "spawn" && event.call === call));
  return starts.length > 0 && starts.every(isSpawn);
}

/** A way out of a loop of the function on which it did not answer last: the offset of the return, null for none. */
function endsOtherwise(program: Program, callGraph: CallGraph, fn: Fn, answers: readonly ChannelUse[]): number | null {
  const at = new Set(answers.map((use) => use.at));
  if (answers.some((use) => use.use === "ranges" || loopsAt(fn.graph, use.at).length === 0)) return null;
  // A loop over a channel that nobody closes has no end of its own.
  if (answers.every((use) => loopsAt(fn.graph, use.at).some((loop) => isOpenChannel(program, fn, fn.graph.loops[loop]!.iterable)))) return null;
  let found: number | null = null;
  const complete = followPaths<boolean>(
    program,
    fn,
    {
      entry: false,
      key: String,
      // The last thing it took: each `select` begins anew. What it tells others after that (`<-stop; done <- struct{}{}`) takes nothing back.
      event: (answered, event) =>
        event.e === "receive" ? at.has(event.at) || neverComes(program, callGraph, fn, event.channel) : answered || (event.e === "send" && at.has(event.at)),
    },
    (exit) => {
      if (!exit.state) found ??= exit.at;
    },
  );
  return complete ? found : null;
}

/** `<-ctx.Done()`, where all who call pass a context that nobody can end. */
function neverComes(program: Program, callGraph: CallGraph, fn: Fn, channel: Value): boolean {
  const callee = channel.k === "call" && signalsEnd(program, fn, channel.id) ? fn.call(channel.id).callee : null;
  const context = callee?.k === "field" && callee.of.k === "var" ? callee.of.id : -1;
  const position = fn.fact.params.findIndex(({ variable }) => variable === context);
  const callers = position < 0 ? [] : callGraph.callers(fn);
  const isEndless = ({ fn: caller, call }: CallEdge): boolean => {
    const given = caller.call(call).args[position]?.value;
    return given !== undefined && isUnlimited(program, caller, given);
  };
  return callers.length > 0 && callers.every(isEndless);
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
