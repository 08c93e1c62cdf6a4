import type { ClassDecl } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { typeOf, typeParamsOf } from "./functions.ts";

/** `type X[T] = …` */
export function lowerTypeAlias(node: CstNode, context: Context): ClassDecl {
  const left = child(node, "left");
  const generic = left === null ? null : firstPart(left);
  const nameNode = generic !== null && generic.type === "generic_type" ? firstPart(generic) : generic;
  const typeParams = generic === null ? null : (generic.children.find((c) => c.type === "type_parameter") ?? null);
  return aliasDecl(nameNode, typeParamsOf(typeParams, context), typeOf(child(node, "right"), context), node, context);
}

/**
 * An assignment that names a type: `X = Annotated[T, …]`, `X = NewType("X", T)`, `X: TypeAlias = …`, `X = T | None`.
 *
 * @returns the alias; null for an assignment of a value
 */
export function lowerAssignedAlias(node: CstNode, context: Context): ClassDecl | null {
  const left = child(node, "left");
  const right = child(node, "right");
  if (node.type !== "assignment" || left?.type !== "identifier" || right === null) return null;
  const meant = declaredAlias(node, context) ? right : meantBy(right, context);
  const type = meant === null ? null : typeOf(meant, context);
  return type === null || type.shape === "unknown" ? null : aliasDecl(left, [], type, node, context);
}

function declaredAlias(node: CstNode, context: Context): boolean {
  const type = child(node, "type");
  return type !== null && lastName(textOf(type, context)) === "TypeAlias";
}

/** The type that an expression stands for which can be nothing but a type. */
function meantBy(value: CstNode, context: Context): CstNode | null {
  if (value.type === "subscript") {
    const of = child(value, "value");
    return of !== null && /^(?:Annotated|Optional|Union)$/.test(lastName(textOf(of, context))) ? value : null;
  }
  if (value.type === "call") {
    const callee = child(value, "function");
    const args = child(value, "arguments");
    if (callee === null || args === null || lastName(textOf(callee, context)) !== "NewType") return null;
    return parts(args)[1] ?? null;
  }
  // Only types can be joined with None.
  return value.type === "binary_operator" && /^None\s*\||\|\s*None$/.test(textOf(value, context)) ? value : null;
}

const lastName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

function aliasDecl(nameNode: CstNode | null, typeParams: readonly string[], aliasOf: TypeNode | null, node: CstNode, context: Context): ClassDecl {
  return {
    kind: "Class",
    classKind: "alias",
    name: nameNode === null ? "" : textOf(nameNode, context),
    typeParams,
    bases: [],
    fields: [],
    methods: [],
    body: [],
    decorators: [],
    aliasOf: aliasOf ?? { shape: "unknown", name: "", args: [], start: node.end, end: node.end },
    nameStart: nameNode === null ? node.start : nameNode.start,
    start: node.start,
    end: node.end,
  };
}
