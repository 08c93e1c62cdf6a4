/** A concrete syntax node as plain data: nothing of the WebAssembly runtime is held once it is made. */
export interface CstNode {
  /** The grammar's node type (`call`, `if_statement`); anonymous nodes have their text (`(`, `async`). `ERROR` for what was not understood. */
  readonly type: string;
  readonly named: boolean;
  /** The field this node fills in its parent, or null. */
  readonly field: string | null;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** All children, anonymous ones and comments included. */
  readonly children: readonly CstNode[];
  /** The parser invented this node to go on; it has no text. */
  readonly missing: boolean;
}

/** @returns the first child filling `field`, or null */
export function child(node: CstNode, field: string): CstNode | null {
  for (const c of node.children) if (c.field === field) return c;
  return null;
}

/** @returns every named child filling `field` */
export function childrenOf(node: CstNode, field: string): CstNode[] {
  return node.children.filter((c) => c.field === field && c.named);
}
