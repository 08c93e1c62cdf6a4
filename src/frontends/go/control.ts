import type { Block, If, Loop, LoopKind, SelectCase, Statement, Switch, SwitchCase } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { blockOf, optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** Appends a statement; with an initializer before it, both as a block of their own. */
function pushWithInit(node: CstNode, context: Context, out: Statement[], lower: () => Statement): void {
  const initializer = child(node, "initializer");
  if (initializer === null) {
    out.push(lower());
    return;
  }
  const body: Statement[] = [];
  context.statement(initializer, body);
  body.push(lower());
  out.push({ kind: "Block", body, start: node.start, end: node.end });
}

function takeLabel(context: Context): string | null {
  const { label } = context;
  context.label = null;
  return label;
}

/** `if init; test {…} else …`. */
export function lowerIf(node: CstNode, context: Context, out: Statement[]): void {
  pushWithInit(node, context, out, (): If => {
    const test = requiredExpression(child(node, "condition"), node, context);
    const consequent = blockOf(child(node, "consequence"), node, context);
    return { kind: "If", test, consequent, alternate: alternateOf(child(node, "alternative"), context), start: node.start, end: node.end };
  });
}

function alternateOf(node: CstNode | null, context: Context): Block | null {
  if (node === null) return null;
  if (node.type === "block") return blockOf(node, node, context);
  const body: Statement[] = [];
  context.statement(node, body);
  return { kind: "Block", body, start: node.start, end: node.end };
}

/** All forms of `for`. */
export function lowerFor(node: CstNode, context: Context, out: Statement[]): void {
  const label = takeLabel(context);
  const head = parts(node).find((p) => p.field !== "body" && p.type !== "ERROR") ?? null;
  if (head !== null && head.type === "range_clause") out.push(rangeLoop(node, head, label, context));
  else if (head !== null && head.type === "for_clause") out.push(clauseLoop(node, head, label, context));
  else out.push({ ...loop(node, head === null ? "forever" : "while", label), test: optionalExpression(head, context), body: bodyOf(node, context) });
}

/** A loop without head and body. */
function loop(node: CstNode, loopKind: LoopKind, label: string | null): Omit<Loop, "body"> {
  return {
    kind: "Loop",
    loopKind,
    label,
    init: [],
    test: null,
    update: [],
    target: null,
    declares: null,
    iterable: null,
    yields: "values",
    isAsync: false,
    alternate: null,
    start: node.start,
    end: node.end,
  };
}

function bodyOf(node: CstNode, context: Context): Block {
  return blockOf(child(node, "body"), node, context);
}

function rangeLoop(node: CstNode, head: CstNode, label: string | null, context: Context): Loop {
  const left = child(head, "left");
  const isShort = head.children.some((c) => c.type === ":=");
  return {
    ...loop(node, "each", label),
    target: optionalExpression(left, context),
    declares: isShort ? "short" : null,
    iterable: requiredExpression(child(head, "right"), head, context),
    yields: "entries",
    body: bodyOf(node, context),
  };
}

/** `for init; test; update`; `for ; test;` is a while loop and `for ;;` an endless one. */
function clauseLoop(node: CstNode, head: CstNode, label: string | null, context: Context): Loop {
  const init: Statement[] = [];
  const update: Statement[] = [];
  const initializer = child(head, "initializer");
  const next = child(head, "update");
  if (initializer !== null) context.statement(initializer, init);
  const test = optionalExpression(child(head, "condition"), context);
  if (next !== null) context.statement(next, update);
  const kind = init.length > 0 || update.length > 0 ? "count" : test === null ? "forever" : "while";
  return { ...loop(node, kind, label), init, test, update, body: bodyOf(node, context) };
}

/** `switch init; subject {…}`. */
export function lowerSwitch(node: CstNode, context: Context, out: Statement[]): void {
  const label = takeLabel(context);
  pushWithInit(node, context, out, (): Switch => {
    const subject = optionalExpression(child(node, "value"), context);
    const cases = casesOf(node, context);
    return { kind: "Switch", label, subject, cases, typeBinding: "", isTypeSwitch: false, start: node.start, end: node.end };
  });
}

/** `switch init; x := y.(type) {…}`. */
export function lowerTypeSwitch(node: CstNode, context: Context, out: Statement[]): void {
  const label = takeLabel(context);
  pushWithInit(node, context, out, (): Switch => {
    const alias = child(node, "alias");
    const subject = requiredExpression(child(node, "value"), node, context);
    const typeBinding = alias === null ? "" : textOf(alias, context);
    return { kind: "Switch", label, subject, cases: casesOf(node, context), typeBinding, isTypeSwitch: true, start: node.start, end: node.end };
  });
}

function casesOf(node: CstNode, context: Context): SwitchCase[] {
  const cases: SwitchCase[] = [];
  for (const c of node.children) {
    if (c.type === "expression_case" || c.type === "type_case" || c.type === "default_case") cases.push(caseOf(c, context));
  }
  return cases;
}

function caseOf(node: CstNode, context: Context): SwitchCase {
  const values = child(node, "value");
  const tests = values === null ? childrenOf(node, "type") : parts(values);
  return {
    tests: tests.map(context.expression),
    binds: [],
    guard: null,
    body: caseBody(node, context),
    fallsThrough: fallsThrough(node),
    start: node.start,
    end: node.end,
  };
}

function fallsThrough(node: CstNode): boolean {
  const list = node.children.find((c) => c.type === "statement_list");
  return list !== undefined && parts(list).findLast((p) => p.type !== "empty_statement")?.type === "fallthrough_statement";
}

/** The statements of a case, as a block that spans them. */
function caseBody(node: CstNode, context: Context): Block {
  const body: Statement[] = [];
  let start = node.end;
  for (const c of node.children) {
    if (c.type !== "statement_list" && c.type !== "ERROR") continue;
    start = Math.min(start, c.start);
    context.statement(c, body);
  }
  return { kind: "Block", body, start, end: node.end };
}

/** `select {…}`. */
export function lowerSelect(node: CstNode, context: Context, out: Statement[]): void {
  const label = takeLabel(context);
  const cases: SelectCase[] = [];
  for (const c of node.children) {
    if (c.type !== "communication_case" && c.type !== "default_case") continue;
    const communication: Statement[] = [];
    const statement = child(c, "communication");
    if (statement !== null) context.statement(statement, communication);
    cases.push({ communication: communication[0] ?? null, body: caseBody(c, context), start: c.start, end: c.end });
  }
  out.push({ kind: "Select", label, cases, start: node.start, end: node.end });
}

const CARRIES_LABEL: ReadonlySet<string> = new Set(["for_statement", "expression_switch_statement", "type_switch_statement", "select_statement"]);

/** `label: statement`. Loops, switches and selects carry their label themselves; a label opens no scope: https://go.dev/ref/spec#Labeled_statements */
export function lowerLabeled(node: CstNode, context: Context, out: Statement[]): void {
  const name = child(node, "label");
  const label = name === null ? "" : textOf(name, context);
  const statement = parts(node).find((p) => p.field !== "label" && p.type !== "ERROR") ?? null;
  if (statement !== null && CARRIES_LABEL.has(statement.type)) {
    context.label = label;
    context.statement(statement, out);
    context.label = null;
    return;
  }
  const { start } = statement ?? { start: node.end };
  out.push({ kind: "Labeled", label, body: { kind: "Block", body: [], start, end: start }, start: node.start, end: start });
  if (statement !== null) context.statement(statement, out);
}
