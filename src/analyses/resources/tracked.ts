import type { Acquires } from "../../semantics/models/model.ts";

/** A resource as it is followed through one function. */
export interface Tracked {
  /** What was acquired, and how it is released. */
  readonly acquires: Acquires;
  /** Fields through which it may be held: closing `resp.Body` closes `resp`. */
  readonly parts: readonly string[];
  readonly origin: Origin;
  /** Follow it beyond the scope that releases it: for asking who keeps it, not whether it is released. */
  readonly beyondScopes: boolean;
}

/** Where the resource comes from in this function. */
export type Origin =
  /** The i-th result of a call, and which part of the resource that is. */
  | { readonly from: "call"; readonly call: number; readonly result: number; readonly part: string }
  /** A value named by a path that is there from some call on (a lock that is acquired), or from the entry (`call` -1: a parameter, a captured variable). */
  | { readonly from: "path"; readonly path: string; readonly call: number; readonly part: string };

/** How the life of a resource ends on one path, where it is not simply forgotten. */
export type Fate =
  | { readonly fate: "released"; readonly how: "call" | "defer" | "callee" | "closure" | "exhausted"; readonly at: number }
  /** A scope releases it on every way out. */
  | { readonly fate: "managed"; readonly at: number }
  | { readonly fate: "escapes"; readonly how: EscapeKind; readonly at: number; readonly result: number };

export type EscapeKind = "returned" | "stored" | "captured" | "passed" | "sent" | "yielded" | "outlives" | "not understood";

/** What a function does with a resource handed to it. */
export type Handling = "releases" | "keeps" | "returns" | "borrows" | "unknown";
