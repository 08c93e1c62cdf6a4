import type { Module, Statement } from "../../ast/nodes.ts";
import type { Frontend } from "../frontend.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { guardedExpression, guardedStatement, lowerDamaged, lowerUnknown } from "../treesitter/lowering.ts";
import { marginsOf } from "../treesitter/margins.ts";
import { GrammarParser } from "../treesitter/parse.ts";
import type { Context } from "./context.ts";
import { EXPRESSIONS } from "./expressions.ts";
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
  const { comments, syntaxErrors } = marginsOf(root, text, (written) => written.slice(1).trim());
  return { kind: "Module", language: "python", body, packageName: "", comments, syntaxErrors, start: 0, end: text.length };
}

function contextOf(text: string): Context {
  const context: Context = {
    text,
    depth: 0,
    sawYield: false,
    inClass: false,
    expression: (node) => guardedExpression(node, context, node.type === "lambda" ? lowerLambda : (EXPRESSIONS[node.type] ?? lowerUnknown)),
    statement: (node, out) => guardedStatement(node, context, out, lowerStatement),
  };
  return context;
}

function lowerStatement(node: CstNode, context: Context, out: Statement[]): void {
  for (const c of node.children) if (c.type === "ERROR" && node.type !== "ERROR") lowerDamaged(c, context, out, isExpression);
  const lower = STATEMENTS[node.type];
  if (lower !== undefined) lower(node, context, out);
  else lowerDamaged(node, context, out, isExpression);
}

function isExpression({ type }: CstNode): boolean {
  return type in EXPRESSIONS || type === "lambda";
}
