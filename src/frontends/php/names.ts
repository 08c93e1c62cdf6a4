import type { Expression, Name } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { lowerUnknown, textOf } from "../treesitter/lowering.ts";
import { firstPart } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** @returns a function's, class's or constant's Name that the source does not write as such */
export function impliedName(name: string, start: number, end: number): Name {
  return { kind: "Name", name, isVariable: false, start, end };
}

/** @returns the name of a `$variable` without the `$` */
export function variableName(node: CstNode, context: Context): string {
  return context.text.slice(node.start + 1, node.end);
}

/** `$x`; `$this` is This. */
export function lowerVariable(node: CstNode, context: Context): Expression {
  const { start, end } = node;
  const name = variableName(node, context);
  return name === "this" ? { kind: "This", start, end } : { kind: "Name", name, isVariable: true, start, end };
}

/** Functions, classes and constants; `exit` and `die` without parentheses are calls. */
export function lowerName(node: CstNode, context: Context): Expression {
  const { start, end } = node;
  const name = textOf(node, context);
  if (!isExit(name)) return { kind: "Name", name, isVariable: false, start, end };
  return { kind: "Call", callee: impliedName("exit", start, end), args: [], isNew: false, optional: false, typeArgs: [], start, end };
}

/** @returns whether a function name is one of the two that end the process */
export function isExit(name: string): boolean {
  if (name.length !== 3 && name.length !== 4) return false;
  const lower = name.toLowerCase();
  return lower === "exit" || lower === "die";
}

/** `namespace\a` is written out, since it means the same as the absolute name. */
export function relativeName(node: CstNode, context: Context): string {
  const rest = textOf(node, context).slice("namespace".length);
  return context.namespace === "" ? rest : `\\${context.namespace}${rest}`;
}

/** `namespace\a\b` */
export function lowerRelativeName(node: CstNode, context: Context): Name {
  return { kind: "Name", name: relativeName(node, context), isVariable: false, start: node.start, end: node.end };
}

/** What stands before `::`, after `new` or after `instanceof`: a class name, `self`, `static`, `parent` (Super), or an expression. */
export function lowerClassReference(node: CstNode, context: Context): Expression {
  if (node.type !== "name" && node.type !== "relative_scope") return context.expression(node);
  const { start, end } = node;
  const name = textOf(node, context);
  return name.toLowerCase() === "parent" ? { kind: "Super", start, end } : { kind: "Name", name, isVariable: false, start, end };
}

/** `$$x`, `${expr}`: any variable at all. */
export function lowerDynamicVariable(node: CstNode, context: Context): Expression {
  return lowerUnknown(node, context);
}

/** `${x}` and `${x['k']}` inside a string name a variable directly. */
export function lowerQuotedVariable(node: CstNode, context: Context): Expression {
  const inner = firstPart(node);
  if (inner?.type === "name") return quotedName(inner, context);
  const base = inner?.type === "subscript_expression" ? firstPart(inner) : null;
  if (inner === null || base?.type !== "name") return lowerDynamicVariable(node, context);
  const indexNode = inner.children.find((c) => c.named && c !== base && c.type !== "comment");
  const index = indexNode === undefined ? null : context.expression(indexNode);
  return { kind: "Index", object: quotedName(base, context), index, optional: false, start: inner.start, end: inner.end };
}

function quotedName(node: CstNode, context: Context): Name {
  return { kind: "Name", name: textOf(node, context), isVariable: true, start: node.start, end: node.end };
}

/** @returns the text of the `name` field, or `""` */
export function nameOf(node: CstNode, context: Context): string {
  const name = child(node, "name");
  return name === null ? "" : textOf(name, context);
}
