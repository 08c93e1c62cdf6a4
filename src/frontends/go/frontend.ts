import type { Comment, Expression, Located, Module, Statement } from "../../ast/nodes.ts";
import type { Frontend } from "../frontend.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { GrammarParser } from "../treesitter/parse.ts";
import { type Context, MAX_DEPTH, firstPart, parts, textOf, unknown } from "./context.ts";
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

/** A concrete syntax tree with its comments and the spans the parser did not understand. */
interface Parsed {
  readonly root: CstNode;
  readonly comments: readonly Comment[];
  readonly syntaxErrors: readonly Located[];
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
    expression: (node) => lowerExpression(node, context),
    statement: (node, out) => lowerStatement(node, context, out),
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

function lowerExpression(node: CstNode, context: Context): Expression {
  if (context.depth >= MAX_DEPTH || node.missing) return unknown(node);
  context.depth++;
  const lower = EXPRESSIONS[node.type] ?? lowerUnknown;
  const expression = lower(node, context);
  context.depth--;
  return expression;
}

function lowerStatement(node: CstNode, context: Context, out: Statement[]): void {
  const { type } = node;
  if (!node.named || type === "comment") return;
  if (context.depth >= MAX_DEPTH) {
    out.push(unknown(node));
    return;
  }
  context.depth++;
  const lower = STATEMENTS[type];
  if (lower === undefined) lowerDamaged(node, context, out);
  else {
    // Lists and blocks come across their own damaged parts in order.
    if (context.damaged && type !== "statement_list" && type !== "block") {
      for (const c of node.children) if (c.type === "ERROR") lowerDamaged(c, context, out);
    }
    lower(node, context, out);
  }
  context.depth--;
}

/** What stands where no statement should: whole statements inside are kept, expressions that do something become statements. */
function lowerDamaged(node: CstNode, context: Context, out: Statement[]): void {
  if (node.type === "ERROR") out.push(unknown(node));
  else if (node.type in EXPRESSIONS) {
    if (node.children.length > 0) out.push({ kind: "ExprStmt", expression: context.expression(node), start: node.start, end: node.end });
    return;
  }
  for (const part of parts(node)) context.statement(part, out);
}

function withMargins(root: CstNode, text: string): Parsed {
  const comments: Comment[] = [];
  const syntaxErrors: Located[] = [];
  const pending: CstNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { type, start, end, children } = node;
    if (type === "comment") comments.push({ text: commentText(text, start, end), start, end });
    else if (type === "ERROR" || node.missing) syntaxErrors.push({ start, end });
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!);
  }
  return { root, comments, syntaxErrors };
}

function commentText(text: string, start: number, end: number): string {
  return text.slice(start + 2, text[start + 1] === "*" ? end - 2 : end).trim();
}
