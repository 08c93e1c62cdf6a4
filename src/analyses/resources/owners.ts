import { releasersOf } from "./fields.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Acquires } from "../../semantics/models/model.ts";
import type { CallEdge } from "../call-graph.ts";
import type { Handlings } from "./handlings.ts";
import type { Fate, Tracked } from "./tracked.ts";

/** Methods by which a collector or a scope ends an object: who forgets the rest is not to blame. */
const finalizers = ["__del__", "__destruct", "finalize"];

/** Methods that make a scope of an object. */
const scopes = ["__exit__", "__aexit__", "[Symbol.dispose]", "[Symbol.asyncDispose]"];

/** Tells which classes keep open what they acquire when they are made, so that whoever makes one has to close it. */
export class OwnerClasses {
  readonly #program: Program;
  readonly #handlings: Handlings;
  readonly #makers = new Map<Cls, CallEdge[]>();

  constructor(program: Program, handlings: Handlings) {
    this.#program = program;
    this.#handlings = handlings;
    for (const fn of program.functions()) {
      for (let call = 0; call < fn.graph.calls.length; call++) {
        const { constructs } = program.target(fn, call);
        if (constructs === null) continue;
        const known = this.#makers.get(constructs);
        if (known === undefined) this.#makers.set(constructs, [{ fn, call }]);
        else known.push({ fn, call });
      }
    }
  }

  /**
   * @param fates what became of a resource that a function acquired
   * @returns where objects are made that own it from then on, each with how it is released; none when the function is no constructor, or no method of its
   *   class releases it
   */
  *made(fn: Fn, tracked: Tracked, fates: readonly Fate[]): Iterable<CallEdge & { readonly tracked: Tracked }> {
    const field = fn.fact.kind === "constructor" && fn.cls !== null ? keptIn(fn, fates) : null;
    if (field === null || tracked.acquires.path) return;
    for (const edge of this.#makers.get(fn.cls!) ?? []) {
      const owner = this.#owner(fn, field, tracked, edge.call);
      if (owner !== null) yield { ...edge, tracked: owner };
    }
  }

  /**
   * @param fates what became of a resource that a function acquired
   * @returns the object that gets the resource when it is made and owns it from then on (`Reader(open(path))`); null when there is none
   */
  given(fn: Fn, tracked: Tracked, fates: readonly Fate[]): (CallEdge & { readonly tracked: Tracked }) | null {
    const { origin } = tracked;
    const [only] = fates;
    if (origin.from !== "call" || tracked.acquires.path || only?.fate !== "escapes" || fates.length > 1) return null;
    for (const [call, { start, args }] of fn.graph.calls.entries()) {
      const position = start === only.at ? args.findIndex(({ value }) => value.k === "call" && value.id === origin.call) : -1;
      const [init] = position < 0 ? [] : this.#program.target(fn, call).fns;
      if (init === undefined || this.#program.target(fn, call).constructs === null || args[position]!.name !== "") continue;
      const field = fieldOf(init, position);
      const owner = field === null ? null : this.#owner(init, field, tracked, call);
      if (owner !== null) return { fn, call, tracked: owner };
    }
    return null;
  }

  /** How an object that keeps a resource in a field is followed from where it is made; null when none of its methods releases it, or a finaliser does. */
  #owner(init: Fn, field: string, tracked: Tracked, call: number): Tracked | null {
    const methods = this.#program.hierarchy.ownMethods(init.cls!);
    const releasers = [...releasersOf(this.#program, this.#handlings, init.cls!, field, tracked)];
    const releasedBy = releasers.flatMap(([name, method]) => (method === init ? [] : [name]));
    if (keepsItself(init)) return null;
    if (releasedBy.length === 0 || releasedBy.some((name) => finalizers.includes(name)) || handsOver(methods.values(), releasedBy)) return null;
    const acquires: Acquires = {
      ...tracked.acquires,
      value: { of: "result", index: 0 },
      releasedBy,
      scoped: methods.has("__enter__") || releasedBy.some((name) => scopes.includes(name)),
      exhausted: [],
      drained: null,
      failedBy: [],
      openedBy: [],
      owned: false,
      endsWith: null,
      carriedBy: null,
      givenTo: null,
      lowest: null,
    };
    return { acquires, parts: [], origin: { from: "call", call, result: 0, part: "" }, beyondScopes: false };
  }
}

/** `Watcher._singleton = self`: whoever makes the object may get it from there again. */
function keepsItself({ graph }: Fn): boolean {
  return graph.blocks.some(({ events }) => events.some((event) => event.e === "store" && event.object.k !== "this" && event.value.k === "this"));
}

/** Whether an object sees to its own end: `app.on_cleanup.append(self.close)`. */
function handsOver(methods: Iterable<Fn>, releasedBy: readonly string[]): boolean {
  return [...methods].some(({ graph }) =>
    graph.calls.some(({ args }) => args.some(({ value }) => value.k === "field" && value.of.k === "this" && releasedBy.includes(value.name))),
  );
}

/** @returns the field of its object in which a constructor, or another method, keeps one of its arguments; null when it keeps it in none */
export function fieldOf(init: Fn, position: number): string | null {
  const variable = init.fact.params[position]?.variable;
  for (const { events } of init.graph.blocks) {
    for (const event of events)
      if (event.e === "store" && event.object.k === "this" && event.value.k === "var" && event.value.id === variable) return event.field;
  }
  return null;
}

/** The field of its object in which a constructor keeps the resource, where that is all that becomes of it. */
function keptIn(fn: Fn, fates: readonly Fate[]): string | null {
  const [only] = fates;
  if (only?.fate !== "escapes" || only.how !== "stored" || fates.length > 1) return null;
  for (const { events } of fn.graph.blocks)
    for (const event of events) if (event.e === "store" && event.at === only.at && event.object.k === "this") return event.field;
  return null;
}
