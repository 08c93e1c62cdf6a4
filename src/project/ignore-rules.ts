import { readFileSync } from "node:fs";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

/** The `.gitignore` patterns in force in a folder: its own and those of the folders above, the nearest first. */
export interface IgnoreRules {
  readonly own: Ignore | null;
  /** The folder of `own`, relative to the root, empty for the root. */
  readonly base: string;
  readonly outer: IgnoreRules | null;
}

/** Adds what a folder's own `.gitignore` says. */
export function withGitignore(outer: IgnoreRules | null, absolute: string, base: string): IgnoreRules | null {
  const text = textOf(join(absolute, ".gitignore"));
  return text === null ? outer : { own: ignore({ allowRelativePaths: true }).add(text), base, outer };
}

/** The patterns of `.git/info/exclude`, which hold for the whole working tree. */
export function repositoryExcludes(root: string): IgnoreRules | null {
  const text = textOf(join(root, ".git", "info", "exclude"));
  return text === null ? null : { own: ignore({ allowRelativePaths: true }).add(text), base: "", outer: null };
}

/**
 * @param path relative to the root; with a `/` behind it for a folder
 * @returns whether git would ignore it; the nearest `.gitignore` that has an opinion decides
 */
export function isIgnored(rules: IgnoreRules | null, path: string): boolean {
  for (let at = rules; at !== null; at = at.outer) {
    if (at.own === null) continue;
    const verdict = at.own.test(at.base === "" ? path : path.slice(at.base.length + 1));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/** @returns whether a path (relative to the root) matches one of the patterns, written as in a `.gitignore` */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matcher = ignore({ allowRelativePaths: true }).add([...patterns]);
  return (path) => matcher.ignores(path);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
