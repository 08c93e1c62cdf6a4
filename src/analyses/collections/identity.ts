import type { Value } from "../../flow/values.ts";
import type { Cls, Fn, ProgramFile } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { CallModel } from "../../semantics/models/model.ts";
import { carried } from "../resources/collected.ts";
import { type ObjectOrigin, originOf } from "./origin.ts";

/** Something that outlives the function that touches it and can hold a collection. */
export type Holder =
  | { readonly holder: "variable"; readonly file: ProgramFile; readonly id: number }
  | { readonly holder: "field"; readonly cls: Cls; readonly name: string };

/** A collection reached from a value: the holder, and whether it is an entry of it (`byUser[id]`) that is meant. */
export interface Reached {
  readonly holder: Holder;
  readonly nested: boolean;
  /** A new collection made from it: changing that changes nothing here. */
  readonly copy: boolean;
  readonly origin: ObjectOrigin;
}

/** @returns the text under which a holder is one */
export function holderKey(holder: Holder): string {
  return holder.holder === "variable" ? `v ${holder.file.index} ${holder.id}` : `f ${holder.cls.file.index} ${holder.cls.id} ${holder.name}`;
}

/** @returns the type of what a variable or field holds */
export function typeOfHolder(program: Program, holder: Holder): Type | null {
  return holder.holder === "variable" ? program.types.variable(holder.file, holder.id) : program.types.fieldType(holder.cls, holder.name);
}

/** @returns what the code calls it: the variable, or class and field */
export function nameOf(holder: Holder): string {
  return holder.holder === "variable" ? holder.file.variable(holder.id).name : `${holder.cls.fact.name}.${holder.name}`;
}

/** @returns the top-level code of the file that declares a variable or field */
export function homeOf(holder: Holder): Fn {
  return (holder.holder === "variable" ? holder.file : holder.cls.file).functions[0]!;
}

/** Finds which long-lived holder a value is, through aliases and fields of known objects. */
export class HolderFinder {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  find(value: Value, fn: Fn, depth = 0): Reached | null {
    if (depth > 5) return null;
    switch (value.k) {
      case "var":
        return this.#variable(value.id, fn, depth);
      case "field": {
        const own = this.#field(value, fn);
        if (own === null) return null;
        const origin = originOf(this.#program, value.of, fn);
        return { holder: own, nested: false, copy: false, origin };
      }
      case "ref": {
        const symbol = this.#program.symbol(value, fn);
        if (symbol.s !== "value") return null;
        return symbol.rest.length === 0
          ? this.find(symbol.value, symbol.file.functions[0]!, depth + 1)
          : this.#staticMember(symbol.value, symbol.rest, symbol.file);
      }
      case "index":
      case "elem": {
        const of = this.find(value.of, fn, depth + 1);
        return of === null ? null : { ...of, nested: true, copy: false };
      }
      case "item":
      case "cast":
      case "entered":
        return this.find(value.of, fn, depth + 1);
      case "either": {
        for (const one of value.of) {
          const found = this.find(one, fn, depth + 1);
          if (found !== null) return found;
        }
        return null;
      }
      case "call":
        return this.#entry(value.id, fn, depth);
      default:
        return null;
    }
  }

  #variable(id: number, fn: Fn, depth: number): Reached | null {
    const fact = fn.file.variable(id);
    if (fact.fn === 0 || fact.isStatic) return { holder: { holder: "variable", file: fn.file, id }, nested: false, copy: false, origin: "known" };
    // PHP arrays are copied on assignment: a local is never an alias.
    if (fact.isParameter) return this.#each(id, fn.file.functions[fact.fn]!, depth);
    if (fn.file.language === "php" || fact.definitions.length === 0 || fact.definitions.length > 2) return null;
    for (const definition of fact.definitions) {
      if (definition.value.k === "coll" || definition.value.k === "const") continue;
      const found = this.find(definition.value, fn.file.functions[definition.fn]!, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }

  /** `sockets.forEach((socket) => …)`: what a callback is given for each entry. */
  #each(parameter: number, callback: Fn, depth: number): Reached | null {
    const use = callback.fact.kind === "lambda" && callback.fact.params[0]?.variable === parameter ? this.#program.calls.callbackUse(callback) : null;
    const model = use === null ? null : this.#program.calls.callbackModel(use);
    if (use === null || model?.runs !== "each") return null;
    const { callee, args } = use.fn.call(use.call);
    const over = model.over === null ? (callee.k === "field" ? callee.of : undefined) : args[model.over.position ?? -1]?.value;
    const of = over === undefined ? null : this.find(over, use.fn, depth + 1);
    return of === null ? null : { ...of, nested: true, copy: false };
  }

  /** `cache.get(key)`, `cache.setdefault(key, [])`: an entry of the collection. */
  #entry(call: number, fn: Fn, depth: number): Reached | null {
    const { callee, args } = fn.call(call);
    if (callee.k === "ref" && args[0] !== undefined) {
      // `list(running.items())`
      const copies = this.#program.target(fn, call).rows.some((row) => carried(row, 0).some((part) => part !== null));
      const from = copies ? this.find(args[0].value, fn, depth + 1) : null;
      return from === null ? null : { ...from, nested: true, copy: true };
    }
    if (callee.k !== "field") return null;
    const of = this.find(callee.of, fn, depth + 1);
    if (of === null) return null;
    const row = this.#program.target(fn, call).rows[0];
    if (row === undefined || row.effects.some((effect) => effect.role === "shrinks") || !this.#holdsEntries(callee.of, fn)) return null;
    return { ...of, nested: true, copy: of.copy || this.#makesCollection(row, fn) };
  }

  #holdsEntries(of: Value, fn: Fn): boolean {
    const type = this.#program.typeOf(of, fn);
    return type?.t === "named" && [...this.#program.library(fn.file).views(type.name, type.args)].some((view) => view.model.collection !== null);
  }

  /** `list.slice()`, `map.keys()`: what comes back is a collection of its own, not an entry. */
  #makesCollection(row: CallModel, fn: Fn): boolean {
    const result = row.results[0];
    if (result === undefined) return false;
    return result.name === "receiver" || (this.#program.library(fn.file).type(result.name)?.collection ?? null) !== null;
  }

  #field(value: Extract<Value, { k: "field" }>, fn: Fn): Holder | null {
    const owner = value.of.k === "this" ? this.#program.types.self(fn) : this.#program.typeOf(value.of, fn);
    return owner?.t === "instance" || owner?.t === "class" ? this.fieldOf(owner.cls, value.name) : null;
  }

  #staticMember(value: Value, rest: readonly string[], file: ProgramFile): Reached | null {
    let type = this.#program.typeOf(value, file.functions[0]!);
    for (const name of rest.slice(0, -1)) type = this.#program.types.member(type, name, file);
    if (type?.t !== "class" && type?.t !== "instance") return null;
    const holder = this.fieldOf(type.cls, rest.at(-1)!);
    return holder === null ? null : { holder, nested: false, copy: false, origin: "known" };
  }

  /** @returns the field where the nearest class declares it */
  fieldOf(cls: Cls, name: string): Holder | null {
    for (const one of this.#program.hierarchy.ancestry(cls)) {
      if (one.fact.fields.some((field) => field.name === name)) return { holder: "field", cls: one, name };
    }
    return null;
  }
}
