import type { TypeFact } from "../flow/values.ts";
import type { Cls, ProgramFile } from "./entities.ts";
import type { TypeInference } from "./inference.ts";
import { type Library, noSubstitution } from "./library.ts";
import type { SymbolTable } from "./symbols.ts";
import { type Type, named } from "./types.ts";

/** The names of the languages' own collection types, as the models spell them. */
export const literalTypes = {
  python: { list: "builtins.list", map: "builtins.dict", set: "builtins.set", tuple: "builtins.tuple", chan: "" },
  javascript: { list: "globalThis.Array", map: "globalThis.Object", set: "globalThis.Set", tuple: "globalThis.Array", chan: "" },
  go: { list: "list", map: "map", set: "map", tuple: "list", chan: "chan" },
  php: { list: "array", map: "array", set: "array", tuple: "array", chan: "" },
} as const;

/** Type wrappers that say how a value arrives, not what it is. */
const transparent: ReadonlySet<string> = new Set([
  "globalThis.Promise",
  "globalThis.PromiseLike",
  "globalThis.Awaited",
  "globalThis.Readonly",
  "globalThis.Partial",
  "globalThis.Required",
  "globalThis.NonNullable",
  "typing.Awaitable",
  "typing.Annotated",
  "typing.Final",
  "typing.ClassVar",
  "typing.Required",
  "typing.NotRequired",
  "typing.Optional",
  "collections.abc.Awaitable",
]);
const lastArgument: ReadonlySet<string> = new Set(["typing.Coroutine", "collections.abc.Coroutine"]);
const arrayNames: Readonly<Record<string, string>> = {
  "globalThis.ReadonlyArray": "globalThis.Array",
  "globalThis.ReadonlyMap": "globalThis.Map",
  "globalThis.ReadonlySet": "globalThis.Set",
};

/** Reads the types that the code writes: annotations, declarations, literals' types. */
export class TypeReader {
  readonly #types: TypeInference;
  readonly #symbols: SymbolTable;
  readonly #library: (file: ProgramFile) => Library;
  /** Aliases that are being expanded: a type may be written in terms of itself. */
  readonly #expanding = new Set<Cls>();

  constructor(types: TypeInference, symbols: SymbolTable, library: (file: ProgramFile) => Library) {
    this.#types = types;
    this.#symbols = symbols;
    this.#library = library;
  }

  /** @returns the type that a type expression of that file means */
  read(fact: TypeFact, file: ProgramFile): Type | null {
    const arg = (i: number): Type | null => (fact.args[i] === undefined ? null : this.read(fact.args[i], file));
    const names = literalTypes[file.language];
    switch (fact.shape) {
      case "named":
        return this.#namedFact(fact, file);
      case "pointer":
      case "nullable":
        return arg(0);
      case "list":
        return named(names.list, [arg(0)]);
      case "map":
        return named(file.language === "javascript" ? "globalThis.Object" : names.map, [arg(0), arg(1)]);
      case "chan":
        return named("chan", [arg(0)]);
      case "union":
        for (let i = 0; i < fact.args.length; i++) {
          const one = arg(i);
          if (one !== null) return one;
        }
        return null;
      case "tuple":
        return { t: "tuple", items: fact.args.map((_, i) => arg(i)) };
      case "struct":
        return { t: "shape", members: new Map(Object.entries(fact.fields ?? {}).map(([name, field]) => [name, this.read(field, file)])) };
      default:
        return null;
    }
  }

  #namedFact(fact: TypeFact, file: ProgramFile): Type | null {
    if (fact.ref === null) return null;
    if (fact.ref.k === "class") return this.#instance(file.classes[fact.ref.id]!, fact, file);
    const symbol = this.#symbols.resolve(fact.ref, file);
    if (symbol.s === "value") {
      const type = this.#types.symbol(symbol);
      if (type?.t === "class") return this.#instance(type.cls, fact, file);
      // `class User(db.Model)`: a class that an object carries.
      if (type?.t === "named" && symbol.rest.length > 0) return type;
      return type?.t === "external" ? this.#libraryType(type.name, fact, file) : null;
    }
    return symbol.s === "library" ? this.#libraryType(symbol.name, fact, file) : null;
  }

  #instance(cls: Cls, fact: TypeFact, file: ProgramFile): Type | null {
    if (cls.fact.kind === "alias" && cls.fact.aliasOf !== null && !this.#expanding.has(cls)) {
      this.#expanding.add(cls);
      const aliased = this.read(cls.fact.aliasOf, cls.file);
      this.#expanding.delete(cls);
      // A defined Go type with methods of its own is more than what it is made of.
      if (aliased !== null && this.#types.hierarchy?.ownMethods(cls).size === 0) return aliased;
    }
    return { t: "instance", cls, args: fact.args.map((arg) => this.read(arg, file)) };
  }

  #libraryType(name: string, fact: TypeFact, file: ProgramFile): Type | null {
    const args = fact.args.map((arg) => this.read(arg, file));
    if (transparent.has(name)) return args[0] ?? null;
    if (lastArgument.has(name)) return args.at(-1) ?? null;
    const plain = file.language === "go" && name.startsWith("builtin.") ? name.slice(8) : (arrayNames[name] ?? name);
    const library = this.#library(file);
    const type = { name: library.type(plain)?.name ?? plain, args };
    // A descriptor annotates the attribute with itself and gives what it holds (`Mapped[User]`).
    const held = file.language === "python" ? library.method(type, "__get__")?.rows[0]?.results[0] : undefined;
    return held === undefined ? named(type.name, args) : library.typeOf(held, { ...noSubstitution, args });
  }
}
