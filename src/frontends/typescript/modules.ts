import type { ts } from "ts-morph";
import type { Export, ImportBinding, Namespace, Statement } from "../../ast/nodes.ts";
import { type Context, type LowerStatement, hasModifier, spanOf, startOf, textOf } from "./context.ts";

/** `import a, { b as c } from "m"`, `import * as a from "m"`, `import "m"` */
export function lowerImport(node: ts.ImportDeclaration, context: Context, out: Statement[]): void {
  const module = specifierOf(node.moduleSpecifier, context);
  const clause = node.importClause;
  const bindings = clause === undefined ? [] : bindingsOf(clause, module, context);
  out.push({ kind: "Import", module, bindings, typeOnly: clause !== undefined && isTypeOnly(clause, context), ...spanOf(node, context) });
}

function bindingsOf(clause: ts.ImportClause, module: string, { ts }: Context): ImportBinding[] {
  const bindings: ImportBinding[] = [];
  if (clause.name !== undefined) bindings.push({ bindingKind: "default", local: clause.name.text, imported: "default" });
  const named = clause.namedBindings;
  if (named === undefined) return bindings;
  if (ts.isNamespaceImport(named)) bindings.push({ bindingKind: "module", local: named.name.text, imported: module });
  else for (const element of named.elements) bindings.push(bindingOf(element));
  return bindings;
}

function bindingOf({ name, propertyName }: ts.ImportSpecifier): ImportBinding {
  const imported = propertyName?.text ?? name.text;
  return { bindingKind: imported === "default" ? "default" : "member", local: name.text, imported };
}

/** `import type …`, or nothing but `type` specifiers. */
function isTypeOnly(clause: ts.ImportClause, { ts }: Context): boolean {
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || ts.isNamespaceImport(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function specifierOf(node: ts.Expression, context: Context): string {
  return context.ts.isStringLiteralLike(node) ? node.text : textOf(node, context);
}

/** `import a = require("m")` binds the module; `import a = B.C` is a constant. */
export function lowerImportEquals(node: ts.ImportEqualsDeclaration, context: Context, out: Statement[]): void {
  const { ts } = context;
  const span = spanOf(node, context);
  const reference = node.moduleReference;
  if (ts.isExternalModuleReference(reference)) {
    const module = specifierOf(reference.expression, context);
    const bindings: ImportBinding[] = [{ bindingKind: "module", local: node.name.text, imported: module }];
    out.push({ kind: "Import", module, bindings, typeOnly: node.isTypeOnly, ...span });
    return;
  }
  const target = context.expression(node.name);
  out.push({ kind: "Assign", target, operator: "=", value: context.expression(reference), declares: "const", type: null, byReference: false, ...span });
}

/** `export { a as b }`, `export { a } from "m"`, `export * from "m"`, `export * as ns from "m"` */
export function lowerExportDeclaration(node: ts.ExportDeclaration, context: Context, out: Statement[]): void {
  const from = node.moduleSpecifier === undefined ? null : specifierOf(node.moduleSpecifier, context);
  out.push({ kind: "Export", declaration: null, isDefault: false, names: exportedNames(node.exportClause, context), from, ...spanOf(node, context) });
}

function exportedNames(clause: ts.NamedExportBindings | undefined, { ts }: Context): Export["names"] {
  if (clause === undefined) return [{ local: "*", exported: "*" }];
  if (ts.isNamespaceExport(clause)) return [{ local: "*", exported: clause.name.text }];
  return clause.elements.map(({ name, propertyName }) => ({ local: propertyName?.text ?? name.text, exported: name.text }));
}

/** `export default a`, `export = a` */
export function lowerExportAssignment(node: ts.ExportAssignment, context: Context, out: Statement[]): void {
  const expression = context.expression(node.expression);
  const declaration: Statement = { kind: "ExprStmt", expression, start: startOf(node.expression, context), end: node.expression.end };
  out.push({ kind: "Export", declaration, isDefault: true, names: [], from: null, ...spanOf(node, context) });
}

/** @returns a handler that wraps what `lower` makes of declarations with an `export` modifier; each declared variable is one Export */
export function exportable(lower: LowerStatement): LowerStatement {
  return (node: ts.Node & { readonly modifiers?: readonly ts.ModifierLike[] }, context, out) => {
    const first = out.length;
    lower(node, context, out);
    const { SyntaxKind } = context.ts;
    if (!hasModifier(node, SyntaxKind.ExportKeyword)) return;
    const isDefault = hasModifier(node, SyntaxKind.DefaultKeyword);
    for (let i = first; i < out.length; i++) {
      const declaration = out[i]!;
      const start = i === first ? startOf(node, context) : declaration.start;
      const end = i === out.length - 1 ? node.end : declaration.end;
      out[i] = { kind: "Export", declaration, isDefault, names: [], from: null, start, end };
    }
  };
}

/** `namespace A.B {}`, `declare module "m" {}`, `declare global {}` */
export function lowerNamespace(node: ts.ModuleDeclaration, context: Context, out: Statement[]): void {
  const { ts } = context;
  const names = [node.name.text];
  let inner: ts.Node | undefined = node.body;
  while (inner !== undefined && ts.isModuleDeclaration(inner)) {
    names.push(inner.name.text);
    inner = inner.body;
  }
  const body = inner !== undefined && ts.isModuleBlock(inner) ? context.statements(inner.statements, node.end) : [];
  const namespace: Namespace = { kind: "Namespace", name: names.join("."), body, ...spanOf(node, context) };
  out.push(namespace);
}
