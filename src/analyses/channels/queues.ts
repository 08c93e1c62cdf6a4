import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import { holderKey } from "../collections/identity.ts";
import type { ObjectLifetimes } from "../collections/lifetime.ts";
import type { HeatMap } from "../heat.ts";
import { otherMentions } from "./mentions.ts";
import { mentionedValues } from "../work/values.ts";
import { operationOf, queueMadeBy, roomOf } from "./operations.ts";
import { startedWith } from "./started-with.ts";
import type { ChannelUse } from "./uses.ts";
import type { Channel } from "./waiting.ts";

type QueueType = Extract<Type, { t: "named" }>;
type Test = (value: Value) => boolean;

/** How far a queue is followed from parameter to parameter. */
const maxDepth = 5;

/**
 * Follows the queues between threads, tasks and processes that the models know, as channels. A queue is followed only where everything that is done with it
 * is seen: whatever is not a call of one of its methods, or its way into a function of the program, counts as an escape.
 */
export function queuesOf(program: Program, heat: HeatMap, lifetimes: ObjectLifetimes): readonly Channel[] {
  const found: Channel[] = [];
  for (const fn of program.functions()) {
    for (const { events } of fn.graph.blocks) {
      for (const event of events) {
        if ((event.e !== "set" && event.e !== "store") || event.value.k !== "call") continue;
        const type = queueMadeBy(program, fn, event.value.id);
        if (type === null) continue;
        const made = { fn, call: event.value.id, type };
        const channel = event.e === "set" ? localQueue(program, heat, made, event.var) : fieldQueue(program, lifetimes, made, event.object, event.field);
        if (channel !== null) found.push(channel);
      }
    }
  }
  return found;
}

/** The call that makes a queue. */
interface Made {
  readonly fn: Fn;
  readonly call: number;
  readonly type: QueueType;
}

function localQueue(program: Program, heat: HeatMap, made: Made, id: number): Channel | null {
  const { fn } = made;
  const variable = fn.file.variable(id);
  // Of a variable that is given several queues nobody knows which one is meant.
  if (variable.fn === 0 || variable.definitions.length !== 1) return null;
  const uses = new QueueUses(program, made.type);
  uses.variable(fn, id);
  return channelOf(program, made, { name: variable.name, variable: id, field: null }, uses, heat.of(fn) === "startup" ? "process" : "call");
}

function fieldQueue(program: Program, lifetimes: ObjectLifetimes, made: Made, object: Value, name: string): Channel | null {
  const { cls } = made.fn;
  if (object.k !== "this" || cls === null || cls.field(name)?.definitions.length !== 1) return null;
  const uses = new QueueUses(program, made.type);
  uses.field(cls, name);
  const field = holderKey({ holder: "field", cls, name });
  return channelOf(program, made, { name: `${cls.fact.name}.${name}`, variable: null, field }, uses, lifetimes.of(cls));
}

function channelOf(
  program: Program,
  { fn, call, type }: Made,
  held: Pick<Channel, "name" | "variable" | "field">,
  uses: QueueUses,
  lifetime: Channel["lifetime"],
): Channel {
  const found = uses.found();
  const escapes = found.some((use) => use.use === "escapes");
  return { kind: "queue", fn, call, ...held, room: roomOf(program, type, fn, call), waiter: null, uses: found, senders: "several", lifetime, escapes };
}

/** Collects what is done with one queue. */
class QueueUses {
  readonly #program: Program;
  readonly #type: QueueType;
  readonly #uses: ChannelUse[] = [];
  /** Functions that ask how full the queue is before they use it. */
  readonly #asking = new Set<Fn>();
  readonly #seen = new Set<string>();

  constructor(program: Program, type: QueueType) {
    this.#program = program;
    this.#type = type;
  }

  /** @returns the uses; who asks whether there is something, or room, does not wait */
  found(): readonly ChannelUse[] {
    return this.#uses.map((use) => (this.#asking.has(use.fn) && (use.use === "sends" || use.use === "receives") ? { ...use, optional: true } : use));
  }

  /** Follows a variable, in its function and in those that are written inside it. */
  variable(fn: Fn, id: number, depth = 0): void {
    const key = `${fn.file.index} ${fn.id} ${id}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (depth > maxDepth) {
      this.#escapes(fn, fn.fact.start);
      return;
    }
    this.#function(fn, (value) => value.k === "var" && value.id === id, depth);
    for (const inner of fn.file.functions) if (inner.fact.captures.includes(id) && inner.isInside(fn)) this.variable(inner, id, depth + 1);
  }

  /** Follows a field through the methods of its class; wherever else a field of that name may be that of such an object, it escapes. */
  field(cls: Cls, name: string): void {
    const isRelated = (value: Value, fn: Fn): boolean => {
      const type = this.#program.typeOf(value, fn);
      return (
        type === null ||
        (type.t === "instance" && [...this.#program.hierarchy.ancestry(type.cls), ...this.#program.hierarchy.subclasses(type.cls)].includes(cls))
      );
    };
    for (const fn of this.#program.functions()) {
      // The text of the graph tells without decoding it.
      if (fn.file.language !== cls.file.language || !fn.fact.graph.includes(`"name":${JSON.stringify(name)}`)) continue;
      if (fn.cls === cls) this.#function(fn, (value) => value.k === "field" && value.name === name && value.of.k === "this", 0);
      const isOther: Test = (value) => value.k === "field" && value.name === name && !(fn.cls === cls && value.of.k === "this") && isRelated(value.of, fn);
      const used = [...otherMentions(fn)].some(({ value }) => mentionedValues(value).some(isOther));
      if (
        used ||
        fn.graph.calls.some(({ callee, args }) => mentionedValues(callee).some(isOther) || args.some(({ value }) => mentionedValues(value).some(isOther)))
      )
        this.#escapes(fn, fn.fact.start);
    }
  }

  #escapes(fn: Fn, at: number): void {
    this.#uses.push({ use: "escapes", fn, at, optional: false });
  }

  #function(fn: Fn, isIt: Test, depth: number): void {
    for (const { value, at } of otherMentions(fn)) if (mentionedValues(value).some(isIt)) this.#escapes(fn, at);
    for (const [call, { callee, args, start }] of fn.graph.calls.entries()) {
      if (callee.k === "field" && isIt(callee.of)) this.#method(fn, call, callee.name);
      else if (mentionedValues(callee).some(isIt)) this.#escapes(fn, start);
      for (const [i, { value }] of args.entries()) if (mentionedValues(value).some(isIt)) this.#handedOn(fn, call, i, isIt, depth);
    }
  }

  #method(fn: Fn, call: number, name: string): void {
    const operation = operationOf(this.#program, this.#type, fn, call, name);
    const at = fn.call(call).start;
    if (operation === null) this.#escapes(fn, at);
    else if (operation === "asks") this.#asking.add(fn);
    else if (operation !== "nothing") this.#uses.push({ ...operation, fn, at, call });
  }

  #handedOn(fn: Fn, call: number, argument: number, isIt: Test, depth: number): void {
    const parameters = startedWith(this.#program, fn, call, argument, isIt);
    if (parameters === null) this.#escapes(fn, fn.call(call).start);
    else for (const { fn: callee, variable } of parameters) this.variable(callee, variable, depth + 1);
  }
}
