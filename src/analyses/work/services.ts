import type { Cls } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/**
 * Whether the objects of a class, or of all classes below it, are services: made from other objects and holding nothing else. There are
 * only as many of them as the program sets up, unlike objects that hold data.
 */
export function isService(program: Program, cls: Cls): boolean {
  const made = [cls, ...program.hierarchy.subclasses(cls)].filter((one) => !isAbstract(program, one));
  return made.length > 0 && made.every((one) => holdsOnlyObjects(program, one)) && made.some((one) => takesObjects(program, one));
}

/** Interfaces, and classes with a method that others have to write. */
function isAbstract(program: Program, cls: Cls): boolean {
  return cls.fact.kind === "interface" || [...program.hierarchy.ownMethods(cls).values()].some((method) => !method.fact.hasBody);
}

/** A library's base may hold anything, a row of a table above all. */
function holdsOnlyObjects(program: Program, cls: Cls): boolean {
  if (program.hierarchy.libraryBases(cls).length > 0) return false;
  for (const one of program.hierarchy.ancestry(cls)) {
    for (const field of one.fact.fields) {
      if (!field.isStatic && !field.isConst && program.types.fieldType(one, field.name)?.t !== "instance") return false;
    }
  }
  return true;
}

function takesObjects(program: Program, cls: Cls): boolean {
  const maker = [...program.hierarchy.ownMethods(cls).values()].find((method) => method.fact.kind === "constructor");
  return maker !== undefined && maker.fact.params.length > 0;
}
