import type { Fn } from "../../program/entities.ts";
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
  /** A value named by a path that is there from some call on (a lock that is acquired). */
  | { readonly from: "path"; readonly path: string; readonly call: number; readonly part: string }
  /** Open from the entry on: a parameter or a captured variable. */
  | EntryOrigin;

export interface EntryOrigin {
  readonly from: "entry";
  readonly path: string;
  readonly call: -1;
  readonly part: string;
  /** The variable that tells whether there is one (`(error, connection) => …`). */
  readonly error: number | null;
  /** The variable that releases it when it is called (`(error, connection, done) => …`), and as which method of it. */
  readonly release: { readonly variable: number; readonly part: string } | null;
}

/** How the life of a resource ends on one path, where it is not simply forgotten. */
export type Fate =
  | { readonly fate: "released"; readonly how: "call" | "defer" | "callee" | "closure" | "exhausted"; readonly at: number }
  /** A scope releases it on every way out. */
  | { readonly fate: "managed"; readonly at: number }
  /** From here on a function has it that runs once, later: the callback of a call. */
  | { readonly fate: "continues"; readonly at: number; readonly continuation: Continuation }
  | { readonly fate: "escapes"; readonly how: EscapeKind; readonly at: number; readonly result: number };

/** A callback that has the resource, and under which name. */
export interface Continuation {
  readonly fn: Fn;
  readonly path: string;
  readonly part: string;
}

export type EscapeKind = "returned" | "stored" | "captured" | "passed" | "sent" | "yielded" | "outlives" | "not understood";

/** What a function does with a resource handed to it. */
export type Handling = "releases" | "keeps" | "returns" | "borrows" | "unknown";
