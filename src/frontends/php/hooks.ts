import type { Block, FunctionNode, Parameter } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression, textOf } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import { attributesOf } from "./arguments.ts";
import { blockOf, childOfType, type Context } from "./context.ts";
import { bodyOf, parametersOf, returning } from "./functions.ts";

/** The hook's own keyword and the property it serves. */
interface Hook {
  readonly node: CstNode;
  readonly keyword: CstNode;
  readonly isSetter: boolean;
  readonly property: string;
}

/** @returns the `get` and `set` hooks of a property as methods with the property's name */
export function lowerHooks(declaration: CstNode, property: string, type: TypeNode | null, context: Context): FunctionNode[] {
  const list = childOfType(declaration, "property_hook_list");
  const hooks: FunctionNode[] = [];
  for (const node of list === null ? [] : parts(list)) {
    const keyword = node.type === "property_hook" ? childOfType(node, "name") : null;
    if (keyword === null) continue;
    const isSetter = textOf(keyword, context).toLowerCase() === "set";
    hooks.push(lowerHook({ node, keyword, isSetter, property }, type, context));
  }
  return hooks;
}

function lowerHook(hook: Hook, type: TypeNode | null, context: Context): FunctionNode {
  const { node, keyword, isSetter, property } = hook;
  const written = child(node, "parameters");
  const { body, isGenerator } = bodyOf(() => hookBody(hook, context), context);
  return {
    kind: "Function",
    name: property,
    functionKind: isSetter ? "setter" : "getter",
    params: isSetter && written === null ? [impliedValue(keyword, type)] : parametersOf(written, null, context),
    body,
    isAsync: false,
    isGenerator,
    isStatic: false,
    typeParams: [],
    returnType: isSetter ? null : type,
    receiver: null,
    decorators: attributesOf(node, context),
    captures: null,
    namedResults: [],
    nameStart: keyword.start,
    start: node.start,
    end: node.end,
  };
}

/** `set` without parameters takes `$value`. */
function impliedValue(keyword: CstNode, type: TypeNode | null): Parameter {
  const { start, end } = keyword;
  return { name: "value", pattern: null, type, defaultValue: null, rest: "none", byReference: false, decorators: [], start, end };
}

/** `get => expr` returns it; `set => expr` stores it in the property. */
function hookBody(hook: Hook, context: Context): Block | null {
  const body = child(hook.node, "body");
  if (body === null) return null;
  if (body.type === "compound_statement") return blockOf(body, hook.node, context);
  if (!hook.isSetter) return returning(body, hook.node, context);
  const value = requiredExpression(body, hook.node, context);
  const { start, end } = value;
  const object = { kind: "This", start, end: start } as const;
  const target = { kind: "Member", object, property: hook.property, optional: false, isStatic: false, propertyStart: start, start, end: start } as const;
  return { kind: "Block", body: [{ kind: "Assign", target, operator: "=", value, declares: null, type: null, byReference: false, start, end }], start, end };
}
