/** Writes the built-in models, compiled, to `dist/models/<language>.json`. Part of the package's build. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeModels } from "./compact.ts";
import { formatDiagnostic } from "./diagnostic.ts";
import { MODEL_LANGUAGES } from "./load.ts";
import { compileFolder } from "./sources.ts";

const project = new URL("../../../", import.meta.url);
const target = new URL("dist/models/", project);

mkdirSync(target, { recursive: true });
for (const language of MODEL_LANGUAGES) {
  const { set, diagnostics } = compileFolder(fileURLToPath(new URL("rules/models", project)), language);
  for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic));
  if (diagnostics.length > 0) process.exitCode = 1;
  writeFileSync(new URL(`${language}.json`, target), JSON.stringify(encodeModels(set)));
  console.log(`${language}: ${set.calls.size} calls, ${set.types.size} types`);
}
