import type { Language } from "../ast/nodes.ts";
import type { Unit } from "./unit.ts";

/** Everything phase 2 needs to know of one file: plain data, cached under the file's content, the analyzer's version and the models. */
export interface FileFacts {
  /** Relative to the project's root, `/`-separated. */
  readonly path: string;
  readonly language: Language;
  readonly lines: number;
  /** `leakhound-ignore` comments, and whether each stands alone on its line. */
  readonly suppressions: readonly SuppressionComment[];
  /** Lines (1-based) with syntax errors; non-empty means the file is partly parsed. */
  readonly syntaxErrors: readonly number[];
  /** Constructs that no frontend lowered, by the parser's name. */
  readonly unknown: Readonly<Record<string, number>>;
  /** What the file declares and does. */
  readonly unit: Unit;
}

export interface SuppressionComment {
  readonly line: number;
  /** The line whose findings it suppresses: its own, or the next code line when it stands alone. */
  readonly target: number;
  /** Rule ids named; empty means the comment is malformed. */
  readonly rules: readonly string[];
  readonly justification: string;
}
