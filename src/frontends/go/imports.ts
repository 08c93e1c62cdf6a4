import type { ImportBinding, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { textOf } from "../treesitter/lowering.ts";
import type { Context } from "./context.ts";
import { stringValue } from "./literals.ts";

/** `import "a"`, `import (…)`: one Import per package. */
export function lowerImports(node: CstNode, context: Context, out: Statement[]): void {
  for (const c of node.children) {
    if (c.type === "import_spec_list") lowerImports(c, context, out);
    else if (c.type === "import_spec") lowerSpec(c, context, out);
  }
}

function lowerSpec(node: CstNode, context: Context, out: Statement[]): void {
  const path = child(node, "path");
  if (path === null) return;
  const module = stringValue(path, context);
  const bindings = bindingsOf(child(node, "name"), module, context);
  const short = child(node, "name") === null ? withoutGo(localName(module)) : "";
  if (short !== "" && !context.packages.has(short)) bindings.push({ bindingKind: "module", local: short, imported: module });
  for (const { local } of bindings) {
    context.packages.add(local);
    // `go-redis` and the like are no names: the package is called by one of the parts.
    if (local.includes("-")) for (const part of local.split("-")) context.packages.add(part);
  }
  out.push({ kind: "Import", module, bindings, typeOnly: false, start: node.start, end: node.end });
}

function bindingsOf(name: CstNode | null, module: string, context: Context): ImportBinding[] {
  if (name === null) return [{ bindingKind: "module", local: localName(module), imported: module }];
  if (name.type === "blank_identifier") return [];
  if (name.type === "dot") return [{ bindingKind: "all", local: "*", imported: "*" }];
  return [{ bindingKind: "module", local: textOf(name, context), imported: module }];
}

/** `go-redis`, `kafka-go` and `nats.go` are repositories; their packages are called `redis`, `kafka` and `nats`. Empty for other names. */
function withoutGo(name: string): string {
  const short = name.replace(/^(?:go|golang)[-.]|[-.](?:go|golang)$/, "");
  return short === name || !/^\w+$/.test(short) ? "" : short;
}

/** The last part of an import path without its major version: `a/b/v2` and `a/b.v2` are `b`. The package clause may still say otherwise. */
function localName(module: string): string {
  const segments = module.split("/");
  let last = segments.pop() ?? "";
  if (/^v([2-9]|\d{2,})$/.test(last) && segments.length > 0) last = segments.pop() ?? "";
  return last.replace(/\.v\d+$/, "");
}
