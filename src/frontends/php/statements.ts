import type { Break, Continue, Expression, Name, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { optionalExpression, requiredExpression, textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import { isAssignment, lowerAssignment } from "./assignments.ts";
import { keywordCall } from "./calls.ts";
import { lowerClass } from "./classes.ts";
import { blockOf, childOfType, type Context, lowerStatements } from "./context.ts";
import { lowerDoWhile, lowerFor, lowerForeach, lowerIf, lowerSwitch, lowerTry, lowerWhile } from "./control.ts";
import { sequenceOf } from "./expressions.ts";
import { lowerFunction } from "./functions.ts";
import { variableName } from "./names.ts";
import { lowerNamespace, lowerUse } from "./namespaces.ts";

type Lower = (node: CstNode, context: Context, out: Statement[]) => void;

const nothing: Lower = () => undefined;

/** How each kind of statement is lowered. Assignments are statements too where their value is not used. */
export const STATEMENTS: Readonly<Record<string, Lower>> = {
  php_tag: nothing,
  php_end_tag: nothing,
  text: nothing,
  empty_statement: nothing,
  namespace_definition: lowerNamespace,
  namespace_use_declaration: lowerUse,
  class_declaration: (n, c, out) => void out.push(lowerClass(n, c)),
  interface_declaration: (n, c, out) => void out.push(lowerClass(n, c)),
  trait_declaration: (n, c, out) => void out.push(lowerClass(n, c)),
  enum_declaration: (n, c, out) => void out.push(lowerClass(n, c)),
  function_definition: (n, c, out) => lowerDefinition(n, false, c, out),
  // Stands outside a class only where the file is damaged.
  method_declaration: (n, c, out) => lowerDefinition(n, true, c, out),
  const_declaration: lowerConst,
  compound_statement: lowerCompound,
  colon_block: (n, c, out) => lowerStatements(n.children, c, out),
  expression_statement: lowerExpressionStatement,
  assignment_expression: lowerAssignment,
  augmented_assignment_expression: lowerAssignment,
  reference_assignment_expression: lowerAssignment,
  update_expression: lowerAssignment,
  echo_statement: lowerEcho,
  exit_statement: lowerExit,
  unset_statement: (n, c, out) => void out.push({ kind: "Delete", targets: parts(n).map(c.expression), start: n.start, end: n.end }),
  global_declaration: lowerGlobal,
  function_static_declaration: lowerStatic,
  declare_statement: (n, c, out) =>
    lowerStatements(
      n.children.filter((d) => d.type !== "declare_directive"),
      c,
      out,
    ),
  if_statement: lowerIf,
  while_statement: lowerWhile,
  do_statement: lowerDoWhile,
  for_statement: lowerFor,
  foreach_statement: lowerForeach,
  switch_statement: lowerSwitch,
  try_statement: lowerTry,
  return_statement: (n, c, out) => void out.push({ kind: "Return", value: optionalExpression(firstPart(n), c), start: n.start, end: n.end }),
  break_statement: (n, c, out) => void out.push(lowerBreak(n, c)),
  continue_statement: (n, c, out) => void out.push(lowerContinue(n, c)),
  goto_statement: (n, c, out) => void out.push({ kind: "Goto", label: labelOf(n, c), start: n.start, end: n.end }),
  named_label_statement: lowerLabel,
};

function lowerDefinition(node: CstNode, isMethod: boolean, context: Context, out: Statement[]): void {
  const fn = lowerFunction(node, isMethod, context);
  out.push({ kind: "FunctionDecl", fn, start: node.start, end: node.end });
}

function lowerCompound(node: CstNode, context: Context, out: Statement[]): void {
  out.push(blockOf(node, node, context));
}

function lowerExpressionStatement(node: CstNode, context: Context, out: Statement[]): void {
  const { start, end } = node;
  const written = firstPart(node);
  if (written === null) return;
  if (context.hasShortEcho && isEchoed(node, context)) {
    out.push({ kind: "ExprStmt", expression: echoOf(node, sequenceOf(written), 0, context), start, end });
  } else if (isAssignment(written.type)) context.statement(written, out);
  else if (written.type === "throw_expression") out.push({ kind: "Throw", value: requiredExpression(firstPart(written), written, context), start, end });
  else out.push({ kind: "ExprStmt", expression: context.expression(written), start, end });
}

/** The statement stands right behind `<?=`. */
function isEchoed(node: CstNode, context: Context): boolean {
  let at = node.start - 1;
  while (at >= 0 && context.text.charCodeAt(at) <= 32) at--;
  return context.text[at] === "=" && context.text.startsWith("<?", at - 2);
}

function echoOf(node: CstNode, values: readonly CstNode[], nameLength: number, context: Context): Expression {
  return keywordCall("echo", values.map(context.expression), node, nameLength);
}

function lowerEcho(node: CstNode, context: Context, out: Statement[]): void {
  const written = firstPart(node);
  const expression = echoOf(node, written === null ? [] : sequenceOf(written), "echo".length, context);
  out.push({ kind: "ExprStmt", expression, start: node.start, end: node.end });
}

function lowerExit(node: CstNode, context: Context, out: Statement[]): void {
  const code = firstPart(node);
  const expression = keywordCall("exit", code === null ? [] : [context.expression(code)], node);
  out.push({ kind: "ExprStmt", expression, start: node.start, end: node.end });
}

/** `const A = 1, B = 2;` outside of classes */
function lowerConst(node: CstNode, context: Context, out: Statement[]): void {
  for (const element of parts(node)) {
    const [name, value] = element.type === "const_element" ? parts(element) : [];
    if (name === undefined) continue;
    const target: Name = { kind: "Name", name: textOf(name, context), isVariable: false, start: name.start, end: name.end };
    const assigned = requiredExpression(value ?? null, element, context);
    const { start, end } = element;
    out.push({ kind: "Assign", target, operator: "=", value: assigned, declares: "const", type: null, byReference: false, start, end });
  }
}

function lowerGlobal(node: CstNode, context: Context, out: Statement[]): void {
  const names: string[] = [];
  for (const variable of parts(node)) if (variable.type === "variable_name") names.push(variableName(variable, context));
  out.push({ kind: "ScopeDecl", scope: "global", names, start: node.start, end: node.end });
}

/** `static $x = 1, $y;` */
function lowerStatic(node: CstNode, context: Context, out: Statement[]): void {
  for (const declaration of parts(node)) {
    if (declaration.type !== "static_variable_declaration") continue;
    const target = requiredExpression(child(declaration, "name"), declaration, context);
    const value = optionalExpression(child(declaration, "value"), context);
    const { start, end } = declaration;
    out.push({ kind: "Assign", target, operator: "=", value, declares: "static", type: null, byReference: false, start, end });
  }
}

/** `break 2` */
function levelsOf(node: CstNode, context: Context): number {
  const written = firstPart(node);
  const levels = written === null ? 1 : Number(textOf(written, context));
  return Number.isSafeInteger(levels) && levels > 0 ? levels : 1;
}

function lowerBreak(node: CstNode, context: Context): Break {
  return { kind: "Break", label: null, levels: levelsOf(node, context), start: node.start, end: node.end };
}

/** PHP counts a switch as a loop that `continue` leaves; here `continue` goes to loops only and counts only them. */
function lowerContinue(node: CstNode, context: Context): Break | Continue {
  const { start, end } = node;
  const { breakables } = context;
  const levels = levelsOf(node, context);
  const passed = breakables.slice(Math.max(0, breakables.length - levels));
  if (passed[0] === "switch") return { kind: "Break", label: null, levels: passed.length, start, end };
  return { kind: "Continue", label: null, levels: Math.max(1, passed.filter((b) => b === "loop").length), start, end };
}

function labelOf(node: CstNode, context: Context): string {
  const name = childOfType(node, "name");
  return name === null ? "" : textOf(name, context);
}

function lowerLabel(node: CstNode, context: Context, out: Statement[]): void {
  const body = { kind: "Block", body: [], start: node.end, end: node.end } as const;
  out.push({ kind: "Labeled", label: labelOf(node, context), body, start: node.start, end: node.end });
}
