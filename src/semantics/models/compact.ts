import type { CallModel, ModelLanguage, ModelSet, TypeModel } from "./model.ts";

/** The parts of a row, in the order in which a compact row refers to them. */
const COLUMNS = ["results", "isAsync", "noReturn", "throws", "effects", "callbacks", "arguments", "docs", "note", "since", "until", "when"] as const;

type Column = (typeof COLUMNS)[number];

/**
 * A model set as it is stored: every distinct part of a row stands once in its column's table, a row is its name and one index per column, and a
 * name refers to rows. Reading it back is one `JSON.parse` and one object per row; equal parts are shared.
 */
export interface CompactModels {
  readonly language: ModelLanguage;
  readonly types: readonly TypeModel[];
  readonly typeNames: Readonly<Record<string, number>>;
  readonly tables: { readonly [C in Column]: readonly CallModel[C][] };
  readonly rows: readonly (readonly [name: string, ...parts: number[]])[];
  readonly callNames: Readonly<Record<string, readonly number[]>>;
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
export function encodeModels(set: ModelSet): CompactModels {
  const types = new Table<TypeModel>();
  const rows = new Table<readonly [string, ...number[]]>();
  const tables = columnTables();
  const callNames: Record<string, readonly number[]> = {};
  const typeNames: Record<string, number> = {};
  for (const [key, models] of set.calls) callNames[key] = models.map((model) => rows.indexOf([model.name, ...COLUMNS.map((column) => indexIn(tables, column, model))]));
  for (const [key, type] of set.types) typeNames[key] = types.indexOf(type);
  return { language: set.language, types: types.values, typeNames, tables: tableValues(tables), rows: rows.values, callNames };
}

type ColumnTables = { readonly [C in Column]: Table<CallModel[C]> };

function columnTables(): ColumnTables {
  return {
    results: new Table(), isAsync: new Table(), noReturn: new Table(), throws: new Table(), effects: new Table(), callbacks: new Table(),
    arguments: new Table(), docs: new Table(), note: new Table(), since: new Table(), until: new Table(), when: new Table(),
  };
}

function indexIn<C extends Column>(tables: ColumnTables, column: C, model: CallModel): number {
  return tables[column].indexOf(model[column]);
}

function tableValues(tables: ColumnTables): CompactModels["tables"] {
  return {
    results: tables.results.values, isAsync: tables.isAsync.values, noReturn: tables.noReturn.values, throws: tables.throws.values,
    effects: tables.effects.values, callbacks: tables.callbacks.values, arguments: tables.arguments.values, docs: tables.docs.values,
    note: tables.note.values, since: tables.since.values, until: tables.until.values, when: tables.when.values,
  };
}

/**
 * @param compact what `encodeModels` gave, read back from JSON
 * @returns the set; rows and types that several names share are one object
 */
export function decodeModels(compact: CompactModels): ModelSet {
  const rows = compact.rows.map(([name, ...parts]) => decodeRow(name, parts, compact.tables));
  const calls = new Map<string, readonly CallModel[]>();
  const types = new Map<string, TypeModel>();
  for (const [key, indexes] of Object.entries(compact.callNames)) calls.set(key, indexes.map((index) => at(rows, index)));
  for (const [key, index] of Object.entries(compact.typeNames)) types.set(key, at(compact.types, index));
  return { language: compact.language, calls, types };
}

function decodeRow(name: string, parts: readonly number[], tables: CompactModels["tables"]): CallModel {
  const [results, isAsync, noReturn, throws, effects, callbacks, args, docs, note, since, until, when] = parts;
  return {
    name,
    results: at(tables.results, results),
    isAsync: at(tables.isAsync, isAsync),
    noReturn: at(tables.noReturn, noReturn),
    throws: at(tables.throws, throws),
    effects: at(tables.effects, effects),
    callbacks: at(tables.callbacks, callbacks),
    arguments: at(tables.arguments, args),
    docs: at(tables.docs, docs),
    note: at(tables.note, note),
    since: at(tables.since, since),
    until: at(tables.until, until),
    when: at(tables.when, when),
  };
}

function at<T>(values: readonly T[], index: number | undefined): T {
  if (index === undefined || index < 0 || index >= values.length) throw new Error("the compiled models are damaged; install the package again");
  return values[index] as T;
}
