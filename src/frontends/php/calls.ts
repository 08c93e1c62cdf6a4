import type { Argument, Call, Expression, Index, Member } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { lowerUnknown, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, isMargin, parts } from "../treesitter/margins.ts";
import { argumentsOf } from "./arguments.ts";
import { lowerAnonymousClass } from "./classes.ts";
import { childOfType, type Context } from "./context.ts";
import { impliedName, isExit, lowerClassReference, variableName } from "./names.ts";

/** @returns a call of a function that the source names by a keyword of its own, or by an operator */
export function keywordCall(name: string, values: readonly Expression[], node: CstNode, nameLength = name.length): Call {
  const args = values.map((value): Argument => ({ value, name: "", spread: "none", start: value.start, end: value.end }));
  return call(impliedName(name, node.start, node.start + nameLength), args, node);
}

function call(callee: Expression, args: readonly Argument[], node: CstNode): Call {
  return { kind: "Call", callee, args, isNew: false, optional: false, typeArgs: [], start: node.start, end: node.end };
}

/** The call of `callee`. `f(...)` calls nothing: it makes a closure of `f`, and becomes the operator `callable` on the callee. */
function applied(callee: Expression, node: CstNode, context: Context): Expression {
  const list = child(node, "arguments");
  if (list !== null && childOfType(list, "variadic_placeholder") !== null) {
    return { kind: "Unary", operator: "callable", operand: callee, start: node.start, end: node.end };
  }
  return call(callee, argumentsOf(list, context), node);
}

/** `f(…)`, `$f(…)`, `(…)(…)`; `die` is `exit`. */
export function lowerCall(node: CstNode, context: Context): Expression {
  const written = child(node, "function");
  if (written === null) return lowerUnknown(node, context);
  const isName = written.type === "name";
  const name = isName ? textOf(written, context) : "";
  const { start, end } = written;
  return applied(isName ? impliedName(isExit(name) ? "exit" : name, start, end) : context.expression(written), node, context);
}

/** `$a->b(…)`, `$a?->b(…)` */
export function lowerMethodCall(node: CstNode, context: Context): Expression {
  return applied(lowerMember(node, context), node, context);
}

/** `A::b(…)`; `A::$b(…)` calls the method that `$b` names. */
export function lowerStaticCall(node: CstNode, context: Context): Expression {
  const name = child(node, "name");
  const scope = child(node, "scope");
  const object = scope === null ? requiredExpression(null, node, context) : lowerClassReference(scope, context);
  return applied(staticMember(node, object, name, name?.type === "name" ? textOf(name, context) : "", endOfMember(node)), node, context);
}

/** Where the callee of a call ends: before its arguments. */
function endOfMember(node: CstNode): number {
  const list = child(node, "arguments");
  let { end } = node;
  for (const c of node.children) {
    if (c === list) break;
    if (!isMargin(c)) ({ end } = c);
  }
  return end;
}

/** `$a->b`, `$a?->b`, also as the callee of a call; a computed name is empty. */
export function lowerMember(node: CstNode, context: Context): Member {
  const name = child(node, "name");
  return {
    kind: "Member",
    object: requiredExpression(child(node, "object"), node, context),
    property: name?.type === "name" ? textOf(name, context) : "",
    optional: node.type.startsWith("nullsafe"),
    isStatic: false,
    propertyStart: name === null ? node.end : name.start,
    start: node.start,
    end: endOfMember(node),
  };
}

/** `A::$b`; `A::$$b` is computed. */
export function lowerStaticProperty(node: CstNode, context: Context): Expression {
  const name = child(node, "name");
  const scope = child(node, "scope");
  const object = scope === null ? requiredExpression(null, node, context) : lowerClassReference(scope, context);
  return staticMember(node, object, name, name?.type === "variable_name" ? variableName(name, context) : "", node.end);
}

function staticMember(node: CstNode, object: Expression, name: CstNode | null, property: string, end: number): Member {
  return { kind: "Member", object, property, optional: false, isStatic: true, propertyStart: name === null ? end : name.start, start: node.start, end };
}

/** `A::B`, `A::class`, `A::{$b}` */
export function lowerClassConstant(node: CstNode, context: Context): Expression {
  const [scope, name] = parts(node);
  if (scope === undefined) return lowerUnknown(node, context);
  const isComputed = childOfType(node, "{") !== null;
  const property = name === undefined || isComputed ? "" : textOf(name, context);
  return staticMember(node, lowerClassReference(scope, context), name ?? null, property, node.end);
}

/** `$a[1]`, `$a[]` */
export function lowerSubscript(node: CstNode, context: Context): Index {
  const [object, index] = parts(node);
  return {
    kind: "Index",
    object: requiredExpression(object ?? null, node, context),
    index: index === undefined ? null : context.expression(index),
    optional: false,
    start: node.start,
    end: node.end,
  };
}

/** `new A(…)`, `new $x`, `new class (…) {…}` */
export function lowerNew(node: CstNode, context: Context): Expression {
  const anonymous = childOfType(node, "anonymous_class");
  const written = firstPart(node);
  if (written === null) return lowerUnknown(node, context);
  const callee = anonymous === null ? lowerClassReference(written, context) : lowerAnonymousClass(anonymous, context);
  const args = argumentsOf(childOfType(anonymous ?? node, "arguments"), context);
  return { kind: "Call", callee, args, isNew: true, optional: false, typeArgs: [], start: node.start, end: node.end };
}
