import type { TypeNode } from "../../ast/types.ts";
import { parseDocType } from "./phpdoc-types.ts";

/** The types a `/** … *\/` comment declares. */
export interface DocTypes {
  /** By parameter name, without `$`. */
  readonly params: ReadonlyMap<string, TypeNode>;
  readonly returns: TypeNode | null;
  /** Each `@var`, with the variable it names, else `""`. */
  readonly vars: readonly { readonly name: string; readonly type: TypeNode }[];
  /** The names of `@template`s. */
  readonly templates: readonly string[];
  /** What `@extends`, `@implements` and `@use` say of bases, with their type arguments. */
  readonly bases: readonly TypeNode[];
}

const NOTHING: DocTypes = { params: new Map(), returns: null, vars: [], templates: [], bases: [] };

/**
 * Reads the tags that declare types; a type that cannot be read counts as absent.
 *
 * @param start offset of the comment in `text`
 * @param end its end
 */
export function docTypes(text: string, start: number, end: number): DocTypes {
  if (!text.startsWith("/**", start)) return NOTHING;
  const params = new Map<string, TypeNode>();
  const vars: { name: string; type: TypeNode }[] = [];
  const templates: string[] = [];
  const bases: TypeNode[] = [];
  let returns: TypeNode | null = null;
  for (let at = text.indexOf("@", start); at >= 0 && at < end; at = text.indexOf("@", at + 1)) {
    const tag = tagAt(text, at);
    const from = at + 1 + tag.length;
    if (tag === "template" || tag === "template-covariant") templates.push(wordAt(text, from, end));
    const isBase = BASE_TAG.test(tag);
    if (tag !== "param" && tag !== "return" && tag !== "var" && !isBase) continue;
    const parsed = parseDocType(text, from, end);
    if (parsed === null) continue;
    if (isBase) bases.push(parsed.type);
    else if (tag === "return") returns ??= parsed.type;
    else {
      const name = variableAfter(text, parsed.after, end);
      if (tag === "var") vars.push({ name, type: parsed.type });
      else if (name !== "" && !params.has(name)) params.set(name, parsed.type);
    }
  }
  return { params, returns, vars, templates: templates.filter((name) => name !== ""), bases };
}

const BASE_TAG = /^(?:template-|phpstan-|psalm-)?(?:extends|implements|use)$/;

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127;
}

function tagAt(text: string, at: number): string {
  let end = at + 1;
  while (isWord(text.charCodeAt(end)) || text[end] === "-") end++;
  return text.slice(at + 1, end);
}

function wordAt(text: string, from: number, limit: number): string {
  let start = from;
  while (start < limit && (text[start] === " " || text[start] === "\t")) start++;
  let end = start;
  while (end < limit && isWord(text.charCodeAt(end))) end++;
  return text.slice(start, end);
}

/** The variable behind a type: `$x`, `&$x`, `...$x`. */
function variableAfter(text: string, from: number, limit: number): string {
  let at = from;
  while (at < limit && (text[at] === " " || text[at] === "\t" || text[at] === "&" || text[at] === ".")) at++;
  return text[at] === "$" ? wordAt(text, at + 1, limit) : "";
}
