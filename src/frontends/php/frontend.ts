import type { Comment, Expression, Located, Module, Statement } from "../../ast/nodes.ts";
import type { Frontend } from "../frontend.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { GrammarParser } from "../treesitter/parse.ts";
import { type Context, isMargin, lowerUnknown, MAX_DEPTH, parts, unknown } from "./context.ts";
import { EXPRESSIONS } from "./expressions.ts";
import { lowerProgram } from "./namespaces.ts";
import { STATEMENTS } from "./statements.ts";

let parser: GrammarParser | null = null;

/** PHP 5.2 to 8.5 with the HTML around it, by way of Tree-sitter. */
export const phpFrontend: Frontend = {
  async load() {
    parser ??= await GrammarParser.load("php");
  },
  lower(text, _path, _language, deadline) {
    if (parser === null) throw new Error("the PHP grammar is not loaded");
    return lowerModule(parser.parse(text, deadline), text);
  },
};

function lowerModule(root: CstNode, text: string): Module {
  const body = lowerProgram(root, contextOf(text));
  const { comments, syntaxErrors } = marginsOf(root, text);
  return { kind: "Module", language: "php", body, packageName: "", comments, syntaxErrors, start: 0, end: text.length };
}

function contextOf(text: string): Context {
  const context: Context = {
    text,
    depth: 0,
    sawYield: false,
    namespace: "",
    doc: null,
    breakables: [],
    hasShortEcho: text.includes("<?="),
    expression: (node) => lowerExpression(node, context),
    statement: (node, out) => lowerStatement(node, context, out),
  };
  return context;
}

function lowerExpression(node: CstNode, context: Context): Expression {
  if (context.depth >= MAX_DEPTH || node.missing) return unknown(node);
  context.depth++;
  const expression = (EXPRESSIONS[node.type] ?? lowerUnknown)(node, context);
  context.depth--;
  return expression;
}

/** Blocks lower the damaged parts among their statements themselves. */
const LISTS: ReadonlySet<string> = new Set(["ERROR", "compound_statement", "colon_block"]);

function lowerStatement(node: CstNode, context: Context, out: Statement[]): void {
  if (!node.named || isMargin(node)) return;
  if (context.depth >= MAX_DEPTH) {
    out.push(unknown(node));
    return;
  }
  context.depth++;
  if (!LISTS.has(node.type)) for (const c of node.children) if (c.type === "ERROR") lowerDamaged(c, context, out);
  const lower = STATEMENTS[node.type];
  if (lower !== undefined) lower(node, context, out);
  else lowerDamaged(node, context, out);
  context.depth--;
}

/** What stands where no statement should: whole statements inside are kept, expressions become statements. */
function lowerDamaged(node: CstNode, context: Context, out: Statement[]): void {
  if (node.type === "ERROR") out.push(unknown(node));
  else if (node.type in EXPRESSIONS) {
    out.push({ kind: "ExprStmt", expression: context.expression(node), start: node.start, end: node.end });
    return;
  }
  for (const part of parts(node)) context.statement(part, out);
}

/** Comments, and the spans the parser did not understand. */
function marginsOf(root: CstNode, text: string): { readonly comments: Comment[]; readonly syntaxErrors: Located[] } {
  const comments: Comment[] = [];
  const syntaxErrors: Located[] = [];
  const pending: CstNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { type, start, end } = node;
    if (type === "comment") comments.push({ text: commentText(text.slice(start, end)), start, end });
    else if (type === "ERROR" || node.missing) syntaxErrors.push({ start, end });
    for (let i = node.children.length - 1; i >= 0; i--) pending.push(node.children[i]!);
  }
  return { comments, syntaxErrors };
}

/** The comment without `//`, `#` or `/*` and `*\/`. */
function commentText(comment: string): string {
  if (!comment.startsWith("/*")) return comment.slice(comment.startsWith("#") ? 1 : 2).trim();
  return comment.slice(comment.startsWith("/**") && comment.length > 4 ? 3 : 2, -2).trim();
}
