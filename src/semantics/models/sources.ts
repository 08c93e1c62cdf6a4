import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileModels, type ListedModels, type ModelSource } from "./compile.ts";
import type { ModelDiagnostic } from "./diagnostic.ts";
import { loadModelFile } from "./load.ts";
import type { ModelLanguage } from "./model.ts";

/** A folder of model files, read and compiled. */
export interface CompiledFolder {
  readonly set: ListedModels;
  readonly sources: readonly ModelSource[];
  readonly diagnostics: readonly ModelDiagnostic[];
}

/**
 * Reads and compiles every model file of one language.
 * @param root the folder that has one folder per language (`rules/models`)
 * @param language which one
 */
export function compileFolder(root: string, language: ModelLanguage): CompiledFolder {
  const sources: ModelSource[] = [];
  const diagnostics: ModelDiagnostic[] = [];
  for (const path of modelFilesIn(join(root, language))) {
    const loaded = loadModelFile(path, readFileSync(path, "utf8"), language);
    diagnostics.push(...loaded.diagnostics);
    if (loaded.file !== null) sources.push({ path, file: loaded.file });
  }
  const compiled = compileModels(language, sources);
  return { set: compiled.set, sources, diagnostics: [...diagnostics, ...compiled.diagnostics] };
}

/** The YAML files of a folder by name; none when there is no such folder. */
function modelFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
