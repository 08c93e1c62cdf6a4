import type { Expression } from "../../ast/nodes.ts";
import { joinBalanced, MAX_CHAIN } from "../treesitter/chains.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression } from "../treesitter/lowering.ts";
import type { Context } from "./context.ts";

/** How tightly each binary operator binds: a chain holds operators of one level. */
const LEVELS: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "+": 4,
  "-": 4,
  "|": 4,
  "^": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  "<<": 5,
  ">>": 5,
  "&": 5,
  "&^": 5,
};

/** Go's own unary operators in the shared AST's words. */
const UNARY: Readonly<Record<string, string>> = { "!": "not", "^": "~" };

/** `a + b`, `a && b`, and chains of them without recursion to the left. */
export function lowerBinary(node: CstNode, context: Context): Expression {
  const links: CstNode[] = [];
  const level = LEVELS[operatorOf(node)];
  let innermost: CstNode | null = node;
  while (innermost !== null && innermost.type === "binary_expression" && LEVELS[operatorOf(innermost)] === level) {
    links.push(innermost);
    innermost = child(innermost, "left");
  }
  links.reverse();
  const operands = [requiredExpression(innermost, node, context)];
  for (const link of links) operands.push(requiredExpression(child(link, "right"), link, context));
  if (operands.length > MAX_CHAIN) {
    const chain = { operands, operators: links.map(operatorOf) };
    return joinBalanced(chain, (operator, left, right) => join(operator, left, right, { start: left.start, end: right.end }));
  }
  let result = operands[0]!;
  for (const [i, link] of links.entries()) result = join(operatorOf(link), result, operands[i + 1]!, link);
  return result;
}

function operatorOf(node: CstNode): string {
  return child(node, "operator")?.type ?? "";
}

function join(operator: string, left: Expression, right: Expression, span: { readonly start: number; readonly end: number }): Expression {
  const { start, end } = span;
  if (operator === "&&") return { kind: "Logical", operator: "and", left, right, start, end };
  if (operator === "||") return { kind: "Logical", operator: "or", left, right, start, end };
  return { kind: "Binary", operator, left, right, start, end };
}

/** `!a`, `-a`, `&a`, `*a`; `<-c` receives. */
export function lowerUnary(node: CstNode, context: Context): Expression {
  const { start, end } = node;
  const operator = operatorOf(node);
  const operand = requiredExpression(child(node, "operand"), node, context);
  if (operator === "<-") return { kind: "ChannelOp", operation: "receive", channel: operand, value: null, start, end };
  return { kind: "Unary", operator: UNARY[operator] ?? operator, operand, start, end };
}
