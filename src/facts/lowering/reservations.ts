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

/**
 * Declarations are reserved when they are hoisted, and filled in when their statement is reached: both find the same index by the node's offset, also
 * where several declarations share a name (overloads, one in each branch). A body that is repeated (`finally`) declares anew.
 */
export function reservedFunction(node: FunctionNode, context: FunctionContext): number {
  const { unit } = context;
  const scope = context.profile.separateVariables ? context.scope.moduleScope() : context.scope;
  const known = unit.functionsAt.get(node.start);
  const id = known === undefined || unit.functions[known]!.hasBody ? reserve(node, context) : known;
  if (node.receiver === null || !context.profile.packageScope) scope.bind(key("function", node.name, context), { binds: "function", id });
  return id;
}

function reserve(node: FunctionNode, context: FunctionContext): number {
  const { unit } = context;
  const id = unit.reserveFunction(node.name, qualify(node.name, context), node.functionKind, context.fn);
  unit.functions[id]!.start = node.start;
  unit.functionsAt.set(node.start, id);
  return id;
}

/** As `reservedFunction`, for classes. */
export function reservedClass(node: ClassDecl, context: FunctionContext): number {
  const { unit } = context;
  const scope = context.profile.separateVariables ? context.scope.moduleScope() : context.scope;
  let id = unit.classesAt.get(node.start);
  if (id === undefined) {
    id = unit.reserveClass(node.name, qualify(node.name, context), context.fn);
    unit.classes[id]!.start = node.start;
    unit.classesAt.set(node.start, id);
  }
  scope.bind(key("class", node.name, context), { binds: "class", id });
  return id;
}
