import { isNearlyNil } from "../never-failing.ts";
import { argumentOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Effect } from "../../semantics/models/model.ts";
import { isSeenToThrow } from "../throwing.ts";
import { isReadToEnd } from "./argument-flow.ts";
import { isAboutOpened, isUntouched } from "./just-opened.ts";
import type { Holding } from "./holding.ts";
import type { Likelihood } from "./likelihood.ts";
import type { ResourceState } from "./state.ts";

/** Roles of calls that go to a disk, a network or another process: what fails in production. */
const workRoles: ReadonlySet<Effect["role"]> = new Set<Effect["role"]>(["queries", "requests", "executes", "blocks", "reads-all", "acquires", "spawns"]);

/**
 * @returns whether a call waits for another process as long as one of its arguments says, and throws then, where the function expects that: `process.communicate(timeout=5)`, after which the process still runs
 *   (https://docs.python.org/3/library/subprocess.html#subprocess.Popen.communicate)
 */
export function givesUp(program: Program, fn: Fn, call: number): boolean {
  const { args, guarded } = fn.call(call);
  if (!guarded) return false;
  const limits = (effect: Effect): boolean => effect.role === "executes" && effect.timeout.some((ref) => argumentOf(args, ref, fn).given === "yes");
  return program.target(fn, call).rows.some((row) => row.throws && row.effects.some(limits));
}

/** Tells how likely it is that a call fails while the followed resource is open. */
export class Causes {
  readonly #program: Program;
  readonly #fn: Fn;
  readonly #holding: Holding;

  constructor(program: Program, fn: Fn, holding: Holding) {
    this.#program = program;
    this.#fn = fn;
    this.#holding = holding;
  }

  /** @returns how likely an exception of a call is */
  thrown(call: number, state: ResourceState): Likelihood {
    const { rows, fns } = this.#program.target(this.#fn, call);
    if (givesUp(this.#program, this.#fn, call)) return "fails";
    // What only ends something itself (`cursor.close()`) hardly ever fails.
    if (this.#isHardly(call) || this.#ends(call)) return "hardly";
    if (rows.length + fns.length === 0) return this.#fn.call(call).awaited ? "fails" : "unseen";
    if (this.isOwn(call, state)) return "own";
    if (rows.length === 0 && !fns.some((one) => isSeenToThrow(this.#program, one))) return this.#gets(call, state) ? "own" : "unseen";
    return this.#isWork(call) ? "fails" : rows.length > 0 ? "rejects" : "raises";
  }

  /** @returns how likely it is that the error is there which a call gives as its i-th result */
  told(call: number, result: number, state: ResourceState): Likelihood {
    const { rows, fns } = this.#program.target(this.#fn, call);
    if (this.#isHardly(call)) return "hardly";
    if (fns.length > 0 && fns.every((one) => isNearlyNil(this.#program, one, result))) return "hardly";
    // What was not yet written to has nothing to lose when it is closed.
    if (this.#ends(call) && isUntouched(this.#program, this.#fn, this.#opening, call)) return "hardly";
    if (this.isOwn(call, state)) return "own";
    if (this.#isWork(call)) return "fails";
    return rows.length > 0 ? "rejects" : fns.length > 0 ? "raises" : "unseen";
  }

  /** @returns whether it is the resource itself that a call is made on, or that it reads */
  isOwn(call: number, state: ResourceState): boolean {
    const { callee, args } = this.#fn.call(call);
    if (this.#holding.calleePath(callee, state) !== null) return true;
    return args.some(({ value }, i) => this.#holding.part(value, state) !== null && isReadToEnd(this.#program, this.#fn, call, i));
  }

  /** Whether a call is given the resource: what it does may fail by it. */
  #gets(call: number, state: ResourceState): boolean {
    return this.#fn.call(call).args.some(({ value }) => this.#holding.part(value, state) !== null);
  }

  get #opening(): number {
    return this.#holding.tracked.origin.call;
  }

  #isHardly(call: number): boolean {
    const { rows } = this.#program.target(this.#fn, call);
    return rows.length > 0 && rows.every(({ fails }) => fails === "hardly" || (fails === "hardly-once-open" && isAboutOpened(this.#fn, this.#opening, call)));
  }

  /** Whether a call goes to a disk, a network or another process, or is waited for. */
  #isWork(call: number): boolean {
    return this.#fn.call(call).awaited || this.#program.target(this.#fn, call).rows.some((row) => row.effects.some(({ role }) => workRoles.has(role)));
  }

  #ends(call: number): boolean {
    return this.#program.target(this.#fn, call).rows.some((row) => row.effects.some(({ role }) => role === "releases"));
  }
}
