import type { Value } from "../flow/values.ts";
import type { Cls, Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { typedLiterals } from "./work/values.ts";

/** A value that a field is given, and the function whose event graph it refers to. */
export interface Given {
  readonly value: Value;
  readonly fn: Fn;
}

/** What the program gives the fields of structs, by literals and by assignments. */
export class GivenFields {
  readonly #program: Program;
  #collected: ReadonlyMap<string, Given[]> | null = null;
  /** Names of fields that objects of unknown type are given. */
  readonly #loose = new Set<string>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** Whether some field is set of which nobody can tell the class. */
  get hasUnknown(): boolean {
    this.#all();
    return this.#loose.size > 0;
  }

  /** @returns every value that a field of a class is given; null when others may be among them that were not seen */
  of(cls: Cls, name: string): readonly Given[] | null {
    const all = this.#all();
    return this.#loose.has(name) ? null : (all.get(keyOf(cls, name)) ?? []);
  }

  #all(): ReadonlyMap<string, Given[]> {
    if (this.#collected !== null) return this.#collected;
    const found = new Map<string, Given[]>();
    this.#collected = found;
    const note = (cls: Cls, name: string, value: Value, fn: Fn): void => {
      const key = keyOf(cls, name);
      const known = found.get(key);
      if (known === undefined) found.set(key, [{ value, fn }]);
      else known.push({ value, fn });
    };
    for (const fn of this.#program.functions()) {
      if (fn.file.language !== "go") continue;
      for (const literal of typedLiterals(fn)) {
        const type = this.#program.types.fromFact(literal.type, fn.file);
        if (type?.t !== "instance") continue;
        // Without names every field is given, in the order of their declaration.
        for (const [i, value] of literal.items.entries()) {
          const name = literal.keys[i] ?? type.cls.fact.fields[i]?.name;
          if (name !== undefined) note(type.cls, name, value, fn);
        }
      }
      for (const { events } of fn.graph.blocks) {
        for (const event of events) {
          if (event.e !== "store") continue;
          const type = event.object.k === "this" ? this.#program.types.self(fn) : this.#program.typeOf(event.object, fn);
          if (type === null) this.#loose.add(event.field);
          else if (type.t === "instance") for (const cls of this.#program.hierarchy.ancestry(type.cls)) note(cls, event.field, event.value, fn);
        }
      }
    }
    return found;
  }
}

const keyOf = (cls: Cls, name: string): string => `${cls.file.index} ${cls.id} ${name}`;
