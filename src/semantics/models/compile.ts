import type { ModelDiagnostic } from "./diagnostic.ts";
import type { CallModel, ModelFile, ModelLanguage, ModelSet, TypeModel } from "./model.ts";

/** A set whose rows can be listed. */
export interface ListedModels extends ModelSet {
  readonly calls: ReadonlyMap<string, readonly CallModel[]>;
}

/** A compiled set, and what its files say twice. */
export interface CompiledModels {
  readonly set: ListedModels;
  readonly diagnostics: readonly ModelDiagnostic[];
}

/** A model file with the path it was read from. */
export interface ModelSource {
  readonly path: string;
  readonly file: ModelFile;
}

/**
 * The key under which a qualified name stands in a `ModelSet`: PHP names are matched without regard to case, all others as written.
 * @param language whose name it is
 * @param name a qualified name
 */
export function modelKey(language: ModelLanguage, name: string): string {
  return language === "php" ? name.toLowerCase() : name;
}

/**
 * Compiles the model files of one language into one set: aliases of types answer for the type, its constructor and its methods.
 * @param language files of other languages are passed over
 * @param sources in order; a name that a later file says again is reported and the first one holds
 */
export function compileModels(language: ModelLanguage, sources: readonly ModelSource[]): CompiledModels {
  const calls = new Map<string, CallModel[]>();
  const types = new Map<string, TypeModel>();
  const owners = new Map<string, string>();
  const diagnostics: ModelDiagnostic[] = [];
  for (const { path, file } of sources.filter((source) => source.file.language === language)) {
    for (const type of file.types) {
      for (const name of [type.name, ...type.aliases]) {
        const key = modelKey(language, name);
        if (types.has(key)) diagnostics.push(duplicate(path, `type '${name}'`, owners.get(`type ${key}`) ?? path));
        else types.set(key, type);
        owners.set(`type ${key}`, owners.get(`type ${key}`) ?? path);
      }
    }
    const aliases = new Map(file.types.map((type) => [type.name, type.aliases]));
    for (const row of file.calls) {
      for (const name of [row.name, ...aliasesOf(row.name, aliases)]) addRow(modelKey(language, name), row, path);
    }
  }
  return { set: { language, calls, types }, diagnostics };

  function addRow(key: string, row: CallModel, path: string): void {
    const rows = calls.get(key) ?? [];
    const owner = owners.get(`call ${key}`) ?? path;
    if (owner !== path || rows.some((other) => sameConditions(other, row))) diagnostics.push(duplicate(path, `'${key}'`, owner));
    else calls.set(key, [...rows, row]);
    owners.set(`call ${key}`, owner);
  }
}

function duplicate(path: string, what: string, owner: string): ModelDiagnostic {
  const where = owner === path ? "in this file" : `in ${owner}`;
  return { path, line: 1, column: 1, message: `${what} is already modelled ${where}; the first one holds` };
}

/** The other names of a constructor or method, through the aliases of its type. */
function aliasesOf(name: string, aliases: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const own = aliases.get(name);
  if (own !== undefined) return own;
  const dot = name.lastIndexOf(".");
  const type = name.slice(0, dot);
  return (aliases.get(type) ?? []).map((alias) => alias + name.slice(dot));
}

/** Rows of one name may stand side by side when they hold under different conditions. */
function sameConditions(a: CallModel, b: CallModel): boolean {
  return JSON.stringify([a.since, a.until, a.when]) === JSON.stringify([b.since, b.until, b.when]);
}

/**
 * Lays one set over another: names the upper one knows are answered by it alone.
 * @param base the built-in models
 * @param upper the user's own
 */
export function overlayModels(base: ModelSet, upper: ModelSet): ModelSet {
  return {
    language: base.language,
    calls: { get: (key) => upper.calls.get(key) ?? base.calls.get(key) },
    types: new Map([...base.types, ...upper.types]),
  };
}
