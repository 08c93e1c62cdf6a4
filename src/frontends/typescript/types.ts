import type { ts } from "ts-morph";
import type { TypeField, TypeNode, TypeShape } from "../../ast/types.ts";
import { type Compiler, type Context, type LowerType, MAX_DEPTH, type Table, startOf } from "./context.ts";
import { dottedNameOf, memberNameOf } from "./names.ts";

/** @returns the type of an optional annotation */
export function typeOf(node: ts.TypeNode | undefined, context: Context): TypeNode | null {
  return node === undefined ? null : lowerType(node, context);
}

/** @returns the types of type arguments */
export function typesOf(nodes: readonly ts.TypeNode[] | undefined, context: Context): readonly TypeNode[] {
  return nodes === undefined ? [] : nodes.map((node) => lowerType(node, context));
}

/** @returns the names of type parameters */
export function typeParamsOf(nodes: readonly ts.TypeParameterDeclaration[] | undefined): readonly string[] {
  return nodes === undefined ? [] : nodes.map((node) => node.name.text);
}

/** @returns a superclass or interface as a type; `unknown` when it is computed */
export function baseTypeOf(node: ts.ExpressionWithTypeArguments, context: Context): TypeNode {
  const name = dottedNameOf(node.expression, context);
  return name === "" ? shaped("unknown", [], node, context) : named(name, typesOf(node.typeArguments, context), node, context);
}

/** How each kind of type is lowered; kinds without a row (conditional, indexed, inferred types, `typeof x`, `keyof`) are unknown. */
export function typeTable({ SyntaxKind: K }: Compiler): Table<LowerType> {
  const keyword =
    (name: string): LowerType =>
    (node, context) =>
      named(name, [], node, context);
  return {
    [K.StringKeyword]: keyword("string"),
    [K.NumberKeyword]: keyword("number"),
    [K.BooleanKeyword]: keyword("boolean"),
    [K.BigIntKeyword]: keyword("bigint"),
    [K.SymbolKeyword]: keyword("symbol"),
    [K.ObjectKeyword]: keyword("object"),
    [K.VoidKeyword]: keyword("void"),
    [K.NeverKeyword]: keyword("never"),
    [K.UndefinedKeyword]: keyword("undefined"),
    [K.ThisType]: keyword("this"),
    [K.TypePredicate]: keyword("boolean"),
    [K.TemplateLiteralType]: keyword("string"),
    [K.TypeReference]: lowerReference,
    [K.ExpressionWithTypeArguments]: baseTypeOf,
    [K.ArrayType]: (n: ts.ArrayTypeNode, c) => shaped("list", [lowerType(n.elementType, c)], n, c),
    [K.TupleType]: (n: ts.TupleTypeNode, c) => shaped("tuple", typesOf(n.elements, c), n, c),
    [K.NamedTupleMember]: (n: ts.NamedTupleMember, c) => lowerType(n.type, c),
    [K.OptionalType]: (n: ts.OptionalTypeNode, c) => lowerType(n.type, c),
    [K.RestType]: (n: ts.RestTypeNode, c) => lowerType(n.type, c),
    [K.ParenthesizedType]: (n: ts.ParenthesizedTypeNode, c) => lowerType(n.type, c),
    [K.TypeOperator]: lowerOperator,
    [K.UnionType]: lowerUnion,
    [K.IntersectionType]: lowerIntersection,
    [K.FunctionType]: lowerFunctionType,
    [K.ConstructorType]: lowerFunctionType,
    [K.TypeLiteral]: lowerTypeLiteral,
    [K.MappedType]: (n: ts.MappedTypeNode, c) => shaped("map", [shaped("unknown", [], n, c), typeOrUnknown(n.type, n, c)], n, c),
    [K.LiteralType]: lowerLiteralType,
  };
}

function lowerType(node: ts.TypeNode, context: Context): TypeNode {
  const lower = context.tables.types[node.kind];
  if (lower === undefined || context.depth >= MAX_DEPTH) return shaped("unknown", [], node, context);
  context.depth++;
  const type = lower(node, context);
  context.depth--;
  return type;
}

function typeOrUnknown(node: ts.TypeNode | undefined, parent: ts.Node, context: Context): TypeNode {
  return node === undefined ? shaped("unknown", [], parent, context) : lowerType(node, context);
}

function shaped(shape: TypeShape, args: readonly TypeNode[], node: ts.Node, context: Context): TypeNode {
  return { shape, name: "", args, start: startOf(node, context), end: node.end };
}

function named(name: string, args: readonly TypeNode[], node: ts.Node, context: Context): TypeNode {
  return { shape: "named", name, args, start: startOf(node, context), end: node.end };
}

function lowerReference(node: ts.TypeReferenceNode, context: Context): TypeNode {
  const name = dottedNameOf(node.typeName, context);
  const args = typesOf(node.typeArguments, context);
  if ((name === "Array" || name === "ReadonlyArray") && args.length === 1) return shaped("list", args, node, context);
  return name === "Record" && args.length === 2 ? shaped("map", args, node, context) : named(name, args, node, context);
}

/** `readonly T[]` and `unique symbol` are what they qualify; `keyof T` is unknown. */
function lowerOperator(node: ts.TypeOperatorNode, context: Context): TypeNode {
  return node.operator === context.ts.SyntaxKind.KeyOfKeyword ? shaped("unknown", [], node, context) : lowerType(node.type, context);
}

/** `A | B`; with `null` or `undefined` among them, what is left is nullable. */
function lowerUnion(node: ts.UnionTypeNode, context: Context): TypeNode {
  const members = node.types.filter((member) => !isNullish(member, context));
  const args = distinct(typesOf(members, context));
  const [only] = args;
  const rest = only !== undefined && args.length === 1 ? only : shaped(args.length === 0 ? "unknown" : "union", args, node, context);
  return members.length === node.types.length ? rest : shaped("nullable", [rest], node, context);
}

/** `"a" | "b"` is a string once. */
function distinct(types: readonly TypeNode[]): readonly TypeNode[] {
  const names = new Set<string>();
  return types.filter((type) => {
    const isSimple = type.shape === "named" && type.args.length === 0;
    if (isSimple && names.has(type.name)) return false;
    if (isSimple) names.add(type.name);
    return true;
  });
}

function isNullish(node: ts.TypeNode, { ts }: Context): boolean {
  const inner = ts.isLiteralTypeNode(node) ? node.literal.kind : node.kind;
  return inner === ts.SyntaxKind.NullKeyword || inner === ts.SyntaxKind.UndefinedKeyword;
}

/** `A & { b: B }` is A with something added; what cannot be told apart so is a union, of which each member may be meant. */
function lowerIntersection(node: ts.IntersectionTypeNode, context: Context): TypeNode {
  const members = node.types.filter((member) => !context.ts.isTypeLiteralNode(member));
  const [only] = members;
  if (members.length === 1 && only !== undefined) return lowerType(only, context);
  return shaped("union", typesOf(members.length === 0 ? node.types : members, context), node, context);
}

function lowerFunctionType(node: ts.FunctionTypeNode | ts.ConstructorTypeNode, context: Context): TypeNode {
  return shaped("func", [lowerType(node.type, context)], node, context);
}

/** `{ a: A }` is a struct; with nothing but an index signature (`{ [key: string]: A }`) it is a map. */
function lowerTypeLiteral(node: ts.TypeLiteralNode, context: Context): TypeNode {
  const [first] = node.members;
  if (node.members.length === 1 && first !== undefined && context.ts.isIndexSignatureDeclaration(first)) {
    const key = typeOrUnknown(first.parameters[0]?.type, first, context);
    return shaped("map", [key, typeOrUnknown(first.type, first, context)], node, context);
  }
  return { ...shaped("struct", [], node, context), fields: fieldsOf(node.members, context) };
}

function fieldsOf(members: readonly ts.TypeElement[], context: Context): readonly TypeField[] {
  const { ts } = context;
  const fields: TypeField[] = [];
  for (const member of members) {
    if (member.name === undefined) continue;
    const name = memberNameOf(member.name, context);
    if (ts.isPropertySignature(member)) fields.push({ name, type: typeOrUnknown(member.type, member, context) });
    else if (ts.isMethodSignature(member)) {
      const results = member.type === undefined ? [] : [lowerType(member.type, context)];
      fields.push({ name, type: shaped("func", results, member, context) });
    } else if (ts.isGetAccessorDeclaration(member)) fields.push({ name, type: typeOrUnknown(member.type, member, context) });
  }
  return fields;
}

/** A literal stands for the type it belongs to. */
function lowerLiteralType(node: ts.LiteralTypeNode, context: Context): TypeNode {
  const { SyntaxKind } = context.ts;
  switch (node.literal.kind) {
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return named("string", [], node, context);
    case SyntaxKind.TrueKeyword:
    case SyntaxKind.FalseKeyword:
      return named("boolean", [], node, context);
    case SyntaxKind.NullKeyword:
      return named("null", [], node, context);
    case SyntaxKind.BigIntLiteral:
      return named("bigint", [], node, context);
    default:
      return named("number", [], node, context);
  }
}
