import type { LoweringContext } from "../treesitter/lowering.ts";

/** What the lowering of one Python file shares. */
export interface Context extends LoweringContext {
  /** The body being lowered yields, so its function is a generator. */
  sawYield: boolean;
  /** The statements being lowered stand in a class body, where functions are methods. */
  inClass: boolean;
}
