import type { Name } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { type LoweringContext, textOf } from "../treesitter/lowering.ts";

/** What the lowering of one Go file shares. */
export interface Context extends LoweringContext {
  /** The label before the loop, switch or select that is lowered next. */
  label: string | null;
  /** The file has syntax errors: only then is it worth looking for them in each statement. */
  readonly damaged: boolean;
  /** The types declared at the top of this file, with the grammar's node type of what they are made of. */
  readonly declaredTypes: ReadonlyMap<string, string>;
  /** The names under which packages are imported, as far as the import paths tell. */
  readonly packages: Set<string>;
}

/** @returns the Name of an identifier of any sort */
export function lowerName(node: CstNode, context: Context): Name {
  return { kind: "Name", name: textOf(node, context), isVariable: false, start: node.start, end: node.end };
}
