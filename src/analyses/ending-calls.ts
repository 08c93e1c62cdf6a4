import { neverReturns } from "../flow/reach.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";

/** @returns whether the models say that a call does not come back: it ends the process, or throws always */
export function isModelledEnd(program: Program, fn: Fn, call: number): boolean {
  return program.target(fn, call).rows.some((row) => row.noReturn);
}

/** @returns whether a call goes only to functions of the program none of which returns (`$this->fail($id)`) */
export function callsOnlyEndless(program: Program, fn: Fn, call: number): boolean {
  const { fns } = program.target(fn, call);
  return fns.length > 0 && fns.every((one) => neverReturns(one.graph));
}

/** @returns whether control does not come back from a call, as the models or the functions of the program say */
export function neverComesBack(program: Program, fn: Fn, call: number): boolean {
  return isModelledEnd(program, fn, call) || callsOnlyEndless(program, fn, call);
}
