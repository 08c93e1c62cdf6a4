import type { Language, Module } from "../ast/nodes.ts";

/** A frontend turns one file's text into the shared AST. It knows nothing of rules, models or other files. */
export interface Frontend {
  /** Loads the parser (WebAssembly grammar, compiler). Called once per thread before the first `lower`; later calls return at once. */
  load(): Promise<void>;
  /**
   * @param text the file's text, UTF-16, without a byte order mark
   * @param path the file's name; only its extension may matter (`.tsx` against `.ts`)
   * @param language what the project module took the file for
   * @param deadline `performance.now()` time after which parsing gives up
   * @returns the tree; syntax errors are listed in it, never thrown
   * @throws ParseTimeout when the deadline passed; Error when the parser itself failed and this thread's parser can no longer be used
   */
  lower(text: string, path: string, language: Language, deadline: number): Module;
}

/** Parsing took longer than the time given for one file. */
export class ParseTimeout extends Error {}
