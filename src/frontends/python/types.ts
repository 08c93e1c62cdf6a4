import type { TypeNode, TypeShape } from "../../ast/types.ts";

/** A parsed annotation and what its outer qualifiers say of the name that carries it. */
export interface Annotation {
  readonly type: TypeNode;
  readonly isClassVar: boolean;
  readonly isFinal: boolean;
}

/** Annotations nested deeper than this are `unknown`. */
const MAX_TYPE_DEPTH = 60;

/**
 * Parses a type as Python writes it, in an annotation, a base class list or a string, from the file's text between two offsets.
 *
 * @returns the type; shape `unknown` for what is no plain type expression (a call, an operator other than `|`)
 */
export function parseType(text: string, start: number, end: number): TypeNode {
  return parseAnnotation(text, start, end).type;
}

/** As `parseType`, with the qualifiers `ClassVar` and `Final`. */
export function parseAnnotation(text: string, start: number, end: number): Annotation {
  const reader: Reader = { text, end, at: start, depth: 0, isClassVar: false, isFinal: false, failed: false };
  const type = readUnion(reader);
  skipSpace(reader);
  const complete = !reader.failed && reader.at === end;
  return { type: complete ? type : typeNode("unknown", "", [], start, end), isClassVar: reader.isClassVar, isFinal: reader.isFinal };
}

interface Reader {
  readonly text: string;
  end: number;
  at: number;
  depth: number;
  isClassVar: boolean;
  isFinal: boolean;
  failed: boolean;
}

function typeNode(shape: TypeShape, name: string, args: readonly TypeNode[], start: number, end: number): TypeNode {
  return { shape, name, args, start, end };
}

function fail(reader: Reader): TypeNode {
  reader.failed = true;
  return typeNode("unknown", "", [], reader.at, reader.at);
}

/** Skips white space, line continuations and comments. */
function skipSpace(reader: Reader): void {
  const { text, end } = reader;
  while (reader.at < end) {
    const c = text[reader.at]!;
    if (c === "#") while (reader.at < end && text[reader.at] !== "\n") reader.at++;
    else if (c === " " || c === "\n" || c === "\t" || c === "\r" || c === "\\" || c === "\f") reader.at++;
    else return;
  }
}

function peek(reader: Reader): string {
  skipSpace(reader);
  return reader.at < reader.end ? reader.text[reader.at]! : "";
}

function readUnion(reader: Reader): TypeNode {
  if (reader.depth > MAX_TYPE_DEPTH) return fail(reader);
  reader.depth++;
  skipSpace(reader);
  const start = reader.at;
  const members = [readGeneric(reader)];
  while (!reader.failed && peek(reader) === "|") {
    reader.at++;
    members.push(readGeneric(reader));
  }
  reader.depth--;
  return members.length === 1 ? members[0]! : union(members, start, members[members.length - 1]!.end);
}

/** `None` among the members makes the rest nullable. */
function union(members: readonly TypeNode[], start: number, end: number): TypeNode {
  const rest = members.filter((m) => !(m.shape === "named" && m.name === "None"));
  if (rest.length === 0) return members[0] ?? typeNode("unknown", "", [], start, end);
  const inner = rest.length === 1 ? rest[0]! : typeNode("union", "", rest, start, end);
  if (rest.length === members.length) return inner;
  return inner.shape === "nullable" ? inner : typeNode("nullable", "", [inner], start, end);
}

function isNameStart(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_" || c > "\u007f";
}

function isNamePart(c: string): boolean {
  return isNameStart(c) || (c >= "0" && c <= "9");
}

function readGeneric(reader: Reader): TypeNode {
  const c = peek(reader);
  if (c === "*") {
    while (peek(reader) === "*") reader.at++;
    return readGeneric(reader);
  }
  if (c === "(") return readParenthesized(reader);
  if (c === "." && reader.text.startsWith("...", reader.at)) {
    reader.at += 3;
    return typeNode("unknown", "...", [], reader.at - 3, reader.at);
  }
  const quoted = stringAt(reader);
  if (quoted !== null) return readQuoted(reader, quoted);
  if (c === "[") return typeNode("unknown", "", readArguments(reader), reader.at, reader.at);
  if (!isNameStart(c)) return fail(reader);
  return readNamed(reader);
}

function readParenthesized(reader: Reader): TypeNode {
  reader.at++;
  const inner = readUnion(reader);
  if (peek(reader) !== ")") return fail(reader);
  reader.at++;
  return inner;
}

interface Quoted {
  readonly from: number;
  readonly to: number;
  readonly after: number;
}

/** The string literal at the reader's place: its content and what follows. Only plain and raw ones can hold a type. */
function stringAt(reader: Reader): Quoted | null {
  const { text } = reader;
  let at = reader.at;
  if ((text[at] === "r" || text[at] === "u" || text[at] === "R") && (text[at + 1] === '"' || text[at + 1] === "'")) at++;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return null;
  const marker = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  const to = text.indexOf(marker, at + marker.length);
  return to < 0 || to >= reader.end ? null : { from: at + marker.length, to, after: to + marker.length };
}

function readQuoted(reader: Reader, quoted: Quoted): TypeNode {
  const outerEnd = reader.end;
  reader.at = quoted.from;
  reader.end = quoted.to;
  const type = readUnion(reader);
  if (peek(reader) !== "") reader.failed = true;
  reader.end = outerEnd;
  reader.at = quoted.after;
  return type;
}

function readNamed(reader: Reader): TypeNode {
  const start = reader.at;
  let name = "";
  for (;;) {
    const from = reader.at;
    while (reader.at < reader.end && isNamePart(reader.text[reader.at]!)) reader.at++;
    if (reader.at === from) return fail(reader);
    name += reader.text.slice(from, reader.at);
    const end = reader.at;
    if (peek(reader) !== ".") {
      if (peek(reader) !== "[") reader.at = end;
      break;
    }
    name += ".";
    reader.at++;
    skipSpace(reader);
  }
  const short = withoutTypingModule(name);
  if (reader.text[reader.at] !== "[" || reader.at >= reader.end) return bare(reader, name, short, start);
  if (short === "Literal") {
    skipBrackets(reader);
    return typeNode("named", name, [], start, reader.at);
  }
  if (short === "Annotated") return readAnnotated(reader);
  const args = readArguments(reader);
  return reader.failed ? typeNode("unknown", "", [], start, reader.at) : generic(reader, name, short, args, start);
}

const TYPING_MODULES: ReadonlySet<string> = new Set(["typing", "typing_extensions", "builtins", "t", "tp", "ty"]);

function withoutTypingModule(name: string): string {
  const dot = name.indexOf(".");
  return dot > 0 && TYPING_MODULES.has(name.slice(0, dot)) ? name.slice(dot + 1) : name;
}

/** `[A, B]`, with or without a trailing comma. Leaves the reader behind the bracket. */
function readArguments(reader: Reader): TypeNode[] {
  reader.at++;
  const args: TypeNode[] = [];
  while (!reader.failed) {
    if (peek(reader) === "]") {
      reader.at++;
      return args;
    }
    // An empty tuple: `tuple[()]`.
    if (peek(reader) === "(" && reader.text.startsWith("()", reader.at)) reader.at += 2;
    else args.push(readUnion(reader));
    if (peek(reader) === ",") reader.at++;
    else if (peek(reader) !== "]") fail(reader);
  }
  return args;
}

/** `Annotated[T, …]` is T; the rest may be any expression. */
function readAnnotated(reader: Reader): TypeNode {
  const open = reader.at++;
  const type = readUnion(reader);
  reader.at = open;
  skipBrackets(reader);
  return type;
}

/** Skips from an opening bracket behind the one that closes it; brackets in strings do not count. */
function skipBrackets(reader: Reader): void {
  let open = 0;
  while (reader.at < reader.end) {
    const quoted = stringAt(reader);
    const c = reader.text[reader.at]!;
    reader.at = quoted === null ? reader.at + 1 : quoted.after;
    if (quoted !== null) continue;
    if (c === "[" || c === "(" || c === "{") open++;
    else if ((c === "]" || c === ")" || c === "}") && --open === 0) return;
  }
  reader.failed = true;
}

function bare(reader: Reader, name: string, short: string, start: number): TypeNode {
  const end = reader.at;
  const shape = containerShape(short);
  if (shape !== null) return typeNode(shape, "", [], start, end);
  if (short === "Callable") return typeNode("func", "", [], start, end);
  if (short === "ClassVar") reader.isClassVar = true;
  if (short === "Final") reader.isFinal = true;
  return short === "ClassVar" || short === "Final" ? typeNode("unknown", "", [], start, end) : typeNode("named", name, [], start, end);
}

function containerShape(short: string): TypeShape | null {
  switch (short) {
    case "list":
    case "List":
      return "list";
    case "dict":
    case "Dict":
      return "map";
    case "tuple":
    case "Tuple":
      return "tuple";
    default:
      return null;
  }
}

function generic(reader: Reader, name: string, short: string, args: readonly TypeNode[], start: number): TypeNode {
  const end = reader.at;
  const first = args[0] ?? typeNode("unknown", "", [], start, end);
  const shape = containerShape(short);
  if (shape !== null)
    return typeNode(
      shape,
      "",
      args.filter((a) => a.name !== "..."),
      start,
      end,
    );
  switch (short) {
    case "Optional":
      return first.shape === "nullable" ? first : typeNode("nullable", "", [first], start, end);
    case "Union":
      return union(args, start, end);
    case "Callable":
    case "collections.abc.Callable":
      return typeNode("func", "", args.slice(1), start, end);
    case "ClassVar":
      reader.isClassVar = true;
      return first;
    case "Final":
      reader.isFinal = true;
      return first;
    case "Required":
    case "NotRequired":
    case "ReadOnly":
      return first;
    default:
      return typeNode("named", name, args, start, end);
  }
}
