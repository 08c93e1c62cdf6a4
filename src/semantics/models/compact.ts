import { type ListedModels, modelKey } from "./compile.ts";
import type { CallModel, ModelLanguage, ModelSet, RowLookup, TypeModel } from "./model.ts";

/** The parts of a row, in the order in which a compact row refers to them. Where a row rests on (`docs`, `note`) is for who reads the YAML. */
const COLUMNS = ["results", "isAsync", "noReturn", "throws", "fails", "effects", "callbacks", "arguments", "since", "until", "when"] as const;

type Column = (typeof COLUMNS)[number];

/**
 * A model set as it is stored: every distinct part of a row stands once in its column's table, every distinct combination of parts once in
 * `shapes`; names are grouped by what stands before their last dot, and aliases are spread out again when it is read.
 */
export interface CompactModels {
  readonly language: ModelLanguage;
  readonly types: readonly TypeModel[];
  readonly tables: { readonly [C in Column]: readonly CallModel[C][] };
  /** One index per column. */
  readonly shapes: readonly (readonly number[])[];
  /** Owner (a module or type; empty for plain functions) → last name → the shapes of its rows. */
  readonly calls: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** Hands out one number per distinct value. */
class Table<T> {
  readonly values: T[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(value: T): number {
    const key = JSON.stringify(value);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}

/**
 * @param set a compiled set
 * @returns what to write as JSON
 */
export function encodeModels(set: ListedModels): CompactModels {
  const shapes = new Table<readonly number[]>();
  const tables = columnTables();
  const calls: Record<string, Record<string, readonly number[]>> = {};
  for (const [key, rows] of set.calls) {
    const name = rows[0]?.name ?? key;
    if (modelKey(set.language, name) !== key) continue;
    const dot = name.lastIndexOf(".");
    const members = (calls[name.slice(0, Math.max(dot, 0))] ??= {});
    members[name.slice(dot + 1)] = rows.map((row) => shapes.indexOf(COLUMNS.map((column) => indexIn(tables, column, row))));
  }
  return { language: set.language, types: [...new Set(set.types.values())], tables: tableValues(tables), shapes: shapes.values, calls };
}

type ColumnTables = { readonly [C in Column]: Table<CallModel[C]> };

function columnTables(): ColumnTables {
  return {
    results: new Table(),
    isAsync: new Table(),
    noReturn: new Table(),
    throws: new Table(),
    fails: new Table(),
    effects: new Table(),
    callbacks: new Table(),
    arguments: new Table(),
    since: new Table(),
    until: new Table(),
    when: new Table(),
  };
}

function indexIn<C extends Column>(tables: ColumnTables, column: C, model: CallModel): number {
  return tables[column].indexOf(model[column]);
}

function tableValues(tables: ColumnTables): CompactModels["tables"] {
  return {
    results: tables.results.values,
    isAsync: tables.isAsync.values,
    noReturn: tables.noReturn.values,
    throws: tables.throws.values,
    fails: tables.fails.values,
    effects: tables.effects.values,
    callbacks: tables.callbacks.values,
    arguments: tables.arguments.values,
    since: tables.since.values,
    until: tables.until.values,
    when: tables.when.values,
  };
}

/**
 * @param compact what `encodeModels` gave, read back from JSON
 * @returns the set; a row is put together when it is first asked for, since a project uses few of the thousands there are
 */
export function decodeModels(compact: CompactModels): ModelSet {
  const { language } = compact;
  const types = new Map<string, TypeModel>();
  for (const type of compact.types) {
    types.set(modelKey(language, type.name), type);
    for (const alias of type.aliases) types.set(modelKey(language, alias), type);
  }
  return { language, calls: new LazyRows(compact, types), types };
}

/** Rows by key, through the aliases of types. */
class LazyRows implements RowLookup {
  readonly #compact: CompactModels;
  readonly #types: ReadonlyMap<string, TypeModel>;
  /** Key of an owner → its name as written. */
  readonly #owners = new Map<string, string>();
  /** Owner → key of a member → its name as written; only where keys differ from names. */
  readonly #members = new Map<string, ReadonlyMap<string, string>>();
  readonly #known = new Map<string, readonly CallModel[] | undefined>();

  constructor(compact: CompactModels, types: ReadonlyMap<string, TypeModel>) {
    this.#compact = compact;
    this.#types = types;
    for (const owner in compact.calls) this.#owners.set(modelKey(compact.language, owner), owner);
  }

  get(key: string): readonly CallModel[] | undefined {
    if (this.#known.has(key)) return this.#known.get(key);
    const type = this.#types.get(key);
    const rows = this.#find(key) ?? (type === undefined ? undefined : this.#find(modelKey(this.#compact.language, type.name)));
    this.#known.set(key, rows);
    return rows;
  }

  #find(key: string): readonly CallModel[] | undefined {
    const dot = key.lastIndexOf(".");
    const of = key.slice(0, Math.max(dot, 0));
    const direct = this.#rows(this.#owners.get(of), key.slice(dot + 1));
    if (direct !== undefined) return direct;
    const type = this.#types.get(of);
    return type === undefined ? undefined : this.#rows(this.#owners.get(modelKey(this.#compact.language, type.name)), key.slice(dot + 1));
  }

  #rows(owner: string | undefined, memberKey: string): readonly CallModel[] | undefined {
    if (owner === undefined) return undefined;
    const members = this.#compact.calls[owner]!;
    const member = this.#memberName(owner, members, memberKey);
    if (member === undefined || !Object.hasOwn(members, member)) return undefined;
    const name = owner === "" ? member : `${owner}.${member}`;
    return members[member]!.map((shape) => decodeRow(name, at(this.#compact.shapes, shape), this.#compact.tables));
  }

  #memberName(owner: string, members: Readonly<Record<string, unknown>>, key: string): string | undefined {
    const { language } = this.#compact;
    if (language !== "php") return key;
    let names = this.#members.get(owner);
    if (names === undefined) {
      names = new Map(Object.keys(members).map((member) => [modelKey(language, member), member]));
      this.#members.set(owner, names);
    }
    return names.get(key);
  }
}

function decodeRow(name: string, parts: readonly number[], tables: CompactModels["tables"]): CallModel {
  const [results, isAsync, noReturn, throws, fails, effects, callbacks, args, since, until, when] = parts;
  return {
    name,
    results: at(tables.results, results),
    isAsync: at(tables.isAsync, isAsync),
    noReturn: at(tables.noReturn, noReturn),
    throws: at(tables.throws, throws),
    fails: at(tables.fails, fails),
    effects: at(tables.effects, effects),
    callbacks: at(tables.callbacks, callbacks),
    arguments: at(tables.arguments, args),
    docs: "",
    note: "",
    since: at(tables.since, since),
    until: at(tables.until, until),
    when: at(tables.when, when),
  };
}

function at<T>(values: readonly T[], index: number | undefined): T {
  if (index === undefined || index < 0 || index >= values.length) throw new Error("the compiled models are damaged; install the package again");
  return values[index] as T;
}
