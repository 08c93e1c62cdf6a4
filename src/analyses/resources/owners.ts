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
    const releasedBy: string[] = [];
    for (const [name, method] of this.#program.hierarchy.ownMethods(fn.cls!)) {
      if (method === fn || this.#handlings.ofPath(method, `this.${field}`, tracked, "") !== "releases") continue;
      if (finalizers.includes(name)) return;
      releasedBy.push(name);
    }
    if (releasedBy.length === 0) return;
    const acquires: Acquires = {
      ...tracked.acquires,
      value: { of: "result", index: 0 },
      releasedBy,
      scoped: this.#program.hierarchy.ownMethods(fn.cls!).has("__enter__") || releasedBy.some((name) => scopes.includes(name)),
      exhausted: [],
      owned: false,
    };
    for (const edge of this.#makers.get(fn.cls!) ?? [])
      yield { ...edge, tracked: { acquires, parts: [], origin: { from: "call", call: edge.call, result: 0, part: "" }, beyondScopes: false } };
  }
}

/** The field of its object in which a constructor keeps the resource, where that is all that becomes of it. */
function keptIn(fn: Fn, fates: readonly Fate[]): string | null {
  const [only] = fates;
  if (only?.fate !== "escapes" || only.how !== "stored" || fates.length > 1) return null;
  for (const { events } of fn.graph.blocks)
    for (const event of events) if (event.e === "store" && event.at === only.at && event.object.k === "this") return event.field;
  return null;
}
