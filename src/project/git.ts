import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { languageOf } from "./languages.ts";
import { MAX_SOURCE_BYTES, readSource, type ReadResult, tooLarge } from "./read-source.ts";
import type { SourceFile } from "./source-file.ts";
import { UsageError } from "./usage-error.ts";

/** Settings of the scanned repository that would make git run programs are overruled. */
const SAFE = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat", "--no-optional-locks", "--literal-pathspecs"];
const DIFF = ["diff", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--name-only", "--no-renames", "-z"];

function git(root: string, args: readonly string[]): Buffer {
  try {
    return execFileSync("git", [...SAFE, ...args], { cwd: root, maxBuffer: 1024 * 1024 * 1024, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new UsageError(said === "" ? `git could not be run: ${error instanceof Error ? error.message : String(error)}` : `git: ${said.split("\n")[0]}`);
  }
}

function names(output: Buffer): readonly string[] {
  return output
    .toString("utf8")
    .split("\0")
    .filter((name) => name !== "");
}

/**
 * @param revision a commit, branch or tag
 * @returns paths (relative to the root) that were added or changed since then, untracked ones included
 * @throws UsageError when there is no such revision or no git
 */
export function changedSince(root: string, revision: string): ReadonlySet<string> {
  if (revision.startsWith("-")) throw new UsageError(`'${revision}' is not a revision`);
  const commit = git(root, ["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`])
    .toString()
    .trim();
  const changed = names(git(root, [...DIFF, "--diff-filter=d", commit, "--"]));
  return new Set([...changed, ...untracked(root)]);
}

function untracked(root: string): readonly string[] {
  return names(git(root, ["ls-files", "--others", "--exclude-standard", "-z"]));
}

/** What is about to be committed. */
export interface Staged {
  /** Paths that the commit adds or changes. */
  readonly changed: ReadonlySet<string>;
  /** The files as the index has them: those that differ from the working tree are marked to be read from the index. */
  readonly files: readonly SourceFile[];
  readonly readBytes: (file: SourceFile) => ReadResult;
}

/**
 * Looks at the project as the next commit would have it.
 * @param files as found in the working tree
 */
export function stagedView(root: string, files: readonly SourceFile[]): Staged {
  const changed = new Set(names(git(root, [...DIFF, "--cached", "--diff-filter=d", "--"])));
  const dirty = new Set(names(git(root, [...DIFF, "--"])));
  const strangers = new Set(untracked(root));
  const present = new Set(files.map((file) => file.path));
  const gone = [...dirty].filter((path) => !present.has(path) && changed.has(path)).flatMap((path) => fromIndex(root, path));
  const kept = files.filter((file) => !strangers.has(file.path)).map((file) => (dirty.has(file.path) ? { ...file, fromIndex: true } : file));
  const all = [...kept, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { changed, files: all, readBytes: (file) => (file.fromIndex ? readFromIndex(root, file.path) : readSource(file.absolute)) };
}

function fromIndex(root: string, path: string): readonly SourceFile[] {
  const language = languageOf(path);
  return language === null ? [] : [{ path, absolute: join(root, path), language, named: false, fromIndex: true }];
}

function readFromIndex(root: string, path: string): ReadResult {
  try {
    const bytes = git(root, ["cat-file", "blob", `:${path}`]);
    return bytes.length > MAX_SOURCE_BYTES ? { skipped: tooLarge(bytes.length) } : { bytes };
  } catch (error) {
    return { skipped: error instanceof Error ? error.message : String(error) };
  }
}
