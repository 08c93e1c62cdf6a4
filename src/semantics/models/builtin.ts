import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CompactModels, decodeModels } from "./compact.ts";
import type { ModelLanguage, ModelSet } from "./model.ts";

const loaded = new Map<ModelLanguage, Promise<ModelSet>>();

/**
 * The models that come with the package. The bundled package reads them compiled; run from source they are compiled from their YAML, so
 * that an edit shows at once. Either way once per process and language.
 * @param language TypeScript uses `javascript`
 */
export function loadBuiltinModels(language: ModelLanguage): Promise<ModelSet> {
  const known = loaded.get(language) ?? readBuiltinModels(language);
  loaded.set(language, known);
  return known;
}

async function readBuiltinModels(language: ModelLanguage): Promise<ModelSet> {
  if (!import.meta.url.endsWith("/src/semantics/models/builtin.ts")) return decodeModels(readCompiled(language));
  const { compileFolder } = await import("./sources.ts");
  return compileFolder(fileURLToPath(new URL("../../../rules/models", import.meta.url)), language).set;
}

/** The bundle and its workers stand in `dist/` or one folder below; the models in `dist/models/`. */
function readCompiled(language: ModelLanguage): CompactModels {
  for (const folder of ["./models/", "../models/"]) {
    try {
      return JSON.parse(readFileSync(new URL(`${folder}${language}.json`, import.meta.url), "utf8")) as CompactModels;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  throw new Error(`the compiled models of ${language} are missing; install the package again`);
}
