import type { ClassBase, ClassDecl, ClassExpr, Field, FunctionNode, Statement } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { isMargin, parts } from "../treesitter/margins.ts";
import { attributesOf } from "./arguments.ts";
import type { Context } from "./context.ts";
import { lowerFunction, takeDoc } from "./functions.ts";
import { lowerHooks } from "./hooks.ts";
import { nameOf, variableName } from "./names.ts";
import { declaredOrDocumented, namedType, optionalType } from "./types.ts";

type ClassKind = ClassDecl["classKind"];

const KINDS: Readonly<Record<string, ClassKind>> = {
  class_declaration: "class",
  anonymous_class: "class",
  interface_declaration: "interface",
  trait_declaration: "trait",
  enum_declaration: "enum",
};

/** What the body of a class holds, while it is read. */
interface Members {
  readonly bases: ClassBase[];
  readonly fields: Field[];
  readonly methods: FunctionNode[];
  readonly body: Statement[];
}

/** Lowers a class, interface, trait or enum. */
export function lowerClass(node: CstNode, context: Context): ClassDecl {
  const doc = takeDoc(context);
  const nameNode = child(node, "name");
  const members: Members = { bases: [], fields: [], methods: [], body: [] };
  for (const c of node.children) {
    if (c.type === "base_clause") addBases(c, "extends", members, context, doc?.bases);
    else if (c.type === "class_interface_clause") addBases(c, "implements", members, context, doc?.bases);
  }
  const decorators = attributesOf(node, context);
  lowerMembers(child(node, "body"), members, context);
  return {
    kind: "Class",
    classKind: KINDS[node.type] ?? "class",
    name: nameOf(node, context),
    typeParams: doc?.templates ?? [],
    ...members,
    decorators,
    nameStart: nameNode === null ? node.start : nameNode.start,
    start: node.start,
    end: node.end,
  };
}

/** `class (…) {…}` behind `new`; the arguments belong to the call. */
export function lowerAnonymousClass(node: CstNode, context: Context): ClassExpr {
  context.doc = null;
  return { kind: "ClassExpr", cls: lowerClass(node, context), start: node.start, end: node.end };
}

/** @param documented the bases as the class's comment names them, with type arguments that the language has no words for */
function addBases(node: CstNode, baseKind: ClassBase["baseKind"], members: Members, context: Context, documented: readonly TypeNode[] = []): void {
  for (const c of node.children) {
    if (c.type !== "name" && c.type !== "qualified_name" && c.type !== "relative_name") continue;
    const type = namedType(c, context);
    const args = documented.find((one) => shortName(one.name) === shortName(type.name))?.args ?? [];
    members.bases.push({ baseKind, type: { ...type, args } });
  }
}

const shortName = (name: string): string => name.slice(name.lastIndexOf("\\") + 1);

function lowerMembers(body: CstNode | null, members: Members, context: Context): void {
  let doc: CstNode | null = null;
  for (const node of body?.children ?? []) {
    if (node.type === "comment") doc = node;
    if (!node.named || isMargin(node)) continue;
    context.doc = doc;
    lowerMember(node, members, context);
    doc = null;
  }
  context.doc = null;
}

function lowerMember(node: CstNode, members: Members, context: Context): void {
  switch (node.type) {
    case "method_declaration":
      lowerMethod(node, members, context);
      break;
    case "property_declaration":
      lowerProperties(node, members, context);
      break;
    case "const_declaration":
      lowerConstants(node, members, context);
      break;
    case "enum_case":
      members.fields.push(caseOf(node, context));
      break;
    case "use_declaration":
      addBases(node, "uses", members, context);
      break;
    default:
      context.statement(node, members.body);
  }
}

/** A constructor's parameters may be fields as well. */
function lowerMethod(node: CstNode, members: Members, context: Context): void {
  const method = lowerFunction(node, true, context);
  members.methods.push(method);
  for (const written of child(node, "parameters")?.children ?? []) {
    if (written.type !== "property_promotion_parameter") continue;
    const param = method.params.find((p) => p.start === written.start);
    if (param === undefined) continue;
    const { name, type, decorators, start, end } = param;
    members.fields.push({ name, type, value: null, isStatic: false, isConst: false, decorators, start, end });
    members.methods.push(...lowerHooks(written, name, type, context));
  }
}

function lowerProperties(node: CstNode, members: Members, context: Context): void {
  const doc = takeDoc(context);
  const declared = optionalType(child(node, "type"), context);
  const decorators = attributesOf(node, context);
  const isStatic = node.children.some((c) => c.type === "static_modifier");
  for (const element of node.children) {
    if (element.type !== "property_element") continue;
    const variable = child(element, "name");
    const name = variable === null ? "" : variableName(variable, context);
    const documented = doc?.vars.find((v) => v.name === name || v.name === "")?.type ?? null;
    const type = declaredOrDocumented(declared, documented);
    const value = optionalExpression(child(element, "default_value"), context);
    members.fields.push({ name, type, value, isStatic, isConst: false, decorators, start: element.start, end: element.end });
    members.methods.push(...lowerHooks(node, name, type, context));
  }
}

function lowerConstants(node: CstNode, members: Members, context: Context): void {
  const type = optionalType(child(node, "type"), context);
  const decorators = attributesOf(node, context);
  for (const element of node.children) {
    if (element.type !== "const_element") continue;
    const [name, value] = parts(element);
    members.fields.push({
      name: name === undefined ? "" : textOf(name, context),
      type,
      value: requiredExpression(value ?? null, element, context),
      isStatic: true,
      isConst: true,
      decorators,
      start: element.start,
      end: element.end,
    });
  }
}

function caseOf(node: CstNode, context: Context): Field {
  return {
    name: nameOf(node, context),
    type: null,
    value: optionalExpression(child(node, "value"), context),
    isStatic: true,
    isConst: true,
    decorators: attributesOf(node, context),
    start: node.start,
    end: node.end,
  };
}
