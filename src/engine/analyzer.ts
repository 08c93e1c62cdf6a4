import type { Language } from "../ast/nodes.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { RawFinding } from "../findings/finding.ts";
import type { Rule } from "../findings/rule.ts";
import type { Manifest } from "../project/source-file.ts";
import type { FrontEnds } from "./analyze-file.ts";

/**
 * The parts that the engine drives. The composition root names the concrete ones; tests pass small ones.
 * @typeParam P what the rules read
 */
export interface Analyzer<P> {
  readonly version: string;
  /** Changes whenever any part of the analyzer does; null: nothing may be cached. */
  readonly buildId: string | null;
  readonly frontEnds: FrontEnds;
  /** The program of the worker threads; it must serve the same frontends. */
  readonly workerEntry: URL;
  readonly rules: readonly Rule<P>[];
  /** Starts loading what linking files of these languages will need. */
  preload(languages: ReadonlySet<Language>): void;
  link(facts: readonly FileFacts[], context: LinkContext): Promise<Linked<P>>;
}

/** What phase 2 knows besides the facts. */
export interface LinkContext {
  readonly manifests: readonly Manifest[];
  /** The user's own model files. */
  readonly models: readonly ModelText[];
}

export interface ModelText {
  /** As named by the user, for messages. */
  readonly path: string;
  readonly text: string;
}

/** The linked program and how much of it was understood. */
export interface Linked<P> {
  readonly program: P;
  readonly functions: number;
  readonly calls: { readonly resolved: number; readonly total: number };
  /** What the program as a whole says of a finding that a rule made. */
  weigh(finding: RawFinding): RawFinding;
}
