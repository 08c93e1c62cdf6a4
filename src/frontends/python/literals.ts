import type { Expression, Literal, Template } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { C_ESCAPES, decodeEscapes, type Escape } from "../treesitter/escapes.ts";
import { literal, requiredExpression, textOf, unknown } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";

/** Integers and floats; imaginary numbers and integers too big for a double stay text. */
export function lowerNumber(node: CstNode, context: Context): Literal {
  let text = textOf(node, context);
  if (text.includes("_")) text = text.replaceAll("_", "");
  const last = text[text.length - 1];
  if (last === "l" || last === "L") text = text.slice(0, -1);
  const value = Number(text);
  const exact = node.type === "float" ? !Number.isNaN(value) : Number.isSafeInteger(value);
  return literal(node, "number", exact ? value : text);
}

/** A string, a bytes literal, or an f-string as a template. */
export function lowerString(node: CstNode, context: Context): Literal | Template {
  const pieces = piecesOf(node, context);
  return pieces.isTemplate ? template(node, pieces.parts) : literal(node, pieces.isBytes ? "bytes" : "string", joined(pieces.parts));
}

/** Adjacent strings: one literal, or one template when any of them is. */
export function lowerConcatenatedString(node: CstNode, context: Context): Expression {
  const all: Expression[] = [];
  let isTemplate = false;
  let isBytes = false;
  for (const string of parts(node)) {
    if (string.type !== "string") return unknown(node, parts(node).map(context.expression));
    const pieces = piecesOf(string, context);
    isTemplate ||= pieces.isTemplate;
    isBytes ||= pieces.isBytes;
    for (const p of pieces.parts) all.push(p);
  }
  return isTemplate ? template(node, all) : literal(node, isBytes ? "bytes" : "string", joined(all));
}

function template(node: CstNode, pieces: readonly Expression[]): Template {
  return { kind: "Template", parts: pieces, tag: null, start: node.start, end: node.end };
}

function joined(pieces: readonly Expression[]): string {
  if (pieces.length === 1 && pieces[0]!.kind === "Literal") return String(pieces[0].value);
  return pieces.map((p) => (p.kind === "Literal" ? String(p.value) : "")).join("");
}

interface Pieces {
  readonly isTemplate: boolean;
  readonly isBytes: boolean;
  readonly parts: readonly Expression[];
}

function piecesOf(node: CstNode, context: Context): Pieces {
  const pieces: Expression[] = [];
  const opening = node.children[0];
  const prefix = opening === undefined ? "" : textOf(opening, context).toLowerCase();
  const isRaw = prefix.includes("r");
  const isTemplate = prefix.includes("f") || prefix.includes("t");
  for (const c of node.children) {
    if (c.type === "string_content") pieces.push(literal(c, "string", decode(textOf(c, context), isRaw, isTemplate)));
    else if (c.type === "interpolation") addInterpolation(c, context, pieces);
    else if (c.type === "ERROR") pieces.push(unknown(c));
  }
  return { isTemplate, isBytes: prefix.includes("b"), parts: pieces };
}

/** The expression, then those nested in its format specifier. */
function addInterpolation(node: CstNode, context: Context, pieces: Expression[]): void {
  pieces.push(requiredExpression(child(node, "expression"), node, context));
  const specifier = child(node, "format_specifier");
  if (specifier === null) return;
  for (const c of specifier.children) {
    if (c.type === "format_expression") pieces.push(requiredExpression(child(c, "expression"), c, context));
  }
}

function decode(text: string, isRaw: boolean, isTemplate: boolean): string {
  const plain = isRaw || !text.includes("\\") ? text : decodeEscapes(text, escapeAt);
  return isTemplate && (plain.includes("{{") || plain.includes("}}")) ? plain.replaceAll("{{", "{").replaceAll("}}", "}") : plain;
}

function escapeAt(text: string, at: number): Escape {
  const c = text[at + 1] ?? "";
  const simple = C_ESCAPES[c];
  if (simple !== undefined) return { value: simple, length: 2 };
  if (c === "\n") return { value: "", length: 2 };
  if (c === "\r") return { value: "", length: text[at + 2] === "\n" ? 3 : 2 };
  const digits = c === "x" ? 2 : c === "u" ? 4 : c === "U" ? 8 : 0;
  if (digits > 0) return codePoint(text, at, 2, digits, 16);
  if (c >= "0" && c <= "7") {
    let length = 1;
    while (length < 3 && isOctal(text[at + 1 + length])) length++;
    return codePoint(text, at, 1, length, 8);
  }
  // `\N{NAME}` and unknown escapes stay as written.
  return { value: `\\${c}`, length: 1 + c.length };
}

function isOctal(c: string | undefined): boolean {
  return c !== undefined && c >= "0" && c <= "7";
}

function codePoint(text: string, at: number, skip: number, digits: number, radix: number): Escape {
  const code = Number.parseInt(text.slice(at + skip, at + skip + digits), radix);
  const length = Math.min(skip + digits, text.length - at);
  if (Number.isNaN(code) || code > 0x10ffff) return { value: text.slice(at, at + length), length };
  return { value: String.fromCodePoint(code), length };
}
