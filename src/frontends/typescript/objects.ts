import type { ts } from "ts-morph";
import type { Argument, Collection, CollectionEntry, Lambda } from "../../ast/nodes.ts";
import { type Context, literal, spanOf, startOf } from "./context.ts";
import { lowerMethod } from "./functions.ts";
import { keyOf, lowerIdentifier } from "./names.ts";

/** `[a, ...b]`; holes are null. */
export function lowerArray(node: ts.ArrayLiteralExpression, context: Context): Collection {
  const { ts } = context;
  const entries: CollectionEntry[] = [];
  for (const element of node.elements) {
    const spread = ts.isSpreadElement(element);
    entries.push({ key: null, value: context.expression(spread ? element.expression : element), spread, start: startOf(element, context), end: element.end });
  }
  return { kind: "Collection", collectionKind: "list", entries, type: null, start: startOf(node, context), end: node.end };
}

/** `{ a: b, c, ...d, e() {}, get f() {} }` */
export function lowerObject(node: ts.ObjectLiteralExpression, context: Context): Collection {
  const entries: CollectionEntry[] = [];
  for (const property of node.properties) entries.push(lowerProperty(property, context));
  return { kind: "Collection", collectionKind: "object", entries, type: null, start: startOf(node, context), end: node.end };
}

function lowerProperty(node: ts.ObjectLiteralElementLike, context: Context): CollectionEntry {
  const { ts } = context;
  const span = spanOf(node, context);
  if (ts.isSpreadAssignment(node)) return { key: null, value: context.expression(node.expression), spread: true, ...span };
  if (ts.isPropertyAssignment(node)) return { key: keyOf(node.name, context), value: context.expression(node.initializer), spread: false, ...span };
  if (ts.isShorthandPropertyAssignment(node)) {
    return { key: literal(node.name, "string", node.name.text, context), value: lowerIdentifier(node.name, context), spread: false, ...span };
  }
  const value: Lambda = { kind: "Lambda", fn: lowerMethod(node, context), ...span };
  return { key: keyOf(node.name, context), value, spread: false, ...span };
}

/** @returns the arguments of a call; `new C` has none */
export function argumentsOf(nodes: readonly ts.Expression[] | undefined, context: Context): readonly Argument[] {
  const args: Argument[] = [];
  for (const node of nodes ?? []) {
    const isSpread = context.ts.isSpreadElement(node);
    const value = context.expression(isSpread ? node.expression : node);
    args.push({ value, name: "", spread: isSpread ? "list" : "none", start: startOf(node, context), end: node.end });
  }
  return args;
}
