import type { TypeField, TypeNode, TypeShape } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { MAX_DEPTH, textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

type Lower = (node: CstNode, context: Context) => TypeNode;

/** How each kind of type is lowered. */
export const TYPES: Readonly<Record<string, Lower>> = {
  type_identifier: (n, c) => typeNode("named", textOf(n, c), [], n),
  qualified_type: (n, c) => typeNode("named", qualifiedName(n, c), [], n),
  generic_type: lowerGeneric,
  pointer_type: (n, c) => typeNode("pointer", "", [innerType(n, c)], n),
  array_type: (n, c) => typeNode("list", "", [typeOf(child(n, "element"), n, c)], n),
  implicit_length_array_type: (n, c) => typeNode("list", "", [typeOf(child(n, "element"), n, c)], n),
  slice_type: (n, c) => typeNode("list", "", [typeOf(child(n, "element"), n, c)], n),
  map_type: (n, c) => typeNode("map", "", [typeOf(child(n, "key"), n, c), typeOf(child(n, "value"), n, c)], n),
  channel_type: (n, c) => typeNode("chan", "", [typeOf(child(n, "value"), n, c)], n),
  function_type: (n, c) => typeNode("func", "", optional(resultType(child(n, "result"), c)), n),
  struct_type: (n, c) => withFields("struct", structFields(n, c), n),
  interface_type: (n, c) => withFields("interface", interfaceFields(n, c), n),
  negated_type: innerType,
  parenthesized_type: innerType,
  type_elem: lowerUnion,
  type_constraint: lowerUnion,
};

/** Expressions that turn out to be types: `(*T)(x)`, `f[T]()`. */
const EXPRESSION_TYPES: Readonly<Record<string, Lower>> = {
  identifier: (n, c) => typeNode("named", textOf(n, c), [], n),
  selector_expression: (n, c) => typeNode("named", textOf(n, c), [], n),
  index_expression: (n, c) => typeNode("named", nameOf(child(n, "operand"), c), [typeOf(child(n, "index"), n, c)], n),
  unary_expression: (n, c) => typeNode("pointer", "", [typeOf(child(n, "operand"), n, c)], n),
  parenthesized_expression: innerType,
};

/** @returns the type of a type node, or of an expression that stands for a type; shape `unknown` for anything else */
export function lowerType(node: CstNode, context: Context): TypeNode {
  const lower = TYPES[node.type] ?? EXPRESSION_TYPES[node.type];
  if (lower === undefined || node.missing || context.depth >= MAX_DEPTH) return typeNode("unknown", "", [], node);
  context.depth++;
  const type = lower(node, context);
  context.depth--;
  return type;
}

/** @returns a function's result as a type: a tuple where there are several; null without result */
export function resultType(node: CstNode | null, context: Context): TypeNode | null {
  if (node === null) return null;
  if (node.type !== "parameter_list") return lowerType(node, context);
  const types: TypeNode[] = [];
  for (const declaration of parts(node)) {
    const type = typeOf(child(declaration, "type"), declaration, context);
    const names = Math.max(1, childrenOf(declaration, "name").length);
    for (let i = 0; i < names; i++) types.push(type);
  }
  return types.length > 1 ? typeNode("tuple", "", types, node) : (types[0] ?? null);
}

/** @returns a type with the span of a node */
export function typeNode(shape: TypeShape, name: string, args: readonly TypeNode[], span: { readonly start: number; readonly end: number }): TypeNode {
  return { shape, name, args, start: span.start, end: span.end };
}

/** @returns the type of a node that a damaged file may lack */
export function typeOf(node: CstNode | null, parent: CstNode, context: Context): TypeNode {
  return node === null ? typeNode("unknown", "", [], { start: parent.end, end: parent.end }) : lowerType(node, context);
}

function withFields(shape: "struct" | "interface", fields: readonly TypeField[], node: CstNode): TypeNode {
  return { shape, name: "", args: [], start: node.start, end: node.end, fields };
}

function optional(type: TypeNode | null): readonly TypeNode[] {
  return type === null ? [] : [type];
}

function innerType(node: CstNode, context: Context): TypeNode {
  return typeOf(firstPart(node), node, context);
}

/** `a.T`, also where comments or line breaks stand between the parts. */
function qualifiedName(node: CstNode, context: Context): string {
  const prefix = child(node, "package");
  const name = child(node, "name");
  return `${prefix === null ? "" : textOf(prefix, context)}.${name === null ? "" : textOf(name, context)}`;
}

function nameOf(node: CstNode | null, context: Context): string {
  return node === null ? "" : textOf(node, context);
}

function lowerGeneric(node: CstNode, context: Context): TypeNode {
  const generic = child(node, "type");
  const list = child(node, "type_arguments");
  const name = generic === null ? "" : generic.type === "qualified_type" ? qualifiedName(generic, context) : textOf(generic, context);
  return typeNode("named", name, list === null ? [] : typeArguments(list, context), node);
}

/** @returns the types of `[A, B]` */
export function typeArguments(list: CstNode, context: Context): TypeNode[] {
  return parts(list).map((part) => lowerType(part, context));
}

/** `A | B` of a constraint; a single member stands for itself. */
function lowerUnion(node: CstNode, context: Context): TypeNode {
  const members = parts(node).map((part) => lowerType(part, context));
  return members.length === 1 ? members[0]! : typeNode("union", "", members, node);
}

/** @returns the declarations between a struct's braces */
export function fieldDeclarations(struct: CstNode): CstNode[] {
  const list = struct.children.find((c) => c.type === "field_declaration_list");
  return list === undefined ? [] : list.children.filter((c) => c.type === "field_declaration");
}

function structFields(node: CstNode, context: Context): TypeField[] {
  const fields: TypeField[] = [];
  for (const declaration of fieldDeclarations(node)) {
    const type = typeOf(child(declaration, "type"), declaration, context);
    const names = childrenOf(declaration, "name");
    if (names.length === 0) fields.push({ name: type.name.slice(type.name.lastIndexOf(".") + 1), type });
    for (const name of names) fields.push({ name: textOf(name, context), type });
  }
  return fields;
}

function interfaceFields(node: CstNode, context: Context): TypeField[] {
  const fields: TypeField[] = [];
  for (const element of node.children) {
    if (element.type !== "method_elem") continue;
    const type = typeNode("func", "", optional(resultType(child(element, "result"), context)), element);
    fields.push({ name: nameOf(child(element, "name"), context), type });
  }
  return fields;
}
