import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { type Holder, type HolderFinder, holderKey } from "../collections/identity.ts";
import type { Channel } from "../channels/waiting.ts";
import { type MadeValues, entryKey } from "./made.ts";
import type { CallEdge } from "../call-graph.ts";
import { type Addition, answeredBeside, mayGiveUp } from "./promised.ts";
import { settled } from "../../program/arguments.ts";
import { subjectOf } from "../resources/holding.ts";
import { rowsOf } from "../registrations/registration.ts";
import type { Site } from "../site.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { Type } from "../../program/types.ts";

/** Something that goes on when the object that holds it is forgotten. */
export interface Belonging {
  /** The field that holds it; empty when the entry of a collection is it. */
  readonly field: string;
  /** What it is, in the models' words: "timer", "WebSocket", "channel". */
  readonly what: string;
  /** Where the program ends it. */
  readonly ended: readonly Site[];
  /** Who waits, for its end or for the answers that only its holder can give; null where it goes on by itself. */
  readonly waiter: Site | null;
  /** `ends`: it has to be ended; `answers`: it is the only way to those who wait for an answer. */
  readonly owes: "ends" | "answers";
  /** It ends by itself some day: the garbage collector frees it, or who waits has another way on. */
  readonly reclaimed: boolean;
  /** It is freed with its last reference, and the program ends it elsewhere all the same. */
  readonly isFreed: boolean;
  /** A call that makes one; null where that is not known. */
  readonly made: CallEdge | null;
  /** Where the function that makes one ends it by the name that it has there. */
  readonly beside: readonly Site[];
}

interface Kind extends Pick<Belonging, "what" | "reclaimed" | "isFreed"> {
  /** Many live as long as the process, or end by themselves. */
  readonly partly: boolean;
  readonly by: readonly string[];
  readonly made: CallEdge;
}

/** Knows, of fields and of entries of collections, what they hold that has to be ended: by what makes it, and by where the program ends it. */
export class Belongings {
  readonly #program: Program;
  readonly #finder: HolderFinder;
  readonly #channels: readonly Channel[];
  readonly #made: MadeValues;
  readonly #ended = new Map<string, Site[]>();
  /** Calls of methods of what a field or a collection holds, by that and the method. */
  readonly #called = new Map<string, Site[]>();
  /** Sends to channels that are found in the entries of a collection, by the collection. */
  readonly #answers = new Map<string, { readonly site: Site; readonly channel: string }[]>();

  constructor(program: Program, finder: HolderFinder, made: MadeValues, channels: readonly Channel[]) {
    this.#program = program;
    this.#finder = finder;
    this.#made = made;
    this.#channels = channels;
    for (const fn of program.functions()) this.#collect(fn);
  }

  /** Notes the places where something that a field or a collection holds is released. */
  #collect(fn: Fn): void {
    for (const [call, site] of fn.graph.calls.entries()) {
      for (const subject of this.#released(fn, call)) {
        const place = { fn, at: site.start };
        const key = this.#keyOf(subject, fn);
        if (key !== null) note(this.#ended, key, place);
        for (const made of madeOf(subject, fn)) note(this.#ended, madeKey(made), place);
      }
      // Also handed on: `loop.call_soon_threadsafe(future.set_result, answer)`.
      for (const method of [site.callee, ...site.args.map(({ value }) => value)]) {
        const key = method.k === "field" ? this.#keyOf(method.of, fn) : null;
        if (method.k === "field" && key !== null) note(this.#called, calledKey(key, method.name), { fn, at: site.start });
      }
    }
    for (const { events } of fn.graph.blocks) for (const event of events) if (event.e === "send") this.#noteAnswer(event.channel, { fn, at: event.at });
  }

  /** `waiting := worker.pending[id]; waiting.answer <- response` */
  #noteAnswer(channel: Value, site: Site): void {
    const among = this.#finder.find(channel.k === "field" ? channel.of : channel, site.fn);
    const held = channel.k === "field" ? this.#finder.find(channel, site.fn) : null;
    // `reply := m.pending[id]; reply <- data`
    if (channel.k !== "field" && among?.nested === true) note(this.#called, calledKey(entryKey(among.holder, ""), sent), site);
    if (among?.nested !== true || held === null || held.nested) return;
    note(this.#answers, holderKey(among.holder), { site, channel: holderKey(held.holder) });
  }

  /** What a call releases: by its models, or by being called itself. */
  #released(fn: Fn, call: number): readonly Value[] {
    const site = fn.call(call);
    const found: Value[] = [];
    for (const row of rowsOf(this.#program, fn, call)) {
      for (const effect of row.effects) {
        const subject = effect.role === "releases" || effect.role === "unregisters" ? subjectOf(site, effect.value) : null;
        if (subject !== null) found.push(subject);
      }
    }
    const { callee } = site;
    // A field that is called itself (`job.cancel()`); what is known to be a method is none.
    const { rows, fns } = this.#program.target(fn, call);
    // Also by another name: `if cancel, ok := cancels[id]; ok { cancel() }`.
    const isNamed = callee.k === "field" || callee.k === "index" || callee.k === "var";
    // `waiters.get(id)?.(answer)`
    if ((isNamed || callee.k === "call") && rows.length + fns.length === 0) found.push(callee);
    return found;
  }

  /** The text for the field of a class, the entry of a collection, or the member of such an entry that a value is. */
  #keyOf(named: Value, fn: Fn): string | null {
    // `const { timer } = entry; clearInterval(timer)`.
    const value = named.k === "var" ? settled(named, fn) : named;
    const reached = this.#finder.find(value, fn);
    const removed = this.#removedFrom(value, fn);
    if (removed !== null) return entryKey(removed, "");
    // PHP: `$this->sessions[$id]['timer']`
    const member = value.k === "index" && value.key?.k === "const" && typeof value.key.v === "string" ? value.key.v : null;
    const within = member === null || value.k !== "index" ? null : this.#finder.find(value.of, fn);
    if (member !== null && within?.nested === true) return entryKey(within.holder, member);
    if (reached !== null) return reached.nested ? entryKey(reached.holder, "") : holderKey(reached.holder);
    if (value.k !== "field") return null;
    // `process = running.pop(name); process.terminate()`
    const taken = this.#removedFrom(settled(value.of, fn), fn);
    if (taken !== null) return entryKey(taken, value.name);
    const of = this.#finder.find(value.of, fn);
    return of?.nested === true ? entryKey(of.holder, value.name) : null;
  }

  /** `running.pop(name)`: the collection that a call takes an entry out of, null for other values. */
  #removedFrom(value: Value, fn: Fn): Holder | null {
    const callee = value.k === "call" ? fn.call(value.id).callee : null;
    if (value.k !== "call" || callee?.k !== "field") return null;
    const shrinks = rowsOf(this.#program, fn, value.id).some((row) => row.effects.some((effect) => effect.role === "shrinks"));
    const reached = shrinks ? this.#finder.find(callee.of, fn) : null;
    return reached === null || reached.nested ? null : reached.holder;
  }

  /** @returns what the entries of a collection hold, given what type they are and where they are added */
  ofEntries(collection: Holder, entry: Type | null, additions: readonly Addition[]): readonly Belonging[] {
    const found: Belonging[] = [...this.#promised(collection, entry, additions)];
    const add = (field: string, ...keys: readonly string[]): void => {
      const kind = keys.map((key) => this.#kindOf(key)).find((one) => one !== null);
      if (kind === undefined) return;
      const { what, reclaimed, isFreed, partly, by, made } = kind;
      // `this.open[key].quit()`, where nothing tells what the entries are.
      const ended = keys.flatMap((key) => [...(this.#ended.get(key) ?? []), ...by.flatMap((method) => this.#called.get(calledKey(key, method)) ?? [])]);
      // What is freed with its last reference, or ends by itself, is worth a word only where the program ends it.
      if ((isFreed || partly) && (ended.length === 0 || (isFreed && isEndedByItself(entry, ended)))) return;
      const beside = keys.flatMap((key) => this.#made.of(key)).flatMap((one) => this.#ended.get(madeKey(one)) ?? []);
      found.push({ field, ended, waiter: null, owes: "ends", what, reclaimed, isFreed, made, beside });
    };
    if (entry?.t !== "instance") {
      add("", entryKey(collection, ""));
      found.push(...this.#channelEntries(collection));
      for (const name of new Set([...(entry?.t === "shape" ? entry.members.keys() : []), ...this.#made.membersOf(collection)]))
        if (name !== "") add(name, entryKey(collection, name));
      return found;
    }
    for (const cls of this.#program.hierarchy.ancestry(entry.cls)) {
      for (const { name } of cls.fact.fields) {
        const type = this.#program.types.fieldType(cls, name);
        if (type?.t === "named" && type.name === "chan") found.push(...this.#channel(collection, { holder: "field", cls, name }));
        else {
          // Of an interface the entries themselves are literals.
          add(name, holderKey({ holder: "field", cls, name }), entryKey(collection, name));
          found.push(...this.#waiting({ holder: "field", cls, name }));
        }
      }
    }
    return found;
  }

  /** By what those are answered who wait for an entry. */
  #promised(collection: Holder, entry: Type | null, additions: readonly Addition[]): readonly Belonging[] {
    const members = [...this.#made.membersOf(collection)].map((field) => ({ field, key: entryKey(collection, field) }));
    const classes = entry?.t === "instance" ? this.#program.hierarchy.ancestry(entry.cls) : [];
    // The members of an interface are those of the literals that are added.
    const keyed = [...classes].flatMap((cls) => cls.fact.fields.map(({ name }) => ({ field: name, key: holderKey({ holder: "field", cls, name }) })));
    const known = [...members, ...keyed].map((one) => ({ ...one, promised: this.#made.promised(one.key) })).filter((one) => one.promised.length > 0);
    const [first] = known;
    if (first === undefined) return [];
    const found = known.flatMap(({ key, field, promised }) =>
      promised.flatMap(({ by }) => {
        const fields = by === null ? [key, ...keyed.filter((one) => one.field === field).map((one) => one.key)] : [];
        return [
          ...fields.flatMap((one) => this.#ended.get(one) ?? []),
          ...(by === null ? this.#calledMember(collection, field) : by.flatMap((method) => this.#called.get(calledKey(key, method)) ?? [])),
        ];
      }),
    );
    // Nothing that finds the entry answers: then nobody waits for that.
    if (found.length === 0) return [];
    const all = known.flatMap(({ promised }) => promised);
    const ended = [...found, ...all.flatMap(answeredBeside)];
    if (all.some((one) => mayGiveUp(this.#program, one, additions, ended))) return [];
    const { what, made } = first.promised[0]!;
    const waiter = { fn: made.fn, at: made.fn.call(made.call).start };
    return [{ field: first.field, what, ended, waiter, owes: "answers", reclaimed: false, isFreed: false, made, beside: [] }];
  }

  /** `waiter.resolve(answer)`, where the type of the entries says that this is a method. */
  #calledMember(collection: Holder, member: string): readonly Site[] {
    return member === "" ? [] : (this.#called.get(calledKey(entryKey(collection, ""), member)) ?? []);
  }

  /** A channel that somebody waits on until it is closed, or until whoever finds the entry sends the answer. */
  #channel(collection: Holder, holder: Extract<Holder, { holder: "field" }>): readonly Belonging[] {
    const field = holderKey(holder);
    const ended = this.#ended.get(field) ?? [];
    const made = this.#channels.find((channel) => channel.field === field);
    const receiver = made?.uses.find((use) => use.use === "receives" && !use.optional);
    const waiter = made?.uses.find((use) => use.use === "ranges") ?? receiver;
    const known = { field: holder.name, what: "channel", reclaimed: false, isFreed: false, beside: [] };
    if (waiter !== undefined && ended.length > 0) return [{ ...known, ended, waiter, owes: "ends", made: null }];
    const answers = (this.#answers.get(holderKey(collection)) ?? []).filter((one) => one.channel === field).map(({ site }) => site);
    return made === undefined || receiver === undefined || answers.length === 0 ? [] : [{ ...known, ended: answers, waiter: receiver, owes: "answers", made }];
  }

  /** `m.pending[id] = reply; …; data := <-reply`: the entries are channels on which those who put them there wait. */
  #channelEntries(collection: Holder): readonly Belonging[] {
    const key = entryKey(collection, "");
    const ended = [...(this.#called.get(calledKey(key, sent)) ?? []), ...(this.#ended.get(key) ?? [])];
    if (ended.length === 0) return [];
    for (const made of this.#made.of(key)) {
      const waiter = this.#channels.find(({ fn, call }) => fn === made.fn && call === made.call)?.uses.find((use) => use.use === "receives" && !use.optional);
      if (waiter !== undefined) return [{ field: "", what: "channel", ended, waiter, owes: "answers", reclaimed: false, isFreed: false, made, beside: [] }];
    }
    return [];
  }

  /** A collection of those who wait for an answer, which whoever has it sends. */
  #waiting(holder: Extract<Holder, { holder: "field" }>): readonly Belonging[] {
    const answers = this.#answers.get(holderKey(holder)) ?? [];
    for (const { channel } of answers) {
      const waiter = this.#channels.find((one) => one.field === channel)?.uses.find((use) => use.use === "receives");
      if (waiter !== undefined)
        return [
          {
            field: holder.name,
            what: "waiters",
            ended: answers.map(({ site }) => site),
            waiter,
            owes: "answers",
            reclaimed: waiter.optional,
            isFreed: false,
            made: null,
            beside: [],
          },
        ];
    }
    return [];
  }

  /** What the models say of what is made there, and the methods that end it: it has to be released, or it goes on until it is undone. Null for what ends with its last reference. */
  #kindOf(key: string): Kind | null {
    for (const { fn, call, result } of this.#made.of(key)) {
      if (isEmptiedAgain(fn, call)) continue;
      for (const row of this.#program.target(fn, call).rows) {
        for (const effect of row.effects) {
          if (effect.role === "registers" && !effect.once && row.results.length > 0)
            return { what: effect.what, reclaimed: false, isFreed: false, partly: false, by: effect.resultUndo, made: { fn, call } };
          if (effect.role !== "acquires" || effect.value.of !== "result" || effect.value.index !== result || effect.path || effect.reclaimed === "scope")
            continue;
          const reclaimed = effect.reclaimed !== "never";
          const isFreed = reclaimed && profileOf(fn.file.language).countsReferences !== null;
          return { what: effect.resource, reclaimed, isFreed, partly: effect.partly, by: effect.releasedBy, made: { fn, call } };
        }
      }
    }
    return null;
  }
}

/**
 * Whether the class of an object ends in several of its methods what it holds, so that it sees to that in the course of its work: who removes the object may
 * find it ended already. Those that end a scope run whatever the object did before.
 */
function isEndedByItself(entry: Type | null, ended: readonly Site[]): boolean {
  const methods = ended.flatMap(({ fn }) => {
    const isOfScope = profileOf(fn.file.language).scopeMethods.some(({ leave }) => leave === fn.fact.name);
    return entry?.t === "instance" && fn.cls === entry.cls && !isOfScope ? [fn] : [];
  });
  return new Set(methods).size > 1;
}

function note<T>(map: Map<string, T[]>, key: string, one: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [one]);
  else known.push(one);
}

/** The text for what a call makes. */
const madeKey = ({ fn, call }: CallEdge): string => `m ${fn.file.index} ${fn.id} ${call}`;

/** The calls that make what a local variable is, or a member of the literal that it is: `timer`, `entry.timer`. */
function madeOf(value: Value, fn: Fn): readonly CallEdge[] {
  const of = value.k === "field" ? value.of : value;
  if (of.k !== "var") return [];
  return fn.file.variable(of.id).definitions.flatMap((one) => {
    const by = fn.file.functions[one.fn]!;
    const held = value.k === "field" ? (one.value.k === "coll" ? one.value.items[one.value.keys.indexOf(value.name)] : undefined) : one.value;
    return held?.k === "call" ? [{ fn: by, call: held.id }] : [];
  });
}

/** What stands for sending in the place of a method. */
const sent = "<-";

/** The text for a method of what is meant by another such text. */
const calledKey = (key: string, method: string): string => `${key} .${method}`;

/** `this.child = fork(path); …; this.child = undefined`: the method that puts it into a field takes it out again, so who removes the object finds none. */
function isEmptiedAgain(fn: Fn, call: number): boolean {
  const isIt = (value: Value): boolean => value.k === "call" && value.id === call;
  const within = (one: Fn): readonly FlowEvent[] => one.graph.blocks.flatMap(({ events }) => events);
  return within(fn).some((kept) => {
    if (kept.e !== "store" || kept.object.k !== "this" || !isIt(kept.value)) return false;
    // The function around a closure waits for it: `await new Promise((resolve) => { this.child = fork(path); … })`.
    for (let outer: Fn | null = fn; outer !== null; outer = outer.parent)
      if (within(outer).some((one) => one.e === "store" && one.object.k === "this" && one.field === kept.field && one.at > kept.at && isNothing(one.value)))
        return true;
    return false;
  });
}

const isNothing = (value: Value): boolean => value.k === "const" && value.v === null;
