import type { Comment, Expression, Located, Module, Statement } from "../../ast/nodes.ts";
import type { Frontend } from "../frontend.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { GrammarParser } from "../treesitter/parse.ts";
import { type Context, MAX_DEPTH, parts, unknown } from "./context.ts";
import { EXPRESSIONS, lowerUnknown } from "./expressions.ts";
import { lowerLambda } from "./functions.ts";
import { STATEMENTS } from "./statements.ts";

let parser: GrammarParser | null = null;

/** Python 2.7 to 3.14, by way of Tree-sitter. */
export const pythonFrontend: Frontend = {
  async load() {
    parser ??= await GrammarParser.load("python");
  },
  lower(text, _path, _language, deadline) {
    if (parser === null) throw new Error("the Python grammar is not loaded");
    return lowerModule(parser.parse(text, deadline), text);
  },
};

function lowerModule(root: CstNode, text: string): Module {
  const context = contextOf(text);
  const body: Statement[] = [];
  // A file that is damaged from the start may have no module at its root.
  if (root.type === "module") for (const c of root.children) context.statement(c, body);
  else context.statement(root, body);
  const { comments, syntaxErrors } = marginsOf(root, text);
  return { kind: "Module", language: "python", body, packageName: "", comments, syntaxErrors, start: 0, end: text.length };
}

function contextOf(text: string): Context {
  const context: Context = {
    text,
    depth: 0,
    sawYield: false,
    inClass: false,
    expression: (node) => lowerExpression(node, context),
    statement: (node, out) => lowerStatement(node, context, out),
  };
  return context;
}

function lowerExpression(node: CstNode, context: Context): Expression {
  if (context.depth >= MAX_DEPTH || node.missing) return unknown(node);
  context.depth++;
  const lower = node.type === "lambda" ? lowerLambda : (EXPRESSIONS[node.type] ?? lowerUnknown);
  const expression = lower(node, context);
  context.depth--;
  return expression;
}

function lowerStatement(node: CstNode, context: Context, out: Statement[]): void {
  if (!node.named || node.type === "comment" || node.type === "line_continuation") return;
  if (context.depth >= MAX_DEPTH) {
    out.push(unknown(node));
    return;
  }
  context.depth++;
  for (const c of node.children) if (c.type === "ERROR" && node.type !== "ERROR") lowerDamaged(c, context, out);
  const lower = STATEMENTS[node.type];
  if (lower !== undefined) lower(node, context, out);
  else lowerDamaged(node, context, out);
  context.depth--;
}

/** What stands where no statement should: whole statements inside are kept, expressions become statements. */
function lowerDamaged(node: CstNode, context: Context, out: Statement[]): void {
  if (node.type === "ERROR") out.push(unknown(node));
  else if (node.type in EXPRESSIONS || node.type === "lambda") {
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
    if (type === "comment") comments.push({ text: text.slice(start + 1, end).trim(), start, end });
    else if (type === "ERROR" || node.missing) syntaxErrors.push({ start, end });
    for (let i = node.children.length - 1; i >= 0; i--) pending.push(node.children[i]!);
  }
  return { comments, syntaxErrors };
}
