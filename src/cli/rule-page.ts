import { readFileSync } from "node:fs";

/**
 * @returns who owns what and the examples of a rule, as its page below `docs/rules` has them, without the title; null for a rule without a page
 */
export function rulePage(id: string): string | null {
  // The built program stands in `dist/`, the sources in `src/cli/`.
  for (const root of ["../", "../../"]) {
    try {
      return readFileSync(new URL(`${root}docs/rules/${id}.md`, import.meta.url), "utf8").replace(/^# .*\n+/, "");
    } catch {}
  }
  return null;
}
