import type { ProgramFile } from "./entities.ts";
import { folderOf, type Manifests } from "./manifests.ts";

/** What an import leads to: files of the program, a Go package's folder, or a library by its qualified name. */
export type ModuleTarget =
  | { readonly target: "file"; readonly file: ProgramFile }
  | { readonly target: "package"; readonly folder: string }
  | { readonly target: "library"; readonly name: string };

const library = (name: string): ModuleTarget => ({ target: "library", name });

/** @returns `folder/path` with `.` and `..` resolved; null when it leaves the project */
export function joinPath(folder: string, path: string): string | null {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

/** Finds what imports lead to, by each language's rules. Answers are kept. */
export class ModuleResolver {
  readonly #byPath: ReadonlyMap<string, ProgramFile>;
  readonly #folders: ReadonlySet<string>;
  readonly #manifests: Manifests;
  readonly #known = new Map<string, ModuleTarget>();

  constructor(files: readonly ProgramFile[], manifests: Manifests) {
    this.#byPath = new Map(files.map((file) => [file.path, file]));
    this.#folders = new Set(files.filter((file) => file.language === "go").map((file) => folderOf(file.path)));
    this.#manifests = manifests;
  }

  resolve(module: string, from: ProgramFile): ModuleTarget {
    const key = `${from.language} ${folderOf(from.path)} ${module}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.#find(module, from);
      this.#known.set(key, found);
    }
    return found;
  }

  #find(module: string, from: ProgramFile): ModuleTarget {
    switch (from.language) {
      case "python":
        return this.#python(module, folderOf(from.path));
      case "go":
        return this.#go(module);
      case "javascript":
        return this.#javascript(module, folderOf(from.path));
      case "php":
        return library(module);
    }
  }

  /** Relative imports by the dots; absolute ones from the importing file's folder outwards, also through `src` and `lib`. */
  #python(module: string, folder: string): ModuleTarget {
    const dots = /^\.*/.exec(module)![0].length;
    const path = module
      .slice(dots)
      .split(".")
      .filter((part) => part !== "")
      .join("/");
    if (dots > 0) {
      const base = joinPath(folder, "../".repeat(dots - 1));
      const file = base === null ? null : this.#pythonFile(joinPath(base, path) ?? "");
      return file === null ? library(module) : { target: "file", file };
    }
    for (let base: string | null = folder; base !== null; base = base === "" ? null : folderOf(base)) {
      for (const inner of ["", "src/", "lib/"]) {
        const file = this.#pythonFile(joinPath(base, inner + path) ?? "");
        if (file !== null && file.path !== "") return { target: "file", file };
      }
    }
    return library(module);
  }

  #pythonFile(path: string): ProgramFile | null {
    return this.#byPath.get(`${path}.py`) ?? this.#byPath.get(path === "" ? "__init__.py" : `${path}/__init__.py`) ?? null;
  }

  /** By the module line of go.mod; without one, by the longest end of the path that is a folder with Go files. */
  #go(module: string): ModuleTarget {
    for (const { folder, module: name } of this.#manifests.go) {
      if (name === "" || (module !== name && !module.startsWith(`${name}/`))) continue;
      const path = joinPath(folder, module.slice(name.length));
      if (path !== null && this.#folders.has(path)) return { target: "package", folder: path };
    }
    if (this.#manifests.go.length === 0 && module.includes(".")) {
      const parts = module.split("/");
      for (let skip = 1; skip < parts.length; skip++) {
        const path = parts.slice(skip).join("/");
        if (this.#folders.has(path)) return { target: "package", folder: path };
      }
    }
    return library(module);
  }

  #javascript(module: string, folder: string): ModuleTarget {
    const name = module.startsWith("node:") ? module.slice(5) : module;
    if (name.startsWith(".") || name.startsWith("/")) {
      const path = joinPath(folder, name);
      const file = path === null ? null : this.#scriptFile(path);
      return file === null ? library(name) : { target: "file", file };
    }
    const file = this.#aliased(name, folder) ?? this.#workspace(name);
    return file === null ? library(name) : { target: "file", file };
  }

  /** `paths` and `baseUrl` of the tsconfig files around the importing file. */
  #aliased(name: string, folder: string): ProgramFile | null {
    for (const config of this.#manifests.typescript) {
      if (config.folder !== "" && folder !== config.folder && !folder.startsWith(`${config.folder}/`)) continue;
      const base = joinPath(config.folder, config.baseUrl ?? ".") ?? "";
      for (const { pattern, targets } of config.paths) {
        const star = pattern.indexOf("*");
        const prefix = star < 0 ? pattern : pattern.slice(0, star);
        if (star < 0 ? name !== pattern : !name.startsWith(prefix)) continue;
        for (const target of targets) {
          const path = joinPath(base, target.replace("*", name.slice(prefix.length)));
          const file = path === null ? null : this.#scriptFile(path);
          if (file !== null) return file;
        }
      }
      if (config.baseUrl !== null) {
        const file = this.#scriptFile(joinPath(base, name) ?? "");
        if (file !== null) return file;
      }
    }
    return null;
  }

  /** Packages of the same repository, by the name in their package.json. */
  #workspace(name: string): ProgramFile | null {
    for (const pkg of this.#manifests.node) {
      if (pkg.name === "" || (name !== pkg.name && !name.startsWith(`${pkg.name}/`))) continue;
      const inner = name.slice(pkg.name.length + 1);
      const candidates = inner === "" ? ["src/index", "src", pkg.main ?? "index", "index", "lib/index"] : [`src/${inner}`, inner, `lib/${inner}`];
      for (const candidate of candidates) {
        const file = this.#scriptFile(joinPath(pkg.folder, candidate) ?? "");
        if (file !== null) return file;
      }
    }
    return null;
  }

  #scriptFile(path: string): ProgramFile | null {
    const plain = path.replace(/\.(?:[mc]?js|jsx)$/, "");
    const direct = this.#byPath.get(path);
    if (direct !== undefined) return direct;
    for (const base of plain === path ? [path, `${path}/index`] : [plain]) {
      for (const extension of scriptExtensions) {
        const file = this.#byPath.get(base + extension);
        if (file !== undefined) return file;
      }
    }
    return null;
  }
}

const scriptExtensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"] as const;
