import type { Import, ImportBinding, Namespace, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { textOf, unknown } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import { childOfType, type Context, lowerStatements } from "./context.ts";

type PhpKind = NonNullable<ImportBinding["phpKind"]>;

/** Where the top-level statements go: into the file or into the namespace that was opened last. */
interface Program {
  readonly body: Statement[];
  open: { readonly name: string; readonly body: Statement[]; readonly start: number; end: number } | null;
}

/** @returns the statements of a file; an unbraced namespace holds all that follow it up to the next one */
export function lowerProgram(root: CstNode, context: Context): Statement[] {
  // A file that is damaged from the start may have no program at its root.
  const program: Program = { body: root.type === "ERROR" ? [unknown(root)] : [], open: null };
  lowerTopLevel(root, program, context, 0);
  closeNamespace(program, context);
  return program.body;
}

/** How deep errors at the top level are searched for namespaces. */
const MAX_ERROR_NESTING = 20;

function lowerTopLevel(list: CstNode, program: Program, context: Context, nesting: number): void {
  let pending: CstNode[] = [];
  const flush = (): void => {
    lowerStatements(pending, context, program.open?.body ?? program.body);
    if (program.open !== null && pending.length > 0) program.open.end = pending[pending.length - 1]!.end;
    pending = [];
  };
  for (const node of list.children) {
    if (node.type === "ERROR" && nesting < MAX_ERROR_NESTING) {
      flush();
      (program.open?.body ?? program.body).push(unknown(node));
      lowerTopLevel(node, program, context, nesting + 1);
      if (program.open !== null) program.open.end = node.end;
    } else if (node.type === "namespace_definition") {
      flush();
      closeNamespace(program, context);
      if (child(node, "body") !== null) pending.push(node);
      else openNamespace(node, program, context);
    } else pending.push(node);
  }
  flush();
}

function openNamespace(node: CstNode, program: Program, context: Context): void {
  const name = namespaceName(child(node, "name"), context);
  context.namespace = name;
  program.open = { name, body: [], start: node.start, end: node.end };
}

function closeNamespace(program: Program, context: Context): void {
  if (program.open === null) return;
  const { name, body, start, end } = program.open;
  program.body.push({ kind: "Namespace", name, body, start, end });
  program.open = null;
  context.namespace = "";
}

function namespaceName(node: CstNode | null, context: Context): string {
  return node === null ? "" : textOf(node, context);
}

/** `namespace A { … }` */
export function lowerNamespace(node: CstNode, context: Context, out: Statement[]): void {
  const outer = context.namespace;
  const name = namespaceName(child(node, "name"), context);
  context.namespace = name;
  const body: Statement[] = [];
  lowerStatements(child(node, "body")?.children ?? [], context, body);
  context.namespace = outer;
  const namespace: Namespace = { kind: "Namespace", name, body, start: node.start, end: node.end };
  out.push(namespace);
}

/** `use A\B, C as D;` and `use A\{B, function c};`: an Import for each name. */
export function lowerUse(node: CstNode, context: Context, out: Statement[]): void {
  const group = child(node, "body");
  const prefixNode = group === null ? null : childOfType(node, "namespace_name");
  const prefix = prefixNode === null ? "" : `${textOf(prefixNode, context)}\\`;
  const kind = phpKindOf(node, "class");
  for (const clause of parts(group ?? node)) if (clause.type === "namespace_use_clause") out.push(importOf(clause, prefix, kind, context));
}

function phpKindOf(node: CstNode, inherited: PhpKind): PhpKind {
  const type = child(node, "type")?.type;
  return type === "function" || type === "const" ? type : inherited;
}

function importOf(clause: CstNode, prefix: string, inherited: PhpKind, context: Context): Import {
  const nameNode = parts(clause).find((p) => p.field !== "alias" && (p.type === "name" || p.type === "qualified_name"));
  const alias = child(clause, "alias");
  const written = prefix + (nameNode === undefined ? "" : textOf(nameNode, context));
  const full = written.startsWith("\\") ? written.slice(1) : written;
  const slash = full.lastIndexOf("\\");
  const imported = full.slice(slash + 1);
  const binding: ImportBinding = {
    bindingKind: "member",
    local: alias === null ? imported : textOf(alias, context),
    imported,
    phpKind: phpKindOf(clause, inherited),
  };
  return { kind: "Import", module: slash < 0 ? "" : full.slice(0, slash), bindings: [binding], typeOnly: false, start: clause.start, end: clause.end };
}
