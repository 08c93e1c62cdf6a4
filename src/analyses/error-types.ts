import type { Program } from "../program/program.ts";
import type { Type } from "../program/types.ts";

/**
 * @returns whether a type is Go's `error`, or a type of the program that is one: it has its method, is an interface with all that is in `error`, or is called one
 *   (`probe.Error`). https://go.dev/ref/spec#Errors
 */
export function isErrorType(program: Program, type: Type | null): boolean {
  if (type?.t === "named") return type.name === "error";
  if (type?.t !== "instance" || type.cls.file.language !== "go") return false;
  return (
    /(?:^|[a-z])Error$/.test(type.cls.name) ||
    program.hierarchy.method(type.cls, "Error", "instance") !== null ||
    (type.cls.fact.kind === "interface" && program.hierarchy.libraryBases(type.cls).some((base) => base.name === "error"))
  );
}
