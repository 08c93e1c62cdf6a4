import type { Block, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import type { LoweringContext } from "../treesitter/lowering.ts";

/** What the lowering of one PHP file shares. */
export interface Context extends LoweringContext {
  /** The body being lowered yields, so its function is a generator. */
  sawYield: boolean;
  /** The namespace of the statements being lowered, without leading backslash. */
  namespace: string;
  /** The `/** … *\/` comment directly above the statement or class member being lowered. */
  doc: CstNode | null;
  /** The loops and switches around the statement being lowered, outermost first, within its function. */
  breakables: readonly Breakable[];
  /** The file prints with `<?= … ?>` somewhere. */
  readonly hasShortEcho: boolean;
}

/** What `break` and `continue` count in PHP. */
export type Breakable = "loop" | "switch";

/** @returns the first child of this type, or null */
export function childOfType(node: CstNode, type: string): CstNode | null {
  for (const c of node.children) if (c.type === type) return c;
  return null;
}

/** Lowers statements in order and tells each of the doc comment above it. */
export function lowerStatements(nodes: readonly CstNode[], context: Context, out: Statement[]): void {
  let doc: CstNode | null = null;
  for (const node of nodes) {
    if (!node.named) continue;
    if (node.type === "comment") {
      doc = node;
      continue;
    }
    context.doc = doc;
    context.statement(node, out);
    doc = null;
  }
  context.doc = null;
}

/** @returns the block of a body in braces, between `:` and its end keyword, or of a single statement; an empty one at the end of `parent` without a body */
export function blockOf(node: CstNode | null, parent: CstNode, context: Context): Block {
  if (node === null) return { kind: "Block", body: [], start: parent.end, end: parent.end };
  const body: Statement[] = [];
  const isList = node.type === "compound_statement" || node.type === "colon_block";
  lowerStatements(isList ? node.children : [node], context, body);
  return { kind: "Block", body, start: node.start, end: node.end };
}
