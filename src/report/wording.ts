import type { Words } from "./words.ts";
import { en } from "./words-en.ts";
import { es } from "./words-es.ts";
import { pt } from "./words-pt.ts";

/** The languages that a report can be written in. Rules speak for themselves; this is about the report's frame. */
export const langs = ["en", "es", "pt"] as const;
export type Lang = (typeof langs)[number];

const WORDS: Readonly<Record<Lang, Words>> = { en, es, pt };

/** @returns the words of a language; English when none is named */
export function wordsOf(lang: Lang | undefined): Words {
  return WORDS[lang ?? "en"];
}
