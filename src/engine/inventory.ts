import { createHash } from "node:crypto";
import type { Diagnostic, Skipped } from "../findings/finding.ts";
import { decodeSource, readSource, type ReadResult } from "../project/read-source.ts";
import type { SourceFile } from "../project/source-file.ts";

/** A file that can be analysed, known by its content. */
export interface InventoryFile {
  readonly source: SourceFile;
  /** Hash of path and bytes. */
  readonly hash: string;
  /** In UTF-16 units. */
  readonly length: number;
}

/** Reads a file's bytes: from disk, or from git's index. */
export type ReadBytes = (file: SourceFile) => ReadResult;

/** Texts kept in memory between hashing and analysing; what does not fit is read again. */
const TEXT_BUDGET = 48 * 1024 * 1024;

/** All files of a scan, read once: hashes, and the texts as far as they fit. */
export class Inventory {
  readonly files: InventoryFile[] = [];
  readonly skipped: Skipped[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #texts = new Map<string, string>();
  readonly #byPath = new Map<string, SourceFile>();
  readonly #read: ReadBytes;
  #held = 0;

  constructor(sources: readonly SourceFile[], read: ReadBytes = (file) => readSource(file.absolute)) {
    this.#read = read;
    for (const source of sources) this.#add(source);
  }

  /** @returns the text of an analysed file; null when it can no longer be had */
  readonly text = (path: string): string | null => {
    const held = this.#texts.get(path);
    if (held !== undefined) return held;
    const source = this.#byPath.get(path);
    const result = source === undefined ? null : this.#decode(source);
    return result !== null && "text" in result ? result.text : null;
  };

  #add(source: SourceFile): void {
    const result = this.#decode(source);
    if ("skipped" in result) {
      this.skipped.push({ file: source.path, reason: result.skipped });
      return;
    }
    if (result.note !== "") this.diagnostics.push({ level: "warning", message: result.note, file: source.path, line: 0 });
    this.#byPath.set(source.path, source);
    this.files.push({ source, hash: result.hash, length: result.text.length });
    this.#held += result.text.length;
    if (this.#held <= TEXT_BUDGET) this.#texts.set(source.path, result.text);
  }

  #decode(source: SourceFile): { readonly text: string; readonly note: string; readonly hash: string } | { readonly skipped: string } {
    const read = this.#read(source);
    if ("skipped" in read) return read;
    const decoded = decodeSource(source, read.bytes);
    if ("skipped" in decoded) return decoded;
    return { ...decoded, hash: createHash("sha256").update(source.path).update("\0").update(read.bytes).digest("hex") };
  }
}
