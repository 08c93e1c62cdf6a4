import type { Cls, Fn, ProgramFile } from "./entities.ts";

/** What the program phase knows of a value. Null in place of a type means nothing is known. */
export type Type =
  /** An instance of a library's or the language's type, by qualified name as in the models. */
  | { readonly t: "named"; readonly name: string; readonly args: readonly (Type | null)[] }
  /** An instance of a class of the program. */
  | { readonly t: "instance"; readonly cls: Cls; readonly args: readonly (Type | null)[] }
  /** The class itself. */
  | { readonly t: "class"; readonly cls: Cls }
  /** A library's class, function or module itself, by qualified name. */
  | { readonly t: "external"; readonly name: string }
  | { readonly t: "function"; readonly fn: Fn; readonly receiver: Type | null }
  | { readonly t: "module"; readonly file: ProgramFile }
  /** A Go package of the program, by its folder. */
  | { readonly t: "package"; readonly folder: string }
  /** Several values at once. */
  | { readonly t: "tuple"; readonly items: readonly (Type | null)[] }
  /** An object literal or anonymous struct whose members are known. */
  | { readonly t: "shape"; readonly members: ReadonlyMap<string, Type | null> };

export function named(name: string, args: readonly (Type | null)[] = []): Type {
  return { t: "named", name, args };
}
