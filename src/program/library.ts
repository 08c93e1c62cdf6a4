import { modelKey } from "../semantics/models/compile.ts";
import type { CallModel, ModelLanguage, ModelSet, TypeModel, TypeRef } from "../semantics/models/model.ts";
import { type Type, named } from "./types.ts";

/** What `T0`, `receiver`, `argument:N` and `result:N` of a model's types stand for in one use. */
export interface Substitution {
  readonly receiver: Type | null;
  readonly args: readonly (Type | null)[];
  /** The type of the N-th argument of the call at hand. */
  readonly argument: (index: number) => Type | null;
  /** What iterating over a type yields. */
  readonly element: (type: Type | null) => Type | null;
  /** What calling a function gives. */
  readonly result: (type: Type | null) => Type | null;
}

const nothing = (): null => null;
export const noSubstitution: Substitution = { receiver: null, args: [], argument: nothing, element: nothing, result: nothing };

/** The field that stands for every name a type does not list (an ORM client's models). */
export const anyField = "*";

/** A type of a library with its rows, as found from some type through its bases. */
export interface TypeView {
  readonly model: TypeModel;
  readonly args: readonly (Type | null)[];
}

/** Look-ups in one language's API models. */
export class Library {
  readonly language: ModelLanguage;
  readonly #models: ModelSet;
  #telling: Map<string, string> | null = null;
  #jobLimits: readonly { readonly of: string; readonly jobLimits: readonly string[] }[] | null = null;

  constructor(models: ModelSet) {
    this.language = models.language;
    this.#models = models;
  }

  /** @returns the rows of a function, constructor or method by its full name */
  rows(name: string): readonly CallModel[] {
    return this.#models.calls.get(modelKey(this.language, name)) ?? [];
  }

  /** @returns the rows of methods that are known by their name alone, whatever they are called on */
  telling(name: string): readonly CallModel[] {
    if (this.#telling === null) {
      this.#telling = new Map();
      for (const type of this.#models.types.values()) for (const method of type.telling) this.#telling.set(method, `${type.name}.${method}`);
    }
    const found = this.#telling.get(name);
    return found === undefined ? [] : this.rows(found);
  }

  /** @returns the arguments and settings by which the runners of jobs among some packages end each of their jobs */
  jobLimits(packages: ReadonlySet<string>): ReadonlySet<string> {
    this.#jobLimits ??= [...this.#models.types.values()].flatMap(({ name, jobLimits }) =>
      jobLimits.length > 0 ? [{ of: name.split(".")[0]!, jobLimits }] : [],
    );
    return new Set(this.#jobLimits.flatMap((one) => (packages.has(one.of) ? one.jobLimits : [])));
  }

  type(name: string): TypeModel | null {
    return this.#models.types.get(modelKey(this.language, name)) ?? null;
  }

  /** The type and its bases, nearest first, each with the type arguments it has from here. */
  *views(name: string, args: readonly (Type | null)[], depth = 0): Iterable<TypeView> {
    const model = this.type(name);
    if (model === null || depth > 8) return;
    yield { model, args };
    for (const base of model.bases)
      yield* this.views(
        base.name,
        base.args.map((arg) => this.typeOf(arg, { ...noSubstitution, args })),
        depth + 1,
      );
  }

  /** @returns a method's rows and the type arguments in force where it is declared; null when the type has no such method */
  method(
    type: { readonly name: string; readonly args: readonly (Type | null)[] },
    name: string,
  ): { readonly rows: readonly CallModel[]; readonly args: readonly (Type | null)[] } | null {
    for (const view of this.views(type.name, type.args)) {
      const rows = this.rows(`${view.model.name}.${name}`);
      if (rows.length > 0) return { rows, args: view.args };
    }
    return null;
  }

  /** @returns the type of a field of a library's type; null when it is not modelled */
  field(type: { readonly name: string; readonly args: readonly (Type | null)[] }, name: string, receiver: Type | null): Type | null {
    for (const view of this.views(type.name, type.args)) {
      const field = Object.hasOwn(view.model.fields, name) ? view.model.fields[name] : undefined;
      if (field !== undefined) return this.typeOf(field, { ...noSubstitution, receiver, args: view.args });
    }
    return null;
  }

  /** @returns what iterating over the type yields */
  element(type: { readonly name: string; readonly args: readonly (Type | null)[] }): Type | null {
    for (const view of this.views(type.name, type.args)) {
      if (view.model.element !== null) return this.typeOf(view.model.element, { ...noSubstitution, args: view.args });
    }
    return null;
  }

  /** @returns the type a model writes, in one use of it */
  typeOf(ref: TypeRef, use: Substitution): Type | null {
    const placeholder = /^(?:T(\d)|(receiver)|(argument|instance|element|result):(\d+)(?:\.T(\d))?)$/.exec(ref.name);
    if (placeholder === null) {
      const args = ref.args.map((arg) => this.typeOf(arg, use));
      const isTuple = ref.name === "tuple" || (ref.name === "builtins.tuple" && args.length > 1);
      return isTuple ? { t: "tuple", items: args } : named(this.type(ref.name)?.name ?? ref.name, args);
    }
    const [, position, receiver, of, index, inner] = placeholder;
    if (position !== undefined) return use.args[Number(position)] ?? null;
    if (receiver !== undefined) return use.receiver;
    const type = use.argument(Number(index));
    if (of === "element") return use.element(type);
    if (of === "result") return use.result(type);
    if (inner !== undefined) return type !== null && "args" in type ? (type.args[Number(inner)] ?? null) : null;
    return of === "instance" ? instanceOf(type) : type;
  }
}

/** @returns an instance of the class that the type is; other types stay */
export function instanceOf(type: Type | null): Type | null {
  if (type?.t === "class") return { t: "instance", cls: type.cls, args: [] };
  return type?.t === "external" ? named(type.name) : type;
}
