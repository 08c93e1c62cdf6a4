import type { ArgumentRef, TypeRef, ValueRef, VersionBound } from "./model.ts";

const TYPE_NAME = /^[^\s<>,]+$/;
const MAX_TYPE_DEPTH = 20;

/**
 * Reads an argument as model files write it: `1`, `timeout`, `1:timeout`, each optionally with `.path`; `*` is all of them.
 * @returns null when the text is of another form
 */
export function parseArgumentRef(text: string): ArgumentRef | null {
  if (text === "*") return { position: null, name: "", path: "" };
  const match = /^(?:(\d+)(?::([A-Za-z_$][\w$-]*))?|([A-Za-z_$][\w$-]*))((?:\.[\w$-]+)*)$/.exec(text);
  if (match === null) return null;
  const [, position, nameAfterPosition, nameAlone, path] = match;
  return {
    position: position === undefined ? null : Number(position),
    name: nameAfterPosition ?? nameAlone ?? "",
    path: (path ?? "").replace(/^\./, ""),
  };
}

/**
 * Reads a value: `result`, `result.1`, `receiver`, `argument:0`, `callback.1`.
 * @returns null when the text is of another form
 */
export function parseValueRef(text: string): ValueRef | null {
  if (text === "receiver") return { of: "receiver" };
  const result = /^result(?:\.(\d+))?$/.exec(text);
  if (result !== null) return { of: "result", index: Number(result[1] ?? 0) };
  const given = /^callback\.(\d+)$/.exec(text);
  if (given !== null) return { of: "callback", parameter: Number(given[1]) };
  if (!text.startsWith("argument:")) return null;
  const argument = parseArgumentRef(text.slice("argument:".length));
  return argument === null ? null : { of: "argument", argument };
}

/**
 * Reads a type with its arguments: `builtins.dict<builtins.str, T0>`.
 * @returns null when the brackets do not match or a name is missing
 */
export function parseTypeRef(text: string): TypeRef | null {
  return parseTypeAt(text.trim(), 0);
}

function parseTypeAt(text: string, depth: number): TypeRef | null {
  if (depth > MAX_TYPE_DEPTH) return null;
  const open = text.indexOf("<");
  if (open < 0) return TYPE_NAME.test(text) ? { name: text, args: [] } : null;
  const name = text.slice(0, open).trim();
  if (!TYPE_NAME.test(name) || !text.endsWith(">")) return null;
  const parts = splitTopLevel(text.slice(open + 1, -1));
  const args: TypeRef[] = [];
  for (const part of parts ?? []) {
    const argument = parseTypeAt(part.trim(), depth + 1);
    if (argument === null) return null;
    args.push(argument);
  }
  return args.length === 0 ? null : { name, args };
}

/** Splits at commas outside brackets; null when the brackets do not match. */
function splitTopLevel(text: string): readonly string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === "<") depth++;
    else if (char === ">") depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
    if (depth < 0) return null;
  }
  parts.push(text.slice(start));
  return depth === 0 ? parts : null;
}

/**
 * Reads a version bound: `go 1.23`, `httpx 0.20`.
 * @returns null when the text is of another form
 */
export function parseVersionBound(text: string): VersionBound | null {
  const match = /^(\S+)\s+v?(\d+(?:\.\d+)*)$/.exec(text);
  return match === null ? null : { of: match[1] ?? "", version: match[2] ?? "" };
}

/** @returns the names of a row's key: several may share a row, separated by commas */
export function splitNames(key: string): readonly string[] {
  return key
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
