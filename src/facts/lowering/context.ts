import type { Block, Language } from "../../ast/nodes.ts";
import type { Value } from "../../flow/values.ts";
import { GraphBuilder } from "../../flow/graph-builder.ts";
import type { LoopFact } from "../../flow/event-graph.ts";
import type { LanguageProfile } from "../../semantics/language-profile.ts";
import type { Scope } from "../../semantics/scope.ts";
import type { UnitBuilder } from "./unit-builder.ts";

/** What a jump out of the present place has to pass. */
export type Frame =
  | {
      readonly frame: "breakable";
      readonly label: string | null;
      readonly breakTo: number;
      /** Null for switch and select: `continue` goes on to the loop around them (PHP: counts as break). */
      readonly continueTo: number | null;
      readonly loop: number;
    }
  /** A `finally` block that runs on the way, under the handler that was in force around the `try`. */
  | { readonly frame: "finally"; readonly finalizer: Block; readonly handler: number }
  /** A scope that releases what it was entered with (`with`, `using`); the handler is that around it. */
  | { readonly frame: "scope"; readonly entered: readonly Entered[]; readonly handler: number };

/** What a scope releases when it is left. */
export interface Entered {
  readonly value: Value;
  readonly at: number;
}

/** State while one function's body is lowered. */
export interface FunctionContext {
  readonly unit: UnitBuilder;
  readonly language: Language;
  readonly profile: LanguageProfile;
  readonly graph: GraphBuilder;
  /** Index of the function in the unit. */
  readonly fn: number;
  /** Class whose `this` is meant, -1 for none. */
  readonly cls: number;
  scope: Scope;
  readonly frames: Frame[];
  /** Where `goto` jumps to, by label. */
  readonly labels: Map<string, number>;
  /** How many `try` bodies with handlers are open. */
  guards: number;
  /** PHP namespace. */
  namespace: string;
  /** Names of type parameters in force. */
  readonly typeParams: ReadonlySet<string>;
  /** Finalizers being repeated around this place: bounds the copies that nested ones make. */
  finalizerDepth: number;
}

/** @returns a context for a function's body */
export function functionContext(base: Omit<FunctionContext, "graph" | "frames" | "labels" | "guards" | "finalizerDepth">): FunctionContext {
  return { ...base, graph: new GraphBuilder(), frames: [], labels: new Map(), guards: 0, finalizerDepth: 0 };
}

/** Opens a loop: everything added until `closeLoop` belongs to it. */
export function openLoop(context: FunctionContext, loop: Omit<LoopFact, "parent">): number {
  const { graph } = context;
  graph.loops.push({ ...loop, parent: graph.loop });
  graph.loop = graph.loops.length - 1;
  return graph.loop;
}

/** Ends what `openLoop` began. */
export function closeLoop(context: FunctionContext): void {
  const { graph } = context;
  graph.loop = graph.loops[graph.loop]!.parent;
}

/** Fills in what is known of a loop only later. */
export function updateLoop(context: FunctionContext, loop: number, change: Partial<LoopFact>): void {
  context.graph.loops[loop] = { ...context.graph.loops[loop]!, ...change };
}

/** Runs `body` in a block scope of its own. */
export function inScope(context: FunctionContext, scope: Scope, body: () => void): void {
  const outer = context.scope;
  context.scope = scope;
  body();
  context.scope = outer;
}
