import type { ts } from "ts-morph";
import type { ClassBase, ClassDecl, ClassExpr, Field, FunctionNode, Statement } from "../../ast/nodes.ts";
import { type Context, blockOf, decoratorsOf, hasModifier, optionalExpression, spanOf, startOf } from "./context.ts";
import { lowerFunction, lowerMethod } from "./functions.ts";
import { memberNameOf } from "./names.ts";
import { baseTypeOf, typeOf, typeParamsOf } from "./types.ts";

/** What the members of a class or interface are sorted into. */
interface Members {
  readonly fields: Field[];
  readonly methods: FunctionNode[];
  readonly body: Statement[];
}

/** `class C {}` as a statement. */
export function lowerClassDeclaration(node: ts.ClassDeclaration, context: Context, out: Statement[]): void {
  out.push(lowerClass(node, context));
}

/** `class {}` as an expression. */
export function lowerClassExpression(node: ts.ClassExpression, context: Context): ClassExpr {
  const cls = lowerClass(node, context);
  return { kind: "ClassExpr", cls, start: cls.start, end: cls.end };
}

function lowerClass(node: ts.ClassLikeDeclaration, context: Context): ClassDecl {
  const members: Members = { fields: [], methods: [], body: [] };
  const bases = basesOf(node.heritageClauses, members, context);
  for (const member of node.members) lowerClassMember(member, members, context);
  return classOf("class", node, bases, members, context);
}

function classOf(
  classKind: ClassDecl["classKind"],
  node: ts.ClassLikeDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
  bases: readonly ClassBase[],
  members: Members,
  context: Context,
): ClassDecl {
  const start = startOf(node, context);
  return {
    kind: "Class",
    classKind,
    name: node.name?.text ?? "",
    typeParams: typeParamsOf(node.typeParameters),
    bases,
    ...members,
    decorators: decoratorsOf(node, context),
    nameStart: node.name === undefined ? start : startOf(node.name, context),
    start,
    end: node.end,
  };
}

function basesOf(clauses: readonly ts.HeritageClause[] | undefined, members: Members, context: Context): readonly ClassBase[] {
  const bases: ClassBase[] = [];
  for (const clause of clauses ?? []) {
    const baseKind = clause.token === context.ts.SyntaxKind.ExtendsKeyword ? "extends" : "implements";
    for (const base of clause.types) {
      const type = baseTypeOf(base, context);
      bases.push({ baseKind, type });
      if (type.shape === "unknown") lowerComputedBase(base.expression, bases, members, context);
    }
  }
  return bases;
}

/** `extends mixin(A, B)`: the call runs with the class body, and its arguments are mixed in. */
function lowerComputedBase(node: ts.Expression, bases: ClassBase[], members: Members, context: Context): void {
  const expression = context.expression(node);
  members.body.push({ kind: "ExprStmt", expression, start: expression.start, end: expression.end });
  if (!context.ts.isCallExpression(node)) return;
  for (const argument of node.arguments) {
    if (!context.ts.isIdentifier(argument)) continue;
    const span = spanOf(argument, context);
    bases.push({ baseKind: "uses", type: { shape: "named", name: argument.text, args: [], ...span } });
  }
}

function lowerClassMember(node: ts.ClassElement, members: Members, context: Context): void {
  const { ts } = context;
  if (node.name !== undefined) lowerComputedName(node.name, members, context);
  if (ts.isPropertyDeclaration(node)) members.fields.push(lowerProperty(node, context));
  else if (ts.isConstructorDeclaration(node)) lowerConstructor(node, members, context);
  else if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) members.methods.push(lowerMethod(node, context));
  else if (ts.isClassStaticBlockDeclaration(node)) members.body.push({ ...blockOf(node.body, context), ...spanOf(node, context) });
}

/** A computed name is evaluated with the class body; `[Symbol.iterator]` and literals do nothing then. */
function lowerComputedName(name: ts.PropertyName, members: Members, context: Context): void {
  const { ts } = context;
  if (!ts.isComputedPropertyName(name) || ts.isPropertyAccessExpression(name.expression) || ts.isStringLiteralLike(name.expression)) return;
  const expression = context.expression(name.expression);
  members.body.push({ kind: "ExprStmt", expression, start: expression.start, end: expression.end });
}

function lowerProperty(node: ts.PropertyDeclaration, context: Context): Field {
  const { SyntaxKind } = context.ts;
  return {
    name: memberNameOf(node.name, context),
    type: typeOf(node.type, context),
    value: optionalExpression(node.initializer, context),
    isStatic: hasModifier(node, SyntaxKind.StaticKeyword),
    isConst: hasModifier(node, SyntaxKind.ReadonlyKeyword),
    decorators: decoratorsOf(node, context),
    ...spanOf(node, context),
  };
}

/** Parameters with a modifier (`private readonly db: Db`) are fields, too. */
function lowerConstructor(node: ts.ConstructorDeclaration, members: Members, context: Context): void {
  const { ts } = context;
  const fn = lowerFunction(node, "constructor", "constructor", context);
  members.methods.push(fn);
  for (const parameter of node.parameters) {
    if (!ts.isParameterPropertyDeclaration(parameter, node) || !ts.isIdentifier(parameter.name)) continue;
    members.fields.push({
      name: parameter.name.text,
      type: typeOf(parameter.type, context),
      value: null,
      isStatic: false,
      isConst: hasModifier(parameter, ts.SyntaxKind.ReadonlyKeyword),
      decorators: [],
      ...spanOf(parameter, context),
    });
  }
}

/** `interface I {}`: its methods have no body; call and index signatures are left out. */
export function lowerInterface(node: ts.InterfaceDeclaration, context: Context, out: Statement[]): void {
  const { ts } = context;
  const members: Members = { fields: [], methods: [], body: [] };
  const bases = basesOf(node.heritageClauses, members, context);
  for (const member of node.members) {
    if (ts.isMethodSignature(member) || ts.isAccessor(member)) members.methods.push(lowerMethod(member, context));
    else if (ts.isPropertySignature(member)) members.fields.push(signatureField(member, context));
  }
  out.push(classOf("interface", node, bases, members, context));
}

function signatureField(node: ts.PropertySignature, context: Context): Field {
  const isConst = hasModifier(node, context.ts.SyntaxKind.ReadonlyKeyword);
  return {
    name: memberNameOf(node.name, context),
    type: typeOf(node.type, context),
    value: null,
    isStatic: false,
    isConst,
    decorators: [],
    ...spanOf(node, context),
  };
}

/** `type T = …` */
export function lowerTypeAlias(node: ts.TypeAliasDeclaration, context: Context, out: Statement[]): void {
  const aliasOf = typeOf(node.type, context) ?? undefined;
  out.push({ ...classOf("alias", node, [], { fields: [], methods: [], body: [] }, context), aliasOf });
}

/** `enum E {}`: its members are constants of the class. */
export function lowerEnum(node: ts.EnumDeclaration, context: Context, out: Statement[]): void {
  const fields: Field[] = node.members.map((member) => ({
    name: memberNameOf(member.name, context),
    type: null,
    value: optionalExpression(member.initializer, context),
    isStatic: true,
    isConst: true,
    decorators: [],
    ...spanOf(member, context),
  }));
  const start = startOf(node, context);
  out.push({
    kind: "Class",
    classKind: "enum",
    name: node.name.text,
    typeParams: [],
    bases: [],
    fields,
    methods: [],
    body: [],
    decorators: [],
    nameStart: startOf(node.name, context),
    start,
    end: node.end,
  });
}
