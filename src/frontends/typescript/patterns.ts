import type { ts } from "ts-morph";
import type { CollectionEntry, Expression } from "../../ast/nodes.ts";
import { type Context, MAX_DEPTH, literal, spanOf, startOf, unknown } from "./context.ts";
import { keyOf, lowerIdentifier, nameOf } from "./names.ts";

/** The name or pattern of a declaration. */
export function lowerBindingName(node: ts.BindingName, context: Context): Expression {
  const { ts } = context;
  if (ts.isIdentifier(node)) return node.text === "undefined" ? nameOf(node, node.text, context) : lowerIdentifier(node, context);
  if (context.depth >= MAX_DEPTH) return unknown(node, context);
  context.depth++;
  const collectionKind = ts.isObjectBindingPattern(node) ? "object" : "list";
  const entries: CollectionEntry[] = [];
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) entries.push(entry(null, literal(element, "null", null, context), false, element, context));
    else entries.push(bindingEntry(element, collectionKind === "object", context));
  }
  context.depth--;
  return { kind: "Collection", collectionKind, entries, type: null, ...spanOf(node, context) };
}

function bindingEntry(node: ts.BindingElement, isKeyed: boolean, context: Context): CollectionEntry {
  const { propertyName, name } = node;
  const isRest = node.dotDotDotToken !== undefined;
  let key: Expression | null = null;
  if (isKeyed && !isRest) {
    if (propertyName !== undefined) key = keyOf(propertyName, context);
    else if (context.ts.isIdentifier(name)) key = literal(name, "string", name.text, context);
  }
  return entry(key, withDefault(lowerBindingName(name, context), node.initializer, name, context), isRest, node, context);
}

/** What an assignment writes to: a name, member or index, or a pattern in the form of a literal. */
export function lowerTarget(node: ts.Expression, context: Context): Expression {
  const { ts } = context;
  const isPattern = ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);
  if (!isPattern) return ts.isParenthesizedExpression(node) && context.depth < MAX_DEPTH ? nested(node.expression, context) : context.expression(node);
  if (context.depth >= MAX_DEPTH) return unknown(node, context);
  context.depth++;
  const entries = ts.isArrayLiteralExpression(node)
    ? node.elements.map((element) => elementTarget(element, context))
    : node.properties.map((property) => propertyTarget(property, context));
  context.depth--;
  return { kind: "Collection", collectionKind: ts.isArrayLiteralExpression(node) ? "list" : "object", entries, type: null, ...spanOf(node, context) };
}

function nested(node: ts.Expression, context: Context): Expression {
  context.depth++;
  const target = lowerTarget(node, context);
  context.depth--;
  return target;
}

function elementTarget(node: ts.Expression, context: Context): CollectionEntry {
  const { ts } = context;
  if (ts.isSpreadElement(node)) return entry(null, lowerTarget(node.expression, context), true, node, context);
  return entry(null, defaultedTarget(node, context), false, node, context);
}

function propertyTarget(node: ts.ObjectLiteralElementLike, context: Context): CollectionEntry {
  const { ts } = context;
  if (ts.isSpreadAssignment(node)) return entry(null, lowerTarget(node.expression, context), true, node, context);
  if (ts.isShorthandPropertyAssignment(node)) {
    const value = withDefault(lowerIdentifier(node.name, context), node.objectAssignmentInitializer, node.name, context);
    return entry(literal(node.name, "string", node.name.text, context), value, false, node, context);
  }
  if (ts.isPropertyAssignment(node)) return entry(keyOf(node.name, context), defaultedTarget(node.initializer, context), false, node, context);
  return entry(null, unknown(node, context), false, node, context);
}

/** `a = 1` inside a pattern is a target with a default. */
function defaultedTarget(node: ts.Expression, context: Context): Expression {
  const { ts } = context;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return lowerTarget(node, context);
  return withDefault(lowerTarget(node.left, context), node.right, node.left, context);
}

/** @returns the target, with its default where there is one; `at` is the node the target was made of */
function withDefault(target: Expression, initializer: ts.Expression | undefined, at: ts.Node, context: Context): Expression {
  if (initializer === undefined) return target;
  const start = startOf(at, context);
  return { kind: "DefaultPattern", target, defaultValue: context.expression(initializer), start, end: initializer.end };
}

function entry(key: Expression | null, value: Expression, spread: boolean, node: ts.Node, context: Context): CollectionEntry {
  return { key, value, spread, start: startOf(node, context), end: node.end };
}
