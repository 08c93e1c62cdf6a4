import type { ts } from "ts-morph";
import type { Expression, JsxElement } from "../../ast/nodes.ts";
import { type Context, literal, spanOf } from "./context.ts";

type Attribute = JsxElement["attributes"][number];

/** `<A b={c}>…</A>` */
export function lowerJsxElement(node: ts.JsxElement, context: Context): JsxElement {
  const { tagName, attributes } = node.openingElement;
  return jsx(node, tagOf(tagName, context), attributesOf(attributes, context), childrenOf(node.children, context), context);
}

/** `<A b={c} />` */
export function lowerJsxSelfClosing(node: ts.JsxSelfClosingElement, context: Context): JsxElement {
  return jsx(node, tagOf(node.tagName, context), attributesOf(node.attributes, context), [], context);
}

/** `<>…</>` */
export function lowerJsxFragment(node: ts.JsxFragment, context: Context): JsxElement {
  return jsx(node, null, [], childrenOf(node.children, context), context);
}

/** `{a}` and `{...a}`; an empty one, which may hold a comment, is null. */
export function lowerJsxExpression(node: ts.JsxExpression, context: Context): Expression {
  if (node.expression === undefined) return literal(node, "null", null, context);
  const value = context.expression(node.expression);
  return node.dotDotDotToken === undefined ? value : { kind: "Spread", value, ...spanOf(node, context) };
}

function jsx(node: ts.Node, tag: Expression | null, attributes: readonly Attribute[], children: readonly Expression[], context: Context): JsxElement {
  return { kind: "Jsx", tag, attributes, children, ...spanOf(node, context) };
}

/** Names in lower case or with a dash are elements of the platform, all others are components. */
function tagOf(node: ts.JsxTagNameExpression, context: Context): Expression {
  const { ts } = context;
  if (ts.isJsxNamespacedName(node)) return literal(node, "string", `${node.namespace.text}:${node.name.text}`, context);
  if (ts.isIdentifier(node) && isIntrinsic(node.text)) return literal(node, "string", node.text, context);
  return context.expression(node);
}

function isIntrinsic(name: string): boolean {
  const first = name.charCodeAt(0);
  return (first >= 0x61 && first <= 0x7a) || name.includes("-");
}

function attributesOf(node: ts.JsxAttributes, context: Context): readonly Attribute[] {
  const { ts } = context;
  return node.properties.map((property) => {
    if (ts.isJsxSpreadAttribute(property)) return { name: "", value: context.expression(property.expression), spread: true };
    const { name, initializer } = property;
    const text = ts.isIdentifier(name) ? name.text : `${name.namespace.text}:${name.name.text}`;
    return { name: text, value: initializer === undefined ? null : context.expression(initializer), spread: false };
  });
}

/** All of a JSX text is text, also what would be white space or a comment elsewhere; white space around it is left out. */
function childrenOf(nodes: readonly ts.JsxChild[], context: Context): readonly Expression[] {
  const { ts } = context;
  const children: Expression[] = [];
  for (const node of nodes) {
    if (ts.isJsxText(node)) {
      const value = node.text.trim();
      if (value !== "") children.push({ kind: "Literal", literalKind: "string", value, start: node.pos, end: node.end });
    } else if (!ts.isJsxExpression(node) || node.expression !== undefined) children.push(context.expression(node));
  }
  return children;
}
