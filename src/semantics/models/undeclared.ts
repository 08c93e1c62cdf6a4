import { type ListedModels, modelKey } from "./compile.ts";
import type { TypeRef } from "./model.ts";

const PLACEHOLDER = /^(?:T\d|receiver|argument:.+|element:.+|instance:.+)$/;

/**
 * The types that rows and types mention and no file declares.
 * @param set a compiled set
 * @returns their names, sorted
 */
export function undeclaredTypes(set: ListedModels): readonly string[] {
  const mentioned = new Set<string>();
  for (const type of set.types.values()) {
    for (const ref of [...type.bases, ...Object.values(type.fields), ...(type.element === null ? [] : [type.element])]) collect(ref, mentioned);
  }
  for (const rows of set.calls.values()) {
    for (const row of rows) {
      for (const ref of [...row.results, ...row.callbacks.flatMap((callback) => callback.params)]) collect(ref, mentioned);
    }
  }
  return [...mentioned].filter((name) => !PLACEHOLDER.test(name) && !set.types.has(modelKey(set.language, name))).sort();
}

/** The loader bounds how deep type arguments nest. */
function collect(ref: TypeRef, into: Set<string>): void {
  into.add(ref.name);
  for (const argument of ref.args) collect(argument, into);
}
