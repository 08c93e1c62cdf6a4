import type { Binary, Expression } from "../../ast/nodes.ts";
import type { Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { FunctionContext } from "./context.ts";
import { lowerExpression } from "./expressions.ts";

/** Adds a condition with short-circuit evaluation: control goes on to `yes` or `no`. */
export function lowerCondition(node: Expression, yes: number, no: number, context: FunctionContext, negated = false): void {
  const { graph } = context;
  if (node.kind === "Logical" && node.operator !== "??") {
    const more = graph.block();
    if (node.operator === "and") lowerCondition(node.left, more, no, context, negated);
    else lowerCondition(node.left, yes, more, context, negated);
    graph.continueAt(more);
    lowerCondition(node.right, yes, no, context, negated);
    return;
  }
  if (node.kind === "Unary" && (node.operator === "not" || node.operator === "!")) {
    lowerCondition(node.operand, no, yes, context, !negated);
    return;
  }
  if (node.kind === "Literal") {
    graph.jump(node.value ? yes : no);
    return;
  }
  branchOn(node.kind === "Binary" ? testOfBinary(node, context) : testOfValue(lowerExpression(node, context)), yes, no, node.start, context, negated);
}

/** Ends the block with a branch; negations swap the targets. */
export function branchOn(test: Test, yes: number, no: number, at: number, context: FunctionContext, negated = false): void {
  if (test.test === "not") branchOn(test.of, no, yes, at, context, !negated);
  else context.graph.end({ t: "branch", test, yes, no, at, negated });
}

/** @returns the test that a value used as a condition makes */
export function testOfValue(value: Value): Test {
  return value.k === "derived" ? { test: "other", of: value.of } : { test: "truthy", value };
}

const equalities: ReadonlySet<string> = new Set(["==", "===", "is"]);
const inequalities: ReadonlySet<string> = new Set(["!=", "!==", "is not", "<>"]);
const orderings: ReadonlySet<string> = new Set(["<", ">", "<=", ">="]);

/** @returns whether an expression is true or false and nothing else, as far as it is written */
export function isComparison(node: Expression): boolean {
  if (node.kind === "Logical") return node.operator !== "??" && isComparison(node.left) && isComparison(node.right);
  if (node.kind === "Unary") return node.operator === "not" || node.operator === "!";
  return node.kind === "Binary" && [equalities, inequalities, orderings].some((operators) => operators.has(node.operator));
}

function testOfBinary(node: Binary, context: FunctionContext): Test {
  const left = lowerExpression(node.left, context);
  const right = lowerExpression(node.right, context);
  if (equalities.has(node.operator)) return equality(left, right);
  if (inequalities.has(node.operator)) return { test: "not", of: equality(left, right) };
  if (orderings.has(node.operator)) return { test: "compare", operator: node.operator, left, right };
  if (node.operator === "in") return { test: "contains", key: left, container: right };
  if (node.operator === "not in") return { test: "not", of: { test: "contains", key: left, container: right } };
  return { test: "other", of: [left, right] };
}

function equality(left: Value, right: Value): Test {
  if (right.k === "const" && right.v === null) return { test: "null", value: left };
  if (left.k === "const" && left.v === null) return { test: "null", value: right };
  return { test: "compare", operator: "==", left, right };
}
