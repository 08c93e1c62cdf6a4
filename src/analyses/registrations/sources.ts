import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Registration } from "./registration.ts";
import { targetOf } from "./undoing.ts";
import { returnedValues } from "../work/values.ts";

/** How far chains, variables and functions that return what others return are followed. */
const maxSteps = 10;

/**
 * @returns whether what a registration is made on comes to an end by itself, or goes with the object that registers: a source bounded by an operator
 *   (`source.pipe(takeUntil(gone))`), one answer of a service, what the object made itself, and what is made of such
 */
export function hasEndingSource(program: Program, registration: Registration): boolean {
  const { fn, call, effect } = registration;
  const { callee, args } = fn.call(call);
  // What watches the page stays with it.
  if (effect.what === "observer" && args[0]?.value.k === "ref" && args[0].value.module === null) return false;
  return new Sources(program, callee.k === "field" ? callee.name : "").ends(targetOf(registration), fn, true, 0);
}

class Sources {
  readonly #program: Program;
  /** The method that registers. */
  readonly #method: string;

  constructor(program: Program, method: string) {
    this.#program = program;
    this.#method = method;
  }

  /** @param isOwn whether the function works on the object that registers, and `this` there is it */
  ends(value: Value, fn: Fn, isOwn: boolean, depth: number): boolean {
    if (depth > maxSteps) return false;
    const one = settled(value, fn);
    if (one.k === "field") return this.#field(one, fn, isOwn, depth);
    return this.#registersNothing(one, fn) || (one.k === "call" && this.#call(one.id, fn, isOwn, depth));
  }

  #call(id: number, fn: Fn, isOwn: boolean, depth: number): boolean {
    const { callee, args } = fn.call(id);
    if (args.some(({ value }) => this.#isBound(value, fn))) return true;
    const { fns, rows } = this.#program.target(fn, id);
    if (fns.length > 0) return this.#returned(fns, isOwn && callee.k === "field" && callee.of.k === "this", depth);
    // `combineLatest([name, age])` is over when all of them are; of those from elsewhere nobody knows.
    const parts = args.flatMap(({ value }) => (value.k === "coll" ? value.items : [value])).filter(({ k }) => k !== "fn");
    const isMadeOf = rows.some((row) => row.arguments.some(({ flow, argument }) => flow === "wraps" && argument.position === null && argument.name === ""));
    if (isMadeOf) return parts.every((part) => this.#program.typeOf(part, fn) === null || this.ends(part, fn, isOwn, depth + 1));
    // `find(id).pipe(map(name))` gives as often as `find(id)`.
    const isLink = rows.length === 0 || rows.some((row) => row.callbacks.length === 0 && row.effects.length === 0);
    return callee.k === "field" && isLink && this.ends(callee.of, fn, isOwn, depth + 1);
  }

  /** `this.changes` of the object itself; a getter. */
  #field(field: Extract<Value, { k: "field" }>, fn: Fn, isOwn: boolean, depth: number): boolean {
    const owner = this.#program.typeOf(field.of, fn);
    const getter = owner?.t === "instance" ? this.#program.hierarchy.method(owner.cls, field.name, "instance") : null;
    if (getter?.fact.kind === "getter") return this.#returned([getter], isOwn && field.of.k === "this", depth);
    if (this.#registersNothing(field, fn)) return true;
    // `this.control.valueChanges`
    if (field.of.k === "field") return this.#field(field.of, fn, isOwn, depth + 1);
    if (field.of.k !== "this" || !isOwn) return false;
    const definitions = (fn.cls?.field(field.name)?.definitions ?? []).map((one) => ({ value: one.value, by: fn.file.functions[one.fn]! }));
    if (definitions.some(({ value, by }) => value.k === "call" && by.call(value.id).isNew)) return true;
    return definitions.length > 0 && definitions.every(({ value, by }) => this.ends(value, by, isOwn, depth + 1));
  }

  /** Whether all that functions return ends; where only an abstract class names a method, all that implement it. */
  #returned(fns: readonly Fn[], isOwn: boolean, depth: number): boolean {
    const implementations = fns.flatMap((one) =>
      one.fact.hasBody || one.cls === null ? [one] : this.#program.hierarchy.overrides(one.cls, one.fact.name).filter((other) => other.fact.hasBody),
    );
    return (
      implementations.length > 0 &&
      implementations.every((one) => {
        const given = returnedValues(one.graph);
        return given.length > 0 && given.every((back) => this.ends(back, one, isOwn, depth + 1));
      })
    );
  }

  /** `takeUntil(gone)`, `take(1)` */
  #isBound(value: Value, fn: Fn): boolean {
    return value.k === "call" && this.#program.target(fn, value.id).rows.some((row) => row.effects.some(({ role }) => role === "bounds"));
  }

  /** Whether a value is of a library's type whose method of that name registers nothing: it ends with its one answer. */
  #registersNothing(value: Value, fn: Fn): boolean {
    const type = this.#program.typeOf(value, fn);
    if (type?.t !== "named") return false;
    const rows = this.#program.library(fn.file).method(type, this.#method)?.rows ?? [];
    return rows.length > 0 && rows.every((row) => row.effects.every(({ role }) => role !== "registers"));
  }
}
