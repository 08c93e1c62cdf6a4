import type { ClassBase, ClassDecl, Field, FunctionNode, Statement } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { textOf } from "../treesitter/lowering.ts";
import type { Context } from "./context.ts";
import { functionOf, typeParamsOf } from "./functions.ts";
import { fieldDeclarations, lowerType, typeOf } from "./types.ts";

/** `type A struct {…}`, `type (…)`: one Class per name. */
export function lowerTypeDeclaration(node: CstNode, context: Context, out: Statement[]): void {
  for (const spec of node.children) if (spec.type === "type_spec" || spec.type === "type_alias") out.push(lowerSpec(spec, context));
}

/** What the body of a type declaration gives its Class. */
interface Members {
  readonly classKind: ClassDecl["classKind"];
  readonly bases: readonly ClassBase[];
  readonly fields: readonly Field[];
  readonly methods: readonly FunctionNode[];
  readonly aliasOf?: TypeNode;
}

function lowerSpec(node: CstNode, context: Context): ClassDecl {
  const name = child(node, "name");
  return {
    kind: "Class",
    name: name === null ? "" : textOf(name, context),
    typeParams: typeParamsOf(node, context),
    ...membersOf(child(node, "type"), node, context),
    body: [],
    decorators: [],
    nameStart: name === null ? node.start : name.start,
    start: node.start,
    end: node.end,
  };
}

function membersOf(type: CstNode | null, node: CstNode, context: Context): Members {
  if (type?.type === "struct_type") return structMembers(type, context);
  if (type?.type === "interface_type") return interfaceMembers(type, context);
  return { classKind: "alias", bases: [], fields: [], methods: [], aliasOf: typeOf(type, node, context) };
}

function structMembers(node: CstNode, context: Context): Members {
  const bases: ClassBase[] = [];
  const fields: Field[] = [];
  for (const declaration of fieldDeclarations(node)) {
    const names = childrenOf(declaration, "name");
    const type = typeOf(child(declaration, "type"), declaration, context);
    if (names.length === 0) bases.push({ baseKind: "embeds", type });
    for (const name of names) {
      const { start } = name;
      fields.push({ name: textOf(name, context), type, value: null, isStatic: false, isConst: false, decorators: [], start, end: declaration.end });
    }
  }
  return { classKind: "struct", bases, fields, methods: [] };
}

/** Embedded interfaces and type sets are bases. */
function interfaceMembers(node: CstNode, context: Context): Members {
  const bases: ClassBase[] = [];
  const methods: FunctionNode[] = [];
  for (const element of node.children) {
    if (element.type === "method_elem") methods.push(functionOf(element, "method", context));
    else if (element.type === "type_elem") bases.push({ baseKind: "embeds", type: lowerType(element, context) });
  }
  return { classKind: "interface", bases, fields: [], methods };
}
