import type { Import, ImportBinding, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { textOf } from "../treesitter/lowering.ts";
import type { Context } from "./context.ts";

/** `import a.b, c as d`: one Import per module. */
export function lowerImport(node: CstNode, context: Context, out: Statement[]): void {
  for (const spec of childrenOf(node, "name")) {
    const { name, alias } = nameAndAlias(spec, context);
    const [first = name] = name.split(".");
    const binding: ImportBinding =
      alias === null ? { bindingKind: "module", local: first, imported: first } : { bindingKind: "module", local: alias, imported: name };
    out.push(importOf(spec, name, [binding]));
  }
}

/** `from .a import b as c, d`, `from a import *`, `from __future__ import …`. */
export function lowerImportFrom(node: CstNode, context: Context, out: Statement[]): void {
  const module = child(node, "module_name");
  const name = module === null ? "__future__" : withoutSpace(textOf(module, context));
  const bindings = childrenOf(node, "name").map((spec): ImportBinding => {
    const member = nameAndAlias(spec, context);
    return { bindingKind: "member", local: member.alias ?? member.name, imported: member.name };
  });
  if (node.children.some((c) => c.type === "wildcard_import")) bindings.push({ bindingKind: "all", local: "*", imported: "*" });
  out.push(importOf(node, name, bindings));
}

function importOf(node: CstNode, module: string, bindings: readonly ImportBinding[]): Import {
  return { kind: "Import", module, bindings, typeOnly: false, start: node.start, end: node.end };
}

function nameAndAlias(spec: CstNode, context: Context): { readonly name: string; readonly alias: string | null } {
  if (spec.type !== "aliased_import") return { name: withoutSpace(textOf(spec, context)), alias: null };
  const name = child(spec, "name");
  const alias = child(spec, "alias");
  return { name: name === null ? "" : withoutSpace(textOf(name, context)), alias: alias === null ? null : textOf(alias, context) };
}

/** Dotted names may hold white space and line continuations: `a . b`. */
function withoutSpace(name: string): string {
  return name.split(/[\s\\]+/).join("");
}
