import type { Node } from "../../src/ast/nodes.ts";
import { walk } from "../../src/ast/visit.ts";

/** @returns the node and all below it, parents first */
export function nodesOf(root: Node): Node[] {
  const nodes: Node[] = [];
  walk(root, (n) => void nodes.push(n));
  return nodes;
}
