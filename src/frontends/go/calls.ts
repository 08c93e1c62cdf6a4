import type { Argument, Call, Cast, Expression } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { guardedExpression, memberOf, optionalExpression, requiredExpression, textOf, unknown } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { emptyLiteral, tupleOf } from "./collections.ts";
import { type Context, lowerName } from "./context.ts";
import { TYPES, lowerType, typeArguments } from "./types.ts";

/** The predeclared types: https://go.dev/ref/spec#Predeclared_identifiers */
const PREDECLARED_TYPES: ReadonlySet<string> = new Set([
  "any",
  "bool",
  "byte",
  "comparable",
  "complex64",
  "complex128",
  "error",
  "float32",
  "float64",
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "rune",
  "string",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uintptr",
]);

/** `f(…)`, `f[T](…)` and, where the callee can only be a type, `(*T)(x)`. */
export function lowerCall(node: CstNode, context: Context): Expression {
  const fn = child(node, "function");
  const list = child(node, "arguments");
  const args = list === null ? [] : parts(list);
  const made = fn?.type === "identifier" && textOf(fn, context) === "new" && args.length === 1 ? newOf(node, args[0]!, context) : null;
  if (made !== null) return made;
  const pointer = fn === null ? null : pointerType(fn);
  if (pointer !== null && args.length === 1 && args[0]!.type !== "variadic_argument") return cast(node, pointer, args[0]!, context);
  const instance = fn === null ? null : instanceOf(fn, child(node, "type_arguments"), context);
  const callee = instance === null ? requiredExpression(fn, node, context) : instance.generic;
  const typeArgs = instance === null ? [] : instance.typeArgs;
  return call(
    node,
    callee,
    args.map((arg) => argument(arg, context)),
    typeArgs,
  );
}

/** `new(http.Client)` makes what `&http.Client{}` does (https://go.dev/ref/spec#Allocation); null for types that no literal makes. */
function newOf(node: CstNode, type: CstNode, context: Context): Expression | null {
  const isNamed = type.type === "qualified_type" || type.type === "generic_type" || type.type === "type_identifier";
  if (!isNamed || PREDECLARED_TYPES.has(textOf(type, context))) return null;
  const operand = emptyLiteral(type, node, context);
  return operand.collectionKind === "struct" ? { kind: "Unary", operator: "&", operand, start: node.start, end: node.end } : null;
}

function call(node: CstNode, callee: Expression, args: readonly Argument[], typeArgs: readonly TypeNode[]): Call {
  return { kind: "Call", callee, args, isNew: false, optional: false, typeArgs, start: node.start, end: node.end };
}

function cast(node: CstNode, type: CstNode, operand: CstNode | null, context: Context): Cast {
  const value = requiredExpression(operand, node, context);
  return { kind: "Cast", value, type: lowerType(type, context), isAssertion: false, start: node.start, end: node.end };
}

function argument(node: CstNode, context: Context): Argument {
  const isSpread = node.type === "variadic_argument";
  const value = isSpread ? requiredExpression(firstPart(node), node, context) : context.expression(node);
  return { value, name: "", spread: isSpread ? "list" : "none", start: node.start, end: node.end };
}

/** `(*T)`, `(*pkg.T)`, `(*T[A])` as a callee; functions are practically never called through a pointer. */
function pointerType(callee: CstNode): CstNode | null {
  const inner = callee.type === "parenthesized_expression" ? firstPart(callee) : null;
  if (inner === null || inner.type !== "unary_expression" || child(inner, "operator")?.type !== "*") return null;
  const operand = child(inner, "operand")?.type;
  return operand === "identifier" || operand === "selector_expression" || operand === "index_expression" ? inner : null;
}

interface Instance {
  readonly generic: Expression;
  readonly typeArgs: readonly TypeNode[];
}

/** A callee with what stands in brackets after it: type arguments, or the index of a map or list of functions. Null where there is nothing to tell apart. */
function instanceOf(callee: CstNode, list: CstNode | null, context: Context): Instance | null {
  if (list !== null) {
    const generic = context.expression(callee);
    if (areTypes(list, context)) return { generic, typeArgs: typeArguments(list, context) };
    const index = valueArgument(firstPart(list) ?? list, context);
    return { generic: { kind: "Index", object: generic, index, optional: false, start: callee.start, end: list.end }, typeArgs: [] };
  }
  if (callee.type === "type_instantiation_expression") {
    const [generic, ...types] = parts(callee);
    return generic === undefined ? null : { generic: valueArgument(generic, context), typeArgs: types.map((type) => lowerType(type, context)) };
  }
  const index = callee.type === "index_expression" ? child(callee, "index") : null;
  if (index === null || !isType(index, context)) return null;
  return { generic: requiredExpression(child(callee, "operand"), callee, context), typeArgs: [lowerType(index, context)] };
}

/** Whether what the grammar took for type arguments are some; several always are. */
function areTypes(list: CstNode, context: Context): boolean {
  const types = parts(list);
  return types.length !== 1 || isType(types[0]!, context);
}

/** Whether what stands between brackets is a type rather than a value. Names that this file does not declare are types when they are exported. */
function isType(node: CstNode, context: Context): boolean {
  let at: CstNode | null = node;
  while (at !== null) {
    switch (at.type) {
      case "identifier":
      case "type_identifier":
        return isTypeName(textOf(at, context), context);
      case "selector_expression":
        return isPackage(child(at, "operand"), context);
      case "qualified_type":
        return isPackage(child(at, "package"), context);
      case "type_elem":
        at = parts(at).length === 1 ? firstPart(at) : null;
        break;
      case "unary_expression":
        at = child(at, "operator")?.type === "*" ? child(at, "operand") : null;
        break;
      case "pointer_type":
      case "parenthesized_type":
      case "parenthesized_expression":
        at = firstPart(at);
        break;
      case "index_expression":
        at = child(at, "index");
        break;
      case "generic_type":
        at = firstPart(child(at, "type_arguments") ?? at);
        break;
      default:
        return at.type in TYPES;
    }
  }
  return false;
}

function isTypeName(name: string, context: Context): boolean {
  const first = name[0] ?? "";
  return PREDECLARED_TYPES.has(name) || context.declaredTypes.has(name) || (first !== first.toLowerCase() && first === first.toUpperCase());
}

function isPackage(node: CstNode | null, context: Context): boolean {
  return node !== null && context.packages.has(textOf(node, context));
}

/** What the grammar takes for a conversion: `[]byte(x)` is one; `f[T](x)` is a call of a generic function, or of an element of a map or list. */
export function lowerConversion(node: CstNode, context: Context): Expression {
  const type = child(node, "type");
  const operand = child(node, "operand");
  const isCall = type !== null && (type.type === "generic_type" || type.type === "type_identifier" || type.type === "qualified_type");
  if (type === null || !isCall) return cast(node, type ?? node, operand, context);
  const args = operand === null ? [] : [argument(operand, context)];
  const list = child(type, "type_arguments");
  if (list === null || !areTypes(list, context)) return call(node, valueArgument(type, context), args, []);
  return call(node, valueArgument(child(type, "type") ?? type, context), args, typeArguments(list, context));
}

/** The value that was taken for a type: `m[k]`, `a.b`. */
function valueArgument(node: CstNode, context: Context): Expression {
  return guardedExpression(node, context, valueOfType);
}

function valueOfType(node: CstNode, context: Context): Expression {
  const { start, end } = node;
  const inner = firstPart(node) ?? node;
  switch (node.type) {
    case "type_identifier":
      return lowerName(node, context);
    case "qualified_type":
      return lowerQualified(node, context);
    case "generic_type": {
      const list = child(node, "type_arguments") ?? node;
      const indices = parts(list).map((part) => valueArgument(part, context));
      const index = indices.length > 1 ? tupleOf(indices, list) : (indices[0] ?? null);
      return { kind: "Index", object: valueArgument(child(node, "type") ?? node, context), index, optional: false, start, end };
    }
    case "pointer_type":
      return { kind: "Unary", operator: "*", operand: valueArgument(inner, context), start, end };
    case "parenthesized_type":
      return valueArgument(inner, context);
    case "type_elem": {
      // `m[a|b](x)`.
      const [first, ...rest] = parts(node).map((part) => valueArgument(part, context));
      return rest.reduce<Expression>((left, right) => ({ kind: "Binary", operator: "|", left, right, start, end: right.end }), first ?? unknown(node));
    }
    default:
      return context.expression(node);
  }
}

function lowerQualified(node: CstNode, context: Context): Expression {
  const name = child(node, "package");
  return memberOf(node, name === null ? unknown(node) : lowerName(name, context), child(node, "name"), context);
}

/** `f[A, B]` without a call. */
export function lowerInstantiation(node: CstNode, context: Context): Expression {
  const [generic, ...types] = parts(node);
  if (generic === undefined) return unknown(node);
  const indices = types.map(context.expression);
  const [first] = indices;
  const span = { start: first?.start ?? node.end, end: indices.at(-1)?.end ?? node.end };
  const index = indices.length > 1 ? tupleOf(indices, span) : (first ?? null);
  return { kind: "Index", object: valueArgument(generic, context), index, optional: false, start: node.start, end: node.end };
}

/** `a.b`. */
export function lowerSelector(node: CstNode, context: Context): Expression {
  return memberOf(node, requiredExpression(child(node, "operand"), node, context), child(node, "field"), context);
}

/** `a[i]`; `f[T]` is an Index too. */
export function lowerIndex(node: CstNode, context: Context): Expression {
  const object = requiredExpression(child(node, "operand"), node, context);
  return { kind: "Index", object, index: optionalExpression(child(node, "index"), context), optional: false, start: node.start, end: node.end };
}
