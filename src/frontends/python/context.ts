import type { Block, Expression, Statement, Unknown } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";

/** What the lowering of one file shares. The functions are entries to the other modules, so that none has to import its importer. */
export interface Context {
  readonly text: string;
  /** How many nodes the one being lowered is nested in. */
  depth: number;
  /** The body being lowered yields, so its function is a generator. */
  sawYield: boolean;
  /** The statements being lowered stand in a class body, where functions are methods. */
  inClass: boolean;
  readonly expression: (node: CstNode) => Expression;
  /** Lowers a statement to none, one or several, which it appends to `out`. */
  readonly statement: (node: CstNode, out: Statement[]) => void;
}

/** Deeper than this nothing is lowered any more. */
export const MAX_DEPTH = 400;

/** @returns the source text of a node */
export function textOf(node: CstNode, context: Context): string {
  return context.text.slice(node.start, node.end);
}

/** @returns the named children without comments and line continuations, which may stand anywhere */
export function parts(node: CstNode): CstNode[] {
  const result: CstNode[] = [];
  for (const c of node.children) if (c.named && c.type !== "comment" && c.type !== "line_continuation") result.push(c);
  return result;
}

/** @returns the first of the `parts`, or null */
export function firstPart(node: CstNode): CstNode | null {
  for (const c of node.children) if (c.named && c.type !== "comment" && c.type !== "line_continuation") return c;
  return null;
}

/** @returns what stands for a construct that is not lowered, or not there */
export function unknown(node: CstNode, children: readonly Expression[] = []): Unknown {
  return { kind: "Unknown", syntax: node.missing ? "MISSING" : node.type, children, start: node.start, end: node.end };
}

/** @returns the expression of an optional node */
export function optionalExpression(node: CstNode | null, context: Context): Expression | null {
  return node === null ? null : context.expression(node);
}

/** @returns the expression of a node that the grammar requires but a damaged file may lack; then an Unknown at the end of `parent` */
export function requiredExpression(node: CstNode | null, parent: CstNode, context: Context): Expression {
  if (node !== null) return context.expression(node);
  return { kind: "Unknown", syntax: "MISSING", children: [], start: parent.end, end: parent.end };
}

/** @returns the block of a suite; an empty one at the end of `parent` when a damaged file lacks it */
export function blockOf(node: CstNode | null, parent: CstNode, context: Context): Block {
  if (node === null) return { kind: "Block", body: [], start: parent.end, end: parent.end };
  const body: Statement[] = [];
  for (const c of node.children) if (c.named) context.statement(c, body);
  return { kind: "Block", body, start: node.start, end: node.end };
}
