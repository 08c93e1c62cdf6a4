import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Skipped } from "../findings/finding.ts";
import { type IgnoreRules, isIgnored, pathMatcher, repositoryExcludes, withGitignore } from "./ignore-rules.ts";
import { languageOf } from "./languages.ts";
import { fileLeftOut, folderLeftOut, isVersionControl } from "./left-out.ts";
import { isManifest, MAX_MANIFEST_BYTES } from "./manifests.ts";
import { reasonOf, relativePath, type Scope } from "./root.ts";
import type { Manifest, SourceFile } from "./source-file.ts";
import { isVendored, pinnedBy } from "./vendored.ts";

export interface DiscoverOptions {
  readonly includeTests: boolean;
  /** Patterns as in a `.gitignore`, relative to the root; empty: everything. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What a scan works on, sorted by path. */
export interface Discovered {
  readonly files: readonly SourceFile[];
  readonly manifests: readonly Manifest[];
  readonly skipped: readonly Skipped[];
}

/**
 * Finds the sources below the paths named. Symbolic links inside are not followed: what they lead to is either scanned where it stands
 * or no part of the project.
 */
export function discover(scope: Scope, options: DiscoverOptions): Discovered {
  const walk = new Walk(scope, options);
  for (const target of scope.targets) {
    if (target.stats.isDirectory()) walk.folderNamed(target.absolute);
    else walk.fileNamed(target.absolute, target.stats.isFile());
  }
  return walk.result();
}

class Walk {
  readonly #scope: Scope;
  readonly #options: DiscoverOptions;
  readonly #included: (path: string) => boolean;
  readonly #excluded: (path: string) => boolean;
  readonly #files = new Map<string, SourceFile>();
  readonly #manifests = new Map<string, Manifest>();
  /** Packages that the manifests read so far pin. */
  readonly #pinned = new Set<string>();
  readonly #skipped = new Map<string, Skipped>();

  constructor(scope: Scope, options: DiscoverOptions) {
    this.#scope = scope;
    this.#options = options;
    this.#included = options.include.length === 0 ? () => true : pathMatcher(options.include);
    this.#excluded = pathMatcher(options.exclude);
  }

  /** Patterns above that would ignore the folder itself do not count: it was asked for. */
  folderNamed(absolute: string): void {
    const path = relativePath(this.#scope.root, absolute);
    const outer = this.#rulesAbove(absolute, path);
    this.#folders([{ absolute, path, rules: path !== "" && isIgnored(outer, `${path}/`) ? null : outer, isNamed: true }]);
  }

  fileNamed(absolute: string, isFile: boolean): void {
    const path = relativePath(this.#scope.root, absolute);
    const language = languageOf(path);
    this.#manifestsAbove(dirname(absolute));
    if (!isFile) this.#skip(path, "not a regular file");
    else if (language === null) this.#skip(path, "not a language that can be analysed");
    else this.#files.set(path, { path, absolute, language, named: true, fromIndex: false });
  }

  result(): Discovered {
    for (const path of this.#files.keys()) this.#skipped.delete(path);
    return { files: sorted(this.#files), manifests: sorted(this.#manifests), skipped: sorted(this.#skipped) };
  }

  #rulesAbove(absolute: string, path: string): IgnoreRules | null {
    const { root, isGit } = this.#scope;
    let rules = isGit ? repositoryExcludes(root) : null;
    if (path === "") return rules;
    this.#manifestsAbove(dirname(absolute));
    const parts = path.split("/");
    for (let depth = 0; depth < parts.length; depth++) {
      const base = parts.slice(0, depth).join("/");
      rules = withGitignore(rules, join(root, base), base);
    }
    return rules;
  }

  /** Manifests of the folders between the root and what was named say how imports resolve inside it. */
  #manifestsAbove(folder: string): void {
    for (let at = folder; ; at = dirname(at)) {
      const path = relativePath(this.#scope.root, at);
      if (path.startsWith("..")) return;
      for (const entry of entriesOf(at) ?? []) if (entry.isFile() && isManifest(entry.name)) this.#manifest(join(at, entry.name));
      if (path === "") return;
    }
  }

  /** Walks without recursion: how deep folders nest is the input's to choose. */
  #folders(pending: Folder[]): void {
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      const entries = entriesOf(folder.absolute);
      if (entries === null) {
        this.#skip(`${folder.path}/`, "the folder cannot be read");
        continue;
      }
      const names = new Set(entries.map((entry) => entry.name));
      if (names.has("pyvenv.cfg")) {
        this.#skip(`${folder.path}/`, "installed dependencies");
        continue;
      }
      const inner = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
      if (!folder.isNamed && isVendored(inner, this.#pinned)) {
        this.#skip(`${folder.path}/`, "vendored code");
        continue;
      }
      const rules = withGitignoreIf(names, folder);
      for (const entry of entries) {
        const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
        const absolute = join(folder.absolute, entry.name);
        if (entry.isDirectory()) {
          if (this.#walks(entry.name, path, names, rules)) pending.push({ absolute, path, rules, isNamed: false });
        } else this.#entry(entry, path, absolute, rules);
      }
    }
  }

  #walks(name: string, path: string, siblings: ReadonlySet<string>, rules: IgnoreRules | null): boolean {
    if (isVersionControl(name) || isIgnored(rules, `${path}/`) || this.#excluded(`${path}/`)) return false;
    const reason = folderLeftOut(name, siblings, this.#options.includeTests);
    if (reason !== null) this.#skip(`${path}/`, reason);
    return reason === null;
  }

  #entry(entry: Dirent, path: string, absolute: string, rules: IgnoreRules | null): void {
    const language = languageOf(entry.name);
    const manifest = isManifest(entry.name);
    if (language === null && !manifest && !entry.isSymbolicLink()) return;
    if (isIgnored(rules, path) || this.#excluded(path)) return;
    if (entry.isSymbolicLink()) {
      const reason = linkSkipped(absolute, language !== null);
      if (reason !== null) this.#skip(path, reason);
    } else if (!entry.isFile()) this.#skip(path, "not a regular file");
    else if (language === null) this.#manifest(absolute);
    else if (this.#included(path)) {
      const reason = fileLeftOut(entry.name, this.#options.includeTests);
      if (reason !== null) this.#skip(path, reason);
      else if (!this.#files.has(path)) this.#files.set(path, { path, absolute, language, named: false, fromIndex: false });
    }
  }

  #manifest(absolute: string): void {
    const path = relativePath(this.#scope.root, absolute);
    try {
      if (statSync(absolute).size > MAX_MANIFEST_BYTES) this.#skip(path, "larger than 1 MiB");
      else {
        const manifest = { path, text: readFileSync(absolute, "utf8") };
        this.#manifests.set(path, manifest);
        for (const name of pinnedBy(manifest)) this.#pinned.add(name);
      }
    } catch (error) {
      this.#skip(path, reasonOf(error));
    }
  }

  #skip(path: string, reason: string): void {
    this.#skipped.set(path, { file: path, reason });
  }
}

interface Folder {
  readonly absolute: string;
  readonly path: string;
  readonly rules: IgnoreRules | null;
  /** On the command line: it is walked whatever it is. */
  readonly isNamed: boolean;
}

function withGitignoreIf(names: ReadonlySet<string>, folder: Folder): IgnoreRules | null {
  return names.has(".gitignore") ? withGitignore(folder.rules, folder.absolute, folder.path) : folder.rules;
}

function entriesOf(folder: string): readonly Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
}

/** @returns what to say of a symbolic link; null when nobody would look for sources behind it */
function linkSkipped(absolute: string, looksLikeSource: boolean): string | null {
  try {
    if (statSync(absolute).isDirectory()) return "symbolic link to a folder, not followed";
    return looksLikeSource ? "symbolic link, not followed" : null;
  } catch (error) {
    const loop = error instanceof Error && "code" in error && error.code === "ELOOP";
    if (loop) return "symbolic link loop";
    return looksLikeSource ? "broken symbolic link" : null;
  }
}

/** By path, code unit by code unit: the same on every machine. */
function sorted<T>(byPath: ReadonlyMap<string, T>): readonly T[] {
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}
