import type { Block, Expression, Statement, Unknown } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";

/** What the lowering of one file shares. The functions are entries to the other modules, so that none has to import its importer. */
export interface Context {
  readonly text: string;
  /** How many nodes the one being lowered is nested in. */
  depth: number;
  /** The body being lowered yields, so its function is a generator. */
  sawYield: boolean;
  /** The namespace of the statements being lowered, without leading backslash. */
  namespace: string;
  /** The `/** … *\/` comment directly above the statement or class member being lowered. */
  doc: CstNode | null;
  /** The loops and switches around the statement being lowered, outermost first, within its function. */
  breakables: readonly Breakable[];
  /** The file prints with `<?= … ?>` somewhere. */
  readonly hasShortEcho: boolean;
  readonly expression: (node: CstNode) => Expression;
  /** Lowers a statement to none, one or several, which it appends to `out`. */
  readonly statement: (node: CstNode, out: Statement[]) => void;
}

/** What `break` and `continue` count in PHP. */
export type Breakable = "loop" | "switch";

/** Deeper than this nothing is lowered any more. */
export const MAX_DEPTH = 400;

/** @returns the source text of a node */
export function textOf(node: CstNode, context: Context): string {
  return context.text.slice(node.start, node.end);
}

/** @returns whether a node is a comment or a stretch of HTML, which may stand anywhere */
export function isMargin(node: CstNode): boolean {
  return node.type === "comment" || node.type === "text_interpolation";
}

/** @returns the named children without comments and HTML */
export function parts(node: CstNode): CstNode[] {
  const result: CstNode[] = [];
  for (const c of node.children) if (c.named && !isMargin(c)) result.push(c);
  return result;
}

/** @returns the first of the `parts`, or null */
export function firstPart(node: CstNode): CstNode | null {
  for (const c of node.children) if (c.named && !isMargin(c)) return c;
  return null;
}

/** @returns the first child of this type, or null */
export function childOfType(node: CstNode, type: string): CstNode | null {
  for (const c of node.children) if (c.type === type) return c;
  return null;
}

/** @returns what stands for a construct that is not lowered, or not there */
export function unknown(node: CstNode, children: readonly Expression[] = []): Unknown {
  return { kind: "Unknown", syntax: node.missing ? "MISSING" : node.type, children, start: node.start, end: node.end };
}

/** @returns an Unknown with whatever is below the node, lowered */
export function lowerUnknown(node: CstNode, context: Context): Unknown {
  return unknown(node, parts(node).map(context.expression));
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

/** Lowers statements in order and tells each of the doc comment above it. */
export function lowerStatements(nodes: readonly CstNode[], context: Context, out: Statement[]): void {
  let doc: CstNode | null = null;
  for (const node of nodes) {
    if (!node.named) continue;
    if (node.type === "comment") {
      doc = node;
      continue;
    }
    context.doc = doc;
    context.statement(node, out);
    doc = null;
  }
  context.doc = null;
}

/** @returns the block of a body in braces, between `:` and its end keyword, or of a single statement; an empty one at the end of `parent` without a body */
export function blockOf(node: CstNode | null, parent: CstNode, context: Context): Block {
  if (node === null) return { kind: "Block", body: [], start: parent.end, end: parent.end };
  const body: Statement[] = [];
  const isList = node.type === "compound_statement" || node.type === "colon_block";
  lowerStatements(isList ? node.children : [node], context, body);
  return { kind: "Block", body, start: node.start, end: node.end };
}
