import type { Node } from "./nodes.ts";
import type { TypeNode } from "./types.ts";

/** A word, or a parenthesised list whose `block` stands on lines of its own where there is room for it. */
export type Sexp = string | { readonly items: readonly Sexp[]; readonly block: readonly Sexp[] };

/** Prints a child: what a printer of one kind calls for the nodes below it. */
export type Sub = (node: Node | null) => Sexp;

/** @returns a list on one line */
export function list(...items: readonly Sexp[]): Sexp {
  return { items, block: [] };
}

/** @returns a list whose `block` is printed below its first line */
export function block(items: readonly Sexp[], below: readonly Sexp[]): Sexp {
  return { items, block: below };
}

/** @returns `word` when `condition` holds, else nothing; to be spread into a list */
export function flag(condition: boolean, word: string): readonly string[] {
  return condition ? [word] : [];
}

/** @returns the text of an s-expression, blocks indented by two spaces per level */
export function render(sexp: Sexp, indent = 0): string {
  if (typeof sexp === "string") return sexp;
  const first = sexp.items.map(renderInline).join(" ");
  if (sexp.block.length === 0) return `(${first})`;
  const pad = `\n${"  ".repeat(indent + 1)}`;
  return `(${first}${sexp.block.map((b) => pad + render(b, indent + 1)).join("")})`;
}

function renderInline(sexp: Sexp): string {
  if (typeof sexp === "string") return sexp;
  return `(${[...sexp.items, ...sexp.block].map(renderInline).join(" ")})`;
}

/** Types nested deeper than this are printed as `…`. */
const MAX_TYPE_DEPTH = 100;

/** @returns a type in a notation close to Go's: `*T`, `[]T`, `map[K]V`, `T?`, `A|B`, `(A,B)`, `Name[A,B]` */
export function printType(type: TypeNode | null, depth = 0): string {
  if (type === null) return "~";
  if (depth > MAX_TYPE_DEPTH) return "…";
  const args = type.args.map((a) => printType(a, depth + 1));
  const fields = (type.fields ?? []).map((f) => `${f.name}:${printType(f.type, depth + 1)}`).join(";");
  switch (type.shape) {
    case "named":
      return type.name + (args.length > 0 ? `[${args.join(",")}]` : "");
    case "pointer":
      return `*${args[0] ?? "?"}`;
    case "list":
      return `[]${args[0] ?? "?"}`;
    case "map":
      return `map[${args[0] ?? "?"}]${args[1] ?? "?"}`;
    case "nullable":
      return `${args[0] ?? "?"}?`;
    case "union":
      return args.join("|");
    case "tuple":
      return `(${args.join(",")})`;
    case "chan":
      return `chan[${args.join(",")}]`;
    case "func":
      return `func(${args.join(",")})`;
    case "struct":
    case "interface":
      return `${type.shape}{${fields}}`;
    case "unknown":
      return "?";
  }
}
