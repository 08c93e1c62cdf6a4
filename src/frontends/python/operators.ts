import type { Binary, Expression, Logical } from "../../ast/nodes.ts";
import { type Chain, joinChain } from "../treesitter/chains.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression, unknown } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** `a + b`, and chains of it without recursion to the left. */
export function lowerBinary(node: CstNode, context: Context): Expression {
  return joinChain(chainOf(node, context, null), binary);
}

/** `a and b`, and chains of one operator. */
export function lowerBoolean(node: CstNode, context: Context): Expression {
  return joinChain(chainOf(node, context, operatorOf(node)), logical);
}

/** `a < b`; `a < b < c` is `a < b and b < c`, with one node for both `b`. */
export function lowerComparison(node: CstNode, context: Context): Expression {
  const operands: Expression[] = [];
  const operators: string[] = [];
  for (const c of node.children) {
    if (c.field === "operators") operators.push(c.type === "<>" ? "!=" : c.type);
    else if (c.named && c.type !== "comment" && c.type !== "line_continuation") operands.push(context.expression(c));
  }
  if (operands.length !== operators.length + 1) return unknown(node, operands);
  const comparisons = operators.map((operator, i) => binary(operator, operands[i]!, operands[i + 1]!));
  return joinChain({ operands: comparisons, operators: comparisons.slice(1).map(() => "and") }, logical);
}

/** `not a`, `-a`, `+a`, `~a`. */
export function lowerUnary(node: CstNode, context: Context): Expression {
  const operator = node.type === "not_operator" ? "not" : operatorOf(node);
  const operand = requiredExpression(child(node, "argument"), node, context);
  return { kind: "Unary", operator, operand, start: node.start, end: node.end };
}

function operatorOf(node: CstNode): string {
  return child(node, "operator")?.type ?? "";
}

/** Goes down the left spine; `only` limits it to one operator. */
function chainOf(node: CstNode, context: Context, only: string | null): Chain {
  const operands: Expression[] = [];
  const operators: string[] = [];
  const stray: Expression[] = [];
  let at: CstNode | null = node;
  while (at !== null && at.type === node.type && (only === null || operatorOf(at) === only)) {
    operands.push(requiredExpression(child(at, "right"), at, context));
    operators.push(operatorOf(at));
    for (const p of parts(at)) if (p.type === "ERROR") stray.push(context.expression(p));
    at = child(at, "left");
  }
  operands.push(...stray, requiredExpression(at, node, context));
  for (const _ of stray) operators.push(operators[operators.length - 1] ?? "");
  return { operands: operands.reverse(), operators: operators.reverse() };
}

function binary(operator: string, left: Expression, right: Expression): Binary {
  return { kind: "Binary", operator, left, right, start: left.start, end: right.end };
}

function logical(operator: string, left: Expression, right: Expression): Logical {
  return { kind: "Logical", operator: operator === "or" ? "or" : "and", left, right, start: left.start, end: right.end };
}
