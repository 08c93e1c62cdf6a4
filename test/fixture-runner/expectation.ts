import type { Confidence } from "../../src/findings/levels.ts";

/** `expect` and `verified` state what is true; `expect-missing` and `expect-spurious` a known wrong answer. */
export type Marker = "expect" | "verified" | "expect-missing" | "expect-spurious";

/** What a fixture's comment says about one line of code. */
export interface Expectation {
  readonly marker: Marker;
  readonly rule: string;
  readonly file: string;
  /** The line of code it speaks of, 1-based. */
  readonly line: number;
  /** Must be part of the message or the reason; empty when anything will do. */
  readonly fragment: string;
  /** Null: at least medium, so that the default report shows it. */
  readonly confidence: Confidence | null;
  /** Must be part of an evidence step; empty when anything will do. */
  readonly via: string;
  /** Why a known wrong answer is known and wrong. */
  readonly reason: string;
}

/** What the comments of a fixture say, and what in them cannot be read. */
export interface Expectations {
  readonly expected: readonly Expectation[];
  readonly mistakes: readonly string[];
}

const MARKER = /(?:#|\/\/|\/\*)\s*(expect-missing|expect-spurious|expect|verified):\s*(.*)$/;
const BODY = /^([a-z][a-z0-9-]*)(?:\s+"([^"]*)")?(?:\s+\((high|medium|low)\))?(?:\s+via\s+"([^"]*)")?(?:\s+--\s+(.+))?$/;
const COMMENT_ONLY = /^(?:\/\/|\/\*|\*|\{\/\*|#(?!\[))/;

/**
 * Reads the expectations that stand in a fixture's comments.
 *
 * @param file the fixture's path, for messages and for the places expected
 * @param text its text
 * @returns one expectation per marker: a trailing comment speaks of its own line, one that stands alone of the next line of code
 */
export function readExpectations(file: string, text: string): Expectations {
  const lines = text.split(/\r?\n/);
  const expected: Expectation[] = [];
  const mistakes: string[] = [];
  for (const [index, line] of lines.entries()) {
    for (const [marker, body] of markersOf(line)) {
      const parts = BODY.exec(body);
      const at = COMMENT_ONLY.test(line.trim()) ? nextCodeLine(lines, index) : index;
      const mistake = mistakeIn(marker, parts, at);
      if (mistake !== null) mistakes.push(`${file}:${index + 1} ${mistake}: ${line.trim()}`);
      else expected.push(expectation(marker, parts!, file, at! + 1));
    }
  }
  return { expected, mistakes };
}

/** The markers of a line, in order: several may follow each other, each with its own comment sign. */
function markersOf(line: string): readonly (readonly [Marker, string])[] {
  const found: (readonly [Marker, string])[] = [];
  for (let rest: string | null = line; rest !== null; ) {
    const match: RegExpExecArray | null = MARKER.exec(rest);
    if (match === null) break;
    const all = match[2]!;
    const next = MARKER.exec(all);
    const body = next === null ? all : all.slice(0, next.index);
    found.push([match[1] as Marker, body.replace(/\*\/\}?\s*$/, "").trim()]);
    rest = next === null ? null : all.slice(next.index);
  }
  return found;
}

function nextCodeLine(lines: readonly string[], from: number): number | null {
  for (let index = from + 1; index < lines.length; index++) {
    const line = lines[index]!.trim();
    if (line !== "" && !COMMENT_ONLY.test(line)) return index;
  }
  return null;
}

function mistakeIn(marker: Marker, parts: RegExpExecArray | null, at: number | null): string | null {
  if (parts === null) return 'not of the form RULE "fragment" (confidence) via "step" -- reason';
  if (at === null) return "no code follows";
  const known = marker === "expect-missing" || marker === "expect-spurious";
  if (known && parts[5] === undefined) return "a known wrong answer needs a reason after '--'";
  if (!known && parts[5] !== undefined) return "only known wrong answers take a reason";
  return null;
}

function expectation(marker: Marker, parts: RegExpExecArray, file: string, line: number): Expectation {
  return {
    marker,
    rule: parts[1]!,
    file,
    line,
    fragment: parts[2] ?? "",
    confidence: (parts[3] as Confidence | undefined) ?? null,
    via: parts[4] ?? "",
    reason: parts[5] ?? "",
  };
}
