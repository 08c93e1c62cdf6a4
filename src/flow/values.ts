/**
 * Symbolic values: what an expression refers to, as far as one file can tell. They are pure: everything that happens (calls, stores) is an
 * event of the event graph, and a value only names its outcome. Nothing is resolved across files here; that is the program phase's work.
 */
import type { TypeShape } from "../ast/types.ts";

export type Value =
  | VariableValue
  | CallValue
  | RefValue
  | FunctionValue
  | ClassValue
  | ThisValue
  | SuperValue
  | FieldValue
  | IndexValue
  | ItemValue
  | ElementValue
  | SliceValue
  | EnteredValue
  | ConstantValue
  | CollectionValue
  | EitherValue
  | DerivedValue
  | CastValue
  | ReceivedValue
  | UnknownValue;

/** A variable of this file, by its index in `Unit.variables`. */
export interface VariableValue {
  readonly k: "var";
  readonly id: number;
}
/** The result of a call of the same function, by its index in `EventGraph.calls`. */
export interface CallValue {
  readonly k: "call";
  readonly id: number;
}
/**
 * A name that another file or a library declares: `name` (dotted path, may be empty) inside `module` as the import writes it. `module` null: a
 * name that nothing in this file binds (a built-in, a global, a sibling file of the Go package, a PHP name, which is then fully qualified).
 */
export interface RefValue {
  readonly k: "ref";
  readonly module: string | null;
  readonly name: string;
  readonly fallback?: string;
}
/** A function or lambda of this file, by its index in `Unit.functions`. */
export interface FunctionValue {
  readonly k: "fn";
  readonly id: number;
}
/** A class of this file, by its index in `Unit.classes`. */
export interface ClassValue {
  readonly k: "class";
  readonly id: number;
}
/** The object a method works on (`this`, `self`, Go receiver), also inside its closures. */
export interface ThisValue {
  readonly k: "this";
}
export interface SuperValue {
  readonly k: "super";
}
export interface FieldValue {
  readonly k: "field";
  readonly of: Value;
  readonly name: string;
}
/** `of[key]`; key null for appends (`$a[]`). */
export interface IndexValue {
  readonly k: "index";
  readonly of: Value;
  readonly key: Value | null;
}
/** The i-th of several results or of a destructured list. */
export interface ItemValue {
  readonly k: "item";
  readonly of: Value;
  readonly i: number;
}
/** What iterating over `of` yields. */
export interface ElementValue {
  readonly k: "elem";
  readonly of: Value;
  readonly part: "value" | "key";
}
/** A part of a list or string. */
export interface SliceValue {
  readonly k: "slice";
  readonly of: Value;
}
/** What entering the scope of a context manager yields (Python `with … as x`). */
export interface EnteredValue {
  readonly k: "entered";
  readonly of: Value;
}
/** A literal; long strings are cut. */
export interface ConstantValue {
  readonly k: "const";
  readonly v: string | number | boolean | null;
}
/** A freshly made collection. `items` leaves constants out; `keys` (same length) are the constant keys of objects, structs and maps, or null. */
export interface CollectionValue {
  readonly k: "coll";
  readonly kind: "list" | "map" | "set" | "tuple" | "object" | "struct";
  readonly items: readonly Value[];
  readonly keys: readonly (string | null)[];
  /** How many entries are written, constants included. */
  readonly size: number;
  /** Go composite literals: the type. */
  readonly type?: TypeFact;
  /** A literal of a type from elsewhere is a construction too: the call that stands for it. */
  readonly made?: number;
  readonly at: number;
}
/** One of several (conditional expressions, `a or b`). */
export interface EitherValue {
  readonly k: "either";
  readonly of: readonly Value[];
}
/** A new value computed from others: holds no reference to them (arithmetic, string building). */
export interface DerivedValue {
  readonly k: "derived";
  readonly of: readonly Value[];
  /** The text that it begins with, where that is written out: `"https://" + host`. */
  readonly start?: string;
}
export interface CastValue {
  readonly k: "cast";
  readonly of: Value;
  readonly type: TypeFact;
}
/** A value received from a channel. */
export interface ReceivedValue {
  readonly k: "received";
  readonly of: Value;
}
/** Not understood: may be or hold any of these. */
export interface UnknownValue {
  readonly k: "unknown";
  readonly of: readonly Value[];
  /** An element of a page that is made of them (JSX). */
  readonly element?: true;
}

/** A type as one file knows it. */
export interface TypeFact {
  readonly shape: TypeShape;
  /** For `named`: what the name refers to. */
  readonly ref: RefValue | ClassValue | null;
  readonly args: readonly TypeFact[];
  /** Inline structs and interfaces: field types. */
  readonly fields?: Readonly<Record<string, TypeFact>>;
}

export const unknownValue: UnknownValue = { k: "unknown", of: [] };
