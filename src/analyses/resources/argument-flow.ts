import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** @returns whether a reference means the argument at a position, or of a name */
export const matches = (ref: { readonly position: number | null; readonly name: string }, i: number, name: string): boolean =>
  // `*`: any argument.
  (ref.position === null && ref.name === "") || (name === "" ? ref.position === i : ref.name === name);

/** @returns whether a call of a library reads one of its arguments to the end (`io.ReadAll(resp.Body)`) */
export function isReadToEnd(program: Program, fn: Fn, call: number, i: number): boolean {
  const { name } = fn.call(call).args[i]!;
  return program.target(fn, call).rows.some((row) => row.arguments.some(({ argument, flow }) => flow === "reads" && matches(argument, i, name)));
}
