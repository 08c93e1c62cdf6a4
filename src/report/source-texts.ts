import { lineHashes } from "./line-hash.ts";

/** Lines of the scanned files and their hashes, each file read and hashed at most once per report. */
export interface SourceTexts {
  /** @returns the line without its break, or `null` if the file cannot be read or has no such line */
  readonly line: (file: string, line: number) => string | null;
  /** @returns the hash by which code scanning recognises the line, or `null` likewise */
  readonly hash: (file: string, line: number) => string | null;
}

/** @param readText the text of a file, or `null` if it cannot be read */
export function sourceTexts(readText: (file: string) => string | null): SourceTexts {
  const lines = memoized((file) => readText(file)?.split(/\r\n|\r|\n/) ?? []);
  const hashes = memoized((file) => {
    const text = readText(file);
    return text === null ? [] : lineHashes(text);
  });
  return {
    line: (file, line) => lines(file)[line - 1] ?? null,
    hash: (file, line) => hashes(file)[line - 1] ?? null,
  };
}

function memoized(compute: (file: string) => readonly string[]): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const computed = compute(file);
    known.set(file, computed);
    return computed;
  };
}
