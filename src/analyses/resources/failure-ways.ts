import type { Decision, FlowExit } from "../../flow/solver.ts";
import type { Test } from "../../flow/event-graph.ts";
import { successors, walk } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isErrorType } from "../error-types.ts";
import { resultsOf } from "./holding.ts";
import type { Causes } from "./causes.ts";
import { type Likelihood, likelier, rarer } from "./likelihood.ts";
import type { ResourceState } from "./state.ts";

/** Tells what has to fail for a function to leave by a `return` or `throw` of its own. */
export class FailureWays {
  readonly #program: Program;
  readonly #fn: Fn;
  readonly #causes: Causes;
  /** Blocks that a branch's other side leads to, by the block of the branch and that side. */
  readonly #beyond = new Map<string, ReadonlySet<number>>();
  readonly #before: readonly (readonly number[])[];

  constructor(program: Program, fn: Fn, causes: Causes) {
    this.#program = program;
    this.#fn = fn;
    this.#causes = causes;
    const before: number[][] = fn.graph.blocks.map(() => []);
    for (const [at, { end }] of fn.graph.blocks.entries()) for (const to of successors(end)) before[to]?.push(at);
    this.#before = before;
  }

  /** @returns how likely a way out is: as the rarest of the failures that lead to it, or of the checks that do where nothing fails */
  likelihood(exit: FlowExit<ResourceState>, opening: number): Likelihood {
    const start = opening < 0 ? -1 : this.#fn.call(opening).start;
    let failure: Likelihood | null = null;
    let isChecked = false;
    for (const decision of exit.decisions) {
      if (decision.what !== "branch" || decision.at < start) continue;
      const branch = this.#governing(decision, exit.block);
      if (branch === null) continue;
      isChecked = true;
      const { block, test, taken } = branch;
      const error = taken ? null : this.#errorAsked(test);
      if (error === null) continue;
      const cause = this.#causeOf(error, block, opening, exit.state);
      failure = failure === null ? cause : rarer(failure, cause);
    }
    if (failure !== null) return failure;
    return isChecked && this.#refuses(exit) ? "refuses" : "ends";
  }

  /** The branch of a decision, where the way out lies on one side of it only. */
  #governing({ at, taken }: Decision, exit: number): { readonly block: number; readonly test: Test; readonly taken: boolean } | null {
    for (const [block, { end }] of this.#fn.graph.blocks.entries()) {
      if (end.t !== "branch" || end.at !== at) continue;
      const isYes = taken !== end.negated;
      const [side, other] = isYes ? [end.yes, end.no] : [end.no, end.yes];
      if (this.#leadsTo(block, side).has(exit) && !this.#leadsTo(block, other).has(exit)) return { block, test: end.test, taken: isYes };
    }
    return null;
  }

  #leadsTo(branch: number, side: number): ReadonlySet<number> {
    const key = `${branch} ${side}`;
    let found = this.#beyond.get(key);
    if (found === undefined) {
      found = walk(side, (at) => (at === branch ? [] : successors(this.#fn.graph.blocks[at]!.end)));
      this.#beyond.set(key, found);
    }
    return found;
  }

  /** The error whose being null a test asks; null for other tests. */
  #errorAsked(test: Test): Value | null {
    if (test.test !== "null") return null;
    return isErrorType(this.#program, this.#program.typeOf(test.value, this.#fn)) ? test.value : null;
  }

  /** How likely it is that an error is there: as the likeliest of the calls that may have given it. */
  #causeOf(error: Value, block: number, opening: number, state: ResourceState): Likelihood {
    const givers = error.k === "var" ? this.#lastSet(error.id, block, opening) : [error];
    let found: Likelihood | null = null;
    for (const giver of givers) {
      const call = giver.k === "item" ? giver.of : giver;
      // Where the opening failed there is nothing open.
      if ((call.k === "call" && call.id === opening) || (giver.k === "const" && giver.v === null)) continue;
      const one = call.k === "call" ? this.#causes.told(call.id, giver.k === "item" ? giver.i : 0, state) : "refuses";
      found = found === null ? one : likelier(found, one);
    }
    return found ?? "refuses";
  }

  /** The values that a variable may have at the end of a block. */
  #lastSet(variable: number, from: number, opening: number): readonly Value[] {
    const { blocks } = this.#fn.graph;
    const found: Value[] = [];
    walk(from, (at) => {
      for (const event of blocks[at]!.events.toReversed()) {
        if (event.e === "set" && event.var === variable) {
          found.push(event.value);
          return [];
        }
        if (event.e === "call" && event.call === opening) return [];
      }
      return this.#before[at]!;
    });
    return found;
  }

  /** Whether a way out says that something is wrong: it throws, or gives an error. */
  #refuses({ exit, block }: FlowExit<ResourceState>): boolean {
    if (exit === "throw") return true;
    const { end } = this.#fn.graph.blocks[block]!;
    if (end.t !== "return" || end.value === null) return false;
    const last = resultsOf(end.value).at(-1);
    return last !== undefined && last.k !== "const" && isErrorType(this.#program, this.#program.typeOf(last, this.#fn));
  }
}
