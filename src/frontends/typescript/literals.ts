import type { ts } from "ts-morph";
import type { Expression, Literal, Template } from "../../ast/nodes.ts";
import { type Context, literal, spanOf, startOf, textOf } from "./context.ts";

/** A number; whole numbers that a double cannot hold are kept as text. */
export function lowerNumber(node: ts.NumericLiteral, context: Context): Literal {
  const value = Number(node.text);
  const fits = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return literal(node, "number", fits ? value : textOf(node, context), context);
}

/** `10n`; kept as text when a double cannot hold it. */
export function lowerBigInt(node: ts.BigIntLiteral, context: Context): Literal {
  const digits = node.text.slice(0, -1);
  const value = Number(digits);
  return literal(node, "number", Number.isSafeInteger(value) ? value : digits, context);
}

/** A string, or a template without placeholders. */
export function lowerString(node: ts.StringLiteralLike, context: Context): Literal {
  return literal(node, "string", node.text, context);
}

/** A regular expression, as written. */
export function lowerRegex(node: ts.RegularExpressionLiteral, context: Context): Literal {
  return literal(node, "regex", textOf(node, context), context);
}

/** `` `a${b}` `` */
export function lowerTemplate(node: ts.TemplateExpression, context: Context): Template {
  return { kind: "Template", parts: partsOf(node, context), tag: null, ...spanOf(node, context) };
}

/** ``tag`a${b}` ``; its tag was lowered before. */
export function lowerTaggedTemplate(node: ts.TaggedTemplateExpression, tag: Expression, context: Context): Template {
  return { kind: "Template", parts: partsOf(node.template, context), tag, start: startOf(node, context), end: node.end };
}

/** The pieces of text that are not empty, and the placeholders between them. */
function partsOf(node: ts.TemplateLiteral, context: Context): readonly Expression[] {
  if (context.ts.isNoSubstitutionTemplateLiteral(node)) return node.text === "" ? [] : [lowerString(node, context)];
  const parts: Expression[] = [];
  if (node.head.text !== "") parts.push(literal(node.head, "string", node.head.text, context));
  for (const span of node.templateSpans) {
    parts.push(context.expression(span.expression));
    if (span.literal.text !== "") parts.push(literal(span.literal, "string", span.literal.text, context));
  }
  return parts;
}
