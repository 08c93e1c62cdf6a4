import type { Diagnostic, Finding, Skipped, Suppressed } from "../findings/finding.ts";
import { compareConfidence, compareSeverity } from "../findings/levels.ts";
import type { RuleMetadata } from "../findings/rule.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import type { Checked } from "./check-phase.ts";
import { completeOutcomes } from "./complete.ts";
import { compareFindings, compareLocations } from "./rank.ts";
import type { Choice } from "./scan.ts";
import { summarize } from "./score.ts";
import { suppressBaseline, suppressInline } from "./suppress.ts";

/** Everything a result is made of. */
export interface Ingredients {
  readonly analyzer: { readonly version: string; readonly rules: readonly RuleMetadata[] };
  /** Those that ran. */
  readonly rules: readonly RuleMetadata[];
  readonly choice: Choice;
  readonly checked: Checked;
  readonly skipped: readonly Skipped[];
  readonly diagnostics: readonly Diagnostic[];
  readonly readText: (file: string) => string | null;
}

/** Makes the result that reports show: completed, suppressed, filtered, ranked and sorted. */
export function assemble(from: Ingredients): ScanResult {
  const { choice, checked } = from;
  const completed = completeOutcomes(checked.outcomes, new Map(from.rules.map((rule) => [rule.id, rule])), choice.severities, from.readText);
  const inline = suppressInline(completed.findings, checked.suppressions, ids(from.rules), ids(from.analyzer.rules));
  const accepted = suppressBaseline(inline.findings, choice.baseline);
  const wanted = (finding: Finding): boolean =>
    compareSeverity(finding.severity, choice.minSeverity) <= 0 &&
    compareConfidence(finding.confidence, choice.minConfidence) <= 0 &&
    isInScope(choice, finding.location.file);
  const findings = withoutRepetition(accepted.findings.filter(wanted).sort(compareFindings));
  return {
    tool: { name: "leakhound", version: from.analyzer.version },
    rules: from.rules.map(metadataOf),
    findings,
    verified: completed.verified
      .filter((one) => isInScope(choice, one.location.file))
      .sort((a, b) => compareLocations(a.location, b.location) || compareText(a.rule + a.reason, b.rule + b.reason)),
    suppressed: [...inline.suppressed, ...accepted.suppressed].filter((one) => isInScope(choice, one.finding.location.file)).sort(compareSuppressed),
    skipped: [...from.skipped].sort((a, b) => compareText(a.file, b.file)),
    diagnostics: [...from.diagnostics, ...checked.diagnostics, ...inline.diagnostics].sort(
      (a, b) => compareText(a.file, b.file) || a.line - b.line || compareText(a.message, b.message),
    ),
    summary: summarize(findings, checked.stats.lines),
    stats: checked.stats,
  };
}

/** What a line says twice in the same words is said once. */
function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  const said = new Set<string>();
  return findings.filter(({ rule, location, message }) => {
    const key = `${rule} ${location.file}:${location.line} ${message}`;
    return !said.has(key) && said.add(key);
  });
}

/** Rules without their code: what a report may see. */
function metadataOf(rule: RuleMetadata): RuleMetadata {
  const { id, title, category, severity, impact, effort, languages, why, fix, silentWhen, references } = rule;
  return { id, title, category, severity, impact, effort, languages, why, fix, silentWhen, references };
}

function ids(rules: readonly RuleMetadata[]): ReadonlySet<string> {
  return new Set(rules.map((rule) => rule.id));
}

function isInScope(choice: Choice, file: string): boolean {
  return choice.files === null || choice.files.has(file);
}

function compareSuppressed(a: Suppressed, b: Suppressed): number {
  return compareLocations(a.finding.location, b.finding.location) || compareText(a.finding.rule, b.finding.rule);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
