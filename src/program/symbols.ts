import type { RefValue, Value } from "../flow/values.ts";
import type { ProgramFile } from "./entities.ts";
import { folderOf } from "./manifests.ts";
import type { ModuleResolver } from "./modules.ts";

/** What a reference leads to, with the members still to be taken of it. */
export type ResolvedName =
  | { readonly s: "value"; readonly file: ProgramFile; readonly value: Value; readonly rest: readonly string[] }
  | { readonly s: "module"; readonly file: ProgramFile }
  | { readonly s: "package"; readonly folder: string }
  /** A name of a library or of the language, qualified as the models spell it. */
  | { readonly s: "library"; readonly name: string };

const languagePrefix = { python: "builtins.", go: "builtin.", php: "", javascript: "globalThis." } as const;
/** Re-exports are followed this far: enough for barrels of barrels, and cycles end. */
const maxHops = 12;

/** The names that files and packages make visible, and the way from a reference to what it names. */
export class SymbolTable {
  readonly #modules: ModuleResolver;
  readonly #exports = new Map<ProgramFile, Map<string, Value>>();
  readonly #packages = new Map<string, ProgramFile[]>();
  #imported: ReadonlySet<ProgramFile> | null = null;
  readonly #php = new Map<string, { readonly file: ProgramFile; readonly value: Value }>();

  constructor(files: readonly ProgramFile[], modules: ModuleResolver) {
    this.#modules = modules;
    for (const file of files) {
      const names = new Map<string, Value>();
      for (const { name, value } of file.facts.unit.exports) {
        if (file.language === "javascript" && names.has(name)) continue;
        names.set(name, value);
      }
      this.#exports.set(file, names);
      if (file.language === "go") {
        const folder = folderOf(file.path);
        const members = this.#packages.get(folder);
        if (members === undefined) this.#packages.set(folder, [file]);
        else members.push(file);
      } else if (file.language === "php") for (const [name, value] of names) this.#php.set(name, { file, value });
    }
  }

  /** @returns whether another file of the program imports this one, or a name of it */
  isImported(file: ProgramFile): boolean {
    this.#imported ??= this.#importedFiles();
    return this.#imported.has(file);
  }

  /** @returns whether a file has nothing to do with the others of the program: it imports none, none imports it, and it is the only one of its package */
  isAlone(file: ProgramFile): boolean {
    if (this.isImported(file) || this.packageFiles(folderOf(file.path)).length > 1) return false;
    return !file.facts.unit.imports.some(({ module }) => this.#modules.resolve(module, file).target !== "library");
  }

  #importedFiles(): ReadonlySet<ProgramFile> {
    const found = new Set<ProgramFile>();
    for (const file of this.#exports.keys()) {
      for (const { module } of file.facts.unit.imports) {
        const target = this.#modules.resolve(module, file);
        if (target.target === "file") found.add(target.file);
      }
      // `from package import module`
      for (const { value } of file.facts.unit.exports) {
        const named = value.k === "ref" && value.module !== null ? this.resolve(value, file) : null;
        if (named !== null && (named.s === "module" || named.s === "value")) found.add(named.file);
      }
    }
    return found;
  }

  /** @returns the files of a Go package's folder */
  packageFiles(folder: string): readonly ProgramFile[] {
    return this.#packages.get(folder) ?? [];
  }

  /** @returns what a member of a whole file is */
  ofFile(file: ProgramFile, name: string): ResolvedName {
    return this.#fileMember(file, [name], 0);
  }

  /** @returns what a member of a Go package of the program is */
  ofPackage(folder: string, name: string): ResolvedName {
    return this.#packageMember(folder, [name]);
  }

  /** @returns what the reference means in that file */
  resolve(ref: RefValue, from: ProgramFile, hops = 0): ResolvedName {
    if (ref.module === null) return this.#unbound(ref, from, hops);
    const path = ref.name === "" ? [] : ref.name.split(".");
    return this.member(ref.module, path, from, hops);
  }

  /** @returns what the members `path` of an imported module are */
  member(module: string, path: readonly string[], from: ProgramFile, hops: number): ResolvedName {
    const target = this.#modules.resolve(module, from);
    if (target.target === "library") {
      if (from.language === "python" && path.length > 0) return this.#pythonSubmodule(module, path, from, hops);
      const names = from.language === "javascript" && path[0] === "default" ? path.slice(1) : path;
      if (from.language === "php") return this.#phpNamed([target.name, ...path].join(".")) ?? { s: "library", name: [target.name, ...names].join(".") };
      return { s: "library", name: [target.name, ...names].join(".") };
    }
    if (target.target === "package") return this.#packageMember(target.folder, path);
    return this.#fileMember(target.file, path, hops);
  }

  /** `import a.b.c` binds `a`: the longest leading part that is a file of the program counts. */
  #pythonSubmodule(module: string, path: readonly string[], from: ProgramFile, hops: number): ResolvedName {
    const joined = module.endsWith(".") ? module : `${module}.`;
    for (let length = path.length; length > 0; length--) {
      const target = this.#modules.resolve(joined + path.slice(0, length).join("."), from);
      if (target.target === "file") return this.#fileMember(target.file, path.slice(length), hops);
    }
    return { s: "library", name: `${joined}${path.join(".")}` };
  }

  #packageMember(folder: string, path: readonly string[]): ResolvedName {
    const [name, ...rest] = path;
    if (name === undefined) return { s: "package", folder };
    for (const file of this.packageFiles(folder)) {
      const value = this.#exports.get(file)?.get(name);
      if (value !== undefined) return { s: "value", file, value, rest };
    }
    return { s: "library", name: `${folder}.${path.join(".")}` };
  }

  #fileMember(file: ProgramFile, path: readonly string[], hops: number): ResolvedName {
    const [name, ...rest] = path;
    if (name === undefined) return this.#wholeModule(file);
    if (name === "*") return { s: "module", file };
    const names = this.#exports.get(file)!;
    const value = names.get(name);
    if (value !== undefined) return this.#follow(value, rest, file, hops);
    const whole = names.get("default");
    if (whole !== undefined && this.#isModule(file) && whole.k === "coll") {
      const at = whole.keys.indexOf(name);
      if (at >= 0) return this.#follow(whole.items[at]!, rest, file, hops);
    }
    if (whole !== undefined && this.#isModule(file)) return { s: "value", file, value: whole, rest: path };
    const starred = hops > maxHops ? null : this.#starred(file, path, hops);
    if (starred !== null) return starred;
    if (file.language === "python") {
      const target = this.#modules.resolve(`.${name}`, file);
      if (target.target === "file" && file.path.endsWith("__init__.py")) return this.#fileMember(target.file, rest, hops + 1);
    }
    return { s: "library", name: `${file.path}:${path.join(".")}` };
  }

  /** CommonJS: `module.exports = x` makes the module x. */
  #wholeModule(file: ProgramFile): ResolvedName {
    const value = this.#isModule(file) ? this.#exports.get(file)!.get("default") : undefined;
    return value === undefined ? { s: "module", file } : { s: "value", file, value, rest: [] };
  }

  #isModule(file: ProgramFile): boolean {
    return file.facts.unit.exports.some((one) => one.isModule);
  }

  #starred(file: ProgramFile, path: readonly string[], hops: number): ResolvedName | null {
    for (const { name, value } of file.facts.unit.exports) {
      if (name !== "*" || value.k !== "ref" || value.module === null) continue;
      const found = this.member(value.module, path, file, hops + 1);
      if (found.s !== "library" || this.#modules.resolve(value.module, file).target === "library") return found;
    }
    return null;
  }

  #follow(value: Value, rest: readonly string[], file: ProgramFile, hops: number): ResolvedName {
    if (value.k !== "ref" || hops > maxHops) return { s: "value", file, value, rest };
    return this.resolve({ ...value, name: [value.name, ...rest].filter((part) => part !== "").join(".") }, file, hops + 1);
  }

  #unbound(ref: RefValue, from: ProgramFile, hops: number): ResolvedName {
    const path = ref.name.split(".");
    if (from.language === "go") {
      const member = this.#packageMember(folderOf(from.path), path);
      if (member.s !== "library") return member;
    } else if (from.language === "php") {
      const found = this.#phpNamed(ref.name) ?? (ref.fallback === undefined ? null : this.#phpNamed(ref.fallback));
      if (found !== null) return found;
      return { s: "library", name: ref.fallback ?? ref.name };
    } else if (from.language === "python" && hops <= maxHops) {
      if (this.#exports.get(from)?.has(path[0]!) === true) return this.#fileMember(from, path, hops);
      const starred = this.#starred(from, path, hops);
      if (starred !== null && starred.s !== "library") return starred;
    }
    return { s: "library", name: languagePrefix[from.language] + ref.name };
  }

  /** PHP names are global: a class or function of any file. Member names follow after a dot. */
  #phpNamed(name: string): ResolvedName | null {
    const [head, ...rest] = name.split(".");
    const lower = head!.toLowerCase();
    const found = this.#php.get(`class ${lower}`) ?? this.#php.get(`function ${lower}`);
    return found === undefined ? null : { s: "value", file: found.file, value: found.value, rest };
  }
}
