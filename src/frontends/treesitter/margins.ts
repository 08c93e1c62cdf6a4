import type { Comment, Located } from "../../ast/nodes.ts";
import type { CstNode } from "./cst.ts";

/** @returns whether a node is a comment, a line continuation or a stretch of HTML around PHP, which may stand anywhere */
export function isMargin({ type }: CstNode): boolean {
  return type === "comment" || type === "line_continuation" || type === "text_interpolation";
}

/** @returns the named children that are no margins */
export function parts(node: CstNode): CstNode[] {
  const result: CstNode[] = [];
  for (const c of node.children) if (c.named && !isMargin(c)) result.push(c);
  return result;
}

/** @returns the first of the `parts`, or null */
export function firstPart(node: CstNode): CstNode | null {
  for (const c of node.children) if (c.named && !isMargin(c)) return c;
  return null;
}

/** What a tree holds besides code: its comments, and the spans the parser did not understand. */
export interface Margins {
  readonly comments: readonly Comment[];
  readonly syntaxErrors: readonly Located[];
}

/**
 * @param commentText takes the marks off a comment as written
 * @returns the margins of a whole file, in order
 */
export function marginsOf(root: CstNode, text: string, commentText: (written: string) => string): Margins {
  const comments: Comment[] = [];
  const syntaxErrors: Located[] = [];
  const pending: CstNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { type, start, end, children } = node;
    if (type === "comment") comments.push({ text: commentText(text.slice(start, end)), start, end });
    else if (type === "ERROR" || node.missing) syntaxErrors.push({ start, end });
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!);
  }
  return { comments, syntaxErrors };
}
