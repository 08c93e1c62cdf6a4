/** Builds `dist/`: the CLI and the worker as code-split bundles, the grammars, the compiled models. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** A hash of all that decides what the analyzer finds: cached facts of another build are worth nothing. */
function buildId() {
  const hash = createHash("sha256").update(readFileSync("package-lock.json"));
  for (const folder of ["src", "rules"]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((one) => (one.isFile() ? join(one.parentPath, one.name) : ""))
      .sort()) {
      if (entry !== "") hash.update(entry).update(readFileSync(entry));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  metafile: true,
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

/** The licences of all that is bundled or copied stand beside it. */
const packages = new Set(["tree-sitter-python", "tree-sitter-go", "tree-sitter-php", "web-tree-sitter"]);
for (const input of Object.keys(metafile.inputs)) {
  const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) packages.add(match[1]);
}
const licences = [...packages].sort().map((name) => {
  const folder = join("node_modules", name);
  const { version: installed, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${installed} (${license})\n\n${file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync("dist/THIRD-PARTY-LICENSES.txt", licences.join(`\n${"-".repeat(80)}\n\n`));
