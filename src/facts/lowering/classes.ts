import type { ClassDecl, Field, FunctionNode } from "../../ast/nodes.ts";
import { Scope } from "../../semantics/scope.ts";
import { storeField } from "./assignments.ts";
import { type FunctionContext, functionContext, inScope } from "./context.ts";
import { lowerExpression } from "./expressions.ts";
import { lowerFunction } from "./functions.ts";
import { hoistFunction } from "./hoisting.ts";
import { qualify } from "./reservations.ts";
import { lowerStatements } from "./statements.ts";
import { typeFact } from "./types.ts";

/** Lowers a class with its members. @returns its index in the unit */
export function lowerClass(node: ClassDecl, outer: FunctionContext, reserved: number): number {
  const { unit } = outer;
  const id = reserved >= 0 ? reserved : unit.reserveClass(node.name, qualify(node.name, outer), outer.fn);
  const typeParams = node.typeParams.length === 0 ? outer.typeParams : new Set([...outer.typeParams, ...node.typeParams]);
  const typing: FunctionContext = { ...outer, typeParams, cls: id };
  const draft = unit.classes[id]!;
  Object.assign(draft, {
    kind: node.classKind,
    start: node.start,
    end: node.end,
    bases: node.bases.map((base) => ({ kind: base.baseKind, type: typeFact(base.type, typing)! })),
    decorators: node.decorators.map((decorator) => lowerExpression(decorator, outer)),
    aliasOf: typeFact(node.aliasOf ?? null, typing),
  });
  for (const field of node.fields) {
    const slot = unit.field(id, field.name, field.start, field.isStatic);
    slot.type = typeFact(field.type, typing);
    slot.isConst = field.isConst;
    slot.decorators = field.decorators.map((decorator) => lowerExpression(decorator, outer));
  }
  inScope(outer, new Scope("class", outer.scope, outer.fn), () => lowerMembers(node, id, { ...typing, scope: outer.scope }));
  return id;
}

function lowerMembers(node: ClassDecl, id: number, context: FunctionContext): void {
  const { unit } = context;
  const isPython = context.profile.assignmentDeclares && !context.profile.separateVariables;
  for (const field of node.fields) {
    if (!field.isStatic || field.value === null) continue;
    const value = lowerExpression(field.value, context);
    storeField({ object: { k: "class", id }, field: field.name }, value, field.start, context);
    if (isPython) bindClassName(field, value.k === "class" ? value.id : -1, context);
  }
  lowerInstanceFields(node, id, context);
  hoistFunction(node.body, context);
  lowerStatements(node.body, context);
  for (const method of node.methods) {
    const qualifiedName = `${unit.classes[id]!.qualifiedName}.${method.name}`;
    unit.classes[id]!.methods.push(lowerFunction(method, context, { cls: id, reserved: -1, qualifiedName }));
  }
}

/** Names of a Python class body are seen by the statements after them, not by the methods. */
function bindClassName(field: Field, cls: number, context: FunctionContext): void {
  if (cls >= 0) context.scope.bind(field.name, { binds: "class", id: cls });
}

/** Initialisers of instance fields run with each constructor: they are a function of their own. */
function lowerInstanceFields(node: ClassDecl, id: number, outer: FunctionContext): void {
  const fields = node.fields.filter((field) => !field.isStatic && field.value !== null && !isPromoted(field, node.methods));
  if (fields.length === 0) return;
  const { unit } = outer;
  const fn = unit.reserveFunction("", `${unit.classes[id]!.qualifiedName}`, "initializer", outer.fn);
  const context = functionContext({ ...outer, fn, cls: id, scope: new Scope("function", outer.scope, fn) });
  for (const field of fields) storeField({ object: { k: "this" }, field: field.name }, lowerExpression(field.value!, context), field.start, context);
  context.graph.end({ t: "return", value: null, at: node.end, implicit: true });
  Object.assign(unit.functions[fn]!, {
    cls: id,
    hasBody: true,
    start: node.start,
    end: node.end,
    nameAt: node.nameStart,
    graph: JSON.stringify(context.graph.finish()),
  });
  unit.classes[id]!.methods.push(fn);
}

function isPromoted(field: Field, methods: readonly FunctionNode[]): boolean {
  return methods.some((method) => method.functionKind === "constructor" && method.params.some((param) => param.start === field.start));
}
