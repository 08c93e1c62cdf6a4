import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** @returns whether a reference means the argument at a position, or of a name */
export const matches = (ref: { readonly position: number | null; readonly name: string }, i: number, name: string): boolean =>
  // `*`: any argument.
  (ref.position === null && ref.name === "") || (name === "" ? ref.position === i : ref.name === name);

/** How far functions are followed that pass what they read on. */
const maxReaders = 3;

/** @returns whether a call of a library reads one of its arguments to the end (`io.ReadAll(resp.Body)`), or one of a function that does so first of all */
export function isReadToEnd(program: Program, fn: Fn, call: number, i: number, field = "", depth = 0): boolean {
  const { name } = fn.call(call).args[i]!;
  const { rows, fns } = program.target(fn, call);
  if (rows.length > 0) return field === "" && rows.some((row) => row.arguments.some(({ argument, flow }) => flow === "reads" && matches(argument, i, name)));
  return depth < maxReaders && fns.length > 0 && fns.every((reader) => readsFirst(program, reader, i, field, depth));
}

/** `func answer(r io.Reader) (string, error) { b, err := io.ReadAll(r); … }` */
function readsFirst(program: Program, fn: Fn, parameter: number, field: string, depth: number): boolean {
  const variable = fn.fact.params[parameter]?.variable ?? -1;
  if (variable < 0) return false;
  const isIt = (value: Value): boolean => value.k === "var" && value.id === variable;
  const isPart = (value: Value): boolean => field !== "" && value.k === "field" && value.name === field && isIt(value.of);
  return fn.graph.blocks[0]!.events.some((event) => {
    if (event.e !== "call") return false;
    return fn.call(event.call).args.some(({ value }, at) => {
      if (isPart(value)) return isReadToEnd(program, fn, event.call, at, "", depth + 1);
      return isIt(value) && isReadToEnd(program, fn, event.call, at, field, depth + 1);
    });
  });
}
