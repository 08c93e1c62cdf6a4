import type { Block, Expression, Handler, If, Loop, Statement, SwitchCase } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { optionalExpression, requiredExpression } from "../treesitter/lowering.ts";
import { isMargin, parts } from "../treesitter/margins.ts";
import { lowerTarget } from "./collections.ts";
import { blockOf, type Breakable, childOfType, type Context, lowerStatements } from "./context.ts";
import { pairOf, sequenceOf } from "./expressions.ts";
import { completes } from "./completion.ts";
import { lowerType } from "./types.ts";

/** An `if` with more `elseif`s than this ends in a list of plain ifs instead of nesting ever deeper. */
const MAX_NESTED_ELSEIFS = 200;

/** `if`, `elseif`, `else`, in braces or not; each `elseif` is an If in the alternate of the one before. */
export function lowerIf(node: CstNode, context: Context, out: Statement[]): void {
  const clauses = node.children.filter((c) => c.type === "else_if_clause");
  const otherwise = childOfType(node, "else_clause");
  let alternate = otherwise === null ? null : blockOf(child(otherwise, "body"), otherwise, context);
  const end = (otherwise ?? clauses[clauses.length - 1] ?? node).end;
  const surplus = clauses.splice(MAX_NESTED_ELSEIFS);
  if (surplus.length > 0) alternate = flatElseifs(surplus, alternate, end, context);
  for (const clause of clauses.reverse()) {
    alternate = { kind: "Block", body: [ifOf(clause, alternate, end, context)], start: clause.start, end };
  }
  out.push(ifOf(node, alternate, node.end, context));
}

function ifOf(node: CstNode, alternate: Block | null, end: number, context: Context): If {
  const test = requiredExpression(child(node, "condition"), node, context);
  return { kind: "If", test, consequent: blockOf(child(node, "body"), node, context), alternate, start: node.start, end };
}

function flatElseifs(clauses: readonly CstNode[], otherwise: Block | null, end: number, context: Context): Block {
  const body: Statement[] = clauses.map((clause) => ifOf(clause, null, clause.end, context));
  return { kind: "Block", body: [...body, ...(otherwise?.body ?? [])], start: clauses[0]!.start, end };
}

/** Lowers what stands inside a loop or switch. */
function inside<T>(breakable: Breakable, context: Context, lower: () => T): T {
  const outer = context.breakables;
  context.breakables = [...outer, breakable];
  const result = lower();
  context.breakables = outer;
  return result;
}

function loopBody(node: CstNode, context: Context): Block {
  const bodies = childrenOf(node, "body");
  const [only] = bodies;
  return inside("loop", context, () => {
    if (bodies.length < 2) return blockOf(only ?? null, node, context);
    const body: Statement[] = [];
    lowerStatements(bodies, context, body);
    return { kind: "Block", body, start: only!.start, end: bodies[bodies.length - 1]!.end };
  });
}

type LoopParts = Pick<Loop, "loopKind" | "body"> & Partial<Pick<Loop, "init" | "test" | "update" | "target" | "iterable" | "yields">>;

function loop(node: CstNode, given: LoopParts): Loop {
  const { loopKind, init = [], test = null, update = [], target = null, iterable = null, yields = "values", body } = given;
  const { start, end } = node;
  return {
    kind: "Loop",
    loopKind,
    label: null,
    init,
    test,
    update,
    target,
    declares: null,
    iterable,
    yields,
    isAsync: false,
    body,
    alternate: null,
    start,
    end,
  };
}

function isAlwaysTrue(test: Expression): boolean {
  return test.kind === "Literal" && (test.value === true || test.value === 1);
}

/** `while`; with a condition that is always true it is a `forever` loop without a test. */
export function lowerWhile(node: CstNode, context: Context, out: Statement[]): void {
  const test = requiredExpression(child(node, "condition"), node, context);
  const body = loopBody(node, context);
  out.push(loop(node, isAlwaysTrue(test) ? { loopKind: "forever", body } : { loopKind: "while", test, body }));
}

/** `do … while (…)` */
export function lowerDoWhile(node: CstNode, context: Context, out: Statement[]): void {
  const body = loopBody(node, context);
  out.push(loop(node, { loopKind: "do-while", test: requiredExpression(child(node, "condition"), node, context), body }));
}

/** `for (…; …; …)`; of several conditions the last one decides. `for (;;)` is a `forever` loop. */
export function lowerFor(node: CstNode, context: Context, out: Statement[]): void {
  const init = expressionStatements(child(node, "initialize"), context);
  const test = optionalExpression(child(node, "condition"), context);
  const update = expressionStatements(child(node, "update"), context);
  const isBare = init.length === 0 && test === null && update.length === 0;
  out.push(loop(node, { loopKind: isBare ? "forever" : "count", init, test, update, body: loopBody(node, context) }));
}

/** Expressions between commas, each lowered like a statement of its own. */
function expressionStatements(node: CstNode | null, context: Context): Statement[] {
  const out: Statement[] = [];
  for (const one of node === null ? [] : sequenceOf(node)) context.statement(one, out);
  return out;
}

/** `foreach (… as $v)`, `foreach (… as $k => $v)`; a reference binds like the variable it names. */
export function lowerForeach(node: CstNode, context: Context, out: Statement[]): void {
  const [iterated, bound] = node.children.filter((c) => c.named && c.field === null && !isMargin(c));
  const isPair = bound?.type === "pair";
  out.push(
    loop(node, {
      loopKind: "each",
      target: bound === undefined ? null : isPair ? pairTarget(bound, context) : lowerTarget(bound, context),
      iterable: requiredExpression(iterated ?? null, node, context),
      yields: isPair ? "entries" : "values",
      body: loopBody(node, context),
    }),
  );
}

function pairTarget(pair: CstNode, context: Context): Expression {
  const [key, value] = parts(pair);
  if (key === undefined || value === undefined) return requiredExpression(key ?? null, pair, context);
  return pairOf(lowerTarget(key, context), lowerTarget(value, context), pair);
}

/** `switch`, with braces or `endswitch`. */
export function lowerSwitch(node: CstNode, context: Context, out: Statement[]): void {
  const subject = requiredExpression(child(node, "condition"), node, context);
  const block = child(node, "body");
  const clauses = (block?.children ?? []).filter((c) => c.type === "case_statement" || c.type === "default_statement");
  const cases = inside("switch", context, () => clauses.map((c, i) => caseOf(c, i === clauses.length - 1, context)));
  out.push({ kind: "Switch", label: null, subject, cases, typeBinding: "", isTypeSwitch: false, start: node.start, end: node.end });
}

function caseOf(node: CstNode, isLast: boolean, context: Context): SwitchCase {
  const value = child(node, "value");
  const colon = node.children.findIndex((c) => c.type === ":" || c.type === ";");
  const body: Statement[] = [];
  if (colon >= 0) lowerStatements(node.children.slice(colon + 1), context, body);
  const start = colon >= 0 ? node.children[colon]!.end : node.end;
  return {
    tests: value === null ? [] : [context.expression(value)],
    binds: [],
    guard: null,
    body: { kind: "Block", body, start, end: node.end },
    fallsThrough: !isLast && completes(body),
    start: node.start,
    end: node.end,
  };
}

/** `try`, any number of `catch` (also of several types, also without a variable), `finally`. */
export function lowerTry(node: CstNode, context: Context, out: Statement[]): void {
  const body = blockOf(child(node, "body"), node, context);
  const handlers: Handler[] = [];
  let finalizer: Block | null = null;
  for (const c of node.children) {
    if (c.type === "catch_clause") handlers.push(handlerOf(c, context));
    else if (c.type === "finally_clause") finalizer = blockOf(child(c, "body"), c, context);
  }
  out.push({ kind: "Try", body, handlers, alternate: null, finalizer, start: node.start, end: node.end });
}

function handlerOf(node: CstNode, context: Context): Handler {
  const types = child(node, "type");
  return {
    types: types === null ? [] : parts(types).map((type) => lowerType(type, context)),
    binding: optionalExpression(child(node, "name"), context),
    body: blockOf(child(node, "body"), node, context),
    start: node.start,
    end: node.end,
  };
}
