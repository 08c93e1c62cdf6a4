import type { Argument, Assign, Expression, Name, ScopeDecl, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { lowerAssignedAlias, lowerTypeAlias } from "./aliases.ts";
import { lowerClass } from "./classes.ts";
import { collectionOf } from "./collections.ts";
import { lowerFor, lowerIf, lowerMatch, lowerTry, lowerWhile, lowerWith } from "./compound.ts";
import type { Context } from "./context.ts";
import { lowerFunction, typeOf } from "./functions.ts";
import { lowerImport, lowerImportFrom } from "./imports.ts";

type Lower = (node: CstNode, context: Context, out: Statement[]) => void;

/** How each kind of statement is lowered. */
export const STATEMENTS: Readonly<Record<string, Lower>> = {
  import_statement: lowerImport,
  import_from_statement: lowerImportFrom,
  future_import_statement: lowerImportFrom,
  expression_statement: lowerExpressionStatement,
  print_statement: lowerPrint,
  exec_statement: lowerExec,
  assert_statement: lowerAssert,
  return_statement: (n, c, out) => void out.push({ kind: "Return", value: optionalExpression(firstPart(n), c), start: n.start, end: n.end }),
  raise_statement: lowerRaise,
  delete_statement: lowerDelete,
  pass_statement: () => undefined,
  break_statement: (n, _, out) => void out.push({ kind: "Break", label: null, levels: 1, start: n.start, end: n.end }),
  continue_statement: (n, _, out) => void out.push({ kind: "Continue", label: null, levels: 1, start: n.start, end: n.end }),
  global_statement: (n, c, out) => void out.push(scopeDecl(n, "global", c)),
  nonlocal_statement: (n, c, out) => void out.push(scopeDecl(n, "nonlocal", c)),
  type_alias_statement: (n, c, out) => void out.push(lowerTypeAlias(n, c)),
  if_statement: lowerIf,
  for_statement: lowerFor,
  while_statement: lowerWhile,
  try_statement: lowerTry,
  with_statement: lowerWith,
  match_statement: lowerMatch,
  function_definition: (n, c, out) => lowerDefinition(n, n, [], c, out),
  class_definition: (n, c, out) => lowerDefinition(n, n, [], c, out),
  decorated_definition: lowerDecorated,
};

function lowerDefinition(node: CstNode, outer: CstNode, decorators: readonly Expression[], context: Context, out: Statement[]): void {
  if (node.type === "class_definition") {
    out.push(lowerClass(node, outer, decorators, context));
    return;
  }
  const fn = lowerFunction(node, outer, decorators, context);
  out.push({ kind: "FunctionDecl", fn, start: outer.start, end: outer.end });
}

function lowerDecorated(node: CstNode, context: Context, out: Statement[]): void {
  const decorators: Expression[] = [];
  for (const c of node.children) if (c.type === "decorator") decorators.push(requiredExpression(firstPart(c), c, context));
  const definition = child(node, "definition");
  if (definition !== null) lowerDefinition(definition, node, decorators, context, out);
}

function lowerExpressionStatement(node: CstNode, context: Context, out: Statement[]): void {
  const expressions = parts(node);
  const [first] = expressions;
  if (first === undefined) return;
  if (first.type === "assignment" || first.type === "augmented_assignment") {
    const alias = lowerAssignedAlias(first, context);
    if (alias !== null) out.push(alias);
    else lowerAssignment(first, context, out);
    return;
  }
  const isTuple = expressions.length > 1 || node.children.some((c) => c.type === ",");
  const expression = isTuple ? collectionOf("tuple", node, expressions, context) : context.expression(first);
  out.push({ kind: "ExprStmt", expression, start: node.start, end: node.end });
}

/** `a = b = c` is `b = c`, then `a = b`. */
function lowerAssignment(node: CstNode, context: Context, out: Statement[]): void {
  const links: CstNode[] = [];
  let value = node as CstNode | null;
  while (value !== null && (value.type === "assignment" || value.type === "augmented_assignment")) {
    links.push(value);
    value = child(value, "right");
  }
  let assigned = optionalExpression(value, context);
  for (const link of links.reverse()) {
    const assign = assignmentOf(link, assigned, context);
    out.push(assign);
    assigned = assign.target;
  }
}

function assignmentOf(node: CstNode, value: Expression | null, context: Context): Assign {
  const operator = node.type === "augmented_assignment" ? (child(node, "operator")?.type ?? "=") : "=";
  return {
    kind: "Assign",
    target: requiredExpression(child(node, "left"), node, context),
    operator,
    value,
    declares: null,
    type: typeOf(child(node, "type"), context),
    byReference: false,
    start: node.start,
    end: node.end,
  };
}

function callOf(name: string, nameLength: number, args: readonly Argument[], node: CstNode): Statement {
  const callee: Name = { kind: "Name", name, isVariable: false, start: node.start, end: node.start + nameLength };
  const { start, end } = node;
  return { kind: "ExprStmt", expression: { kind: "Call", callee, args, isNew: false, optional: false, typeArgs: [], start, end }, start, end };
}

function positional(node: CstNode, context: Context, name = ""): Argument {
  return { value: context.expression(node), name, spread: "none", start: node.start, end: node.end };
}

/** Python 2's `print a, b` and `print >>f, a` are calls of `print`. */
function lowerPrint(node: CstNode, context: Context, out: Statement[]): void {
  const args = parts(node).map((part) => {
    const stream = part.type === "chevron" ? firstPart(part) : null;
    return stream === null ? positional(part, context) : positional(stream, context, "file");
  });
  out.push(callOf("print", "print".length, args, node));
}

/** Python 2's `exec code in scope` is a call of `exec`. */
function lowerExec(node: CstNode, context: Context, out: Statement[]): void {
  const args = parts(node).map((part) => positional(part, context));
  out.push(callOf("exec", "exec".length, args, node));
}

function lowerAssert(node: CstNode, context: Context, out: Statement[]): void {
  const [test, message] = parts(node);
  out.push({
    kind: "Assert",
    test: requiredExpression(test ?? null, node, context),
    message: optionalExpression(message ?? null, context),
    start: node.start,
    end: node.end,
  });
}

/** A cause that is computed runs as a statement of its own. Python 2's `raise E, args` is `raise E(args)`. */
function lowerRaise(node: CstNode, context: Context, out: Statement[]): void {
  const cause = child(node, "cause");
  if (cause !== null && cause.type !== "identifier" && cause.type !== "none") {
    out.push({ kind: "ExprStmt", expression: context.expression(cause), start: cause.start, end: cause.end });
  }
  const raised = parts(node).find((p) => p.field !== "cause") ?? null;
  const value = raised !== null && raised.type === "expression_list" ? raisedCall(raised, context) : optionalExpression(raised, context);
  out.push({ kind: "Throw", value, start: node.start, end: node.end });
}

function raisedCall(list: CstNode, context: Context): Expression {
  const [type, ...args] = parts(list);
  return {
    kind: "Call",
    callee: requiredExpression(type ?? null, list, context),
    args: args.map((a) => positional(a, context)),
    isNew: false,
    optional: false,
    typeArgs: [],
    start: list.start,
    end: list.end,
  };
}

function lowerDelete(node: CstNode, context: Context, out: Statement[]): void {
  const targets: Expression[] = [];
  for (const part of parts(node)) {
    const isList = part.type === "expression_list" || part.type === "tuple" || part.type === "list";
    for (const target of isList ? parts(part) : [part]) targets.push(context.expression(target));
  }
  out.push({ kind: "Delete", targets, start: node.start, end: node.end });
}

function scopeDecl(node: CstNode, scope: ScopeDecl["scope"], context: Context): ScopeDecl {
  const names = parts(node).map((n) => textOf(n, context));
  return { kind: "ScopeDecl", scope, names, start: node.start, end: node.end };
}
