import type { Language } from "../ast/nodes.ts";
import type { FileOutcome } from "./analyze-file.ts";

/** Files that a worker analyses in one turn: many small ones cost one message. */
export interface Batch {
  readonly id: number;
  readonly files: readonly BatchFile[];
  /** Milliseconds for each file. */
  readonly timeout: number;
}

export interface BatchFile {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
}

/** A worker's answer: one outcome per file, in order. */
export interface BatchReply {
  readonly id: number;
  readonly outcomes: readonly FileOutcome[];
}
