import type { Expression } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { literal, optionalExpression, requiredExpression, unknown } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { lowerCall, lowerConversion, lowerIndex, lowerInstantiation, lowerSelector } from "./calls.ts";
import { lowerCompositeLiteral, lowerExpressionList } from "./collections.ts";
import { type Context, lowerName } from "./context.ts";
import { lowerLambda } from "./functions.ts";
import { lowerFloat, lowerImaginary, lowerInteger, lowerRune, lowerString } from "./literals.ts";
import { lowerBinary, lowerUnary } from "./operators.ts";
import { TYPES, lowerType } from "./types.ts";

type Lower = (node: CstNode, context: Context) => Expression;

/** How each kind of expression is lowered. */
const VALUES: Readonly<Record<string, Lower>> = {
  identifier: lowerName,
  iota: lowerName,
  int_literal: lowerInteger,
  float_literal: lowerFloat,
  imaginary_literal: lowerImaginary,
  rune_literal: lowerRune,
  interpreted_string_literal: lowerString,
  raw_string_literal: lowerString,
  nil: (n) => literal(n, "null", null),
  true: (n) => literal(n, "boolean", true),
  false: (n) => literal(n, "boolean", false),
  parenthesized_expression: (n, c) => requiredExpression(firstPart(n), n, c),
  unary_expression: lowerUnary,
  binary_expression: lowerBinary,
  selector_expression: lowerSelector,
  index_expression: lowerIndex,
  slice_expression: lowerSlice,
  call_expression: lowerCall,
  type_assertion_expression: lowerAssertion,
  type_conversion_expression: lowerConversion,
  type_instantiation_expression: lowerInstantiation,
  composite_literal: lowerCompositeLiteral,
  func_literal: lowerLambda,
  expression_list: lowerExpressionList,
  variadic_argument: (n, c) => ({ kind: "Spread", value: requiredExpression(firstPart(n), n, c), start: n.start, end: n.end }),
};

function lowerTypeExpr(node: CstNode, context: Context): Expression {
  return { kind: "TypeExpr", type: lowerType(node, context), start: node.start, end: node.end };
}

/** How each kind of expression is lowered, types that stand where values may (`make(chan T)`) included. */
export const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  ...Object.fromEntries(Object.keys(TYPES).map((type) => [type, lowerTypeExpr])),
  ...VALUES,
};

/** @returns an Unknown with whatever is below the node, lowered; without leaves that are no expressions */
export function lowerUnknown(node: CstNode, context: Context): Expression {
  const children: Expression[] = [];
  for (const part of parts(node)) if (part.type in EXPRESSIONS || part.children.length > 0) children.push(context.expression(part));
  return unknown(node, children);
}

/** `a[low:high:max]`; the third bound limits the capacity. */
function lowerSlice(node: CstNode, context: Context): Expression {
  const object = requiredExpression(child(node, "operand"), node, context);
  const low = optionalExpression(child(node, "start"), context);
  const high = optionalExpression(child(node, "end"), context);
  const step = optionalExpression(child(node, "capacity"), context);
  return { kind: "Slice", object, low, high, step, start: node.start, end: node.end };
}

/** `x.(T)`. */
function lowerAssertion(node: CstNode, context: Context): Expression {
  const value = requiredExpression(child(node, "operand"), node, context);
  const type = child(node, "type");
  return { kind: "Cast", value, type: type === null ? null : lowerType(type, context), isAssertion: true, start: node.start, end: node.end };
}
