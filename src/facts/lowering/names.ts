import type { Name } from "../../ast/nodes.ts";
import type { ClassValue, RefValue, Value } from "../../flow/values.ts";
import type { Binding } from "../../semantics/scope.ts";
import type { FunctionContext } from "./context.ts";

/** The key under which a name is bound: PHP keeps variables apart. */
export function scopeKey(name: Name, context: FunctionContext): string {
  return context.profile.separateVariables && name.isVariable ? `$${name.name}` : name.name;
}

/** @returns a reference to a member of what `ref` names */
export function memberRef(ref: RefValue, member: string): RefValue {
  const name = ref.name === "" ? member : `${ref.name}.${member}`;
  return ref.fallback === undefined ? { k: "ref", module: ref.module, name } : { k: "ref", module: ref.module, name, fallback: `${ref.fallback}.${member}` };
}

/** @returns what a bound name stands for; a mention of an outer function's variable is a capture */
export function valueOfBinding(binding: Binding, context: FunctionContext): Value {
  switch (binding.binds) {
    case "variable":
      if (context.unit.variables[binding.id]!.fn !== context.fn) context.unit.capture(binding.id, context.fn);
      return { k: "var", id: binding.id };
    case "function":
      return { k: "fn", id: binding.id };
    case "class":
      return { k: "class", id: binding.id };
    case "receiver":
      return { k: "this" };
    case "import":
      return { k: "ref", module: binding.module, name: binding.member };
  }
}

/** @returns what a name stands for where it is read */
export function valueOfName(name: Name, context: FunctionContext): Value {
  if (context.profile.separateVariables && !name.isVariable) return phpName(name.name, "function", context);
  const binding = context.scope.lookup(scopeKey(name, context));
  if (binding !== null) return valueOfBinding(binding, context);
  if (context.profile.separateVariables) {
    const id = context.unit.variable(name.name, context.fn, name.start);
    context.scope.functionScope().bind(scopeKey(name, context), { binds: "variable", id });
    return { k: "var", id };
  }
  return { k: "ref", module: null, name: name.name };
}

/** Type names that stand in no namespace. https://www.php.net/manual/en/reserved.other-reserved-words.php */
const builtInTypes: ReadonlySet<string> = new Set([
  "array",
  "bool",
  "callable",
  "false",
  "float",
  "int",
  "iterable",
  "mixed",
  "never",
  "null",
  "object",
  "string",
  "true",
  "void",
]);

/** The key of a PHP import, which is found in any case; those of functions and constants stand apart from those of classes and namespaces. */
export function importKey(local: string, isCallable: boolean): string {
  return isCallable ? `${local.toLowerCase()}()` : local.toLowerCase();
}

/**
 * Resolves a PHP function, class or constant name by the language's rules: absolute, by `use`, or in the namespace; functions fall back to the
 * global namespace. https://www.php.net/manual/en/language.namespaces.rules.php
 */
export function phpName(name: string, kind: "class" | "function", context: FunctionContext): RefValue | ClassValue | Value {
  if (kind === "class") {
    const lower = name.toLowerCase();
    if ((lower === "self" || lower === "static") && context.cls >= 0) return { k: "class", id: context.cls };
    if (builtInTypes.has(lower)) return { k: "ref", module: null, name: lower };
  }
  if (name.startsWith("\\")) return phpBound(name.slice(1), kind, context);
  const slash = name.indexOf("\\");
  const head = slash < 0 ? name : name.slice(0, slash);
  const alias = context.scope.moduleScope().own(importKey(head, slash < 0 && kind === "function"));
  if (alias?.binds === "import") return phpBound(slash < 0 ? alias.module : alias.module + name.slice(slash), kind, context);
  if (context.namespace === "") return phpBound(name, kind, context);
  const full = phpBound(`${context.namespace}\\${name}`, kind, context);
  return full.k === "ref" && kind === "function" && slash < 0 ? { ...full, fallback: name } : full;
}

/** A fully qualified PHP name: a class or function of this very file, or a reference. */
function phpBound(full: string, kind: "class" | "function", context: FunctionContext): RefValue | ClassValue | Value {
  const own = context.scope.moduleScope().own(kind === "class" ? `class ${full.toLowerCase()}` : `function ${full.toLowerCase()}`);
  return own === null ? { k: "ref", module: null, name: full } : valueOfBinding(own, context);
}
