import type { CallSite } from "../flow/event-graph.ts";
import type { Value } from "../flow/values.ts";
import type { CallbackModel, CallModel, VersionBound } from "../semantics/models/model.ts";
import { holds } from "./arguments.ts";
import type { Cls, Fn, ProgramFile } from "./entities.ts";
import type { Hierarchy } from "./hierarchy.ts";
import type { TypeInference } from "./inference.ts";
import { type Library, type Substitution, anyField, instanceOf, noSubstitution } from "./library.ts";
import type { SymbolTable } from "./symbols.ts";
import { type Type, named } from "./types.ts";

/** What a call may run. Empty lists where nothing was resolved. */
export interface CallTarget {
  /** Functions of the program. More than one: any of them. */
  readonly fns: readonly Fn[];
  /** Rows of the API models that hold for these arguments. */
  readonly rows: readonly CallModel[];
  /** What a method is called on; null for plain functions and where nothing is known. */
  readonly receiver: Type | null;
  /** Type arguments of the receiver where the method is declared. */
  readonly typeArgs: readonly (Type | null)[];
  /** The class that is instantiated. */
  readonly constructs: Cls | null;
  /** Qualified name of a library's callable, empty when it is none. */
  readonly library: string;
}

const unresolved: CallTarget = { fns: [], rows: [], receiver: null, typeArgs: [], constructs: null, library: "" };

/** A lambda as an argument of a call. */
export interface CallbackUse {
  readonly fn: Fn;
  readonly call: number;
  readonly argument: number;
}

export interface CallResolverParts {
  readonly symbols: SymbolTable;
  readonly types: TypeInference;
  readonly hierarchy: Hierarchy;
  readonly library: (file: ProgramFile) => Library;
  /** Whether a row's version bounds admit the version in use. */
  readonly admits: (since: VersionBound | null, until: VersionBound | null, file: ProgramFile) => boolean;
}

/** `-> Self`: the class that the method was asked of. */
const isSelf = (type: Type | null): boolean => type?.t === "named" && (type.name === "typing.Self" || type.name === "typing_extensions.Self");

/** Finds what calls run: functions of the program, rows of the models, constructors. */
export class CallResolver {
  readonly #parts: CallResolverParts;
  readonly #targets = new Map<Fn, (CallTarget | undefined)[]>();
  readonly #callbacks = new Map<Fn, ReadonlyMap<number, CallbackUse>>();

  constructor(parts: CallResolverParts) {
    this.#parts = parts;
  }

  /** @returns what the call runs */
  target(fn: Fn, id: number, depth = 0): CallTarget {
    let known = this.#targets.get(fn);
    if (known === undefined) this.#targets.set(fn, (known = []));
    const found = known[id];
    if (found !== undefined) return found;
    known[id] = unresolved;
    const site = fn.call(id);
    const target = this.#select(this.#callee(site.callee, fn, depth), site, fn);
    known[id] = target;
    return target;
  }

  /** Keeps the rows that hold for these arguments and versions. */
  #select(target: CallTarget, site: CallSite, fn: Fn): CallTarget {
    if (target.rows.length === 0) return target;
    const held = target.rows.filter((row) => this.#parts.admits(row.since, row.until, fn.file) && holds(row.when, site.args, fn));
    // Of several rows of one name the first that holds counts.
    return { ...target, rows: held.filter((row, i) => held.findIndex(({ name }) => name === row.name) === i) };
  }

  #callee(callee: Value, fn: Fn, depth: number): CallTarget {
    const { types, symbols } = this.#parts;
    switch (callee.k) {
      case "field": {
        const target = this.method(types.typeOf(callee.of, fn, depth + 1), callee.name, fn, depth + 1);
        // `super.m()` means that very method, whatever overrides it.
        if (callee.of.k === "super") return { ...target, fns: target.fns.slice(0, 1) };
        return callee.of.k === "this" && target.fns.length > 1 ? { ...target, fns: this.#runHere(target.fns, fn) } : target;
      }
      case "ref": {
        const symbol = symbols.resolve(callee, fn.file);
        if (symbol.s === "value" && symbol.rest.length > 0) {
          const owner = types.symbol({ ...symbol, rest: symbol.rest.slice(0, -1) }, depth + 1);
          return this.method(owner, symbol.rest.at(-1)!, fn, depth + 1);
        }
        return this.#callable(types.symbol(symbol, depth + 1), fn, depth + 1);
      }
      case "super": {
        const base = types.typeOf(callee, fn, depth + 1);
        return base?.t === "instance" ? this.#construct(base.cls) : unresolved;
      }
      case "this":
        return this.#ofClassItself(fn) ?? this.#callable(types.typeOf(callee, fn, depth + 1), fn, depth + 1);
      default:
        return this.#callable(types.typeOf(callee, fn, depth + 1), fn, depth + 1);
    }
  }

  /** Of the overrides of a method that an object calls on itself, those of classes that have the caller too, and not another in its place. */
  #runHere(fns: readonly Fn[], caller: Fn): readonly Fn[] {
    const { cls } = caller;
    if (cls === null || caller.fact.kind !== "method") return fns;
    const has = (one: Fn): boolean => one.cls === null || one.cls === cls || this.#parts.hierarchy.method(one.cls, caller.fact.name, "instance") === caller;
    const own = fns.filter(has);
    return own.length > 0 ? own : fns;
  }

  /** @returns what calling something of that type runs */
  #callable(type: Type | null, fn: Fn, depth: number): CallTarget {
    switch (type?.t) {
      case "function":
        return { ...unresolved, fns: [type.fn], receiver: type.receiver };
      case "class":
        return this.#construct(type.cls);
      case "external":
        return this.#external(type.name, fn);
      case "instance":
      case "named":
        return this.method(type, fn.file.language === "php" ? "__invoke" : fn.file.language === "python" ? "__call__" : "()", fn, depth);
      default:
        return unresolved;
    }
  }

  /** `cls(…)` in a class method makes an object of the class; null elsewhere, and where a subclass is made in another way. */
  #ofClassItself(fn: Fn): CallTarget | null {
    const { hierarchy } = this.#parts;
    if (fn.cls === null || !fn.fact.isStatic || fn.fact.receiverName === "") return null;
    const isMadeOtherwise = [...hierarchy.subclasses(fn.cls)].some((one) =>
      [...hierarchy.ownMethods(one).values()].some((method) => method.fact.kind === "constructor"),
    );
    return isMadeOtherwise ? null : this.#construct(fn.cls);
  }

  #external(name: string, fn: Fn): CallTarget {
    const library = this.#parts.library(fn.file);
    const rows = library.rows(name);
    if (rows.length > 0) return { ...unresolved, rows, library: name };
    // A member of a modelled variable of the module: `http.DefaultClient.Do`.
    const dot = name.lastIndexOf(".");
    const owner = dot < 0 ? null : this.#externalOwner(name.slice(0, dot), library);
    if (owner !== null) return this.method(owner, name.slice(dot + 1), fn, 1);
    return { ...unresolved, library: name };
  }

  #externalOwner(name: string, library: Library): Type | null {
    const dot = name.lastIndexOf(".");
    const field = dot < 0 ? null : library.field({ name: name.slice(0, dot), args: [] }, name.slice(dot + 1), null);
    if (field !== null) return field;
    // Static methods inherited from a modelled base: the class itself is the owner.
    return library.type(name) === null ? null : named(name);
  }

  #construct(cls: Cls): CallTarget {
    const { hierarchy, library } = this.#parts;
    for (const one of hierarchy.ancestry(cls)) {
      for (const method of hierarchy.ownMethods(one).values()) {
        if (method.fact.kind === "constructor") return { ...unresolved, fns: [method], constructs: cls };
      }
    }
    const base = hierarchy.libraryBases(cls)[0];
    const rows = base === undefined ? [] : library(cls.file).rows(base.name);
    return { ...unresolved, rows, constructs: cls, library: base?.name ?? "" };
  }

  /** @returns what calling the method on something of that type runs */
  method(owner: Type | null, name: string, fn: Fn, depth: number): CallTarget {
    if (depth > 24) return unresolved;
    if (owner === null) return (name === "catch" ? this.#ofPromise(null, name, fn) : null) ?? unresolved;
    const { types, library } = this.#parts;
    switch (owner.t) {
      case "instance":
      case "class":
        return this.#classMethod(owner, name, fn, depth);
      case "named": {
        const found = library(fn.file).method(owner, name);
        if (found !== null) return { ...unresolved, rows: found.rows, typeArgs: found.args, receiver: owner, library: `${owner.name}.${name}` };
        const field = library(fn.file).field(owner, name, owner) ?? library(fn.file).field(owner, anyField, owner);
        if (field !== null) return this.#callable(field, fn, depth + 1);
        return this.#ofPromise(owner, name, fn) ?? { ...unresolved, receiver: owner, library: `${owner.name}.${name}` };
      }
      case "external":
        return this.#external(`${owner.name}.${name}`, fn);
      case "module":
      case "package":
      case "shape":
        return this.#callable(types.member(owner, name, fn.file, depth + 1), fn, depth + 1);
      case "function": {
        const member = types.member(owner, name, fn.file, depth + 1);
        return member === null ? this.#ofFunction(name, fn) : this.#callable(member, fn, depth + 1);
      }
      default:
        return unresolved;
    }
  }

  /** `this.onMessage.bind(this)`: a method that all functions have. */
  #ofFunction(name: string, fn: Fn): CallTarget {
    const rows = fn.file.language === "javascript" ? this.#parts.library(fn.file).method({ name: "globalThis.Function", args: [] }, name)?.rows : undefined;
    return rows === undefined ? unresolved : { ...unresolved, rows };
  }

  /** A promise stands for what it will be: what the value itself does not answer to is asked of the promise. Only promises have a `catch`, whatever they are of. */
  #ofPromise(owner: Type | null, name: string, fn: Fn): CallTarget | null {
    if (fn.file.language !== "javascript") return null;
    const found = this.#parts.library(fn.file).method({ name: "globalThis.Promise", args: owner === null ? [] : [owner] }, name);
    return found === null ? null : { ...unresolved, rows: found.rows, typeArgs: found.args, receiver: owner, library: `globalThis.Promise.${name}` };
  }

  /** Whether a call gives several results that are taken apart by position, rather than one that is indexed. */
  givesSeveral(fn: Fn, id: number): boolean {
    return fn.file.language === "go" || (this.target(fn, id).rows[0]?.results.length ?? 0) > 1;
  }

  #classMethod(owner: Extract<Type, { t: "instance" | "class" }>, name: string, fn: Fn, depth: number): CallTarget {
    const { hierarchy, types, library } = this.#parts;
    const { cls } = owner;
    if (name === "__construct" || name === "constructor" || name === "__init__") return { ...this.#construct(cls), constructs: null };
    const own = hierarchy.method(cls, name, owner.t);
    if (own !== null) {
      const overrides = owner.t === "instance" ? hierarchy.overrides(cls, name) : [];
      return { ...unresolved, fns: own.fact.hasBody ? [own, ...overrides] : overrides, receiver: owner };
    }
    const instance: Type = { t: "instance", cls, args: [] };
    for (const base of hierarchy.libraryBases(cls)) {
      const found = library(cls.file).method(base, name);
      if (found !== null) return { ...unresolved, rows: found.rows, typeArgs: found.args, receiver: instance, library: `${base.name}.${name}` };
    }
    const overrides = hierarchy.overrides(cls, name);
    if (overrides.length > 0) return { ...unresolved, fns: overrides, receiver: owner };
    const member = types.member(owner, name, fn.file, depth + 1);
    if (member === null) return this.#ofPromise(owner, name, fn) ?? { ...unresolved, receiver: owner };
    return member.t === "instance" ? { ...unresolved, receiver: owner } : this.#callable(member, fn, depth + 1);
  }

  /** @returns what a method without arguments gives, called on something of that type; null when there is none */
  methodResult(owner: Type, name: string, fn: Fn, depth: number): Type | null {
    const target = this.method(owner, name, fn, depth);
    if (target.fns[0] !== undefined) return this.#parts.types.returnType(target.fns[0], depth + 1);
    const ref = target.rows[0]?.results[0];
    if (ref === undefined) return null;
    return this.#parts.library(fn.file).typeOf(ref, { ...noSubstitution, receiver: instanceOf(target.receiver), args: target.typeArgs });
  }

  /** @returns the type of a call's i-th result */
  result(fn: Fn, id: number, i: number, depth: number): Type | null {
    const { types } = this.#parts;
    const target = this.target(fn, id, depth);
    if (target.constructs !== null) return i === 0 ? this.#instance(target, fn, id) : null;
    for (const callee of target.fns) {
      const declared = types.returnType(callee, depth + 1);
      const type = isSelf(declared) ? instanceOf(target.receiver) : declared;
      if (type?.t === "tuple" && fn.file.language === "go") return type.items[i] ?? null;
      if (type !== null) return i === 0 ? type : null;
    }
    const ref = target.rows[0]?.results[i];
    if (ref !== undefined) return this.#parts.library(fn.file).typeOf(ref, this.substitution(target, fn, id, depth));
    const name = target.library.split(/[.\\/]/).at(-1) ?? "";
    if (i > 0 || target.library === "" || target.receiver !== null) return null;
    const known = this.#parts.library(fn.file).type(target.library);
    if (known !== null) return named(known.name);
    return fn.call(id).isNew || /^[A-Z]/.test(name) ? named(target.library) : null;
  }

  #instance(target: CallTarget, fn: Fn, id: number): Type {
    const types = fn.call(id).types.map((type) => this.#parts.types.fromFact(type, fn.file));
    return { t: "instance", cls: target.constructs!, args: types };
  }

  /** What `T0`, `receiver` and `argument:N` mean in the rows of this call. */
  substitution(target: CallTarget, fn: Fn, id: number, depth = 0): Substitution {
    const { args } = fn.call(id);
    return {
      receiver: instanceOf(target.receiver),
      args: target.typeArgs.length > 0 ? target.typeArgs : fn.call(id).types.map((type) => this.#parts.types.fromFact(type, fn.file)),
      argument: (index) => (args[index] === undefined ? null : this.#parts.types.typeOf(args[index].value, fn, depth + 1)),
      element: (type) => this.#parts.types.element(type, "value", fn.file),
      result: (type) => (type?.t === "function" ? this.#parts.types.returnType(type.fn, depth + 1) : null),
    };
  }

  /** @returns the type a struct or class literal of that type really has, by the rows of its constructor */
  constructed(declared: Type, value: Extract<Value, { k: "coll" }>, fn: Fn): Type {
    if (declared.t !== "named") return declared;
    const args = value.items.map((item, i) => ({ value: item, name: value.keys[i] ?? "", spread: false }));
    const row = this.#parts
      .library(fn.file)
      .rows(declared.name)
      .find((one) => holds(one.when, args, fn));
    const result = row?.results[0];
    return result === undefined ? declared : (this.#parts.library(fn.file).typeOf(result, noSubstitution) ?? declared);
  }

  /** @returns the call that a lambda is passed to, if it is passed to one */
  callbackUse(fn: Fn): CallbackUse | null {
    const { parent } = fn;
    if (parent === null) return null;
    let uses = this.#callbacks.get(parent);
    if (uses === undefined) {
      const found = new Map<number, CallbackUse>();
      for (const [call, site] of parent.graph.calls.entries()) {
        for (const [argument, { value }] of site.args.entries()) {
          // `const onExit = () => …; worker.on("exit", onExit)`
          const [only, ...others] = value.k === "var" ? parent.file.variable(value.id).definitions : [];
          const given = only !== undefined && others.length === 0 && only.fn === parent.id ? only.value : value;
          if (given.k === "fn") found.set(given.id, { fn: parent, call, argument });
        }
      }
      this.#callbacks.set(parent, (uses = found));
    }
    return uses.get(fn.id) ?? null;
  }

  /** @returns how the models say that a call uses one of its arguments, a function; null when they do not */
  callbackModel(use: CallbackUse): CallbackModel | null {
    const site = use.fn.call(use.call);
    for (const row of this.target(use.fn, use.call).rows) {
      for (const callback of row.callbacks) {
        const { position, name } = callback.argument;
        const isAny = position === null && name === "";
        if (isAny || position === use.argument || (name !== "" && site.args[use.argument]?.name === name)) return callback;
      }
    }
    return null;
  }

  /** @returns the type of a parameter of a callback, from the call it is passed to */
  parameterType(fn: Fn, variable: number, depth: number): Type | null {
    const use = fn.fact.kind === "lambda" ? this.callbackUse(fn) : null;
    if (use === null || depth > 24) return null;
    const index = fn.fact.params.findIndex((param) => param.variable === variable);
    const model = this.callbackModel(use);
    const target = this.target(use.fn, use.call, depth + 1);
    const declared = model?.params[index];
    if (declared !== undefined) return this.#parts.library(fn.file).typeOf(declared, this.substitution(target, use.fn, use.call, depth + 1));
    if (model?.runs !== "each" || index !== 0) return null;
    return this.#parts.types.element(target.receiver, "value", fn.file);
  }
}
