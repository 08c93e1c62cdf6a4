import type { Expression, MatchExpr } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { literal, optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { lowerAssignExpr } from "./assignments.ts";
import {
  keywordCall,
  lowerCall,
  lowerClassConstant,
  lowerMember,
  lowerMethodCall,
  lowerNew,
  lowerStaticCall,
  lowerStaticProperty,
  lowerSubscript,
} from "./calls.ts";
import { entryOf, lowerArray, lowerPattern } from "./collections.ts";
import { childOfType, type Context } from "./context.ts";
import { lowerLambda } from "./functions.ts";
import { lowerBoolean, lowerDoubleQuoted, lowerFloat, lowerHeredoc, lowerInteger, lowerNowdoc, lowerShellText, lowerSingleQuoted } from "./literals.ts";
import { lowerClassReference, lowerDynamicVariable, lowerName, lowerRelativeName, lowerVariable } from "./names.ts";
import { lowerBinary, lowerConditional, lowerPrefixed, lowerUnary } from "./operators.ts";
import { typeNode } from "./types.ts";

type Lower = (node: CstNode, context: Context) => Expression;

const inner: Lower = (node, context) => requiredExpression(firstPart(node), node, context);

/** How each kind of expression is lowered. */
export const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  variable_name: lowerVariable,
  dynamic_variable_name: lowerDynamicVariable,
  name: lowerName,
  qualified_name: lowerName,
  relative_name: lowerRelativeName,
  relative_scope: lowerClassReference,
  integer: lowerInteger,
  float: lowerFloat,
  boolean: lowerBoolean,
  null: (n) => literal(n, "null", null),
  string: lowerSingleQuoted,
  encapsed_string: lowerDoubleQuoted,
  heredoc: lowerHeredoc,
  nowdoc: lowerNowdoc,
  shell_command_expression: (n, c) => keywordCall("shell_exec", [lowerShellText(n, c)], n, 0),
  parenthesized_expression: inner,
  array_creation_expression: lowerArray,
  list_literal: lowerPattern,
  by_ref: (n, c) => lowerPrefixed("&", n, c),
  variadic_unpacking: (n, c) => ({ kind: "Spread", value: inner(n, c), start: n.start, end: n.end }),
  member_access_expression: lowerMember,
  nullsafe_member_access_expression: lowerMember,
  scoped_property_access_expression: lowerStaticProperty,
  class_constant_access_expression: lowerClassConstant,
  subscript_expression: lowerSubscript,
  function_call_expression: lowerCall,
  member_call_expression: lowerMethodCall,
  nullsafe_member_call_expression: lowerMethodCall,
  scoped_call_expression: lowerStaticCall,
  object_creation_expression: lowerNew,
  anonymous_function: lowerLambda,
  arrow_function: lowerLambda,
  assignment_expression: lowerAssignExpr,
  augmented_assignment_expression: lowerAssignExpr,
  reference_assignment_expression: lowerAssignExpr,
  update_expression: lowerAssignExpr,
  binary_expression: lowerBinary,
  unary_op_expression: lowerUnary,
  error_suppression_expression: (n, c) => lowerPrefixed("@", n, c),
  clone_expression: (n, c) => lowerPrefixed("clone", n, c),
  conditional_expression: lowerConditional,
  cast_expression: lowerCast,
  match_expression: lowerMatch,
  throw_expression: (n, c) => ({ kind: "ThrowExpr", value: inner(n, c), start: n.start, end: n.end }),
  yield_expression: lowerYield,
  print_intrinsic: (n, c) => keywordCall("print", [inner(n, c)], n),
  include_expression: (n, c) => keywordCall("include", [inner(n, c)], n),
  include_once_expression: (n, c) => keywordCall("include_once", [inner(n, c)], n),
  require_expression: (n, c) => keywordCall("require", [inner(n, c)], n),
  require_once_expression: (n, c) => keywordCall("require_once", [inner(n, c)], n),
  sequence_expression: (n, c) => ({ kind: "Sequence", expressions: sequenceOf(n).map(c.expression), start: n.start, end: n.end }),
};

/** @returns the expressions of `a, b, c`, which the grammar nests to the right */
export function sequenceOf(node: CstNode): readonly CstNode[] {
  const result: CstNode[] = [];
  let at: CstNode | null = node;
  while (at !== null && at.type === "sequence_expression") {
    const links = parts(at);
    at = links.pop() ?? null;
    result.push(...links);
  }
  if (at !== null) result.push(at);
  return result;
}

function lowerCast(node: CstNode, context: Context): Expression {
  const written = child(node, "type");
  const type = written === null ? null : typeNode("named", textOf(written, context).toLowerCase(), [], written.start, written.end);
  return { kind: "Cast", value: requiredExpression(child(node, "value"), node, context), type, isAssertion: false, start: node.start, end: node.end };
}

/** `yield`, `yield v`, `yield k => v` (a tuple), `yield from` */
function lowerYield(node: CstNode, context: Context): Expression {
  context.sawYield = true;
  const { start, end } = node;
  const delegate = childOfType(node, "yield from") !== null;
  const given = firstPart(node);
  if (given === null || given.type !== "array_element_initializer") return { kind: "Yield", value: optionalExpression(given, context), delegate, start, end };
  const { key, value } = entryOf(given, context);
  return { kind: "Yield", value: key === null ? value : pairOf(key, value, given), delegate, start, end };
}

/** @returns a tuple of a key and its value */
export function pairOf(key: Expression, value: Expression, node: CstNode): Expression {
  const entries = [key, value].map((e) => ({ key: null, value: e, spread: false, start: e.start, end: e.end }));
  return { kind: "Collection", collectionKind: "tuple", entries, type: null, start: node.start, end: node.end };
}

function lowerMatch(node: CstNode, context: Context): MatchExpr {
  const subject = requiredExpression(child(node, "condition"), node, context);
  const body = child(node, "body");
  const arms = (body === null ? [] : parts(body)).map((arm) => {
    const list = child(arm, "conditional_expressions");
    const tests = list === null ? [] : parts(list).map(context.expression);
    return { tests, value: requiredExpression(child(arm, "return_expression"), arm, context) };
  });
  return { kind: "MatchExpr", subject, arms, start: node.start, end: node.end };
}
