const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", v: "\v", e: "\u001b", f: "\f", "\\": "\\", $: "$" };

/** @returns the text of a string in single quotes */
export function decodeSingle(raw: string): string {
  let slash = raw.indexOf("\\");
  if (slash < 0) return raw;
  let result = "";
  let from = 0;
  while (slash >= 0) {
    const next = raw[slash + 1];
    if (next === "\\" || next === "'") {
      result += raw.slice(from, slash) + next;
      from = slash + 2;
    }
    slash = raw.indexOf("\\", slash + 2);
  }
  return result + raw.slice(from);
}

/**
 * @param quote the character that `\` protects besides the general escapes; empty in heredocs
 * @returns the text of a string in double quotes; what is no escape keeps its backslash
 */
export function decodeDouble(raw: string, quote: string): string {
  let slash = raw.indexOf("\\");
  if (slash < 0) return raw;
  let result = "";
  let from = 0;
  while (slash >= 0) {
    const decoded = escapeAt(raw, slash, quote);
    if (decoded === null) slash = raw.indexOf("\\", slash + 1);
    else {
      result += raw.slice(from, slash) + decoded.text;
      from = decoded.end;
      slash = raw.indexOf("\\", from);
    }
  }
  return result + raw.slice(from);
}

function escapeAt(raw: string, slash: number, quote: string): { readonly text: string; readonly end: number } | null {
  const next = raw[slash + 1] ?? "";
  const simple = next === quote && quote !== "" ? quote : SIMPLE_ESCAPES[next];
  if (simple !== undefined) return { text: simple, end: slash + 2 };
  if (next === "x") return numeric(raw, slash + 2, 2, 16);
  if (next >= "0" && next <= "7") return numeric(raw, slash + 1, 3, 8);
  if (next !== "u" || raw[slash + 2] !== "{") return null;
  const close = raw.indexOf("}", slash);
  const code = close < 0 ? Number.NaN : Number.parseInt(raw.slice(slash + 3, close), 16);
  return code >= 0 && code <= 0x10ffff ? { text: String.fromCodePoint(code), end: close + 1 } : null;
}

/** Up to `most` digits; more than a byte wraps around. */
function numeric(raw: string, start: number, most: number, radix: number): { readonly text: string; readonly end: number } | null {
  let end = start;
  while (end < start + most && !Number.isNaN(Number.parseInt(raw[end] ?? "", radix))) end++;
  return end === start ? null : { text: String.fromCharCode(Number.parseInt(raw.slice(start, end), radix) & 0xff), end };
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
