import type { Collection, CollectionEntry, CollectionKind, Expression } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { literal, MAX_DEPTH, requiredExpression, textOf, unknown } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { lowerType } from "./types.ts";

/** `a, b` on either side of an assignment, in `return` and in `range`: a tuple; what stands alone stands for itself. */
export function lowerExpressionList(node: CstNode, context: Context): Expression {
  const expressions = parts(node);
  return expressions.length === 1 ? context.expression(expressions[0]!) : tupleOf(expressions.map(context.expression), node);
}

/** @returns a tuple of expressions with the span of a node */
export function tupleOf(values: readonly Expression[], span: { readonly start: number; readonly end: number }): Collection {
  const entries = values.map((value): CollectionEntry => ({ key: null, value, spread: false, start: value.start, end: value.end }));
  return { kind: "Collection", collectionKind: "tuple", entries, type: null, start: span.start, end: span.end };
}

/** `T{…}`. */
export function lowerCompositeLiteral(node: CstNode, context: Context): Expression {
  const written = child(node, "type");
  const type = written === null ? null : lowerType(written, context);
  return collectionOf(child(node, "body"), type, node, context);
}

/** @returns what `T{}` is, for a type that is written elsewhere than in a literal */
export function emptyLiteral(type: CstNode, span: CstNode, context: Context): Collection {
  return collectionOf(null, lowerType(type, context), span, context);
}

/** `{…}` inside a composite literal: of the outer literal's element type, where that is written. */
function lowerElided(node: CstNode, type: TypeNode | null, context: Context): Expression {
  if (context.depth >= MAX_DEPTH) return unknown(node);
  context.depth++;
  const pointee = type !== null && type.shape === "pointer" ? (type.args[0] ?? null) : null;
  const collection = collectionOf(node, pointee ?? type, node, context);
  context.depth--;
  // In `[]*T{{…}}` the inner braces stand for `&T{…}`.
  return pointee === null ? collection : { kind: "Unary", operator: "&", operand: collection, start: node.start, end: node.end };
}

function collectionOf(body: CstNode | null, type: TypeNode | null, span: CstNode, context: Context): Collection {
  const elements = body === null ? [] : parts(body);
  const collectionKind = kindOf(elements[0], type, context);
  const entries: CollectionEntry[] = [];
  for (const element of elements) entries.push(entryOf(element, collectionKind, type, context));
  return { kind: "Collection", collectionKind, entries, type, start: span.start, end: span.end };
}

function kindOf(first: CstNode | undefined, type: TypeNode | null, context: Context): CollectionKind {
  const shape = type === null ? "unknown" : type.shape;
  if (shape === "list" || shape === "map" || shape === "struct") return shape;
  const declared = type === null ? undefined : context.declaredTypes.get(type.name);
  if (declared === "map_type") return "map";
  if (declared === "slice_type" || declared === "array_type") return "list";
  if (declared === "struct_type" || first === undefined) return "struct";
  return kindByFirst(first, type);
}

/** What a literal of a type declared elsewhere is, by its first element: only lists and maps leave out inner types, only structs have bare names as keys. */
function kindByFirst(first: CstNode, type: TypeNode | null): CollectionKind {
  if (first.type === "keyed_element") {
    const key = child(first, "key");
    return key !== null && firstPart(key)?.type === "identifier" ? "struct" : "map";
  }
  return type === null || firstPart(first)?.type === "literal_value" ? "list" : "struct";
}

function entryOf(element: CstNode, kind: CollectionKind, type: TypeNode | null, context: Context): CollectionEntry {
  const { start, end } = element;
  const isKeyed = element.type === "keyed_element";
  const value = isKeyed ? child(element, "value") : element;
  const elementType = type === null ? null : kind === "map" ? (type.args[1] ?? null) : kind === "list" ? (type.args[0] ?? null) : null;
  const key = isKeyed ? keyOf(child(element, "key"), kind, type, context) : null;
  return { key, value: elementOf(value, element, elementType, context), spread: false, start, end };
}

function keyOf(node: CstNode | null, kind: CollectionKind, type: TypeNode | null, context: Context): Expression | null {
  if (node === null) return null;
  const inner = firstPart(node);
  if (kind === "struct" && inner !== null && inner.type === "identifier") return literal(inner, "string", textOf(inner, context));
  return elementOf(node, node, kind === "map" && type !== null ? (type.args[0] ?? null) : null, context);
}

function elementOf(node: CstNode | null, parent: CstNode, type: TypeNode | null, context: Context): Expression {
  const inner = node !== null && node.type === "literal_element" ? firstPart(node) : node;
  if (inner !== null && inner.type === "literal_value") return lowerElided(inner, type, context);
  return requiredExpression(inner, parent, context);
}
