/**
 * Checks the built-in model files and prints what is wrong; exit code 1 when anything is. With `--undeclared` it also lists the types
 * that rows mention and no file declares (harmless, but often a misspelling).
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { formatDiagnostic } from "./diagnostic.ts";
import { MODEL_LANGUAGES } from "./load.ts";
import { compileFolder } from "./sources.ts";
import { undeclaredTypes } from "./undeclared.ts";

const root = fileURLToPath(new URL("../../../rules/models", import.meta.url));
const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

for (const language of MODEL_LANGUAGES.filter((name) => only.length === 0 || only.includes(name))) {
  const { set, sources, diagnostics } = compileFolder(root, language);
  for (const diagnostic of diagnostics) console.error(formatDiagnostic({ ...diagnostic, path: relative(process.cwd(), diagnostic.path) }));
  if (diagnostics.length > 0) process.exitCode = 1;
  console.log(`${language}: ${sources.length} files, ${set.calls.size} calls, ${set.types.size} types, ${diagnostics.length} problems`);
  if (process.argv.includes("--undeclared")) for (const name of undeclaredTypes(set)) console.log(`  undeclared type ${name}`);
}
