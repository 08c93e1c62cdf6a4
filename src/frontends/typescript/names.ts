import type { ts } from "ts-morph";
import type { Expression, Name } from "../../ast/nodes.ts";
import { type Context, literal, startOf, textOf, unknown } from "./context.ts";

/** @returns a name in the place of a node */
export function nameOf(node: ts.Node, name: string, context: Context): Name {
  return { kind: "Name", name, isVariable: false, start: startOf(node, context), end: node.end };
}

/** An identifier: a Name, or null for `undefined`. The parser puts empty identifiers where it misses one. */
export function lowerIdentifier(node: ts.Identifier | ts.PrivateIdentifier, context: Context): Expression {
  const name = node.text;
  if (name === "undefined") return literal(node, "null", null, context);
  return name === "" ? unknown(node, context) : nameOf(node, name, context);
}

/** @returns the key of an object literal's or pattern's entry: a string Literal, or the expression of a computed one */
export function keyOf(node: ts.PropertyName, context: Context): Expression {
  return context.ts.isComputedPropertyName(node) ? context.expression(node.expression) : literal(node, "string", node.text, context);
}

/** @returns the name of a class or interface member; of computed ones the text of the key if it is a string, else `[key]` as written */
export function memberNameOf(node: ts.PropertyName, context: Context): string {
  if (!context.ts.isComputedPropertyName(node)) return node.text;
  const { expression } = node;
  return context.ts.isStringLiteralLike(expression) ? expression.text : textOf(node, context);
}

/** @returns `a.b.c` of nested identifiers, or an empty text when it is anything else */
export function dottedNameOf(node: ts.Node, { ts }: Context): string {
  const parts: string[] = [];
  let left = node;
  for (;;) {
    if (ts.isIdentifier(left)) {
      parts.push(left.text);
      return parts.reverse().join(".");
    }
    if (ts.isQualifiedName(left)) {
      parts.push(left.right.text);
      left = left.left;
    } else if (ts.isPropertyAccessExpression(left)) {
      parts.push(left.name.text);
      left = left.expression;
    } else return "";
  }
}
