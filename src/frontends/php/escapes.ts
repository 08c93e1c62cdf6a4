import { decodeEscapes, type Escape } from "../treesitter/escapes.ts";

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", v: "\v", e: "\u001b", f: "\f", "\\": "\\", $: "$" };

/** @returns the text of a string in single quotes */
export function decodeSingle(raw: string): string {
  return decodeEscapes(raw, (text, at) => {
    const next = text[at + 1];
    return next === "\\" || next === "'" ? { value: next, length: 2 } : null;
  });
}

/**
 * @param quote the character that `\` protects besides the general escapes; empty in heredocs
 * @returns the text of a string in double quotes; what is no escape keeps its backslash
 */
export function decodeDouble(raw: string, quote: string): string {
  return decodeEscapes(raw, (text, at) => escapeAt(text, at, quote));
}

function escapeAt(raw: string, slash: number, quote: string): Escape | null {
  const next = raw[slash + 1] ?? "";
  const simple = next === quote && quote !== "" ? quote : SIMPLE_ESCAPES[next];
  if (simple !== undefined) return { value: simple, length: 2 };
  if (next === "x") return numeric(raw, slash, 2, 2, 16);
  if (next >= "0" && next <= "7") return numeric(raw, slash, 1, 3, 8);
  if (next !== "u" || raw[slash + 2] !== "{") return null;
  const close = raw.indexOf("}", slash);
  const code = close < 0 ? Number.NaN : Number.parseInt(raw.slice(slash + 3, close), 16);
  return code >= 0 && code <= 0x10ffff ? { value: String.fromCodePoint(code), length: close + 1 - slash } : null;
}

/** Up to `most` digits, `skip` characters behind the backslash; more than a byte wraps around. */
function numeric(raw: string, slash: number, skip: number, most: number, radix: number): Escape | null {
  const start = slash + skip;
  let end = start;
  while (end < start + most && !Number.isNaN(Number.parseInt(raw[end] ?? "", radix))) end++;
  return end === start ? null : { value: String.fromCharCode(Number.parseInt(raw.slice(start, end), radix) & 0xff), length: end - slash };
}

/**
 * @param atLineStart whether `text` begins at the start of a line
 * @returns the text with up to `indent` characters of white space taken from the start of each line
 */
export function withoutIndent(text: string, indent: number, atLineStart: boolean): string {
  if (indent === 0) return text;
  const lines = text.split("\n");
  for (let i = atLineStart ? 0 : 1; i < lines.length; i++) {
    const line = lines[i]!;
    let space = 0;
    while (space < indent && (line[space] === " " || line[space] === "\t")) space++;
    lines[i] = line.slice(space);
  }
  return lines.join("\n");
}
