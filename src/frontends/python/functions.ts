import type { Block, Expression, FunctionKind, FunctionNode, Lambda, Parameter } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { blockOf, optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { parseType } from "./types.ts";

/** @returns the type written in a CST node, or null */
export function typeOf(node: CstNode | null, context: Context): TypeNode | null {
  return node === null ? null : parseType(context.text, node.start, node.end);
}

/** @returns the names of `[T: int, *Ts, **P]` */
export function typeParamsOf(node: CstNode | null, context: Context): readonly string[] {
  if (node === null) return [];
  return parts(node).map((p) => {
    let name = p;
    for (let inner = firstPart(name); inner !== null && name.type !== "identifier"; inner = firstPart(name)) name = inner;
    return textOf(name, context);
  });
}

/** The name a decorator ends in: `property` of `@property`, `setter` of `@x.setter`, `lru_cache` of `@functools.lru_cache(10)`. */
function decoratorName(decorator: Expression): string {
  const target = decorator.kind === "Call" ? decorator.callee : decorator;
  if (target.kind === "Name") return target.name;
  return target.kind === "Member" ? target.property : "";
}

const GETTERS: ReadonlySet<string> = new Set(["property", "cached_property", "abstractproperty", "getter", "hybrid_property"]);

/** Methods that take the class first without being declared so. */
const IMPLICIT_CLASS_METHODS: ReadonlySet<string> = new Set(["__new__", "__init_subclass__", "__class_getitem__"]);

function kindOf(name: string, decorators: ReadonlySet<string>, isMethod: boolean): FunctionKind {
  if (!isMethod) return "function";
  if (name === "__init__") return "constructor";
  if (name === "__del__") return "destructor";
  if (decorators.has("setter")) return "setter";
  for (const decorator of decorators) if (GETTERS.has(decorator)) return "getter";
  return "method";
}

/**
 * Lowers a `def`; in a class body it is a method.
 *
 * @param outer the decorated definition around it, or the definition itself: the function's span
 */
export function lowerFunction(node: CstNode, outer: CstNode, decorators: readonly Expression[], context: Context): FunctionNode {
  const isMethod = context.inClass;
  const nameNode = child(node, "name");
  const name = nameNode === null ? "" : textOf(nameNode, context);
  const decoratorNames = new Set(decorators.map(decoratorName));
  const takesClass = decoratorNames.has("classmethod") || IMPLICIT_CLASS_METHODS.has(name);
  const isStatic = isMethod && (takesClass || decoratorNames.has("staticmethod"));
  const all = parametersOf(child(node, "parameters"), context);
  const receiver = isMethod && (takesClass || !isStatic) ? receiverOf(all) : null;
  const returnType = typeOf(child(node, "return_type"), context);
  const { body, isGenerator } = bodyOf(node, context);
  return {
    kind: "Function",
    name,
    functionKind: kindOf(name, decoratorNames, isMethod),
    params: receiver === null ? all : all.slice(1),
    body: isBodiless(body, decoratorNames) ? null : body,
    isAsync: node.children[0]?.type === "async",
    isGenerator,
    isStatic,
    typeParams: typeParamsOf(child(node, "type_parameters"), context),
    returnType,
    receiver: receiver === null ? null : { name: receiver.name, type: receiver.type },
    decorators,
    captures: null,
    namedResults: [],
    nameStart: nameNode === null ? node.start : nameNode.start,
    start: outer.start,
    end: outer.end,
  };
}

function receiverOf(params: readonly Parameter[]): Parameter | null {
  const [first] = params;
  return first !== undefined && first.rest === "none" && first.name !== "" ? first : null;
}

/** What the enclosing function and class know of themselves does not hold inside. */
function bodyOf(node: CstNode, context: Context): { readonly body: Block; readonly isGenerator: boolean } {
  const { sawYield, inClass } = context;
  context.sawYield = false;
  context.inClass = false;
  const body = blockOf(child(node, "body"), node, context);
  const isGenerator = context.sawYield;
  context.sawYield = sawYield;
  context.inClass = inClass;
  return { body, isGenerator };
}

/** Overload signatures, and abstract methods whose body says nothing. */
function isBodiless(body: Block, decorators: ReadonlySet<string>): boolean {
  if (decorators.has("overload")) return true;
  if (!decorators.has("abstractmethod") && !decorators.has("abstractproperty")) return false;
  return body.body.every((s) => {
    if (s.kind === "Throw") return true;
    if (s.kind !== "ExprStmt") return false;
    return s.expression.kind === "Literal" || (s.expression.kind === "Name" && s.expression.name === "Ellipsis");
  });
}

/** `lambda a, b=1: a + b` */
export function lowerLambda(node: CstNode, context: Context): Lambda {
  const params = parametersOf(child(node, "parameters"), context);
  const sawYield = context.sawYield;
  context.sawYield = false;
  const value = requiredExpression(child(node, "body"), node, context);
  const isGenerator = context.sawYield;
  context.sawYield = sawYield;
  const { start, end } = value;
  const fn: FunctionNode = {
    kind: "Function",
    name: "",
    functionKind: "lambda",
    params,
    body: { kind: "Block", body: [{ kind: "Return", value, start, end }], start, end },
    isAsync: false,
    isGenerator,
    isStatic: false,
    typeParams: [],
    returnType: null,
    receiver: null,
    decorators: [],
    captures: null,
    namedResults: [],
    nameStart: node.start,
    start: node.start,
    end: node.end,
  };
  return { kind: "Lambda", fn, start: node.start, end: node.end };
}

function parametersOf(node: CstNode | null, context: Context): Parameter[] {
  const params: Parameter[] = [];
  if (node === null) return params;
  for (const part of parts(node)) {
    if (part.type !== "positional_separator" && part.type !== "keyword_separator") params.push(parameterOf(part, context));
  }
  return params;
}

function parameterOf(node: CstNode, context: Context): Parameter {
  const isPlain = node.type === "identifier" || node.type.endsWith("_pattern") || node.type === "ERROR";
  const declared = isPlain ? node : (child(node, "name") ?? firstPart(node) ?? node);
  const isSplat = declared.type === "list_splat_pattern" || declared.type === "dictionary_splat_pattern";
  const nameNode = isSplat ? firstPart(declared) : declared;
  const isName = nameNode !== null && nameNode.type === "identifier";
  return {
    name: isName ? textOf(nameNode, context) : "",
    pattern: isName ? null : optionalExpression(nameNode, context),
    type: typeOf(child(node, "type"), context),
    defaultValue: optionalExpression(child(node, "value"), context),
    rest: isSplat ? (declared.type === "list_splat_pattern" ? "list" : "map") : "none",
    byReference: false,
    decorators: [],
    start: node.start,
    end: node.end,
  };
}
