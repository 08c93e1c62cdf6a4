import type { ts } from "ts-morph";
import type { Assign, DeclarationKind, Located, Scoped, ScopedItem, Statement } from "../../ast/nodes.ts";
import { type Context, MAX_DEPTH, optionalExpression, spanOf, startOf } from "./context.ts";
import { isAssignment, lowerIncrement, operatorText, sequenceOf } from "./operators.ts";
import { lowerBindingName, lowerTarget } from "./patterns.ts";
import { typeOf } from "./types.ts";

/** @returns how the names of a declaration list come into being; `using` names are constants */
export function declarationKindOf(list: ts.VariableDeclarationList, { ts }: Context): DeclarationKind {
  const flags = list.flags & ts.NodeFlags.BlockScoped;
  if (flags === 0) return "var";
  return flags === ts.NodeFlags.Let ? "let" : "const";
}

/** @returns whether a list is `using` or `await using`, else null */
export function isUsing(list: ts.VariableDeclarationList, { ts }: Context): "sync" | "await" | null {
  const flags = list.flags & ts.NodeFlags.BlockScoped;
  if (flags === ts.NodeFlags.AwaitUsing) return "await";
  return flags === ts.NodeFlags.Using ? "sync" : null;
}

/** `let a = 1, b`: one assignment per declared variable. */
export function lowerDeclarations(list: ts.VariableDeclarationList, context: Context, out: Statement[]): void {
  const declares = declarationKindOf(list, context);
  for (const node of list.declarations) {
    const start = startOf(node, context);
    out.push({
      kind: "Assign",
      target: lowerBindingName(node.name, context),
      operator: "=",
      value: optionalExpression(node.initializer, context),
      declares,
      type: typeOf(node.type, context),
      byReference: false,
      start,
      end: node.end,
    });
  }
}

/** `let a = 1;` as a statement. */
export function lowerVariableStatement(node: ts.VariableStatement, context: Context, out: Statement[]): void {
  lowerDeclarations(node.declarationList, context, out);
}

/** @returns the `using` declarations with the statements during which their values are held */
export function scopedOf(list: ts.VariableDeclarationList, body: readonly Statement[], span: { readonly end: number }, context: Context): Scoped {
  // In the head of a `for`, the list stands inside its body.
  const start = Math.min(startOf(list, context), body[0]?.start ?? span.end);
  const items: ScopedItem[] = [];
  for (const node of list.declarations) {
    const target = lowerBindingName(node.name, context);
    const value = node.initializer === undefined ? target : context.expression(node.initializer);
    items.push({ value, target, ...spanOf(node, context) });
  }
  const block = { kind: "Block", body, start: body[0]?.start ?? span.end, end: span.end } as const;
  return { kind: "Scoped", items, isAsync: isUsing(list, context) === "await", body: block, start, end: span.end };
}

/** `a();`, `a = b;`, `a++;`, `delete a.b;`, `a(), b();` */
export function lowerExpressionStatement(node: ts.ExpressionStatement, context: Context, out: Statement[]): void {
  lowerParts(node.expression, spanOf(node, context), context, out);
}

/** An expression where a statement is wanted, as in the head of a `for`. */
export function lowerExpressionAsStatements(node: ts.Expression, context: Context, out: Statement[]): void {
  lowerParts(node, spanOf(node, context), context, out);
}

function lowerParts(node: ts.Expression, span: Located, context: Context, out: Statement[]): void {
  const { ts } = context;
  if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind === ts.SyntaxKind.CommaToken) {
      for (const part of sequenceOf(node, context)) lowerParts(part, spanOf(part, context), context, out);
      return;
    }
    if (isAssignment(node.operatorToken.kind, context)) {
      lowerAssignments(node, span, context, out);
      return;
    }
  } else if (ts.isParenthesizedExpression(node) && context.depth < MAX_DEPTH) {
    context.depth++;
    lowerParts(node.expression, span, context, out);
    context.depth--;
    return;
  } else if (ts.isDeleteExpression(node)) {
    out.push({ kind: "Delete", targets: [context.expression(node.expression)], ...span });
    return;
  } else if (isIncrement(node, context)) {
    const { target, operator, value } = lowerIncrement(node, context);
    out.push({ kind: "Assign", target, operator, value, declares: null, type: null, byReference: false, ...span });
    return;
  }
  out.push({ kind: "ExprStmt", expression: context.expression(node), ...span });
}

function isIncrement(node: ts.Expression, { ts }: Context): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (ts.isPostfixUnaryExpression(node)) return true;
  return ts.isPrefixUnaryExpression(node) && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken);
}

/** `a = b = c` is `b = c`, then `a = b`. */
function lowerAssignments(node: ts.BinaryExpression, span: Located, context: Context, out: Statement[]): void {
  const { ts } = context;
  const links: ts.BinaryExpression[] = [];
  let right: ts.Expression = node;
  while (ts.isBinaryExpression(right) && isAssignment(right.operatorToken.kind, context)) {
    links.push(right);
    right = right.right;
  }
  let value = context.expression(right);
  for (let i = links.length - 1; i >= 0; i--) {
    const assign = assignmentOf(links[i]!, value, i === 0 ? span : spanOf(links[i]!, context), context);
    out.push(assign);
    value = assign.target;
  }
}

function assignmentOf(node: ts.BinaryExpression, value: Assign["value"], span: Located, context: Context): Assign {
  const operator = operatorText(node.operatorToken.kind, context);
  return { kind: "Assign", target: lowerTarget(node.left, context), operator, value, declares: null, type: null, byReference: false, ...span };
}
