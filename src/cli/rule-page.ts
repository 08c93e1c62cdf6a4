import { existsSync, readFileSync } from "node:fs";

/** The built program stands in `dist/`, the sources in `src/cli/`. */
const folder = new URL(import.meta.url.endsWith(".ts") ? "../../docs/rules/" : "../docs/rules/", import.meta.url);

/**
 * @returns who owns what and the examples of a rule, as its page below `docs/rules` has them, without the title; null for a rule without a page
 */
export function rulePage(id: string): string | null {
  const file = new URL(`${id}.md`, folder);
  return existsSync(file) ? readFileSync(file, "utf8").replace(/^# .*\n+/, "") : null;
}
