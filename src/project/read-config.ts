import { dirname, resolve } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { confidences, severities } from "../findings/levels.ts";
import { didYouMean } from "../semantics/models/diagnostic.ts";
import type { Config } from "./config.ts";
import { UsageError } from "./usage-error.ts";

type Draft = { -readonly [K in keyof Config]: Config[K] };

/** Collects mistakes with their places, so that the user sees all of them at once. */
interface Reader {
  readonly path: string;
  readonly ruleIds: readonly string[];
  problem(node: unknown, message: string): void;
}

const KEYS: Readonly<Record<string, (draft: Draft, value: unknown, reader: Reader) => void>> = {
  include: (draft, value, reader) => (draft.include = texts(value, "include", reader)),
  exclude: (draft, value, reader) => (draft.exclude = texts(value, "exclude", reader)),
  includeTests: (draft, value, reader) => (draft.includeTests = flag(value, "includeTests", reader)),
  rules: (draft, value, reader) => (draft.rules = rules(value, reader)),
  failOn: (draft, value, reader) => (draft.failOn = word(value, "failOn", [...severities, "never"], reader)),
  minSeverity: (draft, value, reader) => (draft.minSeverity = word(value, "minSeverity", severities, reader)),
  minConfidence: (draft, value, reader) => (draft.minConfidence = word(value, "minConfidence", confidences, reader)),
  models: (draft, value, reader) => (draft.models = texts(value, "models", reader).map((file) => resolve(dirname(reader.path), file))),
  baseline: (draft, value, reader) => {
    const file = text(value);
    if (file === null) reader.problem(value, "'baseline' must be the path of a file");
    else draft.baseline = resolve(dirname(reader.path), file);
  },
};

/** The keys a configuration may have. */
export const CONFIG_KEYS: readonly string[] = Object.keys(KEYS);

/**
 * @param path the file's path, for messages and for the paths in it
 * @param source its text
 * @throws UsageError with a line for each mistake
 */
export function readConfig(path: string, source: string, ruleIds: readonly string[]): Config {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const problems: string[] = [];
  const add = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push(`${path}:${line}:${col}: ${message}`);
  };
  for (const error of document.errors) add(error.pos[0], error.message);
  const reader: Reader = { path, ruleIds, problem: (node, message) => add(offsetOf(node), message) };
  const draft: Draft = { include: [], exclude: [], rules: new Map(), models: [] };
  if (problems.length === 0) readDocument(document.contents, draft, reader);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return draft;
}

function readDocument(contents: Node | null, draft: Draft, reader: Reader): void {
  if (contents === null || (isScalar(contents) && contents.value === null)) return;
  if (!isMap(contents)) {
    reader.problem(contents, `the configuration must be a map of ${CONFIG_KEYS.join(", ")}`);
    return;
  }
  for (const { key, value } of (contents as YAMLMap).items) {
    const name = text(key) ?? "";
    if (Object.hasOwn(KEYS, name)) KEYS[name]?.(draft, value, reader);
    else reader.problem(key, `unknown key '${name}'${didYouMean(name, CONFIG_KEYS)}`);
  }
}

function rules(value: unknown, reader: Reader): Config["rules"] {
  const chosen = new Map<string, Config["rules"] extends ReadonlyMap<string, infer V> ? V : never>();
  if (!isMap(value)) {
    reader.problem(value, "'rules' must be a map of rule ids to a severity or 'off'");
    return chosen;
  }
  for (const { key, value: level } of value.items) {
    const id = text(key) ?? "";
    if (!reader.ruleIds.includes(id)) reader.problem(key, `unknown rule '${id}'${didYouMean(id, reader.ruleIds)}`);
    const severity = word(level, id, [...severities, "off"], reader);
    if (severity !== undefined) chosen.set(id, severity);
  }
  return chosen;
}

function texts(value: unknown, key: string, reader: Reader): readonly string[] {
  const items = isSeq(value) ? value.items : [value];
  const found = items.map(text);
  if (found.every((item) => item !== null)) return found;
  reader.problem(value, `'${key}' must be a list of texts`);
  return [];
}

function flag(value: unknown, key: string, reader: Reader): boolean | undefined {
  if (isScalar(value) && typeof value.value === "boolean") return value.value;
  reader.problem(value, `'${key}' must be true or false`);
  return undefined;
}

function word<T extends string>(value: unknown, key: string, words: readonly T[], reader: Reader): T | undefined {
  // YAML 1.1 readers take a bare `off` for false; so do people.
  const written = isScalar(value) && value.value === false ? "off" : text(value);
  const found = words.find((candidate) => candidate === written);
  if (found === undefined) reader.problem(value, `'${key}' must be one of ${words.join(", ")}${didYouMean(written ?? "", words)}`);
  return found;
}

function text(value: unknown): string | null {
  return isScalar(value) && typeof value.value === "string" ? value.value : null;
}

function offsetOf(node: unknown): number {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : 0;
}
