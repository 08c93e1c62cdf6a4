import type { Impact, Phase, Severity } from "../findings/levels.ts";

/** A noun, or a participle in its place, in its two forms. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

/** Every word that a report adds to what the findings say. Sentences are functions, so that each language orders its own. */
export interface Words {
  /** Stands between groups of three digits. */
  readonly thousands: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly phase: Readonly<Record<Phase, string>>;
  readonly impact: Readonly<Record<Impact, string>>;
  readonly noun: Readonly<Record<"finding" | "file" | "line" | "rule" | "place", Noun>>;

  readonly title: string;
  readonly executiveSummary: string;
  readonly priorities: string;
  readonly findings: string;
  readonly plan: string;
  readonly checked: string;
  readonly coverage: string;

  readonly score: string;
  readonly today: string;
  readonly effort: string;
  readonly place: string;
  readonly rule: string;
  readonly severityLabel: string;
  readonly impactLabel: string;
  readonly phaseLabel: string;
  readonly language: string;
  readonly files: string;
  readonly lines: string;
  readonly total: string;
  readonly left: string;
  readonly priority: string;

  readonly why: string;
  readonly growth: string;
  readonly path: string;
  readonly fix: string;
  readonly reading: string;
  /** What files, findings and places are: participles, for "3 skipped". */
  readonly skipped: Noun;
  readonly suppressed: Noun;
  readonly verified: Noun;
  readonly diagnostics: string;

  readonly clean: string;
  readonly nothingVerified: string;
  /** After the findings of a phase are fixed. */
  readonly afterPhase: (phase: string) => string;
  readonly confidence: Readonly<Record<"high" | "medium" | "low", string>>;
  readonly inFunction: (name: string) => string;
  /** "3 findings of 2 rules". */
  readonly findingsOfRules: (findings: string, rules: string) => string;
  /** What the first phase takes and yields. */
  readonly outlook: (findings: string, effort: string, score: number) => string;
  readonly weighsMost: string;
  readonly checkedIntro: (places: string) => string;
  readonly quietRules: string;
  readonly more: (count: string) => string;
  readonly morePlaces: (count: string) => string;
  readonly callsResolved: (percent: number) => string;
  readonly inline: string;
  readonly baseline: string;
}
