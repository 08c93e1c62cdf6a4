import type { TypeFact, Value } from "../flow/values.ts";
import type { Definition } from "../facts/unit.ts";
import type { CallResolver } from "./calls.ts";
import type { Cls, Fn, ProgramFile } from "./entities.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { type Library, anyField } from "./library.ts";
import type { ResolvedName, SymbolTable } from "./symbols.ts";
import { TypeReader, literalTypes } from "./type-reader.ts";
import { type Type, named } from "./types.ts";

/** How far one question may lead to others. Beyond, nothing is known. */
const maxDepth = 24;

/** Answers what type a symbolic value has, from declarations, constructors, assignments and the API models. Unknown stays null. */
export class TypeInference {
  readonly #symbols: SymbolTable;
  readonly #library: (file: ProgramFile) => Library;
  readonly #reader: TypeReader;
  readonly #variables = new Map<ProgramFile, (Type | null | undefined)[]>();
  readonly #fields = new Map<Cls, Map<string, Type | null>>();
  readonly #returns = new Map<Fn, Type | null>();
  /** Set once by the program: calls and types are asked in turn. */
  calls!: CallResolver;
  hierarchy!: Hierarchy;

  constructor(symbols: SymbolTable, library: (file: ProgramFile) => Library) {
    this.#symbols = symbols;
    this.#library = library;
    this.#reader = new TypeReader(this, symbols, library);
  }

  /** @returns the type that a type expression of that file means */
  fromFact(fact: TypeFact, file: ProgramFile): Type | null {
    return this.#reader.read(fact, file);
  }

  /** @returns the type of a value of that function, or null */
  typeOf(value: Value, fn: Fn, depth = 0): Type | null {
    if (depth > maxDepth) return null;
    const { file } = fn;
    switch (value.k) {
      case "var":
        return this.variable(file, value.id, depth);
      case "call":
        return this.calls.result(fn, value.id, 0, depth + 1);
      case "ref":
        return this.symbol(this.#symbols.resolve(value, file), depth + 1);
      case "fn":
        return { t: "function", fn: file.functions[value.id]!, receiver: null };
      case "class":
        return { t: "class", cls: file.classes[value.id]! };
      case "this":
        return this.self(fn);
      case "super":
        return this.#superOf(fn);
      case "field":
        return this.member(this.typeOf(value.of, fn, depth + 1), value.name, file, depth + 1);
      case "index":
        return this.#indexed(value.of, value.key, fn, depth + 1);
      case "item":
        return this.#item(value.of, value.i, fn, depth + 1);
      case "elem":
        return this.element(this.typeOf(value.of, fn, depth + 1), value.part, file);
      case "slice":
        return this.typeOf(value.of, fn, depth + 1);
      case "coll":
        return this.#literal(value, fn, depth + 1);
      case "either":
        return this.#first(value.of, fn, depth + 1);
      case "cast":
        return this.fromFact(value.type, file) ?? this.typeOf(value.of, fn, depth + 1);
      case "entered":
        return this.#entered(value.of, fn, depth + 1);
      case "received":
        return this.element(this.typeOf(value.of, fn, depth + 1), "value", file);
      case "derived":
        return this.#divided(value.of, fn, depth + 1);
      case "const":
      case "unknown":
        return null;
    }
  }

  /** Python's `folder / name`, by the method that it calls: https://docs.python.org/3/library/pathlib.html#operators */
  #divided(operands: readonly Value[], fn: Fn, depth: number): Type | null {
    if (fn.file.language !== "python") return null;
    for (const value of operands) {
      const type = this.typeOf(value, fn, depth);
      if (type?.t === "named") return this.calls.methodResult(type, "__truediv__", fn, depth);
    }
    return null;
  }

  /** What `__enter__` gives: by the models, by the class's method, or what a generator used as a context manager yields. */
  #entered(of: Value, fn: Fn, depth: number): Type | null {
    const type = this.typeOf(of, fn, depth);
    if (type?.t === "named" && type.name === "builtins.generator") return type.args[0] ?? null;
    if (type?.t === "named" || type?.t === "instance") {
      for (const name of ["__enter__", "__aenter__"]) {
        const entered = this.calls.methodResult(type, name, fn, depth);
        if (entered !== null) return entered;
      }
    }
    return type;
  }

  #first(values: readonly Value[], fn: Fn, depth: number): Type | null {
    for (const value of values) {
      const type = this.typeOf(value, fn, depth);
      if (type !== null) return type;
    }
    return null;
  }

  /** @returns the object a method works on */
  self(fn: Fn): Type | null {
    for (let one: Fn | null = fn; one !== null; one = one.parent) {
      if (one.cls !== null) return { t: "instance", cls: this.#host(one.cls), args: [] };
      if (one.fact.receiver !== null) return this.fromFact(one.fact.receiver, one.file);
    }
    return null;
  }

  /** What a trait's code works on is a class that uses the trait: the first one stands for all. */
  #host(cls: Cls): Cls {
    let host = cls;
    for (let hops = 0; host.fact.kind === "trait" && hops < 4; hops++) {
      const [user] = this.hierarchy.subclasses(host);
      if (user === undefined) break;
      host = user;
    }
    return host;
  }

  #superOf(fn: Fn): Type | null {
    const self = this.self(fn);
    return self?.t === "instance" ? (this.hierarchy.bases(self.cls)[0] ?? null) : null;
  }

  /** @returns the type of a variable: declared, of what is assigned to it, or of what the caller of a callback passes */
  variable(file: ProgramFile, id: number, depth = 0): Type | null {
    let known = this.#variables.get(file);
    if (known === undefined) this.#variables.set(file, (known = []));
    const found = known[id];
    if (found !== undefined) return found;
    known[id] = null;
    const fact = file.variable(id);
    const [only] = fact.definitions;
    // What a type says of a function is less than the function itself: `const load: Loader = async (id) => …`.
    const isFunction = only?.value.k === "fn" && fact.definitions.length === 1 && !fact.isParameter;
    let type = fact.type === null || isFunction ? null : this.fromFact(fact.type, file);
    type ??= this.#defined(fact.definitions, file, depth + 1);
    if (type === null && fact.isParameter) type = this.calls.parameterType(file.functions[fact.fn]!, id, depth + 1);
    known[id] = type;
    return type;
  }

  #defined(definitions: readonly Definition[], file: ProgramFile, depth: number): Type | null {
    for (const definition of definitions) {
      if (definition.value.k === "const") continue;
      const type = this.typeOf(definition.value, file.functions[definition.fn]!, depth);
      if (type !== null) return type;
    }
    return null;
  }

  /** @returns the type of what a reference leads to */
  symbol(symbol: ResolvedName, depth = 0): Type | null {
    switch (symbol.s) {
      case "module":
        return { t: "module", file: symbol.file };
      case "package":
        return { t: "package", folder: symbol.folder };
      case "library":
        return { t: "external", name: symbol.name };
      case "value": {
        let type = this.typeOf(symbol.value, symbol.file.functions[0]!, depth + 1);
        for (const name of symbol.rest) type = this.member(type, name, symbol.file, depth + 1);
        return type;
      }
    }
  }

  /** @returns the type of a member of something of that type */
  member(type: Type | null, name: string, file: ProgramFile, depth = 0): Type | null {
    if (type === null || depth > maxDepth) return null;
    switch (type.t) {
      case "named":
        return this.#namedMember(type, name, file, depth);
      case "instance":
      case "class":
        return this.#classMember(type, name, depth);
      case "external":
        return this.#externalMember(type.name, name, file);
      case "module":
        return this.symbol(this.#symbols.ofFile(type.file, name), depth + 1);
      case "package":
        return this.symbol(this.#symbols.ofPackage(type.folder, name), depth + 1);
      case "shape":
        return type.members.get(name) ?? null;
      case "function":
        return this.#decoratedMember(type.fn, name, depth);
      case "tuple":
        return null;
    }
  }

  /** A decorator may make an object of a function: `@click.group() def db(): …`, then `@db.command()`. */
  #decoratedMember(fn: Fn, name: string, depth: number): Type | null {
    const owner = fn.parent ?? fn;
    for (const decorator of fn.fact.decorators) {
      const made = decorator.k === "call" ? this.typeOf(decorator, owner, depth + 1) : null;
      const found = made?.t === "named" ? this.member(made, name, fn.file, depth + 1) : null;
      if (found !== null) return found;
    }
    return null;
  }

  #namedMember(type: Extract<Type, { t: "named" }>, name: string, file: ProgramFile, depth: number): Type | null {
    const library = this.#library(file);
    const field = library.field(type, name, type);
    if (field !== null) return field;
    if (library.method(type, name) !== null) return { t: "external", name: `${type.name}.${name}` };
    return this.calls.methodResult(type, "__getattr__", file.functions[0]!, depth) ?? library.field(type, anyField, type);
  }

  #externalMember(of: string, name: string, file: ProgramFile): Type | null {
    const library = this.#library(file);
    const field = library.field({ name: of, args: [] }, name, named(of));
    return field ?? { t: "external", name: `${of}.${name}` };
  }

  #classMember(type: Extract<Type, { t: "instance" | "class" }>, name: string, depth: number): Type | null {
    const { cls } = type;
    const method = this.hierarchy.method(cls, name, type.t);
    if (method !== null) {
      if (method.fact.kind === "getter") return this.returnType(method, depth + 1);
      return { t: "function", fn: method, receiver: type };
    }
    for (const one of this.hierarchy.ancestry(cls)) {
      const found = this.fieldType(one, name, depth + 1);
      if (found !== null) return found;
    }
    const library = this.#library(cls.file);
    for (const base of this.hierarchy.libraryBases(cls)) {
      const field = library.field(base, name, { t: "instance", cls, args: [] });
      if (field !== null) return field;
    }
    return this.#embedded(cls, name, depth);
  }

  /** Go: members of embedded structs are members of the struct; the embedded value itself goes by its type's name. */
  #embedded(cls: Cls, name: string, depth: number): Type | null {
    const embedded = this.hierarchy.embedded(cls, name);
    if (embedded !== null) return embedded;
    for (const base of this.hierarchy.bases(cls)) {
      const found = base.t === "named" ? this.member(base, name, cls.file, depth + 1) : null;
      if (found !== null) return found;
    }
    return null;
  }

  /** @returns the type of a field declared or assigned in that very class */
  fieldType(cls: Cls, name: string, depth = 0): Type | null {
    let known = this.#fields.get(cls);
    if (known === undefined) this.#fields.set(cls, (known = new Map()));
    const found = known.get(name);
    if (found !== undefined) return found;
    const fact = cls.field(name);
    if (fact === undefined) return null;
    known.set(name, null);
    const type = (fact.type === null ? null : this.fromFact(fact.type, cls.file)) ?? this.#defined(fact.definitions, cls.file, depth + 1);
    known.set(name, type);
    return type;
  }

  /** @returns what the function gives back: declared, or of its return values */
  returnType(fn: Fn, depth = 0): Type | null {
    const found = this.#returns.get(fn);
    if (found !== undefined) return found;
    this.#returns.set(fn, null);
    const { fact, file } = fn;
    let type: Type | null = null;
    if (fact.results.length > 1) type = { t: "tuple", items: fact.results.map((result) => this.fromFact(result, file)) };
    else if (fact.returns !== null) type = this.fromFact(fact.returns, file);
    if (type === null && fact.hasBody && depth <= maxDepth) type = this.#returned(fn, depth + 1);
    this.#returns.set(fn, type);
    return type;
  }

  #returned(fn: Fn, depth: number): Type | null {
    for (const block of fn.graph.blocks) {
      if (block.end.t === "return" && block.end.value !== null) {
        const type = this.typeOf(block.end.value, fn, depth);
        if (type !== null) return type;
      }
    }
    if (!fn.fact.isGenerator) return null;
    for (const block of fn.graph.blocks) {
      for (const event of block.events) {
        if (event.e === "yield" && event.value !== null) return named("builtins.generator", [this.typeOf(event.value, fn, depth)]);
      }
    }
    return null;
  }

  /** @returns what iterating over something of that type yields */
  element(type: Type | null, part: "value" | "key", file: ProgramFile): Type | null {
    if (type === null) return null;
    if (type.t === "tuple") return type.items[0] ?? null;
    if (type.t === "instance") {
      for (const base of this.hierarchy.libraryBases(type.cls)) {
        const found = this.#library(file).element(base);
        if (found !== null) return found;
      }
      return null;
    }
    if (type.t !== "named") return null;
    if (type.name === "chan") return type.args[0] ?? null;
    if (type.args.length === 2 && file.language !== "python" && file.language !== "javascript") return type.args[part === "key" ? 0 : 1] ?? null;
    // Go's iterators give their element where lists give the index.
    if (part === "key") return file.language === "go" && this.#library(file).type(type.name)?.collection === null ? this.#library(file).element(type) : null;
    return this.#library(file).element(type) ?? type.args[0] ?? null;
  }

  #indexed(of: Value, key: Value | null, fn: Fn, depth: number): Type | null {
    const type = this.typeOf(of, fn, depth);
    if (type === null) return null;
    if (type.t === "tuple" && key?.k === "const" && typeof key.v === "number") return type.items[key.v] ?? null;
    if (type.t === "shape" && key?.k === "const") return type.members.get(String(key.v)) ?? null;
    if (type.t === "named" && type.args.length === 2) return type.args[1] ?? null;
    if (type.t === "named" && fn.file.language === "python") {
      const item = this.calls.methodResult(type, "__getitem__", fn, depth);
      if (item !== null) return item;
    }
    // Go generic functions and Python generic classes are indexed with types.
    if (type.t === "function" || type.t === "class" || type.t === "external") return type;
    return this.element(type, "value", fn.file);
  }

  #item(of: Value, i: number, fn: Fn, depth: number): Type | null {
    if (of.k === "call" && this.calls.givesSeveral(fn, of.id)) return this.calls.result(fn, of.id, i, depth);
    const type = this.typeOf(of, fn, depth);
    if (type?.t === "tuple") return type.items[i] ?? null;
    // `v, ok := m[k]`, `v, ok := x.(T)`, `v, ok := <-ch`
    if (fn.file.language === "go") return i === 0 ? type : null;
    return this.element(type, "value", fn.file);
  }

  #literal(value: Extract<Value, { k: "coll" }>, fn: Fn, depth: number): Type | null {
    if (value.type !== undefined) {
      const declared = this.fromFact(value.type, fn.file);
      if (declared !== null) return this.calls.constructed(declared, value, fn);
    }
    if (value.kind === "object" || value.kind === "struct") {
      const members = new Map<string, Type | null>();
      for (const [i, key] of value.keys.entries()) if (key !== null) members.set(key, this.typeOf(value.items[i]!, fn, depth));
      return { t: "shape", members };
    }
    if (value.kind === "tuple" && fn.file.language !== "php") return { t: "tuple", items: value.items.map((item) => this.typeOf(item, fn, depth)) };
    const element = value.items[0] === undefined ? null : this.typeOf(value.items[0], fn, depth);
    const name = literalTypes[fn.file.language][value.kind === "tuple" ? "list" : value.kind];
    return named(name, value.kind === "map" ? [null, element] : [element]);
  }
}
