import type { Argument, Expression } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { literal, lowerUnknown, memberOf, optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { collectionOf, lowerComprehension, lowerDictionary, lowerSequence, lowerTuplePattern } from "./collections.ts";
import type { Context } from "./context.ts";
import { lowerConcatenatedString, lowerNumber, lowerString } from "./literals.ts";
import { dottedName, lowerName } from "./names.ts";
import { lowerBinary, lowerBoolean, lowerComparison, lowerUnary } from "./operators.ts";

type Lower = (node: CstNode, context: Context) => Expression;

/** How each kind of expression or assignment target is lowered; lambdas are added where functions are. */
export const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: lowerName,
  dotted_name: dottedName,
  integer: lowerNumber,
  float: lowerNumber,
  true: (n) => literal(n, "boolean", true),
  false: (n) => literal(n, "boolean", false),
  none: (n) => literal(n, "null", null),
  ellipsis: (n) => ({ kind: "Name", name: "Ellipsis", isVariable: false, start: n.start, end: n.end }),
  string: lowerString,
  concatenated_string: lowerConcatenatedString,
  attribute: lowerAttribute,
  subscript: lowerSubscript,
  slice: (n, c) => ({ kind: "Collection", collectionKind: "tuple", entries: boundEntries(n, c), type: null, start: n.start, end: n.end }),
  call: lowerCall,
  await: (n, c) => ({ kind: "Await", value: requiredExpression(firstPart(n), n, c), start: n.start, end: n.end }),
  yield: lowerYield,
  binary_operator: lowerBinary,
  boolean_operator: lowerBoolean,
  comparison_operator: lowerComparison,
  not_operator: lowerUnary,
  unary_operator: lowerUnary,
  named_expression: lowerWalrus,
  conditional_expression: lowerConditional,
  parenthesized_expression: (n, c) => requiredExpression(firstPart(n), n, c),
  as_pattern_target: (n, c) => requiredExpression(firstPart(n), n, c),
  type: (n, c) => requiredExpression(firstPart(n), n, c),
  list: (n, c) => lowerSequence("list", n, c),
  set: (n, c) => lowerSequence("set", n, c),
  tuple: (n, c) => lowerSequence("tuple", n, c),
  expression_list: (n, c) => lowerSequence("tuple", n, c),
  pattern_list: (n, c) => lowerSequence("tuple", n, c),
  list_pattern: (n, c) => lowerSequence("list", n, c),
  tuple_pattern: lowerTuplePattern,
  dictionary: lowerDictionary,
  list_comprehension: (n, c) => lowerComprehension("list", n, c),
  set_comprehension: (n, c) => lowerComprehension("set", n, c),
  dictionary_comprehension: (n, c) => lowerComprehension("map", n, c),
  generator_expression: (n, c) => lowerComprehension("generator", n, c),
  list_splat: lowerSpread,
  list_splat_pattern: lowerSpread,
  dictionary_splat: lowerSpread,
};

function lowerSpread(node: CstNode, context: Context): Expression {
  return { kind: "Spread", value: requiredExpression(firstPart(node), node, context), start: node.start, end: node.end };
}

function lowerAttribute(node: CstNode, context: Context): Expression {
  return memberOf(node, requiredExpression(child(node, "object"), node, context), child(node, "attribute"), context);
}

function lowerSubscript(node: CstNode, context: Context): Expression {
  const object = requiredExpression(child(node, "value"), node, context);
  const indices = node.children.filter((c) => c.field === "subscript" && c.named);
  const [only] = indices;
  const isTuple = indices.length > 1 || node.children.some((c) => c.type === ",");
  if (!isTuple && only !== undefined && only.type === "slice") return lowerSlice(node, only, object, context);
  const index = isTuple ? indexTuple(indices, context) : optionalExpression(only ?? null, context);
  return { kind: "Index", object, index, optional: false, start: node.start, end: node.end };
}

function indexTuple(indices: readonly CstNode[], context: Context): Expression {
  const span = { ...indices[0]!, end: indices[indices.length - 1]!.end };
  return collectionOf("tuple", span, indices, context);
}

/** The bounds of a slice by their place between the colons. */
function boundsOf(node: CstNode, context: Context): readonly (Expression | null)[] {
  const bounds: (Expression | null)[] = [null, null, null];
  let place = 0;
  for (const c of node.children) {
    if (c.type === ":") place++;
    else if (c.named && c.type !== "comment" && c.type !== "line_continuation" && place < 3) bounds[place] = context.expression(c);
  }
  return bounds;
}

function lowerSlice(node: CstNode, slice: CstNode, object: Expression, context: Context): Expression {
  const [low = null, high = null, step = null] = boundsOf(slice, context);
  return { kind: "Slice", object, low, high, step, start: node.start, end: node.end };
}

/** A slice among several indices (`x[1:2, 0]`) is the tuple of its bounds. */
function boundEntries(node: CstNode, context: Context) {
  return boundsOf(node, context)
    .filter((b) => b !== null)
    .map((value) => ({ key: null, value, spread: false, start: value.start, end: value.end }));
}

function lowerCall(node: CstNode, context: Context): Expression {
  const callee = child(node, "function");
  const list = child(node, "arguments");
  if (callee !== null && callee.type === "identifier" && textOf(callee, context) === "super") {
    return { kind: "Super", start: node.start, end: node.end };
  }
  const args = list === null ? [] : argumentsOf(list, context);
  const target = requiredExpression(callee, node, context);
  return { kind: "Call", callee: target, args, isNew: false, optional: false, typeArgs: [], start: node.start, end: node.end };
}

/** `(…)` of a call or of a class's bases; a bare generator expression is one argument. */
export function argumentsOf(list: CstNode, context: Context): Argument[] {
  if (list.type === "generator_expression") return [argument(context.expression(list), "", "none", list)];
  const args: Argument[] = [];
  for (const part of list.children) {
    if (!part.named || part.type === "comment" || part.type === "line_continuation") continue;
    args.push(argumentOf(part, context));
  }
  return args;
}

function argumentOf(part: CstNode, context: Context): Argument {
  switch (part.type) {
    case "keyword_argument": {
      const name = child(part, "name");
      return argument(requiredExpression(child(part, "value"), part, context), name === null ? "" : textOf(name, context), "none", part);
    }
    case "list_splat":
      return argument(requiredExpression(firstPart(part), part, context), "", "list", part);
    case "dictionary_splat":
      return argument(requiredExpression(firstPart(part), part, context), "", "map", part);
    default:
      return argument(context.expression(part), "", "none", part);
  }
}

function argument(value: Expression, name: string, spread: Argument["spread"], node: CstNode): Argument {
  return { value, name, spread, start: node.start, end: node.end };
}

function lowerYield(node: CstNode, context: Context): Expression {
  context.sawYield = true;
  const delegate = node.children.some((c) => c.type === "from");
  return { kind: "Yield", value: optionalExpression(firstPart(node), context), delegate, start: node.start, end: node.end };
}

function lowerWalrus(node: CstNode, context: Context): Expression {
  const target = requiredExpression(child(node, "name"), node, context);
  const value = requiredExpression(child(node, "value"), node, context);
  return { kind: "AssignExpr", target, operator: "=", value, start: node.start, end: node.end };
}

function lowerConditional(node: CstNode, context: Context): Expression {
  const [consequent, test, alternate, ...rest] = parts(node);
  if (consequent === undefined || test === undefined || alternate === undefined || rest.length > 0) return lowerUnknown(node, context);
  return {
    kind: "Conditional",
    test: context.expression(test),
    consequent: context.expression(consequent),
    alternate: context.expression(alternate),
    start: node.start,
    end: node.end,
  };
}
