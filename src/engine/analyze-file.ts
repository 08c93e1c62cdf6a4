import type { Language, Module } from "../ast/nodes.ts";
import { encodeFacts } from "../facts/encode.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Frontend } from "../frontends/frontend.ts";
import { ParseTimeout } from "../frontends/frontend.ts";

/** What phase 1 is made of; the composition root names the concrete ones. */
export interface FrontEnds {
  /** Loads what a language needs, once per thread. */
  load(language: Language): Promise<Frontend>;
  /** Collects the facts of one lowered file. */
  collect(module: Module, file: { readonly path: string; readonly text: string }): FileFacts;
}

/** One file to analyse. */
export interface FileText {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
}

/** Facts as text (what the cache keeps and what crosses threads cheapest), or why there are none. */
export type FileOutcome = { readonly facts: string } | { readonly skipped: string } | { readonly broken: string };

/**
 * Phase 1 for one file: text → shared AST → facts.
 *
 * @param timeout milliseconds for parsing it
 * @returns `skipped` when the file cannot be analysed; `broken` when this thread's parser can no longer be trusted either
 */
export function analyzeFile(file: FileText, frontend: Frontend, collect: FrontEnds["collect"], timeout: number): FileOutcome {
  try {
    const module = frontend.lower(file.text, file.path, file.language, performance.now() + timeout);
    return { facts: encodeFacts(collect(module, file)) };
  } catch (error) {
    if (error instanceof ParseTimeout) return { skipped: timedOut(timeout) };
    if (error instanceof RangeError) return { skipped: "nested too deeply to be analysed" };
    return { broken: `the analysis failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** @returns the reason given for a file that took too long */
export function timedOut(milliseconds: number): string {
  return `analysis took longer than ${milliseconds / 1000} s (--timeout)`;
}
