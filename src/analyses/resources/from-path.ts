import type { Fn } from "../../program/entities.ts";
import { argumentOf, settled } from "../../program/arguments.ts";
import type { Program } from "../../program/program.ts";
import type { Value } from "../../flow/values.ts";
import type { Acquires } from "../../semantics/models/model.ts";

/** What paths are: https://docs.python.org/3/glossary.html#term-path-like-object */
const pathTypes = /^builtins\.(?:str|bytes)$|^os\.|^pathlib\./;

/** What code calls a path where nothing tells the type: `path`, `zip_filename`, `targetDir`, `dest`. */
const pathNames = /path|file_?name|fname|dir(?:ectory)?$|folder|dest|location/i;

/**
 * Whether a call opens something of its own: where a model says that it opens what a path leads to, a stream that is passed in its place stays the caller's
 * (`zipfile.ZipFile(upload)`).
 */
export function opensPath(program: Program, fn: Fn, call: number, { fromPath }: Acquires): "yes" | "no" | "perhaps" {
  const given = fromPath === null ? null : argumentOf(fn.call(call).args, fromPath, fn);
  if (given?.given !== "yes") return "yes";
  const value = settled(given.value, fn);
  if (value.k === "const" || value.k === "derived" || isCalledPath(value, fn)) return "yes";
  const type = program.typeOf(value, fn);
  if (type?.t === "named") return pathTypes.test(type.name) ? "yes" : "no";
  return type === null ? "perhaps" : "no";
}

function isCalledPath(value: Value, fn: Fn): boolean {
  if (value.k === "elem") return isCalledPath(value.of, fn);
  if (value.k === "var") return pathNames.test(fn.file.variable(value.id).name);
  return value.k === "field" && pathNames.test(value.name);
}
