import type { Collection, CollectionEntry, Expression } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { literal, lowerUnknown, requiredExpression, unknown } from "../treesitter/lowering.ts";
import { firstPart, isMargin } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** `[1, 'a' => 2, ...$c]` and `array(…)` */
export function lowerArray(node: CstNode, context: Context): Collection {
  const entries: CollectionEntry[] = [];
  let hasKeys = false;
  for (const c of node.children) {
    if (!c.named || isMargin(c)) continue;
    const entry = entryOf(c, context);
    hasKeys ||= entry.key !== null;
    entries.push(entry);
  }
  return { kind: "Collection", collectionKind: hasKeys ? "map" : "list", entries, type: null, start: node.start, end: node.end };
}

/** An element of an array, or what `yield` gives. */
export function entryOf(node: CstNode, context: Context): CollectionEntry {
  const { start, end } = node;
  if (node.type !== "array_element_initializer") return { key: null, value: context.expression(node), spread: false, start, end };
  const { key, value } = keyAndValue(node);
  if (value?.type === "variadic_unpacking") return { key: null, value: requiredExpression(firstPart(value), value, context), spread: true, start, end };
  const loweredKey = key === null ? null : context.expression(key);
  return { key: loweredKey, value: requiredExpression(value, node, context), spread: false, start, end };
}

/** @returns the nodes before and after `=>`; without one, the first node as the value */
export function keyAndValue(node: CstNode): { readonly key: CstNode | null; readonly value: CstNode | null } {
  let key: CstNode | null = null;
  let value: CstNode | null = null;
  for (const c of node.children) {
    if (c.type === "=>") {
      key = value;
      value = null;
    } else if (c.named && !isMargin(c)) value = c;
  }
  return { key, value };
}

/** What is assigned to: a variable, property or element, or a pattern of them. References bind like the variable they name. */
export function lowerTarget(node: CstNode, context: Context): Expression {
  if (node.type === "by_ref") {
    const referenced = firstPart(node);
    return referenced === null ? unknown(node) : lowerTarget(referenced, context);
  }
  if (node.type === "list_literal" || node.type === "array_creation_expression") return lowerPattern(node, context);
  return context.expression(node);
}

/** An item of `list(…)` being read. */
interface Item {
  key: CstNode | null;
  value: CstNode | null;
}

/** `[$a, , 'k' => $b]` and `list(…)`. Behind a place left out, the places are written as keys. */
export function lowerPattern(node: CstNode, context: Context): Expression {
  const items = itemsOf(node);
  const skips = items.some((item, i) => item.value === null && i < items.length - 1);
  if (context.depth > MAX_PATTERN_DEPTH) return lowerUnknown(node, context);
  context.depth++;
  const entries: CollectionEntry[] = [];
  items.forEach(({ key, value }, place) => {
    if (value === null) return;
    const { start } = key ?? value;
    const loweredKey = key !== null ? context.expression(key) : skips ? literal({ start, end: start }, "number", place) : null;
    entries.push({ key: loweredKey, value: lowerTarget(value, context), spread: false, start, end: value.end });
  });
  context.depth--;
  const hasKeys = skips || entries.some((entry) => entry.key !== null);
  return { kind: "Collection", collectionKind: hasKeys ? "map" : "list", entries, type: null, start: node.start, end: node.end };
}

/** Patterns do not pass through the general depth check. */
const MAX_PATTERN_DEPTH = 390;

function itemsOf(list: CstNode): readonly Item[] {
  const items: Item[] = [];
  let item: Item = { key: null, value: null };
  for (const c of list.children) {
    if (c.type === ",") {
      items.push(item);
      item = { key: null, value: null };
    } else if (c.type === "=>") item = { key: item.value, value: null };
    else if (c.type === "array_element_initializer") item = keyAndValue(c);
    else if (c.named && !isMargin(c)) item.value = c;
  }
  items.push(item);
  return items;
}
