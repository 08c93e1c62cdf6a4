import type { TypeNode } from "../../ast/types.ts";
import { typeNode, unionOf } from "./types.ts";

/** A type read from a doc comment, and where it ends. */
export interface ParsedDocType {
  readonly type: TypeNode;
  readonly after: number;
}

interface Reader {
  readonly text: string;
  readonly end: number;
  at: number;
  depth: number;
  failed: boolean;
}

/** Types nested deeper than this are not read. */
const MAX_TYPE_DEPTH = 30;

/** @returns the PHPDoc type between two offsets, as far as it goes; null when none stands there */
export function parseDocType(text: string, start: number, end: number): ParsedDocType | null {
  const reader: Reader = { text, end, at: start, depth: 0, failed: false };
  while (reader.text[reader.at] === " " || reader.text[reader.at] === "\t") reader.at++;
  const type = readUnion(reader);
  return reader.failed ? null : { type, after: reader.at };
}

function fail(reader: Reader): TypeNode {
  reader.failed = true;
  return typeNode("unknown", "", [], reader.at, reader.at);
}

/** Skips white space, and inside brackets the line starts of the comment too. */
function skip(reader: Reader): void {
  const { text, end } = reader;
  while (reader.at < end) {
    const c = text[reader.at]!;
    if (c !== " " && c !== "\t" && !(reader.depth > 1 && (c === "\n" || c === "\r" || c === "*"))) return;
    reader.at++;
  }
}

/** Takes `token` if it comes next, white space aside. */
function take(reader: Reader, token: string): boolean {
  const before = reader.at;
  skip(reader);
  if (reader.at < reader.end && reader.text.startsWith(token, reader.at)) {
    reader.at += token.length;
    return true;
  }
  reader.at = before;
  return false;
}

function readUnion(reader: Reader): TypeNode {
  if (reader.depth > MAX_TYPE_DEPTH) return fail(reader);
  reader.depth++;
  skip(reader);
  const start = reader.at;
  const members = [readPostfix(reader)];
  while (!reader.failed && (take(reader, "|") || takeIntersection(reader))) members.push(readPostfix(reader));
  reader.depth--;
  return members.length === 1 ? members[0]! : unionOf(members, start, reader.at);
}

/** `A&B`, but not `A &$x`. */
function takeIntersection(reader: Reader): boolean {
  const after = reader.text[reader.at + 1];
  if (reader.text[reader.at] !== "&" || after === "$" || after === ".") return false;
  reader.at++;
  return true;
}

function readPostfix(reader: Reader): TypeNode {
  skip(reader);
  const start = reader.at;
  let type = readAtom(reader);
  while (!reader.failed && reader.text.startsWith("[]", reader.at)) {
    reader.at += 2;
    type = typeNode("list", "", [type], start, reader.at);
  }
  return type;
}

function readAtom(reader: Reader): TypeNode {
  const start = reader.at;
  const c = reader.text[start] ?? "";
  if (c === "?") {
    reader.at++;
    const inner = readPostfix(reader);
    return typeNode("nullable", "", [inner], start, reader.at);
  }
  if (c === "(") {
    reader.at++;
    const inner = readUnion(reader);
    return take(reader, ")") ? inner : fail(reader);
  }
  if (reader.text.startsWith("$this", start)) {
    reader.at += "$this".length;
    return typeNode("named", "static", [], start, reader.at);
  }
  const name = readName(reader);
  return name === "" ? readLiteral(reader) : readNamed(reader, name, start);
}

function isNamePart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 92 || code > 127;
}

function readName(reader: Reader): string {
  const { text, end } = reader;
  const start = reader.at;
  const first = text.charCodeAt(start);
  if (first >= 48 && first <= 57) return "";
  while (reader.at < end && (isNamePart(text.charCodeAt(reader.at)) || isInnerDash(text, start, reader.at))) reader.at++;
  return text.slice(start, reader.at);
}

/** `class-string`, `non-empty-array` */
function isInnerDash(text: string, start: number, at: number): boolean {
  return text[at] === "-" && at > start && isNamePart(text.charCodeAt(at + 1));
}

/** `'a'` and `12` are types of their own that tell nothing about ownership. */
function readLiteral(reader: Reader): TypeNode {
  const { text } = reader;
  const start = reader.at;
  const quote = text[start];
  if (quote === "'" || quote === '"') {
    const close = text.indexOf(quote, start + 1);
    if (close < 0 || close >= reader.end) return fail(reader);
    reader.at = close + 1;
    return typeNode("named", "string", [], start, reader.at);
  }
  if (quote === "-") reader.at++;
  const digits = reader.at;
  while (reader.at < reader.end && text[reader.at]! >= "0" && text[reader.at]! <= "9") reader.at++;
  return reader.at === digits ? fail(reader) : typeNode("named", "int", [], start, reader.at);
}

function readNamed(reader: Reader, name: string, start: number): TypeNode {
  const next = reader.text[reader.at];
  if (next === "<") return generic(reader, name, start);
  if (next === "{") return skipBraces(reader) ? typeNode("named", "array", [], start, reader.at) : fail(reader);
  if (next === "(") return callable(reader, start);
  if (next === ":" && reader.text.startsWith("::", reader.at)) {
    skipConstant(reader);
    return typeNode("unknown", "", [], start, reader.at);
  }
  return name === "callable" ? typeNode("func", "", [], start, reader.at) : typeNode("named", name, [], start, reader.at);
}

/** The `::X_*` of `self::X_*`. */
function skipConstant(reader: Reader): void {
  const { text, end } = reader;
  while (reader.at < end && (isNamePart(text.charCodeAt(reader.at)) || text[reader.at] === ":" || text[reader.at] === "*")) reader.at++;
}

const LISTS: ReadonlySet<string> = new Set(["array", "list", "non-empty-array", "non-empty-list", "associative-array"]);

function generic(reader: Reader, name: string, start: number): TypeNode {
  reader.at++;
  const args = readArguments(reader, ">");
  if (reader.failed) return typeNode("unknown", "", [], start, reader.at);
  if (name === "int" || name === "integer") return typeNode("named", "int", [], start, reader.at);
  if (!LISTS.has(name)) return typeNode("named", name, args, start, reader.at);
  return typeNode(args.length === 2 ? "map" : "list", "", args, start, reader.at);
}

function readArguments(reader: Reader, close: string): TypeNode[] {
  const args: TypeNode[] = [];
  reader.depth++;
  while (!reader.failed && !take(reader, close)) {
    if (take(reader, "*")) args.push(typeNode("unknown", "", [], reader.at - 1, reader.at));
    else args.push(readUnion(reader));
    take(reader, "...");
    if (take(reader, "$")) readName(reader);
    take(reader, "=");
    if (take(reader, ",")) continue;
    if (!take(reader, close)) fail(reader);
    break;
  }
  reader.depth--;
  return args;
}

/** `callable(int, string): Foo`; only the result is kept. */
function callable(reader: Reader, start: number): TypeNode {
  reader.at++;
  readArguments(reader, ")");
  if (reader.failed) return typeNode("unknown", "", [], start, reader.at);
  const result = take(reader, ":") ? [readPostfix(reader)] : [];
  return typeNode("func", "", result, start, reader.at);
}

/** `array{a: int, …}` */
function skipBraces(reader: Reader): boolean {
  let open = 0;
  for (; reader.at < reader.end; reader.at++) {
    const c = reader.text[reader.at];
    if (c === "{") open++;
    else if (c === "}" && --open === 0) {
      reader.at++;
      return true;
    }
  }
  return false;
}
