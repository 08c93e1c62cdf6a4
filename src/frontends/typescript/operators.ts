import type { ts } from "ts-morph";
import type { AssignExpr, Expression, Literal, Logical, Sequence } from "../../ast/nodes.ts";
import { type Context, literal, startOf } from "./context.ts";
import { lowerTarget } from "./patterns.ts";

/** Longer chains (`a + b + c …`) become balanced trees, so that their depth grows with the logarithm of their length. */
const MAX_CHAIN = 64;

/** An expression and the span of the node it was made of, parentheses included. */
interface Operand {
  readonly value: Expression;
  readonly start: number;
  readonly end: number;
}

type Join = (operator: string, left: Operand, right: Operand) => Expression;

/** Two operands and what is between them: arithmetic, comparison, `&&`, assignment, comma. */
export function lowerBinary(node: ts.BinaryExpression, context: Context): Expression {
  const { SyntaxKind } = context.ts;
  const operator = node.operatorToken.kind;
  if (isAssignment(operator, context)) return lowerAssignment(node, context);
  if (operator === SyntaxKind.CommaToken) return lowerSequence(node, context);
  return logicalOf(operator, context) === null ? lowerChain(node, null, binary, context) : lowerChain(node, operator, logical, context);
}

/** @returns whether an operator token is `=`, `+=`, `??=`, … */
export function isAssignment(operator: ts.SyntaxKind, { ts: { SyntaxKind } }: Context): boolean {
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}

/** @returns the expressions between commas, without recursion to the left */
export function sequenceOf(node: ts.BinaryExpression, { ts }: Context): ts.Expression[] {
  const parts: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (ts.isBinaryExpression(left) && left.operatorToken.kind === ts.SyntaxKind.CommaToken) {
    parts.push(left.right);
    left = left.left;
  }
  parts.push(left);
  return parts.reverse();
}

function lowerSequence(node: ts.BinaryExpression, context: Context): Sequence {
  const expressions = sequenceOf(node, context).map((part) => context.expression(part));
  return { kind: "Sequence", expressions, start: startOf(node, context), end: node.end };
}

function lowerAssignment(node: ts.BinaryExpression, context: Context): AssignExpr {
  return {
    kind: "AssignExpr",
    target: lowerTarget(node.left, context),
    operator: operatorText(node.operatorToken.kind, context),
    value: context.expression(node.right),
    start: startOf(node, context),
    end: node.end,
  };
}

/** @returns an operator token as written */
export function operatorText(operator: ts.SyntaxKind, context: Context): string {
  return context.ts.tokenToString(operator) ?? "";
}

function logicalOf(operator: ts.SyntaxKind, { ts: { SyntaxKind } }: Context): Logical["operator"] | null {
  switch (operator) {
    case SyntaxKind.AmpersandAmpersandToken:
      return "and";
    case SyntaxKind.BarBarToken:
      return "or";
    case SyntaxKind.QuestionQuestionToken:
      return "??";
    default:
      return null;
  }
}

/** The chain of operators that leads to the left from here: of the one given, or of all that are neither logical nor assignments. */
function lowerChain(node: ts.BinaryExpression, only: ts.SyntaxKind | null, join: Join, context: Context): Expression {
  const { ts } = context;
  const belongs = (kind: ts.SyntaxKind): boolean =>
    only === null ? kind !== ts.SyntaxKind.CommaToken && logicalOf(kind, context) === null && !isAssignment(kind, context) : kind === only;
  const rights: ts.Expression[] = [];
  const operators: string[] = [];
  let left: ts.Expression = node;
  while (ts.isBinaryExpression(left) && belongs(left.operatorToken.kind)) {
    rights.push(left.right);
    operators.push(only === null ? operatorText(left.operatorToken.kind, context) : (logicalOf(only, context) ?? ""));
    left = left.left;
  }
  const operands = [operandOf(left, context)];
  for (let i = rights.length - 1; i >= 0; i--) operands.push(operandOf(rights[i]!, context));
  operators.reverse();
  return operators.length > MAX_CHAIN ? balanced(operands, operators, join).value : leftNested(operands, operators, join);
}

function operandOf(node: ts.Expression, context: Context): Operand {
  const start = startOf(node, context);
  return { value: context.expression(node), start, end: Math.max(start, node.end) };
}

function leftNested(operands: readonly Operand[], operators: readonly string[], join: Join): Expression {
  let left = operands[0]!;
  for (let i = 0; i < operators.length; i++) left = joined(join, operators[i]!, left, operands[i + 1]!);
  return left.value;
}

function balanced(operands: readonly Operand[], operators: readonly string[], join: Join, from = 0, to = operands.length): Operand {
  if (to - from === 1) return operands[from]!;
  const middle = (from + to) >> 1;
  const left = balanced(operands, operators, join, from, middle);
  return joined(join, operators[middle - 1]!, left, balanced(operands, operators, join, middle, to));
}

function joined(join: Join, operator: string, left: Operand, right: Operand): Operand {
  return { value: join(operator, left, right), start: left.start, end: right.end };
}

function binary(operator: string, left: Operand, right: Operand): Expression {
  return { kind: "Binary", operator, left: left.value, right: right.value, start: left.start, end: right.end };
}

function logical(operator: string, left: Operand, right: Operand): Expression {
  return { kind: "Logical", operator: operator as Logical["operator"], left: left.value, right: right.value, start: left.start, end: right.end };
}

/** `!a`, `-a`, `+a`, `~a`, `++a`. */
export function lowerPrefix(node: ts.PrefixUnaryExpression, context: Context): Expression {
  const { SyntaxKind } = context.ts;
  if (node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken) return lowerIncrement(node, context);
  const operator = node.operator === SyntaxKind.ExclamationToken ? "not" : operatorText(node.operator, context);
  return { kind: "Unary", operator, operand: context.expression(node.operand), start: startOf(node, context), end: node.end };
}

/** `a++`, `--a`: `a += 1`, `a -= 1`. */
export function lowerIncrement(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, context: Context): AssignExpr {
  const start = startOf(node, context);
  const target = context.expression(node.operand);
  const operator = node.operator === context.ts.SyntaxKind.PlusPlusToken ? "+=" : "-=";
  return { kind: "AssignExpr", target, operator, value: one(node, start), start, end: node.end };
}

/** The 1 of `a++`, where the operator stands. */
function one(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, start: number): Literal {
  const at = node.operand.end < node.end ? node.end - 2 : start;
  return { kind: "Literal", literalKind: "number", value: 1, start: at, end: at + 2 };
}

/** `typeof a`, `void a`, `delete a` as expressions. */
export function lowerKeywordOperator(node: ts.TypeOfExpression | ts.VoidExpression | ts.DeleteExpression, context: Context): Expression {
  const { SyntaxKind } = context.ts;
  if (node.kind === SyntaxKind.VoidExpression && node.expression.kind === SyntaxKind.NumericLiteral) return literal(node, "null", null, context);
  const operator = node.kind === SyntaxKind.TypeOfExpression ? "typeof" : node.kind === SyntaxKind.VoidExpression ? "void" : "delete";
  return { kind: "Unary", operator, operand: context.expression(node.expression), start: startOf(node, context), end: node.end };
}
