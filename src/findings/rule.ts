import type { RawFinding, Verified } from "./finding.ts";
import type { Category, Impact, Severity } from "./levels.ts";
import type { Language } from "../ast/nodes.ts";

/** The texts of a rule: its page in `explain`, the reports and SARIF. */
export interface RuleMetadata {
  /** Kebab-case noun phrase naming the defect; the same in all languages. */
  readonly id: string;
  /** At most 60 characters. */
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly impact: Impact;
  /** Minutes a typical fix takes. */
  readonly effort: number;
  readonly languages: readonly Language[];
  /** X causes Y, and what happens under load: 2 to 4 sentences. */
  readonly why: string;
  /** Imperative, 1 to 3 sentences. */
  readonly fix: string;
  /** The same in the idiom of one language, where it has one of its own. */
  readonly idioms?: Partial<Record<Language, string>>;
  /** What is deliberately not reported. */
  readonly silentWhen: readonly string[];
  /** Documentation the rule rests on (URLs). */
  readonly references: readonly string[];
}

/** Something a rule yields: a finding, or a place it examined and found right. */
export type Outcome = ({ readonly outcome: "finding" } & RawFinding) | ({ readonly outcome: "verified" } & Omit<Verified, "rule">);

/**
 * A defect that can be reported.
 * @typeParam P what the rule reads: the linked program with its analyses
 */
export interface Rule<P> extends RuleMetadata {
  /** Yields outcomes in any order; the engine sorts. Must not keep state between calls. */
  check(program: P): Iterable<Outcome>;
}
