import type { Collection, CollectionEntry, Expression, Name } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { literal, MAX_DEPTH, textOf, unknown } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { dottedName } from "./names.ts";

/** What a `case` pattern compares with, and the names it binds. */
export interface CasePattern {
  /** Empty when the pattern matches anything. */
  readonly tests: readonly Expression[];
  readonly binds: readonly Expression[];
}

/** Lowers the patterns of one `case` clause; several without brackets are a sequence pattern. */
export function lowerCasePatterns(patterns: readonly CstNode[], isSequence: boolean, context: Context): CasePattern {
  const binds: Expression[] = [];
  const tests: Expression[] = [];
  for (const p of patterns) for (const t of testsOf(p, binds, context)) tests.push(t);
  const [first] = patterns;
  const last = patterns[patterns.length - 1];
  if (!isSequence || first === undefined || last === undefined) return { tests, binds };
  return { tests: [structure("list", first.start, last.end, tests)], binds };
}

/** A structural pattern that compares with a shape: a collection of what its parts compare with. */
function structure(collectionKind: "list" | "map", start: number, end: number, tests: readonly Expression[]): Collection {
  const entries = tests.map((value): CollectionEntry => ({ key: null, value, spread: false, start: value.start, end: value.end }));
  return { kind: "Collection", collectionKind, entries, type: null, start, end };
}

function nestedTests(node: CstNode, binds: Expression[], context: Context): Expression[] {
  const tests: Expression[] = [];
  let minus: CstNode | null = null;
  for (const c of node.children) {
    if (c.type === "-") minus = c;
    else if (c.named && c.type !== "comment" && c.type !== "line_continuation") {
      for (const t of testsOf(c, binds, context)) tests.push(minus === null ? t : negated(t, minus));
      minus = null;
    }
  }
  return tests;
}

function negated(operand: Expression, minus: CstNode): Expression {
  return { kind: "Unary", operator: "-", operand, start: minus.start, end: operand.end };
}

function bind(node: CstNode, context: Context): Name {
  return { kind: "Name", name: textOf(node, context), isVariable: false, start: node.start, end: node.end };
}

function testsOf(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  if (context.depth > MAX_DEPTH) return [unknown(node)];
  context.depth++;
  const tests = testsOfKind(node, binds, context);
  context.depth--;
  return tests;
}

function testsOfKind(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  switch (node.type) {
    case "case_pattern":
      return nestedTests(node, binds, context);
    case "dotted_name":
      return captureOrValue(node, binds, context);
    case "as_pattern":
      return asPattern(node, binds, context);
    case "union_pattern":
      return alternatives(node, binds, context);
    case "class_pattern": {
      const [type, ...nested] = parts(node);
      if (type === undefined) return [unknown(node)];
      return [dottedName(type, context), ...nested.flatMap((p) => testsOf(p, binds, context))];
    }
    case "keyword_pattern":
      return keywordPattern(node, binds, context);
    case "list_pattern":
    case "tuple_pattern":
      return sequence(node, binds, context);
    case "dict_pattern":
      return [structure("map", node.start, node.end, nestedTests(node, binds, context))];
    case "splat_pattern": {
      const name = parts(node)[0];
      if (name !== undefined) binds.push(bind(name, context));
      return [];
    }
    case "complex_pattern":
      return [literal(node, "number", textOf(node, context))];
    default:
      return [context.expression(node)];
  }
}

/** A plain name is bound; a dotted one is compared with. */
function captureOrValue(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  const names = parts(node);
  if (names.length !== 1) return [dottedName(node, context)];
  if (textOf(node, context) !== "_") binds.push(bind(names[0]!, context));
  return [];
}

function asPattern(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  const [pattern, name] = parts(node);
  const tests = pattern === undefined ? [] : testsOf(pattern, binds, context);
  if (name !== undefined) binds.push(bind(name, context));
  return tests;
}

/** One alternative that matches anything makes the whole match anything. */
function alternatives(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  if (node.children.some((c) => c.type === "_")) return [];
  return nestedTests(node, binds, context);
}

function keywordPattern(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  const value = node.children.slice(node.children.findIndex((c) => c.type === "=") + 1);
  return nestedTests({ ...node, children: value }, binds, context);
}

/** `(p)` is p; `[…]` and `(…, )` match a sequence. */
function sequence(node: CstNode, binds: Expression[], context: Context): readonly Expression[] {
  const tests = nestedTests(node, binds, context);
  const isGroup = node.type === "tuple_pattern" && parts(node).length === 1 && !node.children.some((c) => c.type === ",");
  return isGroup ? tests : [structure("list", node.start, node.end, tests)];
}
