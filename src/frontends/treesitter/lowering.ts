import type { Block, Expression, Literal, Located, Member, Statement, Unknown } from "../../ast/nodes.ts";
import type { CstNode } from "./cst.ts";
import { isMargin, parts } from "./margins.ts";

/** What the lowering of one file shares in every language. The functions are entries to the other modules, so that none has to import its importer. */
export interface LoweringContext {
  readonly text: string;
  /** How many nodes the one being lowered is nested in. */
  depth: number;
  readonly expression: (node: CstNode) => Expression;
  /** Lowers a statement to none, one or several, which it appends to `out`. */
  readonly statement: (node: CstNode, out: Statement[]) => void;
}

/** Deeper than this nothing is lowered any more. */
export const MAX_DEPTH = 400;

/** @returns what `lower` makes of a node one level deeper; an Unknown for a missing node or one nested too deep */
export function guardedExpression<C extends LoweringContext>(node: CstNode, context: C, lower: (node: CstNode, context: C) => Expression): Expression {
  if (context.depth >= MAX_DEPTH || node.missing) return unknown(node);
  context.depth++;
  const expression = lower(node, context);
  context.depth--;
  return expression;
}

/** Appends what `lower` makes of a statement one level deeper: an Unknown for one nested too deep, nothing for what is no statement but may stand among them. */
export function guardedStatement<C extends LoweringContext>(
  node: CstNode,
  context: C,
  out: Statement[],
  lower: (node: CstNode, context: C, out: Statement[]) => void,
): void {
  if (!node.named || isMargin(node)) return;
  if (context.depth >= MAX_DEPTH) {
    out.push(unknown(node));
    return;
  }
  context.depth++;
  lower(node, context, out);
  context.depth--;
}

/** What stands where no statement should: whole statements inside are kept, nodes that `isExpression` accepts become statements. */
export function lowerDamaged(node: CstNode, context: LoweringContext, out: Statement[], isExpression: (node: CstNode) => boolean): void {
  if (node.type === "ERROR") out.push(unknown(node));
  else if (isExpression(node)) {
    out.push({ kind: "ExprStmt", expression: context.expression(node), start: node.start, end: node.end });
    return;
  }
  for (const part of parts(node)) context.statement(part, out);
}

/** @returns the source text of a node */
export function textOf(node: CstNode, context: LoweringContext): string {
  return context.text.slice(node.start, node.end);
}

/** @returns what stands for a construct that is not lowered, or not there */
export function unknown(node: CstNode, children: readonly Expression[] = []): Unknown {
  return { kind: "Unknown", syntax: node.missing ? "MISSING" : node.type, children, start: node.start, end: node.end };
}

/** @returns an Unknown with whatever is below the node, lowered */
export function lowerUnknown(node: CstNode, context: LoweringContext): Unknown {
  return unknown(node, parts(node).map(context.expression));
}

/** @returns the expression of an optional node */
export function optionalExpression(node: CstNode | null, context: LoweringContext): Expression | null {
  return node === null ? null : context.expression(node);
}

/** @returns the expression of a node that the grammar requires but a damaged file may lack; then an Unknown at the end of `parent` */
export function requiredExpression(node: CstNode | null, parent: CstNode, context: LoweringContext): Expression {
  if (node !== null) return context.expression(node);
  return { kind: "Unknown", syntax: "MISSING", children: [], start: parent.end, end: parent.end };
}

/** @returns the block of the statements directly below a node; an empty one at the end of `parent` when a damaged file lacks it */
export function blockOf(node: CstNode | null, parent: CstNode, context: LoweringContext): Block {
  if (node === null) return { kind: "Block", body: [], start: parent.end, end: parent.end };
  const body: Statement[] = [];
  for (const c of node.children) if (c.named) context.statement(c, body);
  return { kind: "Block", body, start: node.start, end: node.end };
}

/** @returns a literal with a node's span */
export function literal(node: Located, literalKind: Literal["literalKind"], value: Literal["value"]): Literal {
  return { kind: "Literal", literalKind, value, start: node.start, end: node.end };
}

/** @returns the `object.property` that a node is; without a property, which a damaged file may lack, its name is empty */
export function memberOf(node: CstNode, object: Expression, property: CstNode | null, context: LoweringContext): Member {
  return {
    kind: "Member",
    object,
    property: property === null ? "" : textOf(property, context),
    optional: false,
    isStatic: false,
    propertyStart: property === null ? node.end : property.start,
    start: node.start,
    end: node.end,
  };
}
