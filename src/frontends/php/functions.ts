import type { Block, Expression, FunctionKind, FunctionNode, Lambda, Parameter } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, isMargin } from "../treesitter/margins.ts";
import { attributesOf } from "./arguments.ts";
import { blockOf, childOfType, type Context } from "./context.ts";
import { variableName } from "./names.ts";
import { type DocTypes, docTypes } from "./phpdoc.ts";
import { declaredOrDocumented, optionalType } from "./types.ts";

/** Lowers a `function` declaration or, where `isMethod`, a class's method. */
export function lowerFunction(node: CstNode, isMethod: boolean, context: Context): FunctionNode {
  const doc = takeDoc(context);
  const nameNode = child(node, "name");
  const name = nameNode === null ? "" : textOf(nameNode, context);
  const decorators = attributesOf(node, context);
  const { body, isGenerator } = bodyOf(() => (child(node, "body") === null ? null : blockOf(child(node, "body"), node, context)), context);
  return {
    kind: "Function",
    name,
    functionKind: isMethod ? methodKind(name) : "function",
    params: parametersOf(child(node, "parameters"), doc, context),
    body,
    isAsync: false,
    isGenerator,
    isStatic: isMethod && childOfType(node, "static_modifier") !== null,
    typeParams: doc?.templates ?? [],
    returnType: declaredOrDocumented(optionalType(child(node, "return_type"), context), doc?.returns ?? null),
    receiver: null,
    decorators,
    captures: null,
    namedResults: [],
    nameStart: nameNode === null ? node.start : nameNode.start,
    start: node.start,
    end: node.end,
  };
}

function methodKind(name: string): FunctionKind {
  if (!name.startsWith("__")) return "method";
  const lower = name.toLowerCase();
  return lower === "__construct" ? "constructor" : lower === "__destruct" ? "destructor" : "method";
}

/** @returns the types of the doc comment above the declaration being lowered, which then is used up */
export function takeDoc(context: Context): DocTypes | null {
  const { doc } = context;
  context.doc = null;
  return doc === null ? null : docTypes(context.text, doc.start, doc.end);
}

/** What the enclosing function knows of itself does not hold inside. */
export function bodyOf(lower: () => Block | null, context: Context): { readonly body: Block | null; readonly isGenerator: boolean } {
  const { sawYield, breakables } = context;
  context.sawYield = false;
  context.breakables = [];
  const body = lower();
  const isGenerator = context.sawYield;
  context.sawYield = sawYield;
  context.breakables = breakables;
  return { body, isGenerator };
}

/** @returns a body that returns the expression */
export function returning(node: CstNode | null, parent: CstNode, context: Context): Block {
  const value = requiredExpression(node, parent, context);
  const { start, end } = value;
  return { kind: "Block", body: [{ kind: "Return", value, start, end }], start, end };
}

/** `function (…) use (…) {…}` captures what it lists, `fn (…) => …` what it mentions. A `static` one has no `$this`. */
export function lowerLambda(node: CstNode, context: Context): Lambda {
  const isArrow = node.type === "arrow_function";
  const decorators = attributesOf(node, context);
  const bodyNode = child(node, "body");
  const { body, isGenerator } = bodyOf(() => (isArrow ? returning(bodyNode, node, context) : blockOf(bodyNode, node, context)), context);
  const keyword = childOfType(node, isArrow ? "fn" : "function");
  const fn: FunctionNode = {
    kind: "Function",
    name: "",
    functionKind: "lambda",
    params: parametersOf(child(node, "parameters"), null, context),
    body,
    isAsync: false,
    isGenerator,
    isStatic: child(node, "static_modifier") !== null,
    typeParams: [],
    returnType: optionalType(child(node, "return_type"), context),
    receiver: null,
    decorators,
    captures: isArrow ? null : capturesOf(node, context),
    namedResults: [],
    nameStart: keyword === null ? node.start : keyword.start,
    start: node.start,
    end: node.end,
  };
  return { kind: "Lambda", fn, start: node.start, end: node.end };
}

function capturesOf(node: CstNode, context: Context): { readonly name: string; readonly byReference: boolean }[] {
  const captures: { name: string; byReference: boolean }[] = [];
  for (const c of childOfType(node, "anonymous_function_use_clause")?.children ?? []) {
    const variable = c.type === "by_ref" ? firstPart(c) : c;
    if (variable?.type === "variable_name") captures.push({ name: variableName(variable, context), byReference: c.type === "by_ref" });
  }
  return captures;
}

/** @returns the parameters; a doc comment's types fill in what the code leaves open */
export function parametersOf(list: CstNode | null, doc: DocTypes | null, context: Context): Parameter[] {
  const params: Parameter[] = [];
  for (const c of list?.children ?? []) if (isParameter(c)) params.push(parameterOf(c, doc, context));
  return params;
}

/** @returns whether a child of `formal_parameters` is a parameter */
export function isParameter(node: CstNode): boolean {
  return node.named && !isMargin(node) && node.type.endsWith("_parameter");
}

function parameterOf(node: CstNode, doc: DocTypes | null, context: Context): Parameter {
  const written = child(node, "name");
  const isReference = written?.type === "by_ref";
  const variable = isReference ? firstPart(written) : written;
  const name = variable?.type === "variable_name" ? variableName(variable, context) : "";
  const type = declaredOrDocumented(optionalType(child(node, "type"), context), doc?.params.get(name) ?? null);
  const defaultValue: Expression | null = optionalExpression(child(node, "default_value"), context);
  return {
    name,
    pattern: null,
    type,
    defaultValue,
    rest: node.type === "variadic_parameter" ? "list" : "none",
    byReference: isReference || child(node, "reference_modifier") !== null,
    decorators: attributesOf(node, context),
    start: node.start,
    end: node.end,
  };
}
