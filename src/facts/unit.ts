import type { FunctionKind } from "../ast/nodes.ts";
import type { TypeFact, Value } from "../flow/values.ts";

/** The declarations of one file, and its functions' event graphs. Everything is plain data; indexes point into the lists of the same unit. */
export interface Unit {
  /** Go: the package clause. PHP: the (first) namespace. */
  readonly packageName: string;
  /** Offsets at which lines begin. */
  readonly lineStarts: readonly number[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly classes: readonly ClassFact[];
  /** Function 0 is the file's top-level code. */
  readonly functions: readonly FunctionFact[];
  readonly variables: readonly VariableFact[];
}

export interface ImportFact {
  readonly module: string;
  readonly typeOnly: boolean;
  readonly at: number;
}

/** What other files see. For `star` re-exports name is `*`. JavaScript's default export is `default`; `module.exports = x` too, with `isModule`. */
export interface ExportFact {
  readonly name: string;
  readonly value: Value;
  readonly isModule: boolean;
}

export interface ClassFact {
  readonly name: string;
  /** With enclosing namespace or class: `App\Models\User`, `Outer.Inner`. */
  readonly qualifiedName: string;
  readonly kind: "class" | "interface" | "trait" | "enum" | "struct" | "alias";
  readonly bases: readonly { readonly kind: "extends" | "implements" | "uses" | "embeds"; readonly type: TypeFact }[];
  readonly fields: readonly FieldFact[];
  /** Indexes of functions. */
  readonly methods: readonly number[];
  readonly decorators: readonly Value[];
  readonly aliasOf: TypeFact | null;
  /** Function whose body declares it (0 for top level). */
  readonly scope: number;
  readonly start: number;
  readonly end: number;
}

export interface FieldFact {
  readonly name: string;
  readonly type: TypeFact | null;
  /** Everything assigned to it: the initialiser and `this.name = …` in any method, each with the function whose calls the value refers to. */
  readonly definitions: readonly Definition[];
  readonly isStatic: boolean;
  readonly isConst: boolean;
  readonly decorators: readonly Value[];
  readonly at: number;
}

/** A value and the function whose event graph its call indexes point into. */
export interface Definition {
  readonly fn: number;
  readonly value: Value;
  readonly at: number;
}

export interface FunctionFact {
  /** Empty for anonymous ones. */
  readonly name: string;
  /** `Class.method`, `outer.inner`; empty for top-level code. */
  readonly qualifiedName: string;
  readonly kind: FunctionKind | "module";
  readonly params: readonly ParameterFact[];
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly isStatic: boolean;
  readonly returns: TypeFact | null;
  /** Go: the declared result types, one each. */
  readonly results: readonly TypeFact[];
  /** Go named results: their variables. */
  readonly namedResults: readonly number[];
  /** Class it is a method of, or whose `this` it sees as a closure; -1 for none. */
  readonly cls: number;
  /** Go methods: the receiver's type, which may be declared in another file. */
  readonly receiver: TypeFact | null;
  /** What the function calls the object it works on, where it names it itself (Go, Python); empty otherwise. */
  readonly receiverName: string;
  /** Function that encloses it, -1 for top-level code itself. */
  readonly parent: number;
  readonly decorators: readonly Value[];
  /** Variables of enclosing functions it mentions. */
  readonly captures: readonly number[];
  readonly hasBody: boolean;
  readonly start: number;
  readonly end: number;
  readonly nameAt: number;
  /** The event graph as JSON (`EventGraph`); decoded only where something relevant may be in it. */
  readonly graph: string;
}

export interface ParameterFact {
  readonly name: string;
  /** Its variable; -1 for patterns. */
  readonly variable: number;
  readonly type: TypeFact | null;
  readonly defaultValue: Value | null;
  readonly rest: "none" | "list" | "map";
  readonly byReference: boolean;
}

export interface VariableFact {
  readonly name: string;
  /** Function that owns it; 0 for top-level variables. */
  readonly fn: number;
  readonly type: TypeFact | null;
  readonly definitions: readonly Definition[];
  readonly isParameter: boolean;
  readonly isConst: boolean;
  /** PHP `static $x`: lives as long as the process. */
  readonly isStatic: boolean;
  readonly at: number;
}
