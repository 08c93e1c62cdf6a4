import type { Node } from "./nodes.ts";
import { EXPRESSIONS } from "./print-expressions.ts";
import { STATEMENTS } from "./print-statements.ts";
import type { Sexp, Sub } from "./sexp.ts";
import { render } from "./sexp.ts";

/** Nodes nested deeper than this are printed as `…`. */
const MAX_DEPTH = 1000;

/** How a tree is printed. */
export interface PrintOptions {
  /** Writes `@start-end` behind each node's first word. */
  readonly spans?: boolean;
}

/**
 * Prints a tree for people and tests: an s-expression, a statement per line, an expression on one line, what is absent as `~`.
 *
 * @returns the same text for the same tree, without a final line break
 */
export function printNode(node: Node | null, options: PrintOptions = {}): string {
  const spans = options.spans === true;
  let depth = 0;
  const sub: Sub = (inner) => {
    if (inner === null) return "~";
    if (depth >= MAX_DEPTH) return "…";
    depth++;
    const printed = sexpOf(inner, sub);
    depth--;
    return spans ? withSpan(printed, inner) : printed;
  };
  return render(sub(node));
}

type Printer = (node: Node, sub: Sub) => Sexp;

/** The tables give each kind its own printer; TypeScript cannot see that a lookup by `kind` picks the fitting one. */
const PRINTERS = { ...EXPRESSIONS, ...STATEMENTS } as unknown as Readonly<Record<Node["kind"], Printer>>;

function sexpOf(node: Node, sub: Sub): Sexp {
  return PRINTERS[node.kind](node, sub);
}

function withSpan(printed: Sexp, node: Node): Sexp {
  const span = `@${node.start}-${node.end}`;
  if (typeof printed === "string") return printed + span;
  const [head, ...rest] = printed.items;
  return { items: [`${typeof head === "string" ? head : ""}${span}`, ...rest], block: printed.block };
}
