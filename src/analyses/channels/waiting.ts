import { loopsAt } from "../../flow/event-graph.ts";
import { successors, walk } from "../../flow/reach.ts";
import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type HolderFinder, holderKey } from "../collections/identity.ts";
import type { ObjectLifetime, ObjectLifetimes } from "../collections/lifetime.ts";
import type { HeatMap } from "../heat.ts";
import { mentionedValues } from "../work/values.ts";
import { Partners } from "./partners.ts";
import type { ChannelUse, ChannelUses } from "./uses.ts";

/** A channel that is made, and whether somebody waits for an end that never comes. */
export interface Channel {
  /** A channel of the language, or a queue of a library: that has no end that its receivers hear of. */
  readonly kind: "channel" | "queue";
  readonly fn: Fn;
  /** The `make` call. */
  readonly call: number;
  readonly name: string;
  /** The local variable that holds it; null for fields. */
  readonly variable: number | null;
  /** The field that holds it, as `holderKey` writes it; null for variables. */
  readonly field: string | null;
  /** How many values it holds, any number where nothing limits it; null when that is not written as a number. */
  readonly room: number | null;
  /** The wait that never ends; null when there is none. */
  readonly waiter: ChannelUse | null;
  readonly uses: readonly ChannelUse[];
  /** Who sends: one goroutine may close when it is done; of several, none knows that it is the last. */
  readonly senders: "one" | "several";
  /** How long what holds it lives. */
  readonly lifetime: ObjectLifetime;
  /** Goes to code that was not seen, which may close it. */
  readonly escapes: boolean;
}

/** Follows every channel of the program. */
export function channelsOf(program: Program, finder: HolderFinder, uses: ChannelUses, heat: HeatMap, lifetimes: ObjectLifetimes): readonly Channel[] {
  const found: Channel[] = [];
  for (const fn of program.functions()) {
    if (fn.file.language !== "go") continue;
    for (let call = 0; call < fn.graph.calls.length; call++) {
      const type = makesChannel(program, fn, call);
      if (!type) continue;
      for (const holder of holdersOf(fn, call)) {
        const channel =
          holder.by === "variable"
            ? localChannel(program, uses, heat, fn, call, holder.id)
            : fieldChannel(program, finder, uses, lifetimes, fn, call, holder.value);
        if (channel !== null) found.push(channel);
      }
    }
  }
  return found;
}

function makesChannel(program: Program, fn: Fn, call: number): boolean {
  const { callee, args } = fn.call(call);
  if (callee.k !== "ref" || args[0]?.value.k !== "cast") return false;
  return args[0].value.type.shape === "chan" && program.target(fn, call).rows.length > 0;
}

type MadeInto = { readonly by: "variable"; readonly id: number } | { readonly by: "field"; readonly value: Value };

/** Where a new channel goes: a variable, a field, or a field of a struct literal. */
function holdersOf(fn: Fn, call: number): MadeInto[] {
  const found: MadeInto[] = [];
  const isIt = (value: Value): boolean => value.k === "call" && value.id === call;
  const inLiteral = (value: Value): void => {
    if (value.k !== "coll" || value.type === undefined) return;
    for (const [i, item] of value.items.entries()) {
      const key = value.keys[i];
      if (isIt(item) && key !== null && key !== undefined) found.push({ by: "field", value: { k: "field", of: { ...value, items: [], keys: [] }, name: key } });
      else inLiteral(item);
    }
  };
  for (const { events, end } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e === "set" && isIt(event.value)) found.push({ by: "variable", id: event.var });
      else if (event.e === "store" && isIt(event.value)) found.push({ by: "field", value: { k: "field", of: event.object, name: event.field } });
      else if ("value" in event && event.value !== null) inLiteral(event.value);
    }
    if (end.t === "return" && end.value !== null)
      for (const one of end.value.k === "coll" && end.value.kind === "tuple" ? end.value.items : [end.value]) inLiteral(one);
  }
  for (const site of fn.graph.calls) for (const { value } of site.args) inLiteral(value);
  return found;
}

function localChannel(program: Program, uses: ChannelUses, heat: HeatMap, fn: Fn, call: number, id: number): Channel | null {
  const variable = fn.file.variable(id);
  if (variable.fn === 0) return null;
  // A closure makes it for the function around it, and for the other closures there.
  const all = uses.ofVariable(fn.file.functions[variable.fn]!, id);
  return judge(program, fn, call, { name: variable.name, variable: id, field: null }, all, heat.of(fn) === "startup" ? "process" : "call");
}

function fieldChannel(
  program: Program,
  finder: HolderFinder,
  uses: ChannelUses,
  lifetimes: ObjectLifetimes,
  fn: Fn,
  call: number,
  value: Value,
): Channel | null {
  const holder = finder.find(value, fn)?.holder;
  if (holder?.holder !== "field") return null;
  const all = uses.ofField(holder.cls, holder.name);
  const type = program.types.fieldType(holder.cls, holder.name);
  return type?.t === "named" && type.name === "chan"
    ? judge(program, fn, call, { name: `${holder.cls.fact.name}.${holder.name}`, variable: null, field: holderKey(holder) }, all, lifetimes.of(holder.cls))
    : null;
}

type Held = Pick<Channel, "name" | "variable" | "field">;

function judge(program: Program, fn: Fn, call: number, held: Held, uses: readonly ChannelUse[], lifetime: ObjectLifetime): Channel {
  const closed = uses.some((use) => use.use === "closes");
  const escapes = uses.some((use) => use.use === "escapes");
  const sent = uses.some((use) => use.use === "sends");
  // Whoever is sent to without end does not wait for an end.
  const endless = uses.some((use) => use.use === "sends" && inEndlessLoop(use));
  const range = endless ? undefined : uses.find((use) => use.use === "ranges" && !isToldByValue(use));
  const receive = sent ? undefined : uses.find((use) => use.use === "receives" && !use.optional);
  const senders = sendersOf(program, fn, uses, held.variable === null);
  return {
    kind: "channel",
    fn,
    call,
    ...held,
    room: roomOfMake(fn, call),
    uses,
    senders,
    lifetime,
    escapes,
    waiter: closed ? null : (range ?? receive ?? null),
  };
}

/** How many values a `make` gives room for; null when that is not written as a number. */
function roomOfMake(fn: Fn, call: number): number | null {
  const size = fn.call(call).args[1]?.value;
  if (size === undefined) return 0;
  return size.k === "const" && typeof size.v === "number" ? size.v : null;
}

/** `for i := 0; ; i++ { ch <- i }` */
function inEndlessLoop({ fn, at }: ChannelUse): boolean {
  const { graph } = fn;
  return loopsAt(graph, at).some((i) => graph.loops[i]!.iterable === null && graph.loops[i]!.test === null && !graph.loops[i]!.exits);
}

/** `for job := range jobs { if job == nil { break } … }`: a value says that it is the last. */
function isToldByValue({ fn, at }: ChannelUse): boolean {
  const { blocks, loops } = fn.graph;
  const head = blocks.findIndex(({ end }) => end.t === "each" && loops[end.loop]!.exits && loops[end.loop]!.start === at);
  const end = blocks[head]?.end;
  if (end?.t !== "each") return false;
  const { targets } = loops[end.loop]!;
  const isValue = (value: Value): boolean => value.k === "var" && targets.includes(value.id);
  const leaves = (way: number): boolean => !walk(way, (one) => successors(blocks[one]!.end)).has(head);
  return [...walk(end.body, (one) => (one === head ? [] : successors(blocks[one]!.end)))].some((one) => {
    const { end: choice } = blocks[one]!;
    const asksValue =
      choice.t === "branch"
        ? testedValues(choice.test).some((value) => mentionedValues(value).some(isValue))
        : choice.t === "choose" && choice.what === "switch";
    return asksValue && successors(choice).some(leaves);
  });
}

/**
 * A goroutine per step of a loop, or sends in more than one function, are several senders; to a field, so is a function that anybody may call.
 */
function sendersOf(program: Program, home: Fn, uses: readonly ChannelUse[], isField: boolean): Channel["senders"] {
  const fns = new Set(uses.filter((use) => use.use === "sends").map((use) => use.fn));
  const partners = new Partners(program, home);
  return fns.size > 1 || [...fns].some((fn) => fn !== home && (partners.isRepeated(fn) || (isField && partners.runs(fn) !== "spawned"))) ? "several" : "one";
}
