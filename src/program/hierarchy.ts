import type { Cls, Fn, ProgramFile } from "./entities.ts";
import type { Type } from "./types.ts";

type NamedType = Extract<Type, { t: "named" }>;

/** Most implementations of one interface that are followed; beyond that a call says too little. */
const maxImplementations = 4;

/** Classes with their methods and their bases and subclasses, over all files. Bases are looked up when they are first asked for. */
export class Hierarchy {
  readonly #files: readonly ProgramFile[];
  readonly #typeOfBase: (cls: Cls, index: number) => Type | null;
  readonly #methods = new Map<Cls, Map<string, Fn>>();
  /** Static methods by the member of objects that has the same name. */
  readonly #shadowed = new Map<Fn, Fn>();
  readonly #bases = new Map<Cls, readonly Type[]>();
  #subclasses: Map<Cls, Cls[]> | null = null;
  readonly #implementations = new Map<Cls, readonly Cls[]>();
  readonly #goTypes: Cls[] = [];

  /** @param typeOfBase what the i-th base of a class, as its file writes it, is */
  constructor(files: readonly ProgramFile[], typeOfBase: (cls: Cls, index: number) => Type | null) {
    this.#files = files;
    this.#typeOfBase = typeOfBase;
    for (const file of files) {
      for (const cls of file.classes) {
        const methods = cls.fact.methods.map((id) => file.functions[id]!);
        const named = new Map(methods.map((fn) => [fn.fact.name, fn]));
        // A static method and a getter may share a name.
        for (const fn of methods) {
          if (fn.fact.isStatic || named.get(fn.fact.name)?.fact.isStatic !== true) continue;
          this.#shadowed.set(fn, named.get(fn.fact.name)!);
          named.set(fn.fact.name, fn);
        }
        this.#methods.set(cls, named);
        if (file.language === "go" && cls.fact.kind !== "interface") this.#goTypes.push(cls);
      }
    }
  }

  /** Go: gives methods to types that other files of the package declare. */
  attachMethods(receiverClass: (fn: Fn) => Cls | null): void {
    for (const file of this.#files) {
      if (file.language !== "go") continue;
      for (const fn of file.functions) {
        if (fn.fact.receiver === null || fn.fact.cls >= 0) continue;
        const cls = receiverClass(fn);
        if (cls !== null) this.#methods.get(cls)?.set(fn.fact.name, fn);
      }
    }
  }

  /** @returns what the class extends, implements, uses or embeds */
  bases(cls: Cls): readonly Type[] {
    const known = this.#bases.get(cls);
    if (known !== undefined) return known;
    // A base that is asked for while it is being looked up leads back to itself.
    this.#bases.set(cls, []);
    const bases = cls.fact.bases.map((_, i) => this.#typeOfBase(cls, i)).filter((type) => type !== null);
    this.#bases.set(cls, bases);
    return bases;
  }

  /** @returns the type that a struct of the class embeds, which goes by its type's name there; null for other fields */
  embedded(cls: Cls, name: string): Type | null {
    const isIt = (base: Type): boolean =>
      base.t === "named" ? base.name.endsWith(`.${name}`) || base.name.endsWith(`/${name}`) : base.t === "instance" && base.cls.fact.name === name;
    return this.bases(cls).find(isIt) ?? null;
  }

  /**
   * Go: the embedded structs through which a struct has a field or method that it does not declare, outermost first. A member that no struct of the
   * program declares is that of the nearest embedded library type, of those that are known to have it where any is.
   * @param has whether a library type is known to have the member
   */
  promotedThrough(cls: Cls, name: string, has: (base: NamedType) => boolean): readonly string[] {
    const declares = (one: Cls): boolean =>
      one.fact.fields.some((field) => field.name === name) || this.ownMethods(one).has(name) || this.embedded(one, name) !== null;
    const ofLibrary = (holds: (base: NamedType) => boolean) => (one: Cls) => this.bases(one).some((base) => base.t === "named" && holds(base));
    return (
      this.#embeddingOf(cls, declares) ??
      this.#embeddingOf(cls, ofLibrary(has)) ??
      this.#embeddingOf(
        cls,
        ofLibrary(() => true),
      ) ??
      []
    );
  }

  /** The names that lead to the nearest struct, the class itself or embedded in it, for which something holds. */
  #embeddingOf(cls: Cls, holds: (cls: Cls) => boolean): readonly string[] | null {
    const pending: { readonly at: Cls; readonly path: readonly string[] }[] = [{ at: cls, path: [] }];
    const seen = new Set<Cls>();
    for (const { at, path } of pending) {
      if (seen.has(at)) continue;
      seen.add(at);
      if (holds(at)) return path;
      for (const base of this.bases(at)) if (base.t === "instance") pending.push({ at: base.cls, path: [...path, base.cls.fact.name] });
    }
    return null;
  }

  subclasses(cls: Cls): readonly Cls[] {
    if (this.#subclasses === null) {
      this.#subclasses = new Map();
      for (const file of this.#files) {
        for (const one of file.classes) {
          for (const base of this.bases(one)) {
            if (base.t !== "instance") continue;
            const known = this.#subclasses.get(base.cls);
            if (known === undefined) this.#subclasses.set(base.cls, [one]);
            else known.push(one);
          }
        }
      }
    }
    return this.#subclasses.get(cls) ?? [];
  }

  /** @returns the methods declared by the class itself, in whatever file they stand */
  ownMethods(cls: Cls): ReadonlyMap<string, Fn> {
    return this.#methods.get(cls) ?? new Map();
  }

  /** The class and the classes of the program above it, nearest first. */
  *ancestry(cls: Cls, seen: Set<Cls> = new Set()): Iterable<Cls> {
    if (seen.has(cls) || seen.size > 40) return;
    seen.add(cls);
    yield cls;
    for (const base of this.bases(cls)) if (base.t === "instance") yield* this.ancestry(base.cls, seen);
  }

  /**
   * @param of whether an object of the class is asked, or the class itself
   * @returns the method that answers; null when it is a library's or there is none
   */
  method(cls: Cls, name: string, of: "instance" | "class" = "instance"): Fn | null {
    for (const one of this.ancestry(cls)) {
      const found = this.#methods.get(one)?.get(name);
      if (found !== undefined) return of === "class" ? (this.#shadowed.get(found) ?? found) : found;
    }
    return null;
  }

  /** @returns the library types above the class, nearest first */
  libraryBases(cls: Cls): Extract<Type, { t: "named" }>[] {
    const found: Extract<Type, { t: "named" }>[] = [];
    for (const one of this.ancestry(cls)) for (const base of this.bases(one)) if (base.t === "named") found.push(base);
    return found;
  }

  /**
   * @returns methods of that name that a call through the class may reach besides its own: overrides below it, and implementations of an
   *   interface. A struct that embeds another overrides nothing (https://go.dev/ref/spec#Struct_types: promoted methods run on the embedded value).
   */
  overrides(cls: Cls, name: string): readonly Fn[] {
    if (cls.file.language === "go" && cls.fact.kind !== "interface") return [];
    const found: Fn[] = [];
    const pending = [...this.subclasses(cls), ...(cls.file.language === "go" ? this.#implementers(cls) : [])];
    for (let i = 0; i < pending.length && i < 50; i++) {
      const method = this.#methods.get(pending[i]!)?.get(name);
      if (method?.fact.hasBody) found.push(method);
      pending.push(...this.subclasses(pending[i]!));
    }
    return found.length > maxImplementations ? [] : found;
  }

  /** Go: a type implements every interface whose methods it has. */
  #implementers(iface: Cls): readonly Cls[] {
    let found = this.#implementations.get(iface);
    if (found === undefined) {
      const wanted = [...this.ownMethods(iface).keys()];
      found = wanted.length === 0 ? [] : this.#goTypes.filter((cls) => wanted.every((name) => this.#methods.get(cls)!.has(name)));
      this.#implementations.set(iface, found);
    }
    return found;
  }
}
