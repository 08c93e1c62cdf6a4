import type { Diagnostic, Finding, Skipped, Suppressed, Verified } from "./finding.ts";
import type { Phase, Severity } from "./levels.ts";
import type { RuleMetadata } from "./rule.ts";

/** Everything a report can show. Sorted: findings by priority (highest first), then file, line, column, rule; the rest by file and line. */
export interface ScanResult {
  readonly tool: { readonly name: string; readonly version: string };
  /** The rules that ran, sorted by id. */
  readonly rules: readonly RuleMetadata[];
  readonly findings: readonly Finding[];
  readonly verified: readonly Verified[];
  readonly suppressed: readonly Suppressed[];
  readonly skipped: readonly Skipped[];
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: Summary;
  readonly stats: Stats;
}

export interface Summary {
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byRule: Readonly<Record<string, number>>;
  /** 0 to 100 today. */
  readonly score: number;
  /** The score once all findings up to and including that phase are fixed. */
  readonly scoreAfter: Readonly<Record<Phase, number>>;
}

/** Counts, and with `--stats` times. Only the counts go into reports by default: two runs must give the same bytes. */
export interface Stats {
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  readonly byLanguage: Readonly<Record<string, { readonly files: number; readonly lines: number }>>;
  /** Calls whose target was resolved to a function, class or model, and all calls: how much was understood. */
  readonly calls: { readonly resolved: number; readonly total: number };
  /** Only with `--stats`. */
  readonly run?: RunStats;
}

export interface RunStats {
  readonly cacheHits: number;
  readonly jobs: number;
  /** Milliseconds per phase. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Bytes. */
  readonly peakMemory: number;
}
