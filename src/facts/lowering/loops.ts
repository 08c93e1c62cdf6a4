import type { Loop } from "../../ast/nodes.ts";
import type { LoopFact } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { Scope } from "../../semantics/scope.ts";
import { bindPattern } from "./assignments.ts";
import { lowerCondition } from "./conditions.ts";
import { type FunctionContext, closeLoop, inScope, openLoop, updateLoop } from "./context.ts";
import { lowerExpression } from "./expressions.ts";
import { lowerBlock, lowerStatements } from "./statements.ts";

/** Adds a loop of any kind. */
export function lowerLoop(node: Loop, context: FunctionContext): void {
  inScope(context, context.profile.blockScopes ? new Scope("block", context.scope, context.fn) : context.scope, () => {
    if (node.loopKind === "each") lowerEach(node, context);
    else lowerConditional(node, context);
  });
}

function loopFact(node: Loop, iterable: Value | null): Omit<LoopFact, "parent"> {
  return { kind: node.loopKind, iterable, targets: [], test: null, start: node.start, end: node.end, exits: false };
}

/** The body between its head and the way back, with `break` and `continue` in force. */
function lowerBody(node: Loop, loop: number, breakTo: number, continueTo: number, context: FunctionContext): void {
  context.frames.push({ frame: "breakable", label: node.label, breakTo, continueTo, loop });
  lowerBlock(node.body, context);
  context.frames.pop();
  context.graph.jump(continueTo);
}

function lowerEach(node: Loop, context: FunctionContext): void {
  const { graph } = context;
  lowerStatements(node.init, context);
  const iterable: Value = node.iterable === null ? { k: "unknown", of: [] } : lowerExpression(node.iterable, context);
  const after = graph.block();
  const loop = openLoop(context, loopFact(node, iterable));
  const [head, body] = [graph.block(), graph.block()];
  graph.jump(head);
  graph.continueAt(head);
  const done = node.alternate === null ? after : graph.block();
  graph.end({ t: "each", loop, body, done, at: node.start });
  graph.continueAt(body);
  if (node.target !== null) updateLoop(context, loop, { targets: bindEach(node, iterable, context) });
  lowerBody(node, loop, after, head, context);
  closeLoop(context);
  if (node.alternate !== null) {
    graph.continueAt(done);
    lowerBlock(node.alternate, context);
    graph.jump(after);
  }
  graph.continueAt(after);
}

function bindEach(node: Loop, iterable: Value, context: FunctionContext): readonly number[] {
  const target = node.target!;
  const declares = node.declares;
  if (node.yields === "entries" && target.kind === "Collection") {
    const [key, value] = target.entries;
    return [
      ...(key === undefined ? [] : bindPattern(key.value, { k: "elem", of: iterable, part: "key" }, declares, context)),
      ...(value === undefined ? [] : bindPattern(value.value, { k: "elem", of: iterable, part: "value" }, declares, context)),
    ];
  }
  return bindPattern(target, { k: "elem", of: iterable, part: node.yields === "values" ? "value" : "key" }, declares, context);
}

function lowerConditional(node: Loop, context: FunctionContext): void {
  const { graph } = context;
  lowerStatements(node.init, context);
  const after = graph.block();
  const loop = openLoop(context, loopFact(node, null));
  const [head, body, next] = [graph.block(), graph.block(), graph.block()];
  graph.jump(node.loopKind === "do-while" ? body : head);
  const done = node.alternate === null ? after : graph.block();
  graph.continueAt(head);
  if (node.test === null) graph.jump(body);
  else {
    lowerCondition(node.test, body, done, context);
    rememberTest(loop, head, body, context);
  }
  graph.continueAt(body);
  lowerBody(node, loop, after, next, context);
  graph.continueAt(next);
  lowerStatements(node.update, context);
  graph.jump(head);
  closeLoop(context);
  if (node.alternate !== null) {
    graph.continueAt(done);
    lowerBlock(node.alternate, context);
    graph.jump(after);
  }
  graph.continueAt(after);
}

function rememberTest(loop: number, head: number, body: number, context: FunctionContext): void {
  const end = context.graph.endOf(head);
  if (end.t === "branch") updateLoop(context, loop, { test: end.no === body ? { test: "not", of: end.test } : end.test });
}
