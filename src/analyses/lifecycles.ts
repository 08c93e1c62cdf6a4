import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";

/** @returns the methods in which a library lets undo what this one sets up, which it calls once for each object (`componentDidMount`); none for any other */
export function undoneIn(program: Program, fn: Fn): readonly string[] {
  if (fn.cls === null || fn.fact.kind !== "method") return [];
  const found: string[] = [];
  for (const base of program.hierarchy.libraryBases(fn.cls)) {
    for (const row of program.library(fn.file).method(base, fn.fact.name)?.rows ?? []) {
      for (const effect of row.effects) if (effect.role === "undone-in") found.push(...effect.methods);
    }
  }
  return found;
}
