import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import { type Edge, reachable, walk, waysOn } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { HolderFinder, holderKey } from "../collections/identity.ts";
import { bare } from "./loops.ts";
import { mentionedValues } from "./values.ts";

/** Where the answer of a call is kept: with the object the method works on, or with the class, module or file. */
export type Memory = "object" | "process";

/** What tells that a call was made before: a place outside the function that is empty until then. */
export interface Kept {
  /** The same text for the same variable or field. */
  readonly key: string;
  readonly memory: Memory;
  /** The class whose objects, or which itself, has the field; null for a variable. */
  readonly cls: Cls | null;
}

/** Finds calls that run only as long as their outcome is missing: `if (isset($this->map)) return $this->map; $this->map = query();`. */
export class RememberedCalls {
  readonly #program: Program;
  readonly #finder: HolderFinder;
  readonly #known = new Map<Fn, ReadonlyMap<number, Kept>>();
  #emptied: ReadonlyMap<string, readonly Fn[]> | null = null;

  constructor(program: Program) {
    this.#program = program;
    this.#finder = new HolderFinder(program);
  }

  /** @returns the remembered calls of a function, and where what they bring is kept */
  of(fn: Fn): ReadonlyMap<number, Kept> {
    let known = this.#known.get(fn);
    if (known === undefined) this.#known.set(fn, (known = this.#find(fn)));
    return known;
  }

  /** @returns the functions that make a place empty again, so that the calls which fill it are made once more; what fills it at first aside */
  emptiedBy({ key }: Kept): readonly Fn[] {
    this.#emptied ??= this.#findEmptied();
    return this.#emptied.get(key) ?? [];
  }

  /** @returns whether a function ends what stands in a place: `clearInterval(timer); timer = undefined` */
  ends(fn: Fn, { key }: Kept): boolean {
    const isIt = (value: Value): boolean => this.#kept(value, fn)?.key === key;
    return fn.graph.calls.some(({ callee, args }, call) => {
      if (!(callee.k === "field" && isIt(callee.of)) && !args.some(({ value }) => isIt(value))) return false;
      return this.#program.target(fn, call).rows.some((row) => row.effects.some(({ role }) => role === "unregisters" || role === "releases"));
    });
  }

  #find(fn: Fn): ReadonlyMap<number, Kept> {
    const found = new Map<number, Kept>();
    const filled = this.#filled(fn);
    if (filled.size === 0) return found;
    const asking = new Map<string, Question[]>();
    for (const [at, { end }] of fn.graph.blocks.entries()) {
      if (end.t !== "branch") continue;
      for (const question of this.#asked(end.test, at, fn)) {
        const { key } = question.slot;
        if (filled.has(key)) asking.set(key, [...(asking.get(key) ?? []), question]);
      }
    }
    for (const [key, questions] of asking) {
      const fills = filled.get(key)!;
      const { slot } = questions[0]!;
      // Each question by itself (one before a lock, one under it), and all together (`if (client == null || !client.isAlive())`).
      const direct = questions.filter((one) => one.isDirect).map((one) => one.block);
      for (const block of direct) this.#noteBehind(fn, waysIn(fn, [block], fills), slot, found);
      if (direct.length > 0 && questions.length > 1) {
        const all = questions.map((one) => one.block);
        this.#noteBehind(fn, waysIn(fn, all, fills), slot, found);
      }
    }
    return found;
  }

  /** Notes the calls that run only when one of those ways is taken. */
  #noteBehind(fn: Fn, ways: readonly Edge[], slot: Kept, found: Map<number, Kept>): void {
    if (ways.length === 0) return;
    const otherwise = reachable(fn.graph, 0, ways);
    for (const [block, { events }] of fn.graph.blocks.entries()) {
      if (otherwise.has(block)) continue;
      for (const event of events) if (event.e === "call" && found.get(event.call)?.memory !== "process") found.set(event.call, slot);
    }
  }

  /** The places outside the function that it fills, with the blocks that do. */
  #filled(fn: Fn): ReadonlyMap<string, ReadonlySet<number>> {
    const found = new Map<string, Set<number>>();
    for (const [block, { events }] of fn.graph.blocks.entries()) {
      for (const event of events) {
        const slot = event.e === "set" && isLocal(fn, event.var) ? null : filledBy(event);
        const kept = slot === null ? null : this.#kept(slot, fn);
        if (kept === null) continue;
        const known = found.get(kept.key);
        if (known === undefined) found.set(kept.key, new Set([block]));
        else known.add(block);
      }
    }
    return found;
  }

  /** The places that a test, which ends a block, looks for something in. */
  #asked(test: Test, block: number, fn: Fn): readonly Question[] {
    const found: Question[] = [];
    const note = (value: Value, isDirect: boolean): void => {
      for (const one of mentionedValues(value)) {
        const slot = this.#kept(one, fn);
        if (slot !== null) found.push({ slot, block, isDirect });
      }
    };
    for (const value of askedValues(bare(test))) {
      if (value.k !== "call") {
        note(value, true);
        continue;
      }
      const { callee, args } = fn.call(value.id);
      for (const argument of args) note(argument.value, true);
      if (callee.k === "field") note(callee.of, false);
    }
    return found;
  }

  /** Who empties which places: by another value, by deleting or by a call that the models know. Top-level code and constructors only begin with that. */
  #findEmptied(): ReadonlyMap<string, readonly Fn[]> {
    const found = new Map<string, Fn[]>();
    const note = (value: Value, fn: Fn): void => {
      const kept = this.#kept(value, fn);
      if (kept === null) return;
      const known = found.get(kept.key);
      if (known === undefined) found.set(kept.key, [fn]);
      else if (!known.includes(fn)) known.push(fn);
    };
    for (const fn of this.#program.functions()) {
      if (fn.fact.kind === "module" || fn.fact.kind === "constructor" || fn.fact.kind === "initializer") continue;
      for (const { events } of fn.graph.blocks) {
        for (const event of events) {
          if (event.e === "delete") note(event.target, fn);
          if (event.e === "set" && isEmpty(event.value) && !isLocal(fn, event.var)) note({ k: "var", id: event.var }, fn);
          if (event.e === "store" && isEmpty(event.value)) note({ k: "field", of: event.object, name: event.field }, fn);
          if (event.e !== "call") continue;
          const { callee } = fn.call(event.call);
          if (callee.k !== "field") continue;
          const takes = this.#program.target(fn, event.call).rows.some((row) => row.effects.some((one) => one.role === "shrinks" || one.role === "clears"));
          if (takes) note(callee.of, fn);
        }
      }
    }
    return found;
  }

  #kept(value: Value, fn: Fn): Kept | null {
    if (value.k !== "var" && value.k !== "field" && value.k !== "ref" && value.k !== "index") return null;
    const root = rootOf(value);
    if (root.k === "field" && root.of.k !== "this" && root.of.k !== "class" && root.of.k !== "ref") return null;
    const reached = this.#finder.find(root, fn);
    if (reached === null) return null;
    const { holder } = reached;
    const isOwn = holder.holder === "field" && holder.cls.field(holder.name)?.isStatic !== true;
    return { key: holderKey(holder), memory: isOwn ? "object" : "process", cls: holder.holder === "field" ? holder.cls : null };
  }
}

/** A test that asks about a place. */
interface Question {
  readonly slot: Kept;
  /** The block that it ends. */
  readonly block: number;
  /** It asks whether something is there, not how what is there does. */
  readonly isDirect: boolean;
}

/** The ways from questions about a place to where it is filled, as far as no other of the questions comes in between. */
function waysIn(fn: Fn, questions: readonly number[], fills: ReadonlySet<number>): readonly Edge[] {
  const { blocks } = fn.graph;
  const comesToFill = (start: number): boolean => [...walk(start, (at) => (questions.includes(at) ? [] : waysOn(fn.graph, at)))].some((one) => fills.has(one));
  return questions.flatMap((from) => {
    const { end } = blocks[from]!;
    if (end.t !== "branch") return [];
    const [yes, no] = [comesToFill(end.yes), comesToFill(end.no)];
    return yes === no ? [] : [{ from, to: yes ? end.yes : end.no }];
  });
}

/** `cache[type][id]` is a place in `cache`. */
function rootOf(value: Value): Value {
  let root = value;
  while (root.k === "index") root = root.of;
  return root;
}

/** What a local variable gets is forgotten with the call, wherever it came from. */
function isLocal(fn: Fn, variable: number): boolean {
  const fact = fn.file.variable(variable);
  return fn.id !== 0 && fact.fn === fn.id && !fact.isStatic;
}

/** What an event puts something into. Storing null, false or an empty collection makes the place empty again. */
function filledBy(event: FlowEvent): Value | null {
  if (event.e !== "set" && event.e !== "store" && event.e !== "put") return null;
  if (isEmpty(event.value)) return null;
  if (event.e === "set") return { k: "var", id: event.var };
  return event.e === "put" ? event.object : { k: "field", of: event.object, name: event.field };
}

const isEmpty = (value: Value): boolean => (value.k === "const" && (value.v === null || value.v === false)) || (value.k === "coll" && value.size === 0);

/** What is asked for: whether it is there, whether it is true, whether it holds a key. */
function askedValues(test: Test): readonly Value[] {
  switch (test.test) {
    case "null":
    case "truthy":
      return [test.value];
    case "contains":
      return [test.container];
    case "compare":
      return test.operator === "==" && test.right.k === "const" ? [test.left] : [];
    case "other":
      return test.of;
    default:
      return [];
  }
}
