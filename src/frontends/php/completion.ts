import type { Expression, Statement } from "../../ast/nodes.ts";

/** Ends of bodies nested deeper than this are taken to be reached. */
const MAX_DEPTH = 30;

/** @returns whether control may come to the end of the statements, as far as their shape tells */
export function completes(body: readonly Statement[], depth = 0): boolean {
  const last = body[body.length - 1];
  if (last === undefined || depth > MAX_DEPTH) return true;
  switch (last.kind) {
    case "Return":
    case "Throw":
    case "Break":
    case "Continue":
    case "Goto":
      return false;
    case "Block":
      return completes(last.body, depth + 1);
    case "If":
      return last.alternate === null || completes(last.consequent.body, depth + 1) || completes(last.alternate.body, depth + 1);
    case "Try":
      if (last.finalizer !== null && !completes(last.finalizer.body, depth + 1)) return false;
      return completes(last.body.body, depth + 1) || last.handlers.some((h) => completes(h.body.body, depth + 1));
    case "ExprStmt":
      return !isExitCall(last.expression);
    default:
      return true;
  }
}

function isExitCall(node: Expression): boolean {
  return node.kind === "Call" && node.callee.kind === "Name" && !node.callee.isVariable && node.callee.name === "exit";
}
