import type { Expression, Literal, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { requiredExpression } from "../treesitter/lowering.ts";
import { lowerTarget } from "./collections.ts";
import type { Context } from "./context.ts";

const ASSIGNMENTS: ReadonlySet<string> = new Set([
  "assignment_expression",
  "augmented_assignment_expression",
  "reference_assignment_expression",
  "update_expression",
]);

/** @returns whether a node of this type is one of the assignments or `++`/`--` */
export function isAssignment(type: string): boolean {
  return ASSIGNMENTS.has(type);
}

/** An assignment and what it takes. */
interface Parts {
  readonly target: Expression;
  readonly operator: string;
  readonly value: Expression;
}

function partsOf(node: CstNode, value: Expression | null, context: Context): Parts {
  if (node.type === "update_expression") return updateParts(node, context);
  const left = child(node, "left");
  return {
    target: left === null ? requiredExpression(null, node, context) : lowerTarget(left, context),
    operator: node.type === "augmented_assignment_expression" ? (child(node, "operator")?.type ?? "=") : "=",
    value: value ?? requiredExpression(child(node, "right"), node, context),
  };
}

/** `x++` is `x += 1`. */
function updateParts(node: CstNode, context: Context): Parts {
  const operator = child(node, "operator");
  const { start, end } = operator ?? { start: node.end, end: node.end };
  const one: Literal = { kind: "Literal", literalKind: "number", value: 1, start, end };
  return { target: requiredExpression(child(node, "argument"), node, context), operator: operator?.type === "--" ? "-=" : "+=", value: one };
}

/** An assignment inside an expression. */
export function lowerAssignExpr(node: CstNode, context: Context): Expression {
  const { target, operator, value } = partsOf(node, null, context);
  return { kind: "AssignExpr", target, operator, value, start: node.start, end: node.end };
}

/** An assignment that is a statement; `$a = $b = c` is `$b = c`, then `$a = $b`. */
export function lowerAssignment(node: CstNode, context: Context, out: Statement[]): void {
  const links: CstNode[] = [node];
  for (let inner = innerLink(node); inner !== null; inner = innerLink(inner)) links.push(inner);
  let assigned: Expression | null = null;
  for (const link of links.reverse()) {
    const { target, operator, value } = partsOf(link, assigned, context);
    const byReference = link.type === "reference_assignment_expression";
    out.push({ kind: "Assign", target, operator, value, declares: null, type: null, byReference, start: link.start, end: link.end });
    assigned = target;
  }
}

/** The assignment on the right of another one, if its target can be read again without doing anything. */
function innerLink(node: CstNode): CstNode | null {
  // The right side of `??=` may never be reached.
  if (child(node, "operator")?.type === "??=") return null;
  const right = child(node, "right");
  if (right === null || !isAssignment(right.type) || right.type === "update_expression") return null;
  const target = child(right, "left");
  return target !== null && isPlainTarget(target) ? right : null;
}

/** `$x`, `$x->y` and `X::$y`. */
function isPlainTarget(node: CstNode): boolean {
  let at: CstNode | null = node;
  while (at?.type === "member_access_expression" && child(at, "name")?.type === "name") at = child(at, "object");
  if (at?.type === "scoped_property_access_expression") at = child(at, "scope");
  return at !== null && (at.type === "variable_name" || at.type === "relative_scope" || at.type === "name" || at.type === "qualified_name");
}
