/** Fills the README's marked blocks with what the built tool prints: `npm run readme`. A test holds the README to it. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index.ts";

const root = join(import.meta.dirname, "../..");
const file = join(root, "README.md");
/** Lines of the example's report that the README shows at its beginning. */
const shown = 34;

/** @returns the blocks' contents by name */
function blocks(): ReadonlyMap<string, string> {
  const { stdout } = spawnSync(process.execPath, ["bin/leakhound.js", "fixtures/projects/orders-service", "--fail-on", "never", "--no-cache", "--quiet"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "100" },
  });
  const lines = stdout.trimEnd().split("\n");
  const start = lines.findLastIndex((line) => line.trim().startsWith("now ") || /^\s+now\s/.test(line));
  const table = [...rules]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((rule) => `| \`${rule.id}\` | ${rule.title} | ${rule.severity} | ${languages(rule.languages)} |`);
  const fenced = (text: readonly string[]): string => ["```text", ...text, "```"].join("\n");
  return new Map([
    ["example", fenced(trimmed(lines.slice(0, shown)))],
    ["balance", fenced(lines.slice(start))],
    ["rules", ["| rule | finds | severity | languages |", "|---|---|---|---|", ...table].join("\n")],
  ]);
}

/** Cuts at the last empty line, so that no finding is shown in part. */
function trimmed(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => line.trim() === "");
  return lines.slice(0, end < 0 ? lines.length : end);
}

function languages(all: readonly string[]): string {
  return all.length === 5 ? "all" : all.join(", ");
}

/** @returns the README with its blocks filled in anew */
export function renderReadme(): string {
  let text = readFileSync(file, "utf8");
  for (const [name, content] of blocks()) {
    text = text.replace(
      new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`),
      (_, begin: string, end: string) => `${begin}${content}\n${end}`,
    );
  }
  return text;
}

if (process.argv[1] === import.meta.filename) writeFileSync(file, renderReadme());
