import { modelKey } from "./compile.ts";
import type { CallModel, ModelLanguage, ModelSet, TypeModel } from "./model.ts";

/** The parts of a row, in the order in which a compact row refers to them. */
const COLUMNS = ["results", "isAsync", "noReturn", "throws", "effects", "callbacks", "arguments", "docs", "note", "since", "until", "when"] as const;

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
export function encodeModels(set: ModelSet): CompactModels {
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
  const { language } = compact;
  const calls = new Map<string, readonly CallModel[]>();
  const types = new Map<string, TypeModel>();
  for (const type of compact.types) {
    types.set(modelKey(language, type.name), type);
    for (const alias of type.aliases) types.set(modelKey(language, alias), type);
  }
  for (const [owner, members] of Object.entries(compact.calls)) {
    const aliases = types.get(modelKey(language, owner))?.aliases ?? [];
    for (const [member, shapes] of Object.entries(members)) {
      const name = owner === "" ? member : `${owner}.${member}`;
      const rows = shapes.map((shape) => decodeRow(name, at(compact.shapes, shape), compact.tables));
      calls.set(modelKey(language, name), rows);
      for (const alias of aliases) calls.set(modelKey(language, `${alias}.${member}`), rows);
      for (const alias of types.get(modelKey(language, name))?.aliases ?? []) calls.set(modelKey(language, alias), rows);
    }
  }
  return { language, calls, types };
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
