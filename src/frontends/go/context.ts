import type { Block, Expression, Name, Statement, Unknown } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";

/** What the lowering of one file shares. The functions are entries to the other modules, so that none has to import its importer. */
export interface Context {
  readonly text: string;
  /** How many nodes the one being lowered is nested in. */
  depth: number;
  /** The label before the loop, switch or select that is lowered next. */
  label: string | null;
  /** The file has syntax errors: only then is it worth looking for them in each statement. */
  readonly damaged: boolean;
  /** The types declared at the top of this file, with the grammar's node type of what they are made of. */
  readonly declaredTypes: ReadonlyMap<string, string>;
  /** The names under which packages are imported, as far as the import paths tell. */
  readonly packages: Set<string>;
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

/** @returns the named children without comments */
export function parts(node: CstNode): CstNode[] {
  const result: CstNode[] = [];
  for (const c of node.children) if (c.named && c.type !== "comment") result.push(c);
  return result;
}

/** @returns the first of the `parts`, or null */
export function firstPart(node: CstNode): CstNode | null {
  for (const c of node.children) if (c.named && c.type !== "comment") return c;
  return null;
}

/** @returns what stands for a construct that is not lowered, or not there */
export function unknown(node: CstNode, children: readonly Expression[] = []): Unknown {
  return { kind: "Unknown", syntax: node.missing ? "MISSING" : node.type, children, start: node.start, end: node.end };
}

/** @returns the Name of an identifier of any sort */
export function lowerName(node: CstNode, context: Context): Name {
  return { kind: "Name", name: textOf(node, context), isVariable: false, start: node.start, end: node.end };
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

/** @returns the block between braces; an empty one at the end of `parent` when a damaged file lacks it */
export function blockOf(node: CstNode | null, parent: CstNode, context: Context): Block {
  if (node === null) return { kind: "Block", body: [], start: parent.end, end: parent.end };
  const body: Statement[] = [];
  for (const c of node.children) if (c.named) context.statement(c, body);
  return { kind: "Block", body, start: node.start, end: node.end };
}
