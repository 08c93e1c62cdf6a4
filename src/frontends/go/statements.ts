import type { Assign, DeclarationKind, Expression, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child, childrenOf } from "../treesitter/cst.ts";
import { blockOf, literal, optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart } from "../treesitter/margins.ts";
import { lowerTypeDeclaration } from "./classes.ts";
import { tupleOf } from "./collections.ts";
import { type Context, lowerName } from "./context.ts";
import { lowerFor, lowerIf, lowerLabeled, lowerSelect, lowerSwitch, lowerTypeSwitch } from "./control.ts";
import { lowerFunction } from "./functions.ts";
import { lowerImports } from "./imports.ts";
import { lowerType } from "./types.ts";

type Lower = (node: CstNode, context: Context, out: Statement[]) => void;

/** How each kind of statement is lowered. */
export const STATEMENTS: Readonly<Record<string, Lower>> = {
  package_clause: () => undefined,
  import_declaration: lowerImports,
  function_declaration: lowerFunction,
  method_declaration: lowerFunction,
  type_declaration: lowerTypeDeclaration,
  const_declaration: lowerDeclaration,
  var_declaration: lowerDeclaration,
  statement_list: lowerList,
  block: (n, c, out) => void out.push(blockOf(n, n, c)),
  expression_statement: (n, c, out) => pushExpression(requiredExpression(firstPart(n), n, c), n, out),
  send_statement: lowerSend,
  receive_statement: lowerReceive,
  inc_statement: (n, c, out) => lowerStep(n, "+=", c, out),
  dec_statement: (n, c, out) => lowerStep(n, "-=", c, out),
  assignment_statement: lowerAssignment,
  short_var_declaration: lowerShortDeclaration,
  return_statement: (n, c, out) => void out.push({ kind: "Return", value: optionalExpression(firstPart(n), c), start: n.start, end: n.end }),
  go_statement: (n, c, out) => void out.push({ kind: "Spawn", call: requiredExpression(firstPart(n), n, c), start: n.start, end: n.end }),
  defer_statement: (n, c, out) => void out.push({ kind: "Defer", call: requiredExpression(firstPart(n), n, c), start: n.start, end: n.end }),
  if_statement: lowerIf,
  for_statement: lowerFor,
  expression_switch_statement: lowerSwitch,
  type_switch_statement: lowerTypeSwitch,
  select_statement: lowerSelect,
  labeled_statement: lowerLabeled,
  // Where it stands last in a case, the case says so.
  fallthrough_statement: () => undefined,
  break_statement: (n, c, out) => void out.push({ kind: "Break", label: labelOf(n, c), levels: 1, start: n.start, end: n.end }),
  continue_statement: (n, c, out) => void out.push({ kind: "Continue", label: labelOf(n, c), levels: 1, start: n.start, end: n.end }),
  goto_statement: (n, c, out) => void out.push({ kind: "Goto", label: labelOf(n, c) ?? "", start: n.start, end: n.end }),
  empty_statement: () => undefined,
};

function labelOf(node: CstNode, context: Context): string | null {
  const label = firstPart(node);
  return label === null ? null : textOf(label, context);
}

function lowerList(node: CstNode, context: Context, out: Statement[]): void {
  for (const c of node.children) if (c.named) context.statement(c, out);
}

function pushExpression(expression: Expression, node: CstNode, out: Statement[]): void {
  out.push({ kind: "ExprStmt", expression, start: node.start, end: node.end });
}

function lowerSend(node: CstNode, context: Context, out: Statement[]): void {
  const channel = requiredExpression(child(node, "channel"), node, context);
  const value = requiredExpression(child(node, "value"), node, context);
  pushExpression({ kind: "ChannelOp", operation: "send", channel, value, start: node.start, end: node.end }, node, out);
}

/** `case v, ok := <-c` and `case <-c` of a select. */
function lowerReceive(node: CstNode, context: Context, out: Statement[]): void {
  const left = child(node, "left");
  const value = requiredExpression(child(node, "right"), node, context);
  if (left === null) pushExpression(value, node, out);
  else out.push(assign(node, context.expression(left), "=", value, isShort(node) ? "short" : null));
}

/** @returns whether a `:=` stands directly below the node */
function isShort(node: CstNode): boolean {
  return node.children.some((c) => c.type === ":=");
}

function assign(node: CstNode, target: Expression, operator: string, value: Expression | null, declares: DeclarationKind | null): Assign {
  return { kind: "Assign", target, operator, value, declares, type: null, byReference: false, start: node.start, end: node.end };
}

/** `x++` is `x += 1`; the 1 stands where the operator does. */
function lowerStep(node: CstNode, operator: string, context: Context, out: Statement[]): void {
  const target = requiredExpression(firstPart(node), node, context);
  const token = node.children[node.children.length - 1] ?? node;
  out.push(assign(node, target, operator, literal(token, "number", 1), null));
}

function lowerAssignment(node: CstNode, context: Context, out: Statement[]): void {
  const target = requiredExpression(child(node, "left"), node, context);
  const value = requiredExpression(child(node, "right"), node, context);
  out.push(assign(node, target, child(node, "operator")?.type ?? "=", value, null));
}

function lowerShortDeclaration(node: CstNode, context: Context, out: Statement[]): void {
  const target = requiredExpression(child(node, "left"), node, context);
  out.push(assign(node, target, "=", requiredExpression(child(node, "right"), node, context), "short"));
}

/** `var a, b T = 1, 2`, `const (…)`: one Assign per line. */
function lowerDeclaration(node: CstNode, context: Context, out: Statement[]): void {
  for (const c of node.children) {
    if (c.type === "var_spec_list") lowerDeclaration(c, context, out);
    else if (c.type === "var_spec") out.push(specOf(c, "var", context));
    else if (c.type === "const_spec") out.push(specOf(c, "const", context));
  }
}

function specOf(node: CstNode, declares: DeclarationKind, context: Context): Assign {
  const names = childrenOf(node, "name").map((name) => lowerName(name, context));
  const [first] = names;
  const target = names.length === 1 ? first! : tupleOf(names, { start: node.start, end: names.at(-1)?.end ?? node.start });
  const type = child(node, "type");
  return {
    kind: "Assign",
    target,
    operator: "=",
    value: optionalExpression(child(node, "value"), context),
    declares,
    type: type === null ? null : lowerType(type, context),
    byReference: false,
    start: node.start,
    end: node.end,
  };
}
