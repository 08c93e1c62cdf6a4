import type { Block, Expression, Handler, If, Scoped, ScopedItem, Statement, SwitchCase } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { blockOf, optionalExpression, requiredExpression } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { spanOf } from "./collections.ts";
import type { Context } from "./context.ts";
import { lowerCasePatterns } from "./patterns.ts";
import { parseType } from "./types.ts";

/** An `if` with more `elif`s than this ends in a list of plain ifs instead of nesting ever deeper. */
const MAX_NESTED_ELIFS = 200;

/** `if`, `elif`, `else`: each `elif` is an If in the alternate of the one before. */
export function lowerIf(node: CstNode, context: Context, out: Statement[]): void {
  const clauses = node.children.filter((c) => c.type === "elif_clause");
  const otherwise = node.children.find((c) => c.type === "else_clause");
  let alternate = otherwise === undefined ? null : blockOf(child(otherwise, "body"), otherwise, context);
  const surplus = clauses.splice(MAX_NESTED_ELIFS);
  if (surplus.length > 0) alternate = flatElifs(surplus, alternate, node.end, context);
  for (const clause of clauses.reverse()) {
    const inner = ifOf(clause, alternate, node.end, context);
    alternate = { kind: "Block", body: [inner], start: clause.start, end: node.end };
  }
  out.push(ifOf(node, alternate, node.end, context));
}

function ifOf(node: CstNode, alternate: Block | null, end: number, context: Context): If {
  const test = requiredExpression(child(node, "condition"), node, context);
  return { kind: "If", test, consequent: blockOf(child(node, "consequence"), node, context), alternate, start: node.start, end };
}

function flatElifs(clauses: readonly CstNode[], otherwise: Block | null, end: number, context: Context): Block {
  const body: Statement[] = clauses.map((clause) => ifOf(clause, null, clause.end, context));
  return { kind: "Block", body: [...body, ...(otherwise?.body ?? [])], start: clauses[0]!.start, end };
}

function elseOf(node: CstNode, context: Context): Block | null {
  const clause = node.children.find((c) => c.type === "else_clause");
  return clause === undefined ? null : blockOf(child(clause, "body"), clause, context);
}

/** `for … in …`, `async for`, with `else`. */
export function lowerFor(node: CstNode, context: Context, out: Statement[]): void {
  out.push({
    kind: "Loop",
    loopKind: "each",
    label: null,
    init: [],
    test: null,
    update: [],
    target: requiredExpression(child(node, "left"), node, context),
    declares: null,
    iterable: requiredExpression(child(node, "right"), node, context),
    yields: "values",
    isAsync: node.children[0]?.type === "async",
    body: blockOf(child(node, "body"), node, context),
    alternate: elseOf(node, context),
    start: node.start,
    end: node.end,
  });
}

/** `while`; with a condition that is always true it is a `forever` loop without a test. */
export function lowerWhile(node: CstNode, context: Context, out: Statement[]): void {
  const test = requiredExpression(child(node, "condition"), node, context);
  const isForever = test.kind === "Literal" && (test.value === true || test.value === 1);
  out.push({
    kind: "Loop",
    loopKind: isForever ? "forever" : "while",
    label: null,
    init: [],
    test: isForever ? null : test,
    update: [],
    target: null,
    declares: null,
    iterable: null,
    yields: "values",
    isAsync: false,
    body: blockOf(child(node, "body"), node, context),
    alternate: elseOf(node, context),
    start: node.start,
    end: node.end,
  });
}

/** `try` with its handlers (`except*` like `except`), `else` and `finally`. */
export function lowerTry(node: CstNode, context: Context, out: Statement[]): void {
  const body = blockOf(child(node, "body"), node, context);
  const handlers: Handler[] = [];
  let finalizer: Block | null = null;
  let alternate: Block | null = null;
  for (const c of node.children) {
    if (c.type === "except_clause") handlers.push(handlerOf(c, context));
    else if (c.type === "else_clause") alternate = blockOf(child(c, "body"), c, context);
    else if (c.type === "finally_clause") finalizer = blockOf(suiteOf(c), c, context);
  }
  out.push({ kind: "Try", body, handlers, alternate, finalizer, start: node.start, end: node.end });
}

function suiteOf(node: CstNode): CstNode | null {
  return node.children.find((c) => c.type === "block") ?? null;
}

function handlerOf(node: CstNode, context: Context): Handler {
  const [first, second, ...rest] = childrenOf(node, "value");
  const isAs = first !== undefined && first.type === "as_pattern";
  const isOld = second !== undefined && rest.length === 0 && bindsOldStyle(second, context);
  const bound = isAs ? child(first, "alias") : isOld ? second : child(node, "alias");
  const types: TypeNode[] = [];
  const caught = isAs ? firstPart(first) : (first ?? null);
  if (caught !== null) types.push(...caughtTypes(caught, context));
  for (const other of isOld || second === undefined ? [] : [second, ...rest]) types.push(...caughtTypes(other, context));
  return {
    types,
    binding: optionalExpression(bound, context),
    body: blockOf(suiteOf(node), node, context),
    start: node.start,
    end: node.end,
  };
}

/** Python 2 binds with a comma (`except IOError, e`), Python 3.14 lists types with it (`except IOError, KeyError`): the case of the name tells. */
function bindsOldStyle(second: CstNode, context: Context): boolean {
  const initial = context.text[second.start] ?? "";
  return second.type === "identifier" && initial === initial.toLowerCase();
}

function caughtTypes(node: CstNode, context: Context): TypeNode[] {
  const types = node.type === "tuple" ? parts(node) : node.type === "parenthesized_expression" ? parts(node).slice(0, 1) : [node];
  return types.map((t) => parseType(context.text, t.start, t.end));
}

/** `with` and `async with`, any number of items, in parentheses or not. */
export function lowerWith(node: CstNode, context: Context, out: Statement[]): void {
  const clause = node.children.find((c) => c.type === "with_clause");
  const scoped: Scoped = {
    kind: "Scoped",
    items: clause === undefined ? [] : withValues(clause).map((v) => itemOf(v, context)),
    isAsync: node.children[0]?.type === "async",
    body: blockOf(child(node, "body"), node, context),
    start: node.start,
    end: node.end,
  };
  out.push(scoped);
}

/** The grammar may take `(a, b)` for one tuple, which as a context manager it cannot be. */
function withValues(clause: CstNode): readonly CstNode[] {
  const values: CstNode[] = [];
  for (const item of parts(clause)) values.push(item.type === "with_item" ? (child(item, "value") ?? item) : item);
  const [only] = values;
  const all = values.length === 1 && only !== undefined && only.type === "tuple" ? parts(only) : values;
  return all.map(withoutParentheses);
}

/** `(a as b)` taken for an expression in parentheses is the item inside; other expressions stay as they are. */
function withoutParentheses(value: CstNode): CstNode {
  let inner: CstNode | null = value;
  while (inner !== null && inner.type === "parenthesized_expression") inner = firstPart(inner);
  return inner !== null && inner.type === "as_pattern" ? inner : value;
}

function itemOf(value: CstNode, context: Context): ScopedItem {
  const isAs = value.type === "as_pattern";
  const resource = isAs ? requiredExpression(firstPart(value), value, context) : context.expression(value);
  return { value: resource, target: isAs ? optionalExpression(child(value, "alias"), context) : null, start: value.start, end: value.end };
}

/** `match`: the cases' patterns are reduced to what they compare with and what they bind. */
export function lowerMatch(node: CstNode, context: Context, out: Statement[]): void {
  const subjects = childrenOf(node, "subject");
  const isTuple = subjects.length > 1 || node.children.some((c) => c.type === ",");
  const subject = isTuple && subjects.length > 0 ? tupleOf(subjects, context) : requiredExpression(subjects[0] ?? null, node, context);
  const clauses = child(node, "body")?.children.filter((c) => c.type === "case_clause") ?? [];
  const cases = clauses.map((c) => caseOf(c, context));
  out.push({ kind: "Switch", label: null, subject, cases, typeBinding: "", isTypeSwitch: false, start: node.start, end: node.end });
}

function tupleOf(nodes: readonly CstNode[], context: Context): Expression {
  const { start, end } = spanOf(nodes);
  const entries = nodes.map((n) => ({ key: null, value: context.expression(n), spread: false, start: n.start, end: n.end }));
  return { kind: "Collection", collectionKind: "tuple", entries, type: null, start, end };
}

function caseOf(node: CstNode, context: Context): SwitchCase {
  const patterns = node.children.filter((c) => c.type === "case_pattern");
  const isSequence = node.children.some((c) => c.type === ",");
  const { tests, binds } = lowerCasePatterns(patterns, isSequence, context);
  const guard = child(node, "guard");
  return {
    tests,
    binds,
    guard: guard === null ? null : requiredExpression(firstPart(guard), guard, context),
    body: blockOf(child(node, "consequence"), node, context),
    fallsThrough: false,
    start: node.start,
    end: node.end,
  };
}
