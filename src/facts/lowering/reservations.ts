import type { ClassDecl, FunctionNode } from "../../ast/nodes.ts";
import type { FunctionContext } from "./context.ts";

/** `outer.name`: how a declaration inside a function or class is called. */
export function qualify(name: string, context: FunctionContext): string {
  if (context.profile.separateVariables) return context.namespace === "" ? name : `${context.namespace}\\${name}`;
  const outer = context.unit.functions[context.fn]!.qualifiedName;
  return outer === "" ? name : `${outer}.${name}`;
}

function key(kind: "class" | "function", name: string, context: FunctionContext): string {
  return context.profile.separateVariables ? `${kind} ${qualify(name, context).toLowerCase()}` : name;
}

/** Declarations are reserved when they are hoisted, and filled in when their statement is reached: both find the same index by the node's offset. */
export function reservedFunction(node: FunctionNode, context: FunctionContext): number {
  const { unit } = context;
  const scope = context.profile.separateVariables ? context.scope.moduleScope() : context.scope;
  if (node.receiver !== null && context.profile.packageScope) return reserve(node, context);
  const bound = scope.own(key("function", node.name, context));
  if (bound?.binds === "function" && unit.functions[bound.id]!.start === node.start && !unit.functions[bound.id]!.hasBody) return bound.id;
  const id = reserve(node, context);
  scope.bind(key("function", node.name, context), { binds: "function", id });
  return id;
}

function reserve(node: FunctionNode, context: FunctionContext): number {
  const id = context.unit.reserveFunction(node.name, qualify(node.name, context), node.functionKind, context.fn);
  context.unit.functions[id]!.start = node.start;
  return id;
}

/** As `reservedFunction`, for classes. */
export function reservedClass(node: ClassDecl, context: FunctionContext): number {
  const { unit } = context;
  const scope = context.profile.separateVariables ? context.scope.moduleScope() : context.scope;
  const bound = scope.own(key("class", node.name, context));
  if (bound?.binds === "class" && unit.classes[bound.id]!.start === node.start) return bound.id;
  const id = unit.reserveClass(node.name, qualify(node.name, context), context.fn);
  unit.classes[id]!.start = node.start;
  scope.bind(key("class", node.name, context), { binds: "class", id });
  return id;
}
