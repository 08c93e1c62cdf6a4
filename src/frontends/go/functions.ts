import type { Expression, FunctionKind, FunctionNode, Parameter, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { blockOf, textOf } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { resultType, typeNode, typeOf } from "./types.ts";

/** A function or method declaration. */
export function lowerFunction(node: CstNode, context: Context, out: Statement[]): void {
  const kind = node.type === "method_declaration" ? "method" : "function";
  out.push({ kind: "FunctionDecl", fn: functionOf(node, kind, context), start: node.start, end: node.end });
}

/** `func (…) {…}` as a value. */
export function lowerLambda(node: CstNode, context: Context): Expression {
  return { kind: "Lambda", fn: functionOf(node, "lambda", context), start: node.start, end: node.end };
}

/** @returns the function of a declaration, literal or interface method */
export function functionOf(node: CstNode, functionKind: FunctionKind, context: Context): FunctionNode {
  const name = functionKind === "lambda" ? null : child(node, "name");
  const body = child(node, "body");
  const parameters = child(node, "parameters");
  const result = child(node, "result");
  const receiver = receiverOf(child(node, "receiver"), context);
  const named = result !== null && result.type === "parameter_list" && result.children.some((c) => child(c, "name") !== null);
  return {
    kind: "Function",
    name: name === null ? "" : textOf(name, context),
    functionKind,
    params: parameters === null ? [] : parametersOf(parameters, context),
    body: body === null ? null : blockOf(body, node, context),
    isAsync: false,
    isGenerator: false,
    isStatic: false,
    // The type parameters of a generic receiver are declared by naming them.
    typeParams: receiver === null ? typeParamsOf(node, context) : receiver.typeParams,
    returnType: resultType(result, context),
    receiver: receiver === null ? null : { name: receiver.name, type: receiver.type },
    decorators: [],
    captures: null,
    namedResults: named ? parametersOf(result, context) : [],
    nameStart: name === null ? node.start : name.start,
    start: node.start,
    end: node.end,
  };
}

/** @returns the names that `[K comparable, V any]` of a function or type declares */
export function typeParamsOf(node: CstNode, context: Context): string[] {
  const list = child(node, "type_parameters");
  const names: string[] = [];
  if (list === null) return names;
  for (const declaration of parts(list)) for (const name of childrenOf(declaration, "name")) names.push(textOf(name, context));
  return names;
}

function receiverOf(list: CstNode | null, context: Context) {
  const declaration = list?.children.find((c) => c.type === "parameter_declaration");
  if (declaration === undefined) return null;
  const name = child(declaration, "name");
  const type = typeOf(child(declaration, "type"), declaration, context);
  const base = type.shape === "pointer" && type.args[0] !== undefined ? type.args[0] : type;
  return { name: name === null ? "" : textOf(name, context), type, typeParams: base.args.filter((arg) => arg.name !== "").map((arg) => arg.name) };
}

/** `(a, b int, c ...string)`: one parameter per name; of unnamed ones one per type. */
function parametersOf(list: CstNode, context: Context): Parameter[] {
  const parameters: Parameter[] = [];
  for (const declaration of list.children) {
    const isVariadic = declaration.type === "variadic_parameter_declaration";
    if (!isVariadic && declaration.type !== "parameter_declaration") continue;
    const names = childrenOf(declaration, "name");
    if (names.length === 0) parameters.push(parameterOf(declaration, null, isVariadic, context));
    for (const name of names) parameters.push(parameterOf(declaration, name, isVariadic, context));
  }
  return parameters;
}

function parameterOf(declaration: CstNode, name: CstNode | null, isVariadic: boolean, context: Context): Parameter {
  const written = typeOf(child(declaration, "type"), declaration, context);
  return {
    name: name === null ? "" : textOf(name, context),
    pattern: null,
    // Inside the function `a ...T` is a slice.
    type: isVariadic ? typeNode("list", "", [written], written) : written,
    defaultValue: null,
    rest: isVariadic ? "list" : "none",
    byReference: false,
    decorators: [],
    start: name === null ? declaration.start : name.start,
    end: declaration.end,
  };
}
