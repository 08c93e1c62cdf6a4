import type { ts } from "ts-morph";
import type { Break, Continue, Statement } from "../../ast/nodes.ts";
import { lowerClassDeclaration, lowerEnum, lowerInterface, lowerTypeAlias } from "./classes.ts";
import { type Compiler, type Context, type LowerStatement, MAX_DEPTH, type Table, blockOf, optionalExpression, spanOf, unknown } from "./context.ts";
import { lowerDo, lowerFor, lowerForEach, lowerIf, lowerLabeled, lowerSwitch, lowerTry, lowerWhile, lowerWith } from "./control.ts";
import { lowerUnknown } from "./expressions.ts";
import { lowerFunctionDeclaration } from "./functions.ts";
import { exportable, lowerExportAssignment, lowerExportDeclaration, lowerImport, lowerImportEquals, lowerNamespace } from "./modules.ts";
import { isUsing, lowerExpressionStatement, lowerVariableStatement, scopedOf } from "./variables.ts";

/** How each kind of statement is lowered: to none, one or several, which are appended to `out`. */
export function statementTable({ SyntaxKind: K }: Compiler): Table<LowerStatement> {
  return {
    [K.ImportDeclaration]: lowerImport,
    [K.ImportEqualsDeclaration]: exportable(lowerImportEquals),
    [K.ExportDeclaration]: lowerExportDeclaration,
    [K.ExportAssignment]: lowerExportAssignment,
    [K.NamespaceExportDeclaration]: () => undefined,
    [K.VariableStatement]: exportable(lowerVariableStatement),
    [K.FunctionDeclaration]: exportable(lowerFunctionDeclaration),
    [K.ClassDeclaration]: exportable(lowerClassDeclaration),
    [K.InterfaceDeclaration]: exportable(lowerInterface),
    [K.TypeAliasDeclaration]: exportable(lowerTypeAlias),
    [K.EnumDeclaration]: exportable(lowerEnum),
    [K.ModuleDeclaration]: exportable(lowerNamespace),
    [K.Block]: (n: ts.Block, c, out) => void out.push(blockOf(n, c)),
    [K.ExpressionStatement]: lowerExpressionStatement,
    [K.IfStatement]: lowerIf,
    [K.WhileStatement]: lowerWhile,
    [K.DoStatement]: lowerDo,
    [K.ForStatement]: lowerFor,
    [K.ForOfStatement]: lowerForEach,
    [K.ForInStatement]: lowerForEach,
    [K.LabeledStatement]: lowerLabeled,
    [K.SwitchStatement]: lowerSwitch,
    [K.TryStatement]: lowerTry,
    [K.WithStatement]: lowerWith,
    [K.ReturnStatement]: (n: ts.ReturnStatement, c, out) => void out.push({ kind: "Return", value: optionalExpression(n.expression, c), ...spanOf(n, c) }),
    [K.ThrowStatement]: (n: ts.ThrowStatement, c, out) => void out.push({ kind: "Throw", value: optionalExpression(n.expression, c), ...spanOf(n, c) }),
    [K.BreakStatement]: (n: ts.BreakStatement, c, out) => void out.push(jump("Break", n, c)),
    [K.ContinueStatement]: (n: ts.ContinueStatement, c, out) => void out.push(jump("Continue", n, c)),
    [K.EmptyStatement]: () => undefined,
    [K.DebuggerStatement]: () => undefined,
  };
}

function jump(kind: "Break" | "Continue", node: ts.BreakOrContinueStatement, context: Context): Break | Continue {
  return { kind, label: node.label?.text ?? null, levels: 1, ...spanOf(node, context) };
}

/** @returns the statements of a list that ends at `end`; behind a `using`, the rest of the list is its body */
export function lowerStatements(nodes: readonly ts.Statement[], end: number, context: Context): Statement[] {
  const out: Statement[] = [];
  const { depth } = context;
  /** The bodies that are still open, innermost last. */
  const held: { readonly list: ts.VariableDeclarationList; readonly out: Statement[] }[] = [];
  let current = out;
  for (const node of nodes) {
    const list = context.ts.isVariableStatement(node) && isUsing(node.declarationList, context) !== null ? node.declarationList : null;
    if (list === null || context.depth >= MAX_DEPTH) lowerStatement(node, context, current);
    else {
      held.push({ list, out: current });
      current = [];
      context.depth++;
    }
  }
  for (let scope = held.pop(); scope !== undefined; scope = held.pop()) {
    context.depth--;
    scope.out.push(scopedOf(scope.list, current, { end }, context));
    current = scope.out;
  }
  context.depth = depth;
  return out;
}

function lowerStatement(node: ts.Statement, context: Context, out: Statement[]): void {
  if (context.depth >= MAX_DEPTH) {
    out.push(unknown(node, context));
    return;
  }
  context.depth++;
  const lower = context.tables.statements[node.kind];
  if (lower !== undefined) lower(node, context, out);
  else out.push(lowerUnknown(node, context));
  context.depth--;
}
