/** What one escape sequence stands for, and how many characters it takes, the backslash included. */
export interface Escape {
  readonly value: string;
  readonly length: number;
}

/** The sequences of one letter that C's descendants share. */
export const C_ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
};

/**
 * @param escapeAt reads the sequence whose backslash stands at an offset of the text; null: it is none, and the backslash stands for itself
 * @returns the text with its escape sequences replaced
 */
export function decodeEscapes(text: string, escapeAt: (text: string, at: number) => Escape | null): string {
  let result = "";
  let copied = 0;
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", copied)) {
    const { value, length } = escapeAt(text, at) ?? { value: "\\", length: 1 };
    result += text.slice(copied, at) + value;
    copied = at + length;
  }
  return result + text.slice(copied);
}
