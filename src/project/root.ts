import { existsSync, realpathSync, statSync, type Stats } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "./usage-error.ts";

/** A path named on the command line. */
export interface Target {
  /** Absolute, symbolic links resolved. */
  readonly absolute: string;
  readonly stats: Stats;
}

/** What is scanned, and the folder that paths are told from. */
export interface Scope {
  /** Git's top level above everything that is scanned; without git the folder named. */
  readonly root: string;
  readonly isGit: boolean;
  readonly targets: readonly Target[];
}

/**
 * @param paths as named by the user
 * @param cwd the folder they are relative to
 * @throws UsageError when one does not exist or cannot be reached
 */
export function resolveScope(paths: readonly string[], cwd: string): Scope {
  const targets = paths.map((path) => resolveTarget(path, cwd));
  const folder = commonFolder(targets.map((target) => (target.stats.isDirectory() ? target.absolute : dirname(target.absolute))));
  const top = gitTopLevel(folder);
  return { root: top ?? folder, isGit: top !== null, targets };
}

function resolveTarget(path: string, cwd: string): Target {
  try {
    const absolute = realpathSync(resolve(cwd, path));
    return { absolute, stats: statSync(absolute) };
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
}

/** @returns what went wrong with a file, in words */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "no such file or folder";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "symbolic link loop";
    case "ENAMETOOLONG":
      return "the name is too long";
    case "ENOTDIR":
      return "a part of the path is not a folder";
    case "EISDIR":
      return "is a folder";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function commonFolder(folders: readonly string[]): string {
  let common = folders[0] ?? process.cwd();
  for (const folder of folders) {
    while (folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep)) common = dirname(common);
  }
  return common;
}

function gitTopLevel(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return null;
  }
}

/** @returns the path from the root to a place inside it, `/`-separated; empty for the root itself */
export function relativePath(root: string, absolute: string): string {
  const path = relative(root, absolute);
  return sep === "/" ? path : path.split(sep).join("/");
}
