import type { Language } from "../ast/nodes.ts";
import type { InventoryFile } from "./inventory.ts";

/** A batch is as much as a worker does in a few tens of milliseconds. */
const BATCH_CHARACTERS = 128 * 1024;
const BATCH_FILES = 64;

/** Files of one language that a worker analyses in one turn. */
export interface LanguageBatch {
  readonly language: Language;
  readonly files: readonly InventoryFile[];
}

/**
 * Hands out files in batches of one language. Who asks again gets the same language while there is any: loading a parser, and warming it up, costs
 * a thread as much as thousands of lines do.
 */
export class BatchSource {
  readonly #left = new Map<Language, InventoryFile[]>();
  readonly #takers = new Map<Language, number>();

  constructor(files: readonly InventoryFile[]) {
    for (const file of files) {
      const own = this.#left.get(file.source.language);
      if (own === undefined) this.#left.set(file.source.language, [file]);
      else own.push(file);
    }
    // Batches are taken from the end.
    for (const own of this.#left.values()) own.reverse();
  }

  /**
   * @param last the language of the caller's last batch, null at first
   * @returns the next batch, null when there is none
   */
  next(last: Language | null): LanguageBatch | null {
    const language = last !== null && this.#files(last).length > 0 ? last : this.#choose(last);
    if (language === null) return null;
    const own = this.#files(language);
    const files: InventoryFile[] = [];
    for (let characters = 0; files.length < BATCH_FILES && own.length > 0; ) {
      characters += own.at(-1)!.length;
      if (files.length > 0 && characters > BATCH_CHARACTERS) break;
      files.push(own.pop()!);
    }
    return { language, files };
  }

  #files(language: Language): InventoryFile[] {
    return this.#left.get(language) ?? [];
  }

  /** The language with the most work for each who is at it. */
  #choose(last: Language | null): Language | null {
    let best: Language | null = null;
    let most = 0;
    for (const [language, files] of this.#left) {
      const share = files.length / (1 + (this.#takers.get(language) ?? 0));
      if (share > most) [best, most] = [language, share];
    }
    if (last !== null) this.#takers.set(last, (this.#takers.get(last) ?? 1) - 1);
    if (best !== null) this.#takers.set(best, (this.#takers.get(best) ?? 0) + 1);
    return best;
  }
}
