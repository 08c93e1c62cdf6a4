import type { Evidence, Finding, Location } from "../findings/finding.ts";
import type { Noun, Words } from "./words.ts";

/** `18,204` in the language's own grouping. */
export function formatCount(count: number, words: Words): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, words.thousands);
}

/** "1 finding", "2 findings". */
export function countOf(count: number, noun: Noun, words: Words): string {
  return `${formatCount(count, words)} ${count === 1 ? noun.one : noun.many}`;
}

/** "45 min", "1 h 15 min", "10 h": minutes of work. */
export function formatEffort(minutes: number): string {
  const whole = Math.round(minutes);
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** Minutes that all the findings take together. */
export function totalEffort(findings: readonly Pick<Finding, "effort">[]): number {
  return findings.reduce((sum, finding) => sum + finding.effort, 0);
}

/** `file:line:column`. */
export function formatPlace(location: Location): string {
  return `${location.file}:${location.line}:${location.column}`;
}

/**
 * Makes text from a scanned project safe to print: control characters (a file name may hold an escape sequence, or a line break) become `\x1b`
 * and the like.
 */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** Cuts text to at most `limit` UTF-16 units, at a word where there is one, and marks the cut with `…`. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "");
  const space = head.lastIndexOf(" ");
  return `${space > limit / 2 ? head.slice(0, space) : head}…`;
}

/**
 * The steps worth showing: a single one on the finding's own line repeats what the finding says.
 */
export function shownSteps(finding: Finding): readonly Evidence[] {
  const [only, ...more] = finding.evidence;
  if (only === undefined || more.length > 0) return finding.evidence;
  const here = only.location.file === finding.location.file && only.location.line === finding.location.line;
  return here ? [] : finding.evidence;
}

const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  go: "Go",
  javascript: "JavaScript",
  php: "PHP",
  python: "Python",
  typescript: "TypeScript",
};

/** "TypeScript" for `typescript`; a language without an entry as it is. */
export function languageName(language: string): string {
  return LANGUAGE_NAMES[language] ?? language;
}

/**
 * Splits a sentence of a finding at the elements it names in 'single quotes'. An apostrophe within a word opens nothing.
 *
 * @returns plain text at even indexes, the named elements, without their quotes, at odd ones
 */
export function splitQuoted(text: string): string[] {
  return text.split(/(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}\p{N}])/u);
}

/** Groups a list by a key, in the order in which the keys first appear. */
export function groupBy<T, K>(list: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** "crítica" → "Crítica". */
export function capitalizeFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
