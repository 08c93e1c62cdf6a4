import type { TypeNode } from "../../ast/types.ts";
import type { ClassValue, RefValue, TypeFact } from "../../flow/values.ts";
import type { FunctionContext } from "./context.ts";
import { memberRef, phpName, valueOfBinding } from "./names.ts";

/** @returns the type with its names resolved as far as this file can; null for null */
export function typeFact(node: TypeNode | null, context: FunctionContext): TypeFact | null {
  return node === null ? null : factOf(node, context, 0);
}

function factOf(node: TypeNode, context: FunctionContext, depth: number): TypeFact {
  if (depth > 12) return { shape: "unknown", ref: null, args: [] };
  const args = node.args.map((arg) => factOf(arg, context, depth + 1));
  if (node.shape !== "named") {
    const fields = node.fields?.map((field) => [field.name, factOf(field.type, context, depth + 1)] as const);
    return fields === undefined ? { shape: node.shape, ref: null, args } : { shape: node.shape, ref: null, args, fields: Object.fromEntries(fields) };
  }
  return { shape: "named", ref: typeRef(node.name, context), args };
}

/** @returns what a type's name refers to; null for type parameters and nameless types */
function typeRef(name: string, context: FunctionContext): RefValue | ClassValue | null {
  if (name === "" || context.typeParams.has(name)) return null;
  if (context.profile.separateVariables) {
    const value = phpName(name, "class", context);
    return value.k === "ref" || value.k === "class" ? value : null;
  }
  const [head, ...rest] = name.split(".");
  const binding = context.scope.lookup(head!);
  if (binding === null) return { k: "ref", module: null, name };
  const value = valueOfBinding(binding, context);
  if (value.k === "ref") return rest.reduce(memberRef, value);
  if (value.k === "class" && rest.length === 0) return value;
  // A variable of the module may name a type: `Redis = redis.asyncio.Redis`.
  return value.k === "var" && context.unit.variables[value.id]!.fn === 0 ? { k: "ref", module: null, name } : null;
}
