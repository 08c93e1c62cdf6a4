/** Builds `dist/`: the CLI and the worker as code-split bundles, the grammars, the compiled models. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** A hash of all that decides what the analyzer finds: cached facts of another build are worth nothing. */
function buildId() {
  const hash = createHash("sha256").update(readFileSync("package-lock.json"));
  for (const folder of ["src", "rules"]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).map((one) => (one.isFile() ? join(one.parentPath, one.name) : "")).sort()) {
      if (entry !== "") hash.update(entry).update(readFileSync(entry));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { leakhound: "src/cli/main.ts", "analysis-worker": "src/cli/analysis-worker.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  external: ["ts-morph"],
  define: { LEAKHOUND_VERSION: JSON.stringify(version), LEAKHOUND_BUILD: JSON.stringify(buildId()) },
  // Bundled CommonJS packages ask for Node's own modules by `require`.
  banner: { js: 'import{createRequire as leakhoundRequire}from"node:module";const require=leakhoundRequire(import.meta.url);' },
  logLevel: "warning",
});

mkdirSync("dist/grammars", { recursive: true });
cpSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm"), "dist/grammars/web-tree-sitter.wasm");
for (const language of ["python", "go", "php"]) {
  const file = `tree-sitter-${language}.wasm`;
  cpSync(require.resolve(`tree-sitter-${language}/${file}`), `dist/grammars/${file}`);
}
