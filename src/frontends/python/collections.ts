import type { Collection, CollectionEntry, CollectionKind, Comprehension, ComprehensionClause, Expression } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** A list, set, tuple or unbracketed expression list, as a value or a target. */
export function lowerSequence(collectionKind: CollectionKind, node: CstNode, context: Context): Collection {
  return collectionOf(collectionKind, node, parts(node), context);
}

/** As `lowerSequence`, of given elements. */
export function collectionOf(collectionKind: CollectionKind, node: CstNode, elements: readonly CstNode[], context: Context): Collection {
  const entries: CollectionEntry[] = [];
  for (const element of elements) entries.push(entryOf(element, context));
  return { kind: "Collection", collectionKind, entries, type: null, start: node.start, end: node.end };
}

/** `(p)` as a target is p, `(p,)` a tuple. */
export function lowerTuplePattern(node: CstNode, context: Context): Expression {
  const elements = parts(node);
  const isGroup = elements.length === 1 && !node.children.some((c) => c.type === ",");
  return isGroup ? context.expression(elements[0]!) : collectionOf("tuple", node, elements, context);
}

/** A dictionary display with its pairs and `**` spreads. */
export function lowerDictionary(node: CstNode, context: Context): Collection {
  return lowerSequence("map", node, context);
}

function entryOf(node: CstNode, context: Context): CollectionEntry {
  if (node.type === "pair") {
    const key = requiredExpression(child(node, "key"), node, context);
    const value = requiredExpression(child(node, "value"), node, context);
    return { key, value, spread: false, start: node.start, end: node.end };
  }
  const spread = node.type === "list_splat" || node.type === "list_splat_pattern" || node.type === "dictionary_splat";
  const value = spread ? requiredExpression(firstPart(node), node, context) : context.expression(node);
  return { key: null, value, spread, start: node.start, end: node.end };
}

/** List, set, dict comprehensions and generator expressions. */
export function lowerComprehension(collectionKind: Comprehension["collectionKind"], node: CstNode, context: Context): Comprehension {
  const body = child(node, "body");
  const isPair = body !== null && body.type === "pair";
  const key = isPair ? requiredExpression(child(body, "key"), body, context) : null;
  const element = requiredExpression(isPair ? child(body, "value") : body, node, context);
  const clauses: { clause: ComprehensionClause; conditions: Expression[] }[] = [];
  for (const c of node.children) {
    if (c.type === "for_in_clause") clauses.push(forClause(c, context));
    else if (c.type === "if_clause") clauses[clauses.length - 1]?.conditions.push(requiredExpression(firstPart(c), c, context));
  }
  return { kind: "Comprehension", collectionKind, key, element, clauses: clauses.map((c) => c.clause), start: node.start, end: node.end };
}

function forClause(node: CstNode, context: Context): { clause: ComprehensionClause; conditions: Expression[] } {
  const conditions: Expression[] = [];
  const iterables = node.children.filter((c) => c.field === "right" && c.named);
  const target = requiredExpression(child(node, "left"), node, context);
  const [only] = iterables;
  const iterable = iterables.length > 1 ? collectionOf("tuple", spanOf(iterables), iterables, context) : requiredExpression(only ?? null, node, context);
  const isAsync = node.children[0]?.type === "async";
  return { clause: { target, iterable, conditions, isAsync, start: node.start, end: node.end }, conditions };
}

/** @returns a node reaching from the first to the last of `nodes`, of which there is at least one */
export function spanOf(nodes: readonly CstNode[]): CstNode {
  const first = nodes[0]!;
  return { ...first, end: nodes[nodes.length - 1]!.end };
}
