import type { Expression, Name } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { textOf, unknown } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** @returns the Name of an identifier */
export function lowerName(node: CstNode, context: Context): Name {
  return { kind: "Name", name: textOf(node, context), isVariable: false, start: node.start, end: node.end };
}

/** @returns `a.b.c` of a `dotted_name` as nested members */
export function dottedName(node: CstNode, context: Context): Expression {
  const [first, ...rest] = parts(node);
  if (first === undefined) return unknown(node);
  let result: Expression = lowerName(first, context);
  for (const part of rest) {
    const property = textOf(part, context);
    result = { kind: "Member", object: result, property, optional: false, isStatic: false, propertyStart: part.start, start: node.start, end: part.end };
  }
  return result;
}
