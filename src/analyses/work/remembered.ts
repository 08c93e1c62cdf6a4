import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import { reachable } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { HolderFinder, holderKey } from "../collections/identity.ts";
import { bare } from "./loops.ts";
import { mentionedValues } from "./values.ts";

/** Where the answer of a call is kept: with the object the method works on, or with the class, module or file. */
export type Memory = "object" | "process";

/** Finds calls that run only as long as their outcome is missing: `if (isset($this->map)) return $this->map; $this->map = query();`. */
export class RememberedCalls {
  readonly #finder: HolderFinder;
  readonly #known = new Map<Fn, ReadonlyMap<number, Memory>>();

  constructor(program: Program) {
    this.#finder = new HolderFinder(program);
  }

  /** @returns the remembered calls of a function, and where what they bring is kept */
  of(fn: Fn): ReadonlyMap<number, Memory> {
    let known = this.#known.get(fn);
    if (known === undefined) this.#known.set(fn, (known = this.#find(fn)));
    return known;
  }

  #find(fn: Fn): ReadonlyMap<number, Memory> {
    const found = new Map<number, Memory>();
    const filled = this.#filled(fn);
    if (filled.size === 0) return found;
    for (const [at, { end }] of fn.graph.blocks.entries()) {
      if (end.t !== "branch") continue;
      for (const slot of this.#asked(end.test, fn)) {
        const fills = filled.get(slot.key);
        if (fills === undefined) continue;
        const fillsAfter = (block: number): boolean => [...reachable(fn.graph, block)].some((one) => fills.has(one));
        const [yes, no] = [fillsAfter(end.yes), fillsAfter(end.no)];
        if (yes === no) continue;
        const otherwise = reachable(fn.graph, 0, { from: at, to: yes ? end.yes : end.no });
        for (const [block, { events }] of fn.graph.blocks.entries()) {
          if (otherwise.has(block)) continue;
          for (const event of events) if (event.e === "call") found.set(event.call, slot.memory);
        }
      }
    }
    return found;
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

  /** The places that a test looks for something in. */
  #asked(test: Test, fn: Fn): readonly Kept[] {
    const found: Kept[] = [];
    for (const value of askedValues(bare(test))) {
      const inside = value.k === "call" ? fn.call(value.id).args.map((arg) => arg.value) : [value];
      for (const one of inside.flatMap(mentionedValues)) {
        const kept = this.#kept(one, fn);
        if (kept !== null) found.push(kept);
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
    return { key: holderKey(holder), memory: isOwn ? "object" : "process" };
  }
}

interface Kept {
  readonly key: string;
  readonly memory: Memory;
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
  const { value } = event;
  if ((value.k === "const" && (value.v === null || value.v === false)) || (value.k === "coll" && value.size === 0)) return null;
  if (event.e === "set") return { k: "var", id: event.var };
  return event.e === "put" ? event.object : { k: "field", of: event.object, name: event.field };
}

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
