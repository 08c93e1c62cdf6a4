import type { ts } from "ts-morph";
import type { Block, DeclarationKind, Expression, Handler, Loop, Statement, SwitchCase, Try } from "../../ast/nodes.ts";
import { type Context, blockOf, optionalExpression, spanOf, startOf } from "./context.ts";
import { lowerBindingName, lowerTarget } from "./patterns.ts";
import { declarationKindOf, isUsing, lowerDeclarations, lowerExpressionAsStatements, scopedOf } from "./variables.ts";

/** `if`; an `else if` is a block that holds the next `if`. */
export function lowerIf(node: ts.IfStatement, context: Context, out: Statement[]): void {
  const start = startOf(node, context);
  out.push({
    kind: "If",
    test: context.expression(node.expression),
    consequent: blockOf(node.thenStatement, context),
    alternate: node.elseStatement === undefined ? null : blockOf(node.elseStatement, context),
    start,
    end: node.end,
  });
}

type LoopParts = Pick<Loop, "loopKind" | "body"> & Partial<Loop>;

function loopOf(node: ts.Node, parts: LoopParts, context: Context): Loop {
  return {
    kind: "Loop",
    label: null,
    init: [],
    test: null,
    update: [],
    target: null,
    declares: null,
    iterable: null,
    yields: "values",
    isAsync: false,
    alternate: null,
    ...parts,
    ...spanOf(node, context),
  };
}

/** `while`; with a condition that is always true it is a `forever` loop without a test. */
export function lowerWhile(node: ts.WhileStatement, context: Context, out: Statement[]): void {
  const test = context.expression(node.expression);
  const isForever = test.kind === "Literal" && (test.value === true || test.value === 1);
  const parts = isForever ? ({ loopKind: "forever" } as const) : ({ loopKind: "while", test } as const);
  out.push(loopOf(node, { ...parts, body: blockOf(node.statement, context) }, context));
}

/** `do … while` */
export function lowerDo(node: ts.DoStatement, context: Context, out: Statement[]): void {
  const body = blockOf(node.statement, context);
  out.push(loopOf(node, { loopKind: "do-while", test: context.expression(node.expression), body }, context));
}

/** `for (a; b; c)`; without any of them it is a `forever` loop. */
export function lowerFor(node: ts.ForStatement, context: Context, out: Statement[]): void {
  const { initializer, condition, incrementor } = node;
  const init: Statement[] = [];
  const update: Statement[] = [];
  const held = initializer === undefined ? null : usingListOf(initializer, context);
  if (initializer !== undefined && held === null) lowerInitializer(initializer, context, init);
  const test = optionalExpression(condition, context);
  if (incrementor !== undefined) lowerExpressionAsStatements(incrementor, context, update);
  const isForever = initializer === undefined && test === null && incrementor === undefined;
  const loop = loopOf(node, { loopKind: isForever ? "forever" : "count", init, test, update, body: blockOf(node.statement, context) }, context);
  out.push(held === null ? loop : scopedOf(held, [loop], node, context));
}

/** The `using` declarations in the head of a loop, if that is what stands there. */
function usingListOf(node: ts.ForInitializer, context: Context): ts.VariableDeclarationList | null {
  return context.ts.isVariableDeclarationList(node) && isUsing(node, context) !== null ? node : null;
}

function lowerInitializer(node: ts.ForInitializer, context: Context, out: Statement[]): void {
  if (context.ts.isVariableDeclarationList(node)) lowerDeclarations(node, context, out);
  else lowerExpressionAsStatements(node, context, out);
}

/** `for (a of b)`, `for await (a of b)`, `for (a in b)` */
export function lowerForEach(node: ts.ForOfStatement | ts.ForInStatement, context: Context, out: Statement[]): void {
  const { ts } = context;
  const { target, declares } = loopTarget(node.initializer, context);
  const iterable = context.expression(node.expression);
  const plain = blockOf(node.statement, context);
  const held = usingListOf(node.initializer, context);
  const body = target === null || held === null ? plain : heldBody(target, held, plain, context);
  const isAsync = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
  const yields = ts.isForInStatement(node) ? "keys" : "values";
  out.push(loopOf(node, { loopKind: "each", target, declares, iterable, yields, isAsync, body }, context));
}

function loopTarget(node: ts.ForInitializer, context: Context): { readonly target: Expression | null; readonly declares: DeclarationKind | null } {
  if (!context.ts.isVariableDeclarationList(node)) return { target: lowerTarget(node, context), declares: null };
  const [first] = node.declarations;
  return { target: first === undefined ? null : lowerBindingName(first.name, context), declares: declarationKindOf(node, context) };
}

/** `for (using a of b)`: the body holds each element and releases it. */
function heldBody(value: Expression, list: ts.VariableDeclarationList, body: Block, context: Context): Block {
  const item = { value, target: null, start: value.start, end: value.end };
  const { start } = value;
  const { end } = body;
  return { kind: "Block", body: [{ kind: "Scoped", items: [item], isAsync: isUsing(list, context) === "await", body, start, end }], start, end };
}

/** `label: …`; loops and switches carry their label themselves. */
export function lowerLabeled(node: ts.LabeledStatement, context: Context, out: Statement[]): void {
  const label = node.label.text;
  const span = spanOf(node, context);
  const block = blockOf(node.statement, context);
  const [only] = block.body;
  const carries = block.body.length === 1 && !context.ts.isBlock(node.statement) && (only?.kind === "Loop" || only?.kind === "Switch") && only.label === null;
  out.push(carries ? { ...only, label, ...span } : { kind: "Labeled", label, body: block, ...span });
}

/** `switch` */
export function lowerSwitch(node: ts.SwitchStatement, context: Context, out: Statement[]): void {
  const subject = context.expression(node.expression);
  const { clauses } = node.caseBlock;
  const cases = clauses.map((clause, i) => lowerCase(clause, i === clauses.length - 1, context));
  out.push({ kind: "Switch", label: null, subject, cases, typeBinding: "", isTypeSwitch: false, ...spanOf(node, context) });
}

function lowerCase(node: ts.CaseOrDefaultClause, isLast: boolean, context: Context): SwitchCase {
  const tests = context.ts.isCaseClause(node) ? [context.expression(node.expression)] : [];
  const statements = context.statements(node.statements, node.end);
  const first = node.statements[0];
  const body: Block = { kind: "Block", body: statements, start: first === undefined ? node.end : startOf(first, context), end: node.end };
  return { tests, binds: [], guard: null, body, fallsThrough: !isLast && !leaves(statements.at(-1)), ...spanOf(node, context) };
}

/** Whether control never runs past a statement, as far as its form tells. */
function leaves(statement: Statement | undefined): boolean {
  switch (statement?.kind) {
    case "Break":
    case "Continue":
    case "Return":
    case "Throw":
      return true;
    case "Block":
      return leaves(statement.body.at(-1));
    case "If":
      return statement.alternate !== null && leaves(statement.consequent.body.at(-1)) && leaves(statement.alternate.body.at(-1));
    default:
      return false;
  }
}

/** `try` */
export function lowerTry(node: ts.TryStatement, context: Context, out: Statement[]): void {
  const statement: Try = {
    kind: "Try",
    body: blockOf(node.tryBlock, context),
    handlers: node.catchClause === undefined ? [] : [lowerCatch(node.catchClause, context)],
    alternate: null,
    finalizer: node.finallyBlock === undefined ? null : blockOf(node.finallyBlock, context),
    ...spanOf(node, context),
  };
  out.push(statement);
}

function lowerCatch(node: ts.CatchClause, context: Context): Handler {
  const binding = node.variableDeclaration === undefined ? null : lowerBindingName(node.variableDeclaration.name, context);
  return { types: [], binding, body: blockOf(node.block, context), ...spanOf(node, context) };
}

/** `with (a) {}`: its names may be members of `a`. */
export function lowerWith(node: ts.WithStatement, context: Context, out: Statement[]): void {
  const span = spanOf(node.expression, context);
  out.push({ kind: "Unknown", syntax: "WithStatement", children: [context.expression(node.expression)], ...span });
  out.push(blockOf(node.statement, context));
}
