import { comesBack } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { HolderFinder } from "../collections/identity.ts";
import { grownBy } from "../resources/collected.ts";

/** What a function does with a channel. */
export interface ChannelUse {
  readonly use: "ranges" | "receives" | "awaits close" | "sends" | "closes" | "settles" | "awaits settled" | "escapes";
  readonly fn: Fn;
  readonly at: number;
  /** It may go on without the other side: inside a `select` with other ways on, with a time limit, or without waiting. */
  readonly optional: boolean;
  /** The call that does it, where it is one of a method. */
  readonly call?: number;
  /** Who sends does not end before what was sent is taken. */
  readonly lingers?: boolean;
}

/** Collects what is done to the channel that a variable holds: in its function, in closures that capture it and in callees that get it. */
export class ChannelUses {
  readonly #program: Program;
  readonly #finder: HolderFinder;
  readonly #fields = new Map<string, ChannelUse[]>();
  /** Fields of objects of unknown class that something is sent to or that are closed: any field of that name may be meant. */
  readonly #loose = new Map<string, ChannelUse>();
  #fieldsCollected = false;

  constructor(program: Program, finder: HolderFinder) {
    this.#program = program;
    this.#finder = finder;
  }

  ofVariable(fn: Fn, id: number): readonly ChannelUse[] {
    const found: ChannelUse[] = [];
    this.#variable(fn, id, found, new Set(), 0);
    return found;
  }

  #variable(fn: Fn, id: number, found: ChannelUse[], seen: Set<string>, depth: number): void {
    const key = `${fn.file.index} ${fn.id} ${id}`;
    if (seen.has(key)) return;
    seen.add(key);
    const isIt = (value: Value): boolean => value.k === "var" && value.id === id;
    this.#collect(fn, isIt, found, (callee, variable) => {
      if (depth > 5) found.push({ use: "escapes", fn, at: fn.fact.start, optional: false });
      else this.#variable(callee, variable, found, seen, depth + 1);
    });
    for (const inner of fn.file.functions) {
      if (inner.fact.captures.includes(id) && inner.isInside(fn)) this.#variable(inner, id, found, seen, depth + 1);
    }
  }

  /** Uses of a field, anywhere in the program. */
  ofField(cls: Cls, name: string): readonly ChannelUse[] {
    const uses = this.#ofKey(fieldKey(cls, name, false));
    const loose = this.#loose.get(name);
    return loose === undefined ? uses : [...uses, loose];
  }

  #ofKey(key: string): readonly ChannelUse[] {
    if (!this.#fieldsCollected) this.#collectFields();
    return this.#fields.get(key) ?? [];
  }

  #collectFields(): void {
    this.#fieldsCollected = true;
    for (const fn of this.#program.functions()) {
      if (fn.file.language !== "go") continue;
      const byField = new Map<string, (value: Value) => boolean>();
      for (const value of channelFields(fn)) {
        const key = this.#keyOf(value, fn);
        if (key === null) {
          if (value.k === "field" && this.#program.typeOf(value.of, fn) === null)
            this.#loose.set(value.name, { use: "escapes", fn, at: fn.fact.start, optional: false });
          continue;
        }
        if (!byField.has(key)) byField.set(key, (one) => this.#isField(one, fn, key));
      }
      for (const [key, isIt] of byField) {
        let uses = this.#fields.get(key);
        if (uses === undefined) this.#fields.set(key, (uses = []));
        const list = uses;
        this.#collect(fn, isIt, list, (callee, variable) => this.#variable(callee, variable, list, new Set(), 1));
      }
    }
  }

  /** The field, or the collection of channels in a field, that a value is. */
  #keyOf(value: Value, fn: Fn): string | null {
    const reached = this.#finder.find(value, fn);
    return reached?.holder.holder === "field" && this.#holdsChannels(reached.holder.cls, reached.holder.name)
      ? fieldKey(reached.holder.cls, reached.holder.name, reached.nested)
      : null;
  }

  #holdsChannels(cls: Cls, name: string): boolean {
    const type = this.#program.types.fieldType(cls, name);
    return type?.t === "named" && (type.name === "chan" || type.args.some((arg) => arg?.t === "named" && arg.name === "chan"));
  }

  #isField(value: Value, fn: Fn, key: string): boolean {
    if (value.k !== "var" && value.k !== "field" && value.k !== "index") return false;
    return this.#keyOf(value, fn) === key;
  }

  #collect(fn: Fn, isIt: (value: Value) => boolean, found: ChannelUse[], into: (callee: Fn, variable: number) => void): void {
    const add = (use: ChannelUse["use"], at: number, optional = false): void => void found.push({ use, fn, at, optional });
    for (const [id, loop] of fn.graph.loops.entries())
      if (loop.iterable !== null && isIt(loop.iterable)) add(hasSecondStep(fn, id) ? "ranges" : "receives", loop.start);
    const selecting = selectTargets(fn);
    for (const [index, block] of fn.graph.blocks.entries()) {
      for (const event of block.events) {
        const optional = selecting.has(index) && event === block.events.find((one) => one.e === "send" || one.e === "receive");
        if (event.e === "send" && isIt(event.channel)) add("sends", event.at, optional);
        else if (event.e === "send" && holdsIt(event.value, isIt)) add("escapes", event.at);
        else if (event.e === "receive" && isIt(event.channel)) add("receives", event.at, optional);
        else if (event.e === "put" && isIt(event.value) && this.#keyOf(event.object, fn) !== null) this.#kept(fn, event.object, found);
        else if (
          (event.e === "store" || event.e === "put" || event.e === "set") &&
          holdsIt(event.value, isIt) &&
          !(event.e === "set" && event.value.k === "received")
        )
          add("escapes", event.at);
        else if (event.e === "escape" && event.values.some(isIt)) add("escapes", event.at);
      }
      const { end } = block;
      if (end.t === "return" && end.value !== null && holdsIt(end.value, isIt)) add("escapes", end.at);
    }
    for (const [call, site] of fn.graph.calls.entries())
      this.#arguments(
        fn,
        call,
        site.args.map((arg) => arg.value),
        isIt,
        add,
        into,
      );
  }

  /** Kept in a collection of the program: whoever takes it from there may close it. */
  #kept(fn: Fn, collection: Value, found: ChannelUse[]): void {
    const key = this.#keyOf({ k: "index", of: collection, key: null }, fn)!;
    found.push(...this.#ofKey(key).filter((use) => use.use === "closes" || use.use === "escapes"));
  }

  #arguments(
    fn: Fn,
    call: number,
    args: readonly Value[],
    isIt: (value: Value) => boolean,
    add: (use: ChannelUse["use"], at: number) => void,
    into: (callee: Fn, variable: number) => void,
  ): void {
    const site = fn.call(call);
    for (const [i, value] of args.entries()) {
      if (!holdsIt(value, isIt)) continue;
      const target = this.#program.target(fn, call);
      const closes = target.rows.some((row) =>
        row.effects.some((effect) => effect.role === "releases" && effect.value.of === "argument" && effect.value.argument.position === i),
      );
      // `s.listeners = append(s.listeners, ch)`: whoever goes through them may close it.
      const isCollected = i > 0 && target.rows.some((row) => grownBy(row) !== null);
      if (closes) add("closes", site.start);
      else if (isCollected) add("escapes", site.start);
      else if (target.rows.length > 0 && target.rows.every((row) => row.name.startsWith("builtin."))) continue;
      else if (target.fns.length === 0 || !isIt(value)) add("escapes", site.start);
      else
        for (const callee of target.fns) {
          const param = callee.fact.params[i] ?? callee.fact.params.at(-1);
          if (param === undefined || param.rest !== "none" || !callee.fact.hasBody) add("escapes", site.start);
          else into(callee, param.variable);
        }
    }
  }
}

/** @param entry whether an entry of the collection in the field is meant */
const fieldKey = (cls: Cls, name: string, entry: boolean): string => `${cls.file.index} ${cls.id} ${name}${entry ? "[]" : ""}`;

function holdsIt(value: Value, isIt: (value: Value) => boolean): boolean {
  if (isIt(value)) return true;
  if (value.k === "coll") return value.items.some((item) => holdsIt(item, isIt));
  return value.k === "cast" ? holdsIt(value.of, isIt) : value.k === "either" && value.of.some((one) => holdsIt(one, isIt));
}

/** Whether a loop comes back to its head: `for one := range ch { return one }` takes one value. */
function hasSecondStep({ graph }: Fn, loop: number): boolean {
  const head = graph.blocks.findIndex(({ end }) => end.t === "each" && end.loop === loop);
  return head < 0 || comesBack(graph, head);
}

/** Blocks that begin with one of several communications of a `select`. */
export function selectTargets(fn: Fn): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { end } of fn.graph.blocks) {
    if (end.t !== "choose" || end.what !== "select" || end.to.length < 2) continue;
    for (const to of end.to) if (to !== end.otherwise) found.add(to);
  }
  return found;
}

/** Field values that a function uses where a channel may stand. */
function* channelFields(fn: Fn): Iterable<Value> {
  for (const loop of fn.graph.loops) if (loop.iterable !== null) yield loop.iterable;
  for (const site of fn.graph.calls) for (const { value } of site.args) if (value.k === "field" || value.k === "var") yield value;
  for (const { events, end } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e === "send" || event.e === "receive") yield event.channel;
      // `agent.Responses = agent.responses`: another name for it.
      else if ((event.e === "set" || event.e === "store") && event.value.k === "field") yield event.value;
    }
    if (end.t === "return" && end.value !== null) yield end.value;
  }
}
