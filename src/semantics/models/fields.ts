import { isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type YAMLMap } from "yaml";
import { didYouMean, type ModelDiagnostic } from "./diagnostic.ts";
import type { ArgumentRef, TypeRef, ValueRef, VersionBound } from "./model.ts";
import { parseArgumentRef, parseTypeRef, parseValueRef, parseVersionBound } from "./references.ts";

/** Collects what is wrong in one file, with positions. */
export class Problems {
  readonly found: ModelDiagnostic[] = [];
  readonly #path: string;
  readonly #lines: LineCounter;

  constructor(path: string, lines: LineCounter) {
    this.#path = path;
    this.#lines = lines;
  }

  /** Notes a problem at an offset of the file. */
  add(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.found.push({ path: this.#path, line: Math.max(line, 1), column: Math.max(col, 1), message });
  }
}

/** One entry of a map, with where its key stands. */
export interface Entry {
  readonly key: string;
  readonly offset: number;
  readonly value: Node | null;
}

/** @returns the offset at which a node starts, or the fallback for nodes without a position */
export function offsetOf(node: unknown, fallback: number): number {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : fallback;
}

/** @returns the entries of a map in the order of the file */
export function entriesOf(map: YAMLMap): readonly Entry[] {
  return map.items
    .filter((item) => isPair(item))
    .map(({ key, value }) => ({
      key: textOf(key) ?? "",
      offset: offsetOf(key, 0),
      value: (value ?? null) as Node | null,
    }));
}

/** @returns a scalar as it was written (`1:mode`, `0`, `1.0`), or null for anything else */
export function textOf(node: unknown): string | null {
  if (!isScalar(node)) return null;
  if (node.value === null && (node.source === undefined || node.source === "" || node.source === "null" || node.source === "~")) return null;
  return node.source ?? String(node.value);
}

/**
 * Reads a map field by field, each with its form and default, and notes what is missing, malformed or unknown. The keys asked for are the keys
 * known: call `finish` at the end.
 */
export class Fields {
  readonly #entries = new Map<string, Entry>();
  readonly #asked = new Set<string>();
  readonly #problems: Problems;
  readonly #what: string;
  readonly offset: number;

  constructor(node: Node | null, what: string, offset: number, problems: Problems) {
    this.#problems = problems;
    this.#what = what;
    this.offset = offset;
    if (isMap(node)) for (const entry of entriesOf(node)) this.#entries.set(entry.key, entry);
    else if (node !== null && !(isScalar(node) && node.value === null)) problems.add(offsetOf(node, offset), `${what} must be a map`);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The raw node of a key, for forms of their own. */
  node(key: string): Node | null {
    this.#asked.add(key);
    return this.#entries.get(key)?.value ?? null;
  }

  /** Reads a map that stands inside this one, into the same problems. */
  child(node: Node | null, what: string): Fields {
    return new Fields(node, what, offsetOf(node, this.offset), this.#problems);
  }

  problem(key: string, message: string): void {
    const entry = this.#entries.get(key);
    this.#problems.add(entry === undefined ? this.offset : offsetOf(entry.value, entry.offset), message);
  }

  /** A text; missing without a default is a problem. */
  text(key: string, fallback: string | null = null): string {
    const node = this.node(key);
    const text = textOf(node);
    if (text !== null) return text;
    if (this.has(key) && node !== null && !isScalar(node)) this.problem(key, `'${key}' must be a text`);
    else if (fallback === null) this.problem(key, `${this.#what} needs '${key}'`);
    return fallback ?? "";
  }

  /** One of a closed set of words. */
  word<W extends string>(key: string, words: readonly W[], fallback: W | null = null): W {
    const text = this.text(key, fallback);
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    if (this.has(key)) this.problem(key, `'${key}' cannot be '${text}'${didYouMean(text, words) || ` (one of: ${words.join(", ")})`}`);
    return words[0] as W;
  }

  flag(key: string, fallback: boolean): boolean {
    const node = this.node(key);
    if (!this.has(key)) return fallback;
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    this.problem(key, `'${key}' must be true or false`);
    return fallback;
  }

  count(key: string): number | null {
    const node = this.node(key);
    if (!this.has(key) || (isScalar(node) && node.value === null)) return null;
    if (isScalar(node) && typeof node.value === "number") return node.value;
    this.problem(key, `'${key}' must be a number`);
    return null;
  }

  /** A text or a list of texts. */
  list(key: string, fallback: readonly string[] = []): readonly string[] {
    const node = this.node(key);
    if (node === null) return this.has(key) ? [] : fallback;
    const texts: string[] = [];
    for (const item of isSeq(node) ? node.items : [node]) {
      const text = textOf(item);
      if (text !== null) texts.push(text);
      else if (!isScalar(item)) this.problem(key, `'${key}' must be a text or a list of texts`);
    }
    return texts;
  }

  /** Texts read by a parser of their own; those it refuses are problems. */
  parsed<T>(key: string, parse: (text: string) => T | null, form: string): readonly T[] {
    const values: T[] = [];
    for (const text of this.list(key)) {
      const value = parse(text);
      if (value === null) this.problem(key, `'${text}' is not ${form}`);
      else values.push(value);
    }
    return values;
  }

  argumentRefs(key: string): readonly ArgumentRef[] {
    return this.parsed(key, parseArgumentRef, "an argument (write a position, a name, or position:name)");
  }

  argumentRef(key: string): ArgumentRef | null {
    return this.argumentRefs(key)[0] ?? null;
  }

  types(key: string): readonly TypeRef[] {
    return this.parsed(key, parseTypeRef, "a type (write name or name<argument, argument>)");
  }

  value(key: string): ValueRef {
    return this.parsed(key, parseValueRef, "a value (write result, result.1, receiver, argument:0 or callback.1)")[0] ?? { of: "result", index: 0 };
  }

  version(key: string): VersionBound | null {
    return this.parsed(key, parseVersionBound, "a version (write the package and the version: go 1.23)")[0] ?? null;
  }

  /** Notes every key that nobody asked for. */
  finish(): void {
    for (const entry of this.#entries.values()) {
      if (this.#asked.has(entry.key)) continue;
      this.#problems.add(entry.offset, `${this.#what} has no key '${entry.key}'${didYouMean(entry.key, this.#asked)}`);
    }
  }
}
