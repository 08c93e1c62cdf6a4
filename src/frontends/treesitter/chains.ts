import type { Expression } from "../../ast/nodes.ts";

/** Longer chains (`a + b + c …`) become balanced trees, so that their depth grows with the logarithm of their length. */
export const MAX_CHAIN = 64;

/** The operands of a chain and the operators between them. */
export interface Chain {
  readonly operands: readonly Expression[];
  readonly operators: readonly string[];
}

/** Makes one expression of an operator and its two sides. */
export type Join = (operator: string, left: Expression, right: Expression) => Expression;

/** @returns the expression of a chain: nested to the left, or balanced when it is long */
export function joinChain(chain: Chain, join: Join): Expression {
  return chain.operands.length > MAX_CHAIN ? joinBalanced(chain, join) : joinLeft(chain, join);
}

/** @returns the expression of a chain, nested to the left however long it is */
export function joinLeft({ operands, operators }: Chain, join: Join): Expression {
  let result = operands[0]!;
  for (let i = 0; i < operators.length; i++) result = join(operators[i]!, result, operands[i + 1]!);
  return result;
}

/** @returns the expression of a chain as a balanced tree */
export function joinBalanced(chain: Chain, join: Join): Expression {
  return balanced(chain, 0, chain.operands.length - 1, join);
}

/** Joins the operands from one place to another. */
function balanced(chain: Chain, from: number, to: number, join: Join): Expression {
  if (from === to) return chain.operands[from]!;
  const middle = (from + to) >> 1;
  return join(chain.operators[middle]!, balanced(chain, from, middle, join), balanced(chain, middle + 1, to, join));
}
