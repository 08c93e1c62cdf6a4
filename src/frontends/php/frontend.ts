import type { Module, Statement } from "../../ast/nodes.ts";
import type { Frontend } from "../frontend.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { guardedExpression, guardedStatement, lowerDamaged, lowerUnknown } from "../treesitter/lowering.ts";
import { marginsOf } from "../treesitter/margins.ts";
import { GrammarParser } from "../treesitter/parse.ts";
import type { Context } from "./context.ts";
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
  const { comments, syntaxErrors } = marginsOf(root, text, commentText);
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
    expression: (node) => guardedExpression(node, context, EXPRESSIONS[node.type] ?? lowerUnknown),
    statement: (node, out) => guardedStatement(node, context, out, lowerStatement),
  };
  return context;
}

/** Blocks lower the damaged parts among their statements themselves. */
const LISTS: ReadonlySet<string> = new Set(["ERROR", "compound_statement", "colon_block"]);

function lowerStatement(node: CstNode, context: Context, out: Statement[]): void {
  if (!LISTS.has(node.type)) for (const c of node.children) if (c.type === "ERROR") lowerDamaged(c, context, out, isExpression);
  const lower = STATEMENTS[node.type];
  if (lower !== undefined) lower(node, context, out);
  else lowerDamaged(node, context, out, isExpression);
}

function isExpression({ type }: CstNode): boolean {
  return type in EXPRESSIONS;
}

/** The comment without `//`, `#` or `/*` and `*\/`. */
function commentText(comment: string): string {
  if (!comment.startsWith("/*")) return comment.slice(comment.startsWith("#") ? 1 : 2).trim();
  return comment.slice(comment.startsWith("/**") && comment.length > 4 ? 3 : 2, -2).trim();
}
