/** What a name stands for where it is used. */
export type Binding =
  | { readonly binds: "variable"; readonly id: number }
  | { readonly binds: "function"; readonly id: number }
  | { readonly binds: "class"; readonly id: number }
  /** The object a method works on: Python's first parameter, a Go receiver. */
  | { readonly binds: "receiver" }
  /** `member` of `module`; an empty member is the module itself. */
  | { readonly binds: "import"; readonly module: string; readonly member: string };

/** A region of a file in which names are bound: the file, a class body, a function, a block. */
export class Scope {
  readonly parent: Scope | null;
  readonly kind: "module" | "class" | "function" | "block";
  /** Function whose code this is, index in the unit. */
  readonly fn: number;
  /** Variables of the file (PHP's, keyed with their `$`) are not seen from here; its functions, classes and imports are. */
  readonly #sealed: boolean;
  readonly #names = new Map<string, Binding>();

  constructor(kind: Scope["kind"], parent: Scope | null, fn: number, sealed = false) {
    this.kind = kind;
    this.parent = parent;
    this.fn = fn;
    this.#sealed = sealed;
  }

  /** Binds a name here, replacing what it stood for. */
  bind(name: string, binding: Binding): void {
    this.#names.set(name, binding);
  }

  /** @returns every name bound in this very scope */
  entries(): IterableIterator<[string, Binding]> {
    return this.#names.entries();
  }

  /** @returns what the name is bound to in this very scope */
  own(name: string): Binding | null {
    return this.#names.get(name) ?? null;
  }

  /** @returns what the name is bound to here or further out; class bodies are not seen from the functions inside them */
  lookup(name: string): Binding | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      if (scope.kind === "class" && scope !== this) continue;
      const found = scope.#names.get(name);
      if (found !== undefined) return found;
      if (scope.#sealed && name.startsWith("$")) return null;
    }
    return null;
  }

  /** @returns the innermost function or module scope around this one */
  functionScope(): Scope {
    let scope: Scope = this;
    while (scope.kind === "block" && scope.parent !== null) scope = scope.parent;
    return scope;
  }

  /** @returns the file's own scope */
  moduleScope(): Scope {
    let scope: Scope = this;
    while (scope.parent !== null) scope = scope.parent;
    return scope;
  }
}
