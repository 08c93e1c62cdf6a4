import type { Fn, ProgramFile } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { profileOf } from "../semantics/language-profile.ts";
import type { CallGraph } from "./call-graph.ts";
import { waitsForRequests } from "./process-life.ts";

/**
 * @returns the functions of files that somebody runs for one piece of work, as far as such a run comes to them: the file asks whether it is it that was
 *   started, nobody imports it, and nothing that it calls goes on for ever
 */
export function scriptFunctions(program: Program, callGraph: CallGraph): ReadonlySet<Fn> {
  const goesOn = (fn: Fn): boolean => waitsForRequests(callGraph, fn) || fn.graph.loops.some(({ kind, exits }) => kind === "forever" && !exits);
  const found = new Set<Fn>();
  for (const file of program.files) {
    if (!asksWhetherStarted(file) || program.symbols.isImported(file)) continue;
    const run = callGraph.reachedFrom([file.functions[0]!]);
    if (![...run].some(goesOn)) for (const fn of run) if (fn.file === file) found.add(fn);
  }
  return found;
}

/** `if __name__ == "__main__":` */
function asksWhetherStarted({ language, functions }: ProgramFile): boolean {
  const { startedAs } = profileOf(language);
  if (startedAs === null) return false;
  return functions[0]!.graph.blocks.some(({ end }) => {
    if (end.t !== "branch" || end.test.test !== "compare") return false;
    const sides = [end.test.left, end.test.right];
    return sides.some((side) => side.k === "ref" && side.name === startedAs.name) && sides.some((side) => side.k === "const" && side.v === startedAs.value);
  });
}
