import type { ts } from "ts-morph";
import type { Block, FunctionDecl, FunctionKind, FunctionNode, Lambda, Parameter, Statement } from "../../ast/nodes.ts";
import { type Context, blockOf, decoratorsOf, hasModifier, optionalExpression, spanOf, startOf } from "./context.ts";
import { memberNameOf } from "./names.ts";
import { lowerBindingName } from "./patterns.ts";
import { typeOf, typeParamsOf } from "./types.ts";

/** Everything that has parameters and may have a body. */
export type FunctionSyntax =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.MethodSignature
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

/** @returns a function of any kind; the name is the one it is declared with */
export function lowerFunction(node: FunctionSyntax, functionKind: FunctionKind, name: string, context: Context): FunctionNode {
  const { SyntaxKind } = context.ts;
  const start = startOf(node, context);
  return {
    kind: "Function",
    name,
    functionKind,
    params: paramsOf(node.parameters, context),
    body: bodyOf(node, context),
    isAsync: hasModifier(node, SyntaxKind.AsyncKeyword),
    isGenerator: "asteriskToken" in node && node.asteriskToken !== undefined,
    isStatic: hasModifier(node, SyntaxKind.StaticKeyword),
    typeParams: typeParamsOf(node.typeParameters),
    returnType: typeOf(node.type, context),
    receiver: null,
    decorators: decoratorsOf(node, context),
    captures: null,
    namedResults: [],
    nameStart: node.name === undefined ? keywordStart(node, start, context) : startOf(node.name, context),
    start,
    end: node.end,
  };
}

/** Where the keyword or first parameter of a function without a name stands, behind its modifiers. */
function keywordStart(node: FunctionSyntax, start: number, { text }: Context): number {
  const last = node.modifiers?.at(-1);
  if (last === undefined) return start;
  let at = last.end;
  while (at < node.end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d);
}

/** An expression body becomes a Return. */
function bodyOf(node: FunctionSyntax, context: Context): Block | null {
  const body = "body" in node ? node.body : undefined;
  if (body === undefined) return null;
  if (context.ts.isBlock(body)) return blockOf(body, context);
  const span = spanOf(body, context);
  return { kind: "Block", body: [{ kind: "Return", value: context.expression(body), ...span }], ...span };
}

/** @returns the parameters; a declared type of `this` is none */
export function paramsOf(nodes: readonly ts.ParameterDeclaration[], context: Context): readonly Parameter[] {
  const params: Parameter[] = [];
  for (const node of nodes) {
    if (!context.ts.isIdentifier(node.name)) params.push(paramOf(node, "", context));
    else if (node.name.text !== "this") params.push(paramOf(node, node.name.text, context));
  }
  return params;
}

function paramOf(node: ts.ParameterDeclaration, name: string, context: Context): Parameter {
  const start = startOf(node, context);
  return {
    name,
    pattern: context.ts.isIdentifier(node.name) ? null : lowerBindingName(node.name, context),
    type: typeOf(node.type, context),
    defaultValue: optionalExpression(node.initializer, context),
    rest: node.dotDotDotToken === undefined ? "none" : "list",
    byReference: false,
    decorators: decoratorsOf(node, context),
    start,
    end: node.end,
  };
}

/** `function f() {}` as a statement; overload signatures have no body. */
export function lowerFunctionDeclaration(node: ts.FunctionDeclaration, context: Context, out: Statement[]): void {
  const fn = lowerFunction(node, "function", node.name?.text ?? "", context);
  const declaration: FunctionDecl = { kind: "FunctionDecl", fn, start: fn.start, end: fn.end };
  out.push(declaration);
}

/** `function () {}` and `() => …` as expressions. */
export function lowerLambda(node: ts.FunctionExpression | ts.ArrowFunction, context: Context): Lambda {
  const fn = lowerFunction(node, "lambda", node.name?.text ?? "", context);
  return { kind: "Lambda", fn, start: fn.start, end: fn.end };
}

/** A method or accessor of a class, an interface or an object literal. */
export function lowerMethod(node: ts.MethodDeclaration | ts.MethodSignature | ts.AccessorDeclaration, context: Context): FunctionNode {
  const { SyntaxKind } = context.ts;
  const functionKind = node.kind === SyntaxKind.GetAccessor ? "getter" : node.kind === SyntaxKind.SetAccessor ? "setter" : "method";
  return lowerFunction(node, functionKind, memberNameOf(node.name, context), context);
}
