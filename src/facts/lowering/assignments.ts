import type { Collection, DeclarationKind, Expression, Name } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { Value } from "../../flow/values.ts";
import { branchOn, testOfValue } from "./conditions.ts";
import type { FunctionContext } from "./context.ts";
import { derivedOf, fieldOf, lowerExpression } from "./expressions.ts";
import { exportAssignment } from "./exports.ts";
import { scopeKey } from "./names.ts";
import { typeFact } from "./types.ts";

/** How the names of a target come into being. */
export interface DeclarationInfo {
  readonly declares: DeclarationKind | null;
  readonly type: TypeNode | null;
  readonly at: number;
}

/** Adds `target operator value` and returns what the assignment as an expression refers to. */
export function assign(target: Expression, operator: string, valueNode: Expression, info: DeclarationInfo, context: FunctionContext): Value {
  if (operator !== "=") return assignUpdate(target, operator, valueNode, info, context);
  if (target.kind === "Collection" && target.collectionKind === "tuple" && valueNode.kind === "Collection" && valueNode.collectionKind === "tuple") {
    return assignPairwise(target, valueNode, info, context);
  }
  const value = lowerExpression(valueNode, context);
  if (target.kind === "Member" && exportAssignment(target, value, context)) return value;
  assignValue(target, value, info, context);
  return target.kind === "Name" && !isBlank(target, context) ? variableOf(target, info, context) : value;
}

/** `a, b = b, a`: all values are read before any target is written. */
function assignPairwise(target: Collection, valueNode: Collection, info: DeclarationInfo, context: FunctionContext): Value {
  const values = valueNode.entries.map((entry) => lowerExpression(entry.value, context));
  const same = values.length === target.entries.length && !target.entries.some((entry) => entry.spread) && !valueNode.entries.some((entry) => entry.spread);
  const whole: Value = { k: "coll", kind: "tuple", items: values, keys: values.map(() => null), size: values.length, at: valueNode.start };
  if (same) for (const [i, entry] of target.entries.entries()) assignValue(entry.value, values[i]!, info, context);
  else assignValue(target, whole, info, context);
  return whole;
}

function assignUpdate(target: Expression, operator: string, valueNode: Expression, info: DeclarationInfo, context: FunctionContext): Value {
  const old = lowerExpression(target, context);
  if (operator === "??=" || operator === "||=" || operator === "&&=") return assignWhenNeeded(target, old, operator, valueNode, info, context);
  return update(target, old, derivedOf([old, lowerExpression(valueNode, context)]), info, context);
}

/** `a ??= b`: b is evaluated, and a written, only on the way where it is needed. */
function assignWhenNeeded(
  target: Expression,
  old: Value,
  operator: "??=" | "||=" | "&&=",
  valueNode: Expression,
  info: DeclarationInfo,
  context: FunctionContext,
): Value {
  const { graph } = context;
  const [needed, join] = [graph.block(), graph.block()];
  const test = operator === "??=" ? ({ test: "null", value: old } as const) : testOfValue(old);
  if (operator === "||=") branchOn(test, join, needed, info.at, context);
  else branchOn(test, needed, join, info.at, context);
  graph.continueAt(needed);
  const value = update(target, old, { k: "either", of: [old, lowerExpression(valueNode, context)] }, info, context);
  graph.jump(join);
  graph.continueAt(join);
  return value;
}

/** Writes a value that is made from the old one. */
function update(target: Expression, old: Value, value: Value, info: DeclarationInfo, context: FunctionContext): Value {
  if (target.kind !== "Index") assignValue(target, value, info, context);
  else if (old.k === "index") context.graph.event({ e: "put", object: old.of, key: old.key, value, at: info.at, update: true });
  return value;
}

/** Go's blank identifier takes a value and keeps nothing. https://go.dev/ref/spec#Blank_identifier */
function isBlank(target: Name, context: FunctionContext): boolean {
  return target.name === "_" && context.profile.packageScope;
}

/** Adds the events that give a target its value; patterns are taken apart. */
export function assignValue(target: Expression, value: Value, info: DeclarationInfo, context: FunctionContext): void {
  const { graph } = context;
  switch (target.kind) {
    case "Name":
      if (!isBlank(target, context)) setVariable(target, value, info, context);
      return;
    case "Literal":
      // A hole in a pattern.
      return;
    case "Member":
      storeField(lowerOwner(target, context), value, info.at, context);
      return;
    case "Index": {
      const object = lowerExpression(target.object, context);
      const key = target.index === null ? null : lowerExpression(target.index, context);
      graph.event({ e: "put", object, key, value, at: info.at, update: false });
      return;
    }
    case "Collection":
      assignPattern(target, value, info, context);
      return;
    case "DefaultPattern":
      assignValue(target.target, { k: "either", of: [value, lowerExpression(target.defaultValue, context)] }, info, context);
      return;
    case "Spread":
      assignValue(target.value, { k: "slice", of: value }, info, context);
      return;
    case "Cast":
      assignValue(target.value, value, info, context);
      return;
    case "Unary":
      // `*p = v`: whoever gave the pointer has it.
      if (target.operator === "*") graph.event({ e: "escape", values: [value], at: info.at });
      assignValue(target.operand, value, info, context);
      return;
    default:
      lowerExpression(target, context);
      graph.event({ e: "escape", values: [value], at: info.at });
  }
}

interface Owner {
  readonly object: Value;
  readonly field: string;
}

/** The object and the field of a member that is written. */
function lowerOwner(target: Extract<Expression, { kind: "Member" }>, context: FunctionContext): Owner {
  const member = lowerExpression(target, context);
  if (member.k === "field") return { object: member.of, field: member.name };
  if (member.k !== "ref") return { object: member, field: target.property };
  const dot = member.name.lastIndexOf(".");
  const object: Value = { k: "ref", module: member.module, name: dot < 0 ? "" : member.name.slice(0, dot) };
  return { object, field: target.property };
}

/** Adds a store; stores to the own object's fields are also noted as definitions of the class's field. */
export function storeField(owner: Owner, value: Value, at: number, context: FunctionContext): void {
  context.graph.event({ e: "store", object: owner.object, field: owner.field, value, at });
  const definition = { fn: context.fn, value, at };
  if (owner.object.k === "this" && context.cls >= 0) context.unit.defineField(context.cls, owner.field, false, definition);
  if (owner.object.k === "class") context.unit.defineField(owner.object.id, owner.field, true, definition);
}

function assignPattern(target: Collection, value: Value, info: DeclarationInfo, context: FunctionContext): void {
  const plain: DeclarationInfo = { ...info, type: null };
  let i = 0;
  for (const entry of target.entries) {
    const literalKey = entry.key?.kind === "Literal" ? String(entry.key.value) : null;
    let part: Value;
    if (entry.spread) part = { k: "slice", of: value };
    else if (literalKey !== null)
      part = target.collectionKind === "object" ? fieldOf(value, literalKey) : { k: "index", of: value, key: { k: "const", v: literalKey } };
    else if (entry.key !== null) part = { k: "index", of: value, key: lowerExpression(entry.key, context) };
    else part = { k: "item", of: value, i };
    assignValue(entry.value, part, plain, context);
    i++;
  }
}

/** @returns the variable a name stands for where it is written, declared if need be */
function variableOf(target: Name, info: DeclarationInfo, context: FunctionContext): Value {
  const key = scopeKey(target, context);
  const { unit, scope, profile } = context;
  const declares = info.declares;
  const home = declares === "var" && !profile.packageScope ? scope.functionScope() : scope;
  const bound = declares === null ? scope.lookup(key) : (home.own(key) ?? null);
  if (bound?.binds === "variable") {
    if (unit.variables[bound.id]!.fn !== context.fn) unit.capture(bound.id, context.fn);
    return { k: "var", id: bound.id };
  }
  if (declares === null && bound?.binds === "receiver") return { k: "this" };
  if (declares === null && !profile.assignmentDeclares) {
    return bound?.binds === "import" ? { k: "ref", module: bound.module, name: bound.member } : { k: "ref", module: null, name: target.name };
  }
  const id = unit.variable(target.name, context.fn, target.start, {
    type: typeFact(info.type, context),
    isConst: declares === "const",
    isStatic: declares === "static",
  });
  (declares === null ? scope.functionScope() : home).bind(key, { binds: "variable", id });
  return { k: "var", id };
}

function setVariable(target: Name, value: Value, info: DeclarationInfo, context: FunctionContext): void {
  const variable = variableOf(target, info, context);
  if (variable.k === "var") {
    const draft = context.unit.variables[variable.id]!;
    if (draft.type === null && info.type !== null) draft.type = typeFact(info.type, context);
    if (info.declares === "const") draft.isConst = true;
    if (info.declares === "static") draft.isStatic = true;
    context.unit.define(variable.id, { fn: context.fn, value, at: info.at });
    context.graph.event({ e: "set", var: variable.id, value, at: info.at });
    return;
  }
  // A name of another file of the package, or a global: a store to whatever holds it.
  const field = target.name;
  context.graph.event({ e: "store", object: { k: "ref", module: null, name: "" }, field, value, at: info.at });
}

/** Declares the variables of a target without giving them a value (`var x T`). */
export function declareOnly(target: Expression, info: DeclarationInfo, context: FunctionContext): void {
  if (target.kind === "Name" && !isBlank(target, context)) {
    const variable = variableOf(target, info, context);
    if (variable.k === "var") {
      const draft = context.unit.variables[variable.id]!;
      draft.type ??= typeFact(info.type, context);
      context.graph.event({ e: "set", var: variable.id, value: { k: "const", v: null }, at: info.at });
    }
  } else if (target.kind === "Collection") {
    for (const entry of target.entries) declareOnly(entry.value, info, context);
  }
}

/** Gives a pattern its value. @returns the variables bound by plain names anywhere in it */
export function bindPattern(target: Expression, value: Value, declares: DeclarationKind | null, context: FunctionContext): number[] {
  assignValue(target, value, { declares, type: null, at: target.start }, context);
  const bound: number[] = [];
  const collect = (node: Expression): void => {
    if (node.kind === "Name") {
      const binding = context.scope.lookup(scopeKey(node, context));
      if (binding?.binds === "variable") bound.push(binding.id);
    } else if (node.kind === "Collection") for (const entry of node.entries) collect(entry.value);
    else if (node.kind === "DefaultPattern") collect(node.target);
    else if (node.kind === "Spread") collect(node.value);
  };
  collect(target);
  return bound;
}
