import { argumentOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Effect } from "../../semantics/models/model.ts";
import { isSeenToThrow } from "../throwing.ts";

/** @returns whether it is a call of the program or of a modelled library, or one that is waited for. */
export function isKnown(program: Program, fn: Fn, call: number): boolean {
  const { rows, fns } = program.target(fn, call);
  return rows.length > 0 || fns.length > 0 || fn.call(call).awaited;
}

/** @returns whether it is seen why the call may throw: a function of the program in which only unknown calls may says little. */
export function isSeen(program: Program, fn: Fn, call: number): boolean {
  const { fns } = program.target(fn, call);
  return isKnown(program, fn, call) && (fns.length === 0 || fns.some((one) => isSeenToThrow(program, one)));
}

/** Roles of calls that go to a disk, a network or another process: what fails in production. */
const workRoles: ReadonlySet<Effect["role"]> = new Set<Effect["role"]>(["queries", "requests", "executes", "blocks", "reads-all", "acquires", "spawns"]);

/** @returns whether a call does such work, or is waited for */
export function isWork(program: Program, fn: Fn, call: number): boolean {
  return fn.call(call).awaited || program.target(fn, call).rows.some((row) => row.effects.some((effect) => workRoles.has(effect.role)));
}

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

/** @returns whether a call only ends something: it hardly ever fails */
export const endsSomething = (program: Program, fn: Fn, call: number): boolean =>
  !givesUp(program, fn, call) && program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "releases"));

/** @returns how much speaks for a call as the cause of an exception: the more the better */
export function weightOfCause(program: Program, fn: Fn, call: number): number {
  if (!isKnown(program, fn, call)) return 0;
  if (!isSeen(program, fn, call) || endsSomething(program, fn, call)) return 1;
  return isWork(program, fn, call) ? 3 : 2;
}
