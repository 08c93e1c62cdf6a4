import type { Break, Continue, Return, Try } from "../../ast/nodes.ts";
import type { Value } from "../../flow/values.ts";
import { bindPattern } from "./assignments.ts";
import { type Entered, type Frame, type FunctionContext, updateLoop } from "./context.ts";
import { lowerExpression } from "./expressions.ts";
import { lowerBlock } from "./statements.ts";

/** Finalizers inside finalizers are repeated this deep; further in, jumps pass them by. */
const maxFinalizerDepth = 3;

/** Leaves a scope: what was entered last goes first. */
export function leaveScope(entered: readonly Entered[], { graph }: FunctionContext): void {
  for (const { value, at } of entered.toReversed()) graph.event({ e: "leave", value, at });
}

/** Repeats every `finally` and leaves every scope between the present place and frame number `depth`, innermost first. */
function runFinalizers(depth: number, context: FunctionContext): void {
  const { frames, graph } = context;
  const saved = frames.slice();
  const handler = graph.handler;
  while (frames.length > depth) {
    const frame = frames.pop()!;
    if (frame.frame === "scope") leaveScope(frame.entered, context);
    if (frame.frame !== "finally" || context.finalizerDepth >= maxFinalizerDepth) continue;
    context.finalizerDepth++;
    graph.handler = frame.handler;
    graph.cut();
    lowerBlock(frame.finalizer, context);
    context.finalizerDepth--;
  }
  frames.splice(0, frames.length, ...saved);
  graph.handler = handler;
}

/** All loops around the present place can be left early. */
function markExits(context: FunctionContext, upTo: number): void {
  for (let loop = context.graph.loop; loop >= 0; loop = context.graph.loops[loop]!.parent) {
    updateLoop(context, loop, { exits: true });
    if (loop === upTo) return;
  }
}

export function lowerReturn(node: Return, context: FunctionContext): void {
  const value: Value | null = node.value === null ? null : lowerExpression(node.value, context);
  markExits(context, -1);
  runFinalizers(0, context);
  context.graph.end({ t: "return", value, at: node.start, implicit: false });
}

export function lowerThrow(value: Value | null, at: number, context: FunctionContext): void {
  markExits(context, -1);
  // The scopes between here and whoever catches it.
  for (const frame of context.frames.toReversed()) {
    if (frame.frame === "scope" && frame.handler === context.graph.handler) leaveScope(frame.entered, context);
  }
  context.graph.end({ t: "throw", value, to: context.graph.handler, at, rethrow: false });
}

/** The frame a `break` or `continue` refers to, by label or by count. */
function targetFrame(node: Break | Continue, context: FunctionContext): number {
  let levels = node.levels;
  for (let i = context.frames.length - 1; i >= 0; i--) {
    const frame = context.frames[i]!;
    if (frame.frame !== "breakable") continue;
    if (node.label !== null) {
      if (frame.label === node.label) return i;
    } else if ((node.kind === "Break" || frame.continueTo !== null) && --levels <= 0) return i;
  }
  return -1;
}

export function lowerJump(node: Break | Continue, context: FunctionContext): void {
  const index = targetFrame(node, context);
  const frame: Frame | undefined = context.frames[index];
  if (frame?.frame !== "breakable") {
    context.graph.end({ t: "stop" });
    return;
  }
  if (node.kind === "Break" && frame.continueTo !== null) markExits(context, frame.loop);
  runFinalizers(index + 1, context);
  context.graph.jump(node.kind === "Break" ? frame.breakTo : (frame.continueTo ?? frame.breakTo));
}

/** `try`: handlers see exceptions of the body; the finalizer is repeated on the normal, the exceptional and each jumping way out. */
export function lowerTry(node: Try, context: FunctionContext): void {
  const { graph, frames } = context;
  const outer = graph.handler;
  const after = graph.block();
  const failing = node.finalizer === null ? outer : graph.block();
  graph.handler = failing;
  const dispatch = node.handlers.length === 0 ? failing : graph.block();
  graph.handler = outer;
  const finishing = node.finalizer === null ? after : graph.block();
  if (node.finalizer !== null) frames.push({ frame: "finally", finalizer: node.finalizer, handler: outer });

  graph.handler = dispatch;
  if (node.handlers.length > 0) context.guards++;
  graph.cut();
  lowerBlock(node.body, context);
  if (node.handlers.length > 0) context.guards--;
  graph.handler = failing;
  if (node.alternate !== null) {
    graph.cut();
    lowerBlock(node.alternate, context);
  }
  graph.jump(finishing);
  if (node.handlers.length > 0) lowerHandlers(node, dispatch, finishing, context);

  graph.handler = outer;
  if (node.finalizer !== null) {
    frames.pop();
    graph.continueAt(finishing);
    lowerBlock(node.finalizer, context);
    graph.jump(after);
    lowerFailing(node, failing, outer, context);
  }
  graph.continueAt(after);
}

/**
 * An exception of the body goes to one of the handlers. That none of them may fit is left out: who writes a handler means the exceptions that
 * happen, and a path on which another one happens would be reported against every `try`.
 */
function lowerHandlers(node: Try, dispatch: number, finishing: number, context: FunctionContext): void {
  const { graph } = context;
  const blocks = node.handlers.map(() => graph.block());
  graph.continueAt(dispatch);
  graph.end({ t: "choose", to: blocks, what: "catch", at: node.handlers[0]!.start });
  for (const [i, handler] of node.handlers.entries()) {
    graph.continueAt(blocks[i]!);
    if (handler.binding !== null) bindPattern(handler.binding, { k: "unknown", of: [] }, context.profile.assignmentDeclares ? null : "let", context);
    lowerBlock(handler.body, context);
    graph.jump(finishing);
  }
}

function lowerFailing(node: Try, failing: number, outer: number, context: FunctionContext): void {
  const { graph } = context;
  graph.continueAt(failing);
  if (context.finalizerDepth < maxFinalizerDepth) {
    context.finalizerDepth++;
    lowerBlock(node.finalizer!, context);
    context.finalizerDepth--;
  }
  graph.end({ t: "throw", value: null, to: outer, at: node.end - 1, rethrow: true });
}
