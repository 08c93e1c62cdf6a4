import type { Export, Expression, Member } from "../../ast/nodes.ts";
import type { Value } from "../../flow/values.ts";
import type { FunctionContext } from "./context.ts";
import { valueOfBinding } from "./names.ts";

const isUnbound = (node: Expression, name: string, context: FunctionContext): boolean =>
  node.kind === "Name" && node.name === name && context.scope.lookup(name) === null;

const isModuleExports = (node: Expression, context: FunctionContext): boolean =>
  node.kind === "Member" && node.property === "exports" && isUnbound(node.object, "module", context);

/** Notes `module.exports = x`, `module.exports.a = x` and `exports.a = x`. @returns whether it was one of them */
export function exportAssignment(target: Member, value: Value, context: FunctionContext): boolean {
  if (!context.profile.hoistsBlocks || context.profile.assignmentDeclares) return false;
  // Calls of another function's graph mean nothing at the top of the file.
  if (context.fn !== 0) return false;
  if (isModuleExports(target, context)) {
    context.unit.exports.push({ name: "default", value, isModule: true });
    return true;
  }
  if (!isUnbound(target.object, "exports", context) && !isModuleExports(target.object, context)) return false;
  context.unit.exports.push({ name: target.property, value, isModule: false });
  return true;
}

/** Notes what an `export` statement makes visible; its declaration was lowered before. */
export function lowerExportNames(node: Export, declared: readonly string[], context: FunctionContext): void {
  const { exports } = context.unit;
  if (node.from !== null) {
    context.unit.imports.push({ module: node.from, typeOnly: false, at: node.start });
    for (const { local, exported } of node.names) {
      exports.push({ name: exported, value: { k: "ref", module: node.from, name: local === "*" ? "" : local }, isModule: false });
    }
    return;
  }
  const names = [...node.names, ...declared.map((name) => ({ local: name, exported: node.isDefault ? "default" : name }))];
  for (const { local, exported } of names) {
    const binding = context.scope.lookup(local);
    if (binding !== null) exports.push({ name: exported, value: valueOfBinding(binding, context), isModule: false });
  }
}
