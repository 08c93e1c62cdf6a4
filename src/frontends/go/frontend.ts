import type { Module, Statement } from "../../ast/nodes.ts";
import type { Frontend } from "../frontend.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { guardedExpression, guardedStatement, lowerDamaged, textOf } from "../treesitter/lowering.ts";
import { firstPart, type Margins, marginsOf } from "../treesitter/margins.ts";
import { GrammarParser } from "../treesitter/parse.ts";
import type { Context } from "./context.ts";
import { EXPRESSIONS, lowerUnknown } from "./expressions.ts";
import { STATEMENTS } from "./statements.ts";

let parser: GrammarParser | null = null;

/** Go with generics and range-over-func, by way of Tree-sitter. */
export const goFrontend: Frontend = {
  async load() {
    parser ??= await GrammarParser.load("go");
  },
  lower(text, _path, _language, deadline) {
    if (parser === null) throw new Error("the Go grammar is not loaded");
    return lowerModule(parseFile(parser, text, deadline), text);
  },
};

/** A concrete syntax tree with its margins. */
interface Parsed extends Margins {
  readonly root: CstNode;
}

/** `new` of what is plainly no type. Go allows it since 1.26 (https://go.dev/ref/spec#Allocation), the grammar does not. */
const NEW_OF_VALUE =
  /\bnew\((?=[[\]\w.*]+(?<!\b(?:struct|interface))\{|(?!\s*(?:[[*]|<-chan\b|(?:chan|map|struct|func|interface)\b|[^\W\d]\w*(?:\.\w+)?(?:\[[^()]*\])?\s*,?\s*\))))/g;

/** Parses a file with a plain function's name of the same length for such a `new`; should that do harm, as it stands. */
function parseFile(grammar: GrammarParser, text: string, deadline: number): Parsed {
  const masked = text.includes("new(") ? text.replace(NEW_OF_VALUE, "nev(") : text;
  const parsed = withMargins(grammar.parse(masked, deadline), text);
  if (parsed.syntaxErrors.length === 0 || masked === text) return parsed;
  const unmasked = withMargins(grammar.parse(text, deadline), text);
  return unmasked.syntaxErrors.length < parsed.syntaxErrors.length ? unmasked : parsed;
}

function lowerModule({ root, comments, syntaxErrors }: Parsed, text: string): Module {
  const context = contextOf(root, text, syntaxErrors.length > 0);
  const body: Statement[] = [];
  // A file that is damaged from the start may have no source file at its root.
  if (root.type === "source_file") for (const c of root.children) context.statement(c, body);
  else context.statement(root, body);
  const packageName = packageNameOf(root, context);
  return { kind: "Module", language: "go", body, packageName, comments, syntaxErrors, start: 0, end: text.length };
}

function packageNameOf(root: CstNode, context: Context): string {
  const clause = root.children.find((c) => c.type === "package_clause");
  const name = clause === undefined ? null : firstPart(clause);
  return name === null ? "" : textOf(name, context);
}

function contextOf(root: CstNode, text: string, damaged: boolean): Context {
  const context: Context = {
    text,
    depth: 0,
    label: null,
    damaged,
    declaredTypes: declaredTypesOf(root, text),
    packages: new Set(),
    expression: (node) => guardedExpression(node, context, EXPRESSIONS[node.type] ?? lowerUnknown),
    statement: (node, out) => guardedStatement(node, context, out, lowerStatement),
  };
  return context;
}

function declaredTypesOf(root: CstNode, text: string): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const declaration of root.children) {
    if (declaration.type !== "type_declaration") continue;
    for (const spec of declaration.children) {
      const name = child(spec, "name");
      if (name !== null) types.set(text.slice(name.start, name.end), child(spec, "type")?.type ?? "");
    }
  }
  return types;
}

function lowerStatement(node: CstNode, context: Context, out: Statement[]): void {
  const { type } = node;
  const lower = STATEMENTS[type];
  if (lower === undefined) {
    keepWhole(node, context, out);
    return;
  }
  // Lists and blocks come across their own damaged parts in order.
  if (context.damaged && type !== "statement_list" && type !== "block") {
    for (const c of node.children) if (c.type === "ERROR") keepWhole(c, context, out);
  }
  lower(node, context, out);
}

/** Keeps what is whole where no statement should be; an expression without parts does nothing, so it is left out. */
function keepWhole(node: CstNode, context: Context, out: Statement[]): void {
  if (node.children.length > 0 || !isExpression(node)) lowerDamaged(node, context, out, isExpression);
}

function isExpression({ type }: CstNode): boolean {
  return type in EXPRESSIONS;
}

function withMargins(root: CstNode, text: string): Parsed {
  return { root, ...marginsOf(root, text, commentText) };
}

function commentText(written: string): string {
  return written.slice(2, written[1] === "*" ? -2 : undefined).trim();
}
