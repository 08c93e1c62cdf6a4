import { anyArgument, holds } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** @returns whether a call waits, for any time, for the end of the thread or process that it is called on */
export function joins(program: Program, fn: Fn, call: number): boolean {
  const { args } = fn.call(call);
  const effects = program.target(fn, call).rows.flatMap((row) => row.effects);
  return effects.some((effect) => effect.role === "joins" && holds(effect.when, args, fn) && anyArgument(args, effect.timeout, fn).given === "no");
}
