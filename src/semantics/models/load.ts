import { isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { ModelDiagnostic } from "./diagnostic.ts";
import { readConditions, readEffects } from "./effects.ts";
import { type Entry, entriesOf, Fields, offsetOf, Problems } from "./fields.ts";
import {
  type ArgumentFlow,
  type CallbackModel,
  type CallModel,
  type CollectionModel,
  type HandleModel,
  type ModelFile,
  type ModelLanguage,
  type TypeModel,
  type TypeRef,
  failings,
  runners,
} from "./model.ts";
import { parseArgumentRef, parseTypeRef, splitNames } from "./references.ts";

/** A model file as read: `null` when it is not one at all. */
export interface LoadedModelFile {
  readonly file: ModelFile | null;
  readonly diagnostics: readonly ModelDiagnostic[];
}

/** Languages that have models; TypeScript uses those of JavaScript. */
export const MODEL_LANGUAGES: readonly ModelLanguage[] = ["python", "go", "php", "javascript"];

/** What the rows of one file share while it is read. */
interface Context {
  readonly problems: Problems;
  readonly docs: string;
}

/**
 * Reads one model file. Rows with mistakes are reported and left out; the others hold.
 * @param path the file's path, for the diagnostics
 * @param text its YAML
 * @param language the language of its rows; null: the file's own `language` key says it
 */
export function loadModelFile(path: string, text: string, language: ModelLanguage | null): LoadedModelFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = new Problems(path, lines);
  for (const error of document.errors) problems.add(error.pos[0], error.message);
  if (!isMap(document.contents)) {
    if (problems.found.length === 0) problems.add(0, "a model file is a map with 'library', 'docs', 'types' and 'calls'");
    return { file: null, diagnostics: problems.found };
  }
  const fields = new Fields(document.contents, "a model file", 0, problems);
  const own = fields.has("language") || language === null ? fields.word("language", MODEL_LANGUAGES) : language;
  const library = fields.text("library");
  const context: Context = { problems, docs: fields.text("docs") };
  const types: TypeModel[] = [];
  const calls: CallModel[] = [];
  for (const entry of mapEntries(fields, "types")) readType(entry, context, types, calls);
  for (const entry of mapEntries(fields, "calls")) readNamedRows(entry, "", context, calls);
  fields.finish();
  return { file: { library, language: own, docs: context.docs, types, calls }, diagnostics: problems.found };
}

function mapEntries(fields: Fields, key: string): readonly Entry[] {
  const node = fields.node(key);
  if (node === null) return [];
  if (isMap(node)) return entriesOf(node);
  fields.problem(key, `'${key}' must be a map of names to rows`);
  return [];
}

/** Reads a type with its constructor and methods; the type is left out when its own keys are wrong, a row when the row is. */
function readType(entry: Entry, file: Context, types: TypeModel[], calls: CallModel[]): void {
  const before = file.problems.found.length;
  const fields = new Fields(entry.value, `the type '${entry.key}'`, entry.offset, file.problems);
  const context: Context = { problems: file.problems, docs: fields.text("docs", file.docs) };
  const type: TypeModel = {
    name: entry.key,
    aliases: fields.list("aliases"),
    bases: fields.types("bases"),
    fields: readFieldTypes(fields, file.problems),
    element: fields.types("element")[0] ?? null,
    collection: readCollection(fields),
    parts: fields.list("parts"),
    handle: readHandle(fields),
    telling: fields.list("telling"),
    neverClosed: fields.list("never-closed"),
    emptied: fields.list("emptied"),
    endedIn: fields.list("ended-in"),
    emptyAt: readEmptyAt(fields),
    jobLimits: fields.list("job-limits"),
    entry: fields.has("entry") ? fields.word<NonNullable<TypeModel["entry"]>>("entry", ["request", "job", "startup", "cli"]) : null,
  };
  const constructorNode = fields.node("new");
  const methods = mapEntries(fields, "calls");
  fields.finish();
  if (file.problems.found.length > before) return;
  types.push(type);
  if (fields.has("new")) {
    readRows({ key: "new", offset: entry.offset, value: constructorNode }, [entry.key], context, calls, [{ name: entry.key, args: [] }]);
  }
  for (const method of methods) readNamedRows(method, `${entry.key}.`, context, calls);
}

function readFieldTypes(fields: Fields, problems: Problems): Readonly<Record<string, TypeRef>> {
  const types: Record<string, TypeRef> = {};
  for (const entry of mapEntries(fields, "fields")) {
    const holder = fields.child(fields.node("fields"), "'fields'");
    for (const name of splitNames(entry.key)) {
      const type = parseTypeRef(holder.text(entry.key));
      if (type === null) problems.add(entry.offset, `the type of field '${name}' is not a type (write name or name<argument>)`);
      else types[name] = type;
    }
  }
  return types;
}

function readHandle(owner: Fields): HandleModel | null {
  const node = owner.node("handle");
  if (node === null) return null;
  const fields = owner.child(node, "'handle'");
  const handle = { what: fields.text("what"), askedBy: fields.list("asked-by") };
  fields.finish();
  return handle;
}

function readEmptyAt(owner: Fields): TypeModel["emptyAt"] {
  const node = owner.node("empty-at");
  if (node === null) return null;
  const fields = owner.child(node, "'empty-at'");
  const emptyAt = { field: fields.text("field"), values: fields.list("values") };
  fields.finish();
  return emptyAt;
}

function readCollection(owner: Fields): CollectionModel | null {
  const node = owner.node("collection");
  if (!isMap(node)) {
    if (node !== null && owner.text("collection", "null") !== "null") owner.problem("collection", "'collection' must be a map");
    return null;
  }
  const fields = owner.child(node, "'collection'");
  const kind = fields.word("kind", ["list", "map", "set", "queue"]);
  const bounded = fields.list("bounded", ["never"]);
  const weak = fields.flag("weak", false);
  const word = bounded[0];
  const bound =
    bounded.length === 1 && (word === "never" || word === "always") ? word : fields.parsed("bounded", parseArgumentRef, "never, always or an argument");
  fields.finish();
  return { kind, bounded: bound, weak };
}

function readNamedRows(entry: Entry, prefix: string, context: Context, calls: CallModel[]): void {
  const names = splitNames(entry.key).map((name) => prefix + name);
  if (names.length === 0) context.problems.add(entry.offset, "a row needs a name");
  // `{ a, b: … }` on one line gives 'a' no row of its own.
  if (entry.value === null)
    context.problems.add(entry.offset, `the row '${entry.key}' says nothing: in an inline map quote names that share a row ("a, b"), or write {}`);
  readRows(entry, names, context, calls, []);
}

/** Reads one row or a list of rows that hold for each of the names. */
function readRows(entry: Entry, names: readonly string[], context: Context, calls: CallModel[], results: readonly TypeRef[]): void {
  for (const node of isSeq(entry.value) ? (entry.value.items as Node[]) : [entry.value]) {
    const before = context.problems.found.length;
    const row = readRow(node, offsetOf(node, entry.offset), names[0] ?? "", context, results);
    if (context.problems.found.length > before) continue;
    for (const name of names) calls.push({ ...row, name });
  }
}

function readRow(node: Node | null, offset: number, name: string, context: Context, results: readonly TypeRef[]): CallModel {
  const fields = new Fields(node, `the row '${name}'`, offset, context.problems);
  const row: CallModel = {
    name,
    results: fields.has("returns") ? fields.types("returns") : results,
    isAsync: fields.flag("async", false),
    noReturn: fields.flag("no-return", false),
    throws: fields.flag("throws", true),
    fails: fields.has("fails") ? fields.word("fails", failings) : null,
    effects: readEffects(fields, context.problems),
    callbacks: readCallbacks(fields),
    arguments: readArgumentFlows(fields),
    docs: fields.text("docs", context.docs),
    note: fields.text("note", ""),
    since: fields.version("since"),
    until: fields.version("until"),
    when: readConditions(fields, "when"),
  };
  fields.finish();
  return row;
}

function readCallbacks(row: Fields): readonly CallbackModel[] {
  const callbacks: CallbackModel[] = [];
  for (const node of listOfMaps(row, "callbacks")) {
    const fields = row.child(node, "a callback");
    const argument = fields.argumentRef("argument");
    const over = fields.text("over", "receiver") === "receiver" ? null : fields.argumentRef("over");
    const runs = fields.word("runs", ["each", "once", "later", "spawned", "request"]);
    const params = fields.types("params");
    const cleanup = fields.flag("cleanup", false);
    const settles = fields.flag("settles", false);
    const selects = fields.flag("selects", false);
    const after = fields.has("after") ? fields.word("after", ["success", "failure"]) : null;
    const undoneBy = fields.list("undone-by");
    const passes = fields.has("passes") ? fields.argumentRef("passes") : null;
    const runner = fields.word("runner", runners, "task");
    const expendableBy = fields.list("expendable-by");
    fields.finish();
    if (argument === null) fields.problem("argument", "a callback needs 'argument'");
    else callbacks.push({ argument, runs, over, params, cleanup, settles, selects, after, undoneBy, passes, runner, expendableBy });
  }
  return callbacks;
}

function readArgumentFlows(row: Fields): readonly ArgumentFlow[] {
  const flows: ArgumentFlow[] = [];
  for (const node of listOfMaps(row, "arguments")) {
    const fields = row.child(node, "an argument");
    const named = fields.argumentRefs("argument");
    const flow = fields.word("flow", ["stores", "defers", "wraps", "adopts", "reads", "releases", "borrows"]);
    fields.finish();
    if (named.length === 0) fields.problem("argument", "an argument's flow needs 'argument'");
    for (const argument of named) flows.push({ argument, flow });
  }
  return flows;
}

function listOfMaps(row: Fields, key: string): readonly Node[] {
  const node = row.node(key);
  if (node === null) return [];
  const items = (isSeq(node) ? node.items : [node]) as readonly Node[];
  if (items.every((item) => isMap(item))) return items;
  row.problem(key, `'${key}' must be a list of maps`);
  return [];
}
