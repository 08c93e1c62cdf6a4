import type { CallArgument } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { pathOf } from "../resources/state.ts";

/** A call that takes or gives back a lock that is named by a path (`this.mu`). */
export interface LockOperation {
  readonly operation: "lock" | "unlock";
  readonly path: string;
  readonly value: Value;
  /** The method that gives it back: tells reading from writing. */
  readonly release: string;
  /** Others may hold it in the same way at the same time. */
  readonly shared: boolean;
}

/** @returns what a call does to a lock that blocks until it has it; null for other calls, and for those that may answer that they did not get it */
export function lockOperation(program: Program, fn: Fn, call: number): LockOperation | null {
  const { callee } = fn.call(call);
  const path = receiverPath(program, fn, callee);
  if (callee.k !== "field") return null;
  if (path === null) return null;
  for (const row of program.target(fn, call).rows) {
    for (const effect of row.effects) {
      if (effect.role === "acquires" && effect.value.of === "receiver" && effect.rule === "goroutine-leak" && !effect.reentrant && row.results.length === 0)
        return { operation: "lock", path, value: callee.of, release: effect.releasedBy[0] ?? "", shared: effect.shared };
      if (effect.role === "releases" && effect.value.of === "receiver")
        return { operation: "unlock", path, value: callee.of, release: callee.name, shared: false };
    }
  }
  return null;
}

/** @returns the lock that a scope takes and gives back (`with self.lock:`); null for other scopes, and for locks that who holds them may take again */
export function scopedLock(program: Program, fn: Fn, value: Value): LockOperation | null {
  const path = pathOf(unpromoted(program, value, fn));
  const type = path === null ? null : program.typeOf(value, fn);
  if (path === null || type?.t !== "named") return null;
  for (const row of program.library(fn.file).method(type, "acquire")?.rows ?? []) {
    for (const effect of row.effects) {
      if (effect.role === "acquires" && effect.rule === "goroutine-leak" && !effect.reentrant && effect.resource === "lock")
        return { operation: "lock", path, value, release: effect.releasedBy[0] ?? "", shared: effect.shared };
    }
  }
  return null;
}

/** How a function is called: by what, and with what. */
interface Called {
  readonly callee: Value;
  readonly args: readonly CallArgument[];
}

/**
 * What a path of a callee is called where it is called: its `this` is what the method is called on, its parameters are the arguments.
 * @returns null when it has no name there
 */
export function pathInCaller(program: Program, path: string, caller: Fn, site: Called, callee: Fn): string | null {
  const dot = path.indexOf(".");
  const root = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? "" : path.slice(dot);
  // A closure sees the names around it.
  if (site.callee.k === "fn") return path;
  if (root === "this") {
    const of = receiverPath(program, caller, site.callee);
    return of === null ? null : of + rest;
  }
  const id = /^v(\d+)$/.exec(root)?.[1];
  if (id === undefined) return path;
  const variable = callee.file.variable(Number(id));
  // One of the file, or of a function around both: a closure that was given a name.
  if (variable.fn !== callee.id) {
    const isSeen = variable.fn === 0 || variable.fn === caller.id || caller.isInside(callee.file.functions[variable.fn]!);
    return isSeen && callee.file === caller.file ? path : null;
  }
  const position = callee.fact.params.findIndex((param) => param.variable === Number(id));
  const argument = position < 0 ? undefined : site.args[position]?.value;
  const of = argument === undefined ? null : pathOf(unpromoted(program, argument, caller));
  return of === null ? null : of + rest;
}

/** The path of what a method is called on; null when it has none, or when it is no method that is called. */
function receiverPath(program: Program, fn: Fn, callee: Value): string | null {
  if (callee.k !== "field") return null;
  const called = unpromoted(program, callee, fn);
  return called.k === "field" ? pathOf(called.of) : null;
}

/**
 * `tx.batchTx.Unlock()` and, where `batchTx` is embedded, `tx.Unlock()` are about one lock: members that are promoted are written with the structs
 * of the program they come from, and without the library types (`tx.Mutex.Lock()`). https://go.dev/ref/spec#Struct_types
 */
export function unpromoted(program: Program, value: Value, fn: Fn): Value {
  if (value.k !== "field") return value;
  const of = unpromoted(program, value.of, fn);
  const type = value.of.k === "this" ? program.types.self(fn) : program.typeOf(value.of, fn);
  if (type?.t !== "instance") return { ...value, of };
  const { hierarchy } = program;
  if (hierarchy.embedded(type.cls, value.name)?.t === "named") return of;
  const through = hierarchy.promotedThrough(type.cls, value.name, (base) => program.library(fn.file).method(base, value.name) !== null);
  return { ...value, of: through.reduce<Value>((inner, name) => ({ k: "field", of: inner, name }), of) };
}
