import type { Expression } from "../../ast/nodes.ts";
import { type Chain, joinChain, joinLeft } from "../treesitter/chains.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression } from "../treesitter/lowering.ts";
import { firstPart } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { lowerClassReference } from "./names.ts";

/** Operators that chain with each other to the left. */
const CHAIN_CLASS: Readonly<Record<string, string>> = { "-": "+", "/": "*", "%": "*" };

function operatorOf(node: CstNode): string {
  return child(node, "operator")?.type ?? "";
}

function chainClass(operator: string): string {
  return CHAIN_CLASS[operator] ?? operator;
}

/** `a + b`, `a && b`, `a ?? b`, `a instanceof B`, `a |> f(...)`; chains of them without recursion to the left. */
export function lowerBinary(node: CstNode, context: Context): Expression {
  const kind = chainClass(operatorOf(node));
  const operands: Expression[] = [];
  const operators: string[] = [];
  let at: CstNode | null = node;
  while (at !== null && at.type === "binary_expression" && chainClass(operatorOf(at)) === kind) {
    const operator = operatorOf(at);
    const right = child(at, "right");
    operands.push(operator === "instanceof" && right !== null ? lowerClassReference(right, context) : requiredExpression(right, at, context));
    operators.push(operator);
    at = child(at, "left");
  }
  operands.push(requiredExpression(at, node, context));
  const chain: Chain = { operands: operands.reverse(), operators: operators.reverse() };
  // A pipe's operands depend on each other, so it keeps its order.
  return kind === "|>" ? joinLeft(chain, join) : joinChain(chain, join);
}

function join(operator: string, left: Expression, right: Expression): Expression {
  const { start } = left;
  const { end } = right;
  switch (operator) {
    case "&&":
    case "and":
      return { kind: "Logical", operator: "and", left, right, start, end };
    case "||":
    case "or":
      return { kind: "Logical", operator: "or", left, right, start, end };
    case "??":
      return { kind: "Logical", operator: "??", left, right, start, end };
    case "|>":
      return pipe(left, right);
    default:
      return { kind: "Binary", operator: operator === "<>" ? "!=" : operator, left, right, start, end };
  }
}

/** `$x |> f(...)` calls `f($x)`. */
function pipe(left: Expression, right: Expression): Expression {
  const callee = right.kind === "Unary" && right.operator === "callable" ? right.operand : right;
  const args = [{ value: left, name: "", spread: "none", start: left.start, end: left.end }] as const;
  return { kind: "Call", callee, args, isNew: false, optional: false, typeArgs: [], start: left.start, end: right.end };
}

/** `!a`, `-a`, `+a`, `~a` */
export function lowerUnary(node: CstNode, context: Context): Expression {
  const written = operatorOf(node);
  // A number in a simple string interpolation (`"$a[-1]"`) carries no fields.
  const operand = requiredExpression(child(node, "argument") ?? firstPart(node), node, context);
  return { kind: "Unary", operator: written === "!" ? "not" : written || "-", operand, start: node.start, end: node.end };
}

/** `@a`, `clone a`, `&a` */
export function lowerPrefixed(operator: "@" | "clone" | "&", node: CstNode, context: Context): Expression {
  return { kind: "Unary", operator, operand: requiredExpression(firstPart(node), node, context), start: node.start, end: node.end };
}

/** `a ? b : c`; in `a ?: b` the test is its own consequent. */
export function lowerConditional(node: CstNode, context: Context): Expression {
  const test = requiredExpression(child(node, "condition"), node, context);
  const body = child(node, "body");
  const consequent = body === null ? test : context.expression(body);
  const alternate = requiredExpression(child(node, "alternative"), node, context);
  return { kind: "Conditional", test, consequent, alternate, start: node.start, end: node.end };
}
