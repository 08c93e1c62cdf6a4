import type { FunctionNode, Parameter } from "../../ast/nodes.ts";
import type { RefValue, TypeFact } from "../../flow/values.ts";
import { Scope } from "../../semantics/scope.ts";
import type { ParameterFact } from "../unit.ts";
import { assignValue } from "./assignments.ts";
import { type FunctionContext, functionContext } from "./context.ts";
import { lowerExpression } from "./expressions.ts";
import { hoist, hoistFunction } from "./hoisting.ts";
import { qualify } from "./reservations.ts";
import { lowerStatements } from "./statements.ts";
import { typeFact } from "./types.ts";

/** Where a function belongs. */
export interface FunctionPlace {
  /** Class it is a method of, or whose `this` it sees; -1 for none. */
  readonly cls: number;
  /** Index reserved for it, -1 for none. */
  readonly reserved: number;
  /** Full name, where it is not made from the enclosing function's. */
  readonly qualifiedName?: string;
}

/** Lowers a function with everything inside it. @returns its index in the unit */
export function lowerFunction(node: FunctionNode, outer: FunctionContext, place: FunctionPlace): number {
  const { unit, profile } = outer;
  const id =
    place.reserved >= 0 ? place.reserved : unit.reserveFunction(node.name, place.qualifiedName ?? qualify(node.name, outer), node.functionKind, outer.fn);
  const cls = place.cls >= 0 ? place.cls : receiverClass(node, outer);
  const open = seesOuter(node, outer);
  const context = functionContext({
    unit,
    profile,
    cls,
    fn: id,
    language: outer.language,
    scope: new Scope("function", open ? outer.scope : outer.scope.moduleScope(), id, !open),
    namespace: outer.namespace,
    typeParams: node.typeParams.length === 0 ? outer.typeParams : new Set([...outer.typeParams, ...node.typeParams]),
  });
  const draft = unit.functions[id]!;
  Object.assign(draft, {
    kind: node.functionKind,
    isAsync: node.isAsync,
    isGenerator: node.isGenerator,
    isStatic: node.isStatic,
    cls,
    hasBody: node.body !== null,
    start: node.start,
    end: node.end,
    nameAt: node.nameStart,
    parent: outer.fn,
    receiver: profile.packageScope && node.receiver !== null ? typeFact(node.receiver.type, context) : null,
    receiverName: node.receiver?.name ?? "",
    decorators: node.decorators.map((decorator) => lowerExpression(decorator, outer)),
  });
  if (place.qualifiedName !== undefined) draft.qualifiedName = place.qualifiedName;
  else if (receiverRef(draft.receiver) !== null) draft.qualifiedName = `${receiverRef(draft.receiver)!.name}.${node.name}`;
  else if (cls >= 0 && profile.packageScope && node.receiver !== null) draft.qualifiedName = `${unit.classes[cls]!.name}.${node.name}`;
  // A function expression knows itself by its name: https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Operators/function
  if (node.functionKind === "lambda" && node.name !== "" && open) context.scope.bind(node.name, { binds: "function", id });
  bindCaptures(node, outer, context);
  if (node.receiver !== null && node.receiver.name !== "") context.scope.bind(node.receiver.name, { binds: "receiver" });
  draft.params = node.params.map((param) => lowerParameter(param, context));
  const returns = typeFact(node.returnType, context);
  draft.returns = returns;
  draft.results = resultsOf(node, returns, context);
  draft.namedResults = node.namedResults.map((result) => declareResult(result, context));
  lowerBody(node, context);
  if (cls >= 0 && profile.packageScope && node.receiver !== null) unit.classes[cls]!.methods.push(id);
  return id;
}

/** PHP named functions and methods see nothing of what encloses them; its arrow functions do. */
function seesOuter(node: FunctionNode, outer: FunctionContext): boolean {
  if (outer.profile.closuresSeeOuter) return true;
  return node.captures === null && node.functionKind === "lambda";
}

function receiverClass(node: FunctionNode, outer: FunctionContext): number {
  if (!outer.profile.packageScope || node.receiver === null || node.receiver.type === null) return -1;
  let { type } = node.receiver;
  while (type.shape === "pointer" && type.args[0] !== undefined) type = type.args[0];
  const binding = outer.scope.lookup(type.name);
  return binding?.binds === "class" ? binding.id : -1;
}

/** The name of a receiver's type that another file declares, pointers aside. */
function receiverRef(receiver: TypeFact | null): RefValue | null {
  let type = receiver;
  while (type?.shape === "pointer" && type.args[0] !== undefined) type = type.args[0];
  return type?.ref?.k === "ref" ? type.ref : null;
}

function bindCaptures(node: FunctionNode, outer: FunctionContext, context: FunctionContext): void {
  for (const capture of node.captures ?? []) {
    const key = outer.profile.separateVariables ? `$${capture.name}` : capture.name;
    const bound = outer.scope.lookup(key);
    if (bound === null) continue;
    context.scope.bind(key, bound);
    if (bound.binds === "variable") context.unit.capture(bound.id, context.fn);
  }
}

function lowerParameter(param: Parameter, context: FunctionContext): ParameterFact {
  const { unit } = context;
  const type = typeFact(param.type, context);
  const variable = unit.variable(param.name, context.fn, param.start, { type, isParameter: true });
  if (param.name !== "") context.scope.bind(context.profile.separateVariables ? `$${param.name}` : param.name, { binds: "variable", id: variable });
  const defaultValue = param.defaultValue === null ? null : lowerExpression(param.defaultValue, context);
  if (defaultValue !== null && defaultValue.k !== "const") unit.define(variable, { fn: context.fn, value: defaultValue, at: param.start });
  if (param.pattern !== null)
    assignValue(
      param.pattern,
      { k: "var", id: variable },
      { declares: context.profile.assignmentDeclares ? null : "let", type: null, at: param.start },
      context,
    );
  const field = context.cls >= 0 ? unit.classes[context.cls]!.fields.get(param.name) : undefined;
  if (field !== undefined && field.at === param.start) {
    // A constructor parameter that is a property too.
    const value = { k: "var", id: variable } as const;
    unit.defineField(context.cls, param.name, false, { fn: context.fn, value, at: param.start });
    context.graph.event({ e: "store", object: { k: "this" }, field: param.name, value, at: param.start });
  }
  return { name: param.name, variable, type, defaultValue, rest: param.rest, byReference: param.byReference };
}

function resultsOf(node: FunctionNode, returns: TypeFact | null, context: FunctionContext): readonly TypeFact[] {
  if (!context.profile.packageScope) return [];
  if (node.namedResults.length > 0) return node.namedResults.map((result) => typeFact(result.type, context) ?? { shape: "unknown", ref: null, args: [] });
  if (returns === null) return [];
  return returns.shape === "tuple" ? returns.args : [returns];
}

function declareResult(result: Parameter, context: FunctionContext): number {
  const variable = context.unit.variable(result.name, context.fn, result.start, { type: typeFact(result.type, context) });
  if (result.name !== "" && result.name !== "_") context.scope.bind(result.name, { binds: "variable", id: variable });
  return variable;
}

function lowerBody(node: FunctionNode, context: FunctionContext): void {
  const { graph } = context;
  if (node.body !== null) {
    hoistFunction(node.body.body, context);
    hoist(node.body.body, context);
    lowerStatements(node.body.body, context);
    graph.end({ t: "return", value: null, at: Math.max(node.body.start, node.end - 1), implicit: true });
  }
  context.unit.functions[context.fn]!.graph = JSON.stringify(graph.finish());
}
