import type { Literal } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { C_ESCAPES, decodeEscapes, type Escape } from "../treesitter/escapes.ts";
import { literal, textOf } from "../treesitter/lowering.ts";
import type { Context } from "./context.ts";

/** Integers; those too big for a double stay text. `0755` is octal. */
export function lowerInteger(node: CstNode, context: Context): Literal {
  const text = withoutSeparators(textOf(node, context));
  const second = text[1] ?? "";
  const isOctal = text[0] === "0" && second >= "0" && second <= "9";
  const value = Number(isOctal ? `0o${text.slice(1)}` : text);
  return literal(node, "number", Number.isSafeInteger(value) ? value : text);
}

/** Floating point numbers; hexadecimal ones stay text. */
export function lowerFloat(node: CstNode, context: Context): Literal {
  const text = withoutSeparators(textOf(node, context));
  const value = Number(text);
  return literal(node, "number", Number.isNaN(value) ? text : value);
}

/** Imaginary numbers stay text. */
export function lowerImaginary(node: CstNode, context: Context): Literal {
  return literal(node, "number", withoutSeparators(textOf(node, context)));
}

function withoutSeparators(text: string): string {
  return text.includes("_") ? text.replaceAll("_", "") : text;
}

/** A rune is a number: its code point. */
export function lowerRune(node: CstNode, context: Context): Literal {
  const content = context.text.slice(node.start + 1, node.end - 1);
  return literal(node, "number", (content.startsWith("\\") ? decodeEscapes(content, escapeAt) : content).codePointAt(0) ?? 0);
}

/** A string in double quotes. */
export function lowerString(node: CstNode, context: Context): Literal {
  return literal(node, "string", stringValue(node, context));
}

/** @returns the text that a raw or interpreted string literal stands for */
export function stringValue(node: CstNode, context: Context): string {
  const content = context.text.slice(node.start + 1, Math.max(node.start + 1, node.end - 1));
  // Carriage returns inside raw strings are not part of them.
  if (node.type === "raw_string_literal") return content.includes("\r") ? content.replaceAll("\r", "") : content;
  return content.includes("\\") ? decodeEscapes(content, escapeAt) : content;
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A wrong sequence stands for itself. */
function escapeAt(text: string, at: number): Escape {
  const c = text[at + 1] ?? "";
  const simple = C_ESCAPES[c];
  if (simple !== undefined) return { value: simple, length: 2 };
  const hexDigits = HEX_DIGITS[c];
  const [skip, length] = hexDigits === undefined ? [1, 4] : [2, 2 + hexDigits];
  const code = Number.parseInt(text.slice(at + skip, at + length), hexDigits === undefined ? 8 : 16);
  if (Number.isNaN(code) || code > 0x10ffff) return { value: `\\${c}`, length: 1 + c.length };
  return { value: String.fromCodePoint(code), length };
}
