import type { Cls, Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { UndoneIn } from "../semantics/models/model.ts";

/** @returns the methods in which a library lets undo what this one sets up, which it calls once for each object (`componentDidMount`); none for any other */
export const undoneIn = (program: Program, fn: Fn): readonly string[] => lifecycleOf(program, fn).flatMap(({ methods }) => methods);

/** @returns whether the library calls a method again for the same object (`componentDidUpdate`) */
export const isCalledAgain = (program: Program, fn: Fn): boolean => lifecycleOf(program, fn).some(({ again }) => again);

/** @returns the methods that a library calls when an object of a class goes; none where it calls none */
export const endedIn = (program: Program, cls: Cls): readonly string[] =>
  program.hierarchy.libraryBases(cls).flatMap((base) => program.library(cls.file).type(base.name)?.endedIn ?? []);

function lifecycleOf(program: Program, fn: Fn): readonly UndoneIn[] {
  if (fn.cls === null || fn.fact.kind !== "method") return [];
  const found: UndoneIn[] = [];
  for (const base of program.hierarchy.libraryBases(fn.cls)) {
    for (const row of program.library(fn.file).method(base, fn.fact.name)?.rows ?? []) {
      for (const effect of row.effects) if (effect.role === "undone-in") found.push(effect);
    }
  }
  return found;
}
