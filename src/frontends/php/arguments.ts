import type { Argument, Expression } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** @returns the attributes above a declaration: a Name, or a Call where arguments are written */
export function attributesOf(node: CstNode, context: Context): readonly Expression[] {
  const list = child(node, "attributes");
  if (list === null) return [];
  const result: Expression[] = [];
  for (const group of parts(list)) for (const attribute of parts(group)) result.push(lowerAttribute(attribute, context));
  return result;
}

/** `#[Route("/")]` stands for an object of that class: https://www.php.net/manual/en/language.attributes.syntax.php */
function lowerAttribute(node: CstNode, context: Context): Expression {
  const callee = requiredExpression(firstPart(node), node, context);
  return {
    kind: "Call",
    callee,
    args: argumentsOf(child(node, "parameters"), context),
    isNew: true,
    optional: false,
    typeArgs: [],
    start: node.start,
    end: node.end,
  };
}

/** `(1, name: 2, ...$rest)` */
export function argumentsOf(list: CstNode | null, context: Context): Argument[] {
  const args: Argument[] = [];
  for (const part of list === null ? [] : parts(list)) args.push(argumentOf(part, context));
  return args;
}

function argumentOf(part: CstNode, context: Context): Argument {
  const { start, end } = part;
  if (part.type !== "argument") return { value: context.expression(part), name: "", spread: "none", start, end };
  const name = child(part, "name");
  let value: CstNode | null = null;
  for (const c of parts(part)) if (c.field === null) value = c;
  const isSpread = value?.type === "variadic_unpacking";
  return {
    value: requiredExpression(isSpread && value !== null ? firstPart(value) : value, part, context),
    name: name === null ? "" : context.text.slice(name.start, name.end),
    spread: isSpread ? "list" : "none",
    start,
    end,
  };
}
