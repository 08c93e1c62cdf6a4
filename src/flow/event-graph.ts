/**
 * The event graph of a function: its control-flow graph with only the events that can matter for ownership, growth and cost. Block 0 is the entry.
 *
 * Modelled: branches with short-circuit evaluation, loops, early exits, `finally` (its code is repeated on each way out), Go `select`, handlers, and
 * exceptional edges: any call in a block may throw to the block's `handler`. Not modelled: asynchronous exceptions, `goto` into nested blocks, the
 * evaluation order within one argument list beyond left to right.
 */
import type { TypeFact, Value } from "./values.ts";

export interface EventGraph {
  readonly blocks: readonly Block[];
  readonly calls: readonly CallSite[];
  readonly loops: readonly LoopFact[];
}

export interface Block {
  readonly events: readonly FlowEvent[];
  readonly end: Terminator;
  /** Where control goes when something in this block throws: a block, or -1 for out of the function. */
  readonly handler: number;
  /** Innermost loop this block belongs to, index in `loops`, or -1. */
  readonly loop: number;
}

/** @returns the loops around an offset, as indices, innermost last; a loop does not stand around its own beginning */
export function loopsAt({ loops }: EventGraph, at: number): readonly number[] {
  return [...loops.keys()].filter((i) => loops[i]!.start < at && at < loops[i]!.end).sort((a, b) => loops[a]!.start - loops[b]!.start);
}

/** Events in the order in which they happen. `at` is a UTF-16 offset into the file. */
export type FlowEvent =
  /** The call happens; its arguments were evaluated before. */
  | { readonly e: "call"; readonly call: number }
  | { readonly e: "set"; readonly var: number; readonly value: Value; readonly at: number }
  /** `object.field = value`. */
  | { readonly e: "store"; readonly object: Value; readonly field: string; readonly value: Value; readonly at: number }
  /** `object[key] = value`; key null appends. `update`: the old value is part of the new one (`+=`). */
  | { readonly e: "put"; readonly object: Value; readonly key: Value | null; readonly value: Value; readonly at: number; readonly update: boolean }
  | { readonly e: "delete"; readonly target: Value; readonly at: number }
  | { readonly e: "send"; readonly channel: Value; readonly value: Value; readonly at: number }
  | { readonly e: "receive"; readonly channel: Value; readonly at: number }
  /** A value that was made before is awaited (`await task`); awaiting a call is the call's own `awaited`. */
  | { readonly e: "await"; readonly value: Value; readonly at: number }
  /** The call runs when the function returns, on every path from here on. */
  | { readonly e: "defer"; readonly call: number }
  /** The call runs concurrently. */
  | { readonly e: "spawn"; readonly call: number }
  /** The value is released on every path out of the scope that begins here. */
  | { readonly e: "enter"; readonly value: Value; readonly at: number }
  | { readonly e: "leave"; readonly value: Value; readonly at: number }
  | { readonly e: "yield"; readonly value: Value | null; readonly at: number }
  /** The values go into something that was not understood. */
  | { readonly e: "escape"; readonly values: readonly Value[]; readonly at: number };

export type Terminator =
  | { readonly t: "jump"; readonly to: number }
  /** `negated`: the code writes the opposite of the test (`err != nil` tests for null and goes on to `yes` when it is). */
  | { readonly t: "branch"; readonly test: Test; readonly yes: number; readonly no: number; readonly at: number; readonly negated: boolean }
  /** One of several ways, decided by something that is not tracked (switch, select, which handler catches). */
  /** `otherwise`: the `default` of a select, which communicates with nobody. */
  | { readonly t: "choose"; readonly to: readonly number[]; readonly what: "switch" | "select" | "catch"; readonly at: number; readonly otherwise?: number }
  /** Head of an `each` loop: another element, or done. */
  | { readonly t: "each"; readonly loop: number; readonly body: number; readonly done: number; readonly at: number }
  | { readonly t: "return"; readonly value: Value | null; readonly at: number; readonly implicit: boolean }
  /** `to` is the handler's block, or -1 for out of the function. `rethrow` marks the way on after a `finally`. */
  | { readonly t: "throw"; readonly value: Value | null; readonly to: number; readonly at: number; readonly rethrow: boolean }
  /** Cannot be reached, or control never comes back. */
  | { readonly t: "stop" };

export type Test =
  /** The value is null/nil/None/undefined. */
  | { readonly test: "null"; readonly value: Value }
  | { readonly test: "truthy"; readonly value: Value }
  | { readonly test: "compare"; readonly operator: string; readonly left: Value; readonly right: Value }
  | { readonly test: "contains"; readonly key: Value; readonly container: Value }
  | { readonly test: "not"; readonly of: Test }
  | { readonly test: "other"; readonly of: readonly Value[] };

export interface CallSite {
  readonly callee: Value;
  readonly args: readonly CallArgument[];
  readonly isNew: boolean;
  readonly awaited: boolean;
  /** The result is not used. */
  readonly discarded: boolean;
  readonly start: number;
  readonly end: number;
  /** Innermost loop, or -1. */
  readonly loop: number;
  /** Explicit type arguments. */
  readonly types: readonly TypeFact[];
  /** Inside a `try` body of this function that has a handler. */
  readonly guarded: boolean;
}

export interface CallArgument {
  readonly value: Value;
  /** Empty for positional arguments. */
  readonly name: string;
  readonly spread: boolean;
}

export interface LoopFact {
  readonly kind: "count" | "each" | "while" | "do-while" | "forever" | "comprehension";
  /** Enclosing loop, or -1. */
  readonly parent: number;
  readonly iterable: Value | null;
  /** Variables bound by each step. */
  readonly targets: readonly number[];
  /** What holds while it runs, where that is a single test. */
  readonly test: Test | null;
  readonly start: number;
  readonly end: number;
  /** Can be left by `break`, `return` or `throw` in its body. */
  readonly exits: boolean;
}
