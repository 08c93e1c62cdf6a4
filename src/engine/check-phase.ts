import type { FileFacts, SuppressionComment } from "../facts/file-facts.ts";
import type { Diagnostic } from "../findings/finding.ts";
import { compareConfidence } from "../findings/levels.ts";
import type { Outcome, Rule } from "../findings/rule.ts";
import type { Stats } from "../findings/scan-result.ts";
import type { Analyzer, LinkContext, Linked } from "./analyzer.ts";

/** What phase 2 found out, before anything is suppressed, filtered or ranked: plain data, cached as a whole. */
export interface Checked {
  readonly outcomes: readonly RuleOutcome[];
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressions: readonly FileSuppressions[];
  readonly stats: Stats;
}

export interface RuleOutcome {
  readonly rule: string;
  readonly outcome: Outcome;
}

export interface FileSuppressions {
  readonly file: string;
  readonly comments: readonly SuppressionComment[];
}

/** Milliseconds of the two halves of phase 2. */
export interface CheckTimes {
  link: number;
  rules: number;
}

/** Phase 2: links the facts and runs the rules. A rule that throws costs its remaining findings, not the run. */
export async function checkPhase<P>(
  analyzer: Pick<Analyzer<P>, "link">,
  rules: readonly Rule<P>[],
  facts: readonly FileFacts[],
  context: LinkContext,
  times: CheckTimes,
): Promise<Checked> {
  const started = performance.now();
  const linked = await analyzer.link(facts, context);
  const linkedAt = performance.now();
  const outcomes: RuleOutcome[] = [];
  const diagnostics: Diagnostic[] = diagnosticsOf(facts);
  for (const rule of rules) runRule(rule, linked, outcomes, diagnostics);
  times.link = linkedAt - started;
  times.rules = performance.now() - linkedAt;
  return {
    outcomes,
    diagnostics,
    suppressions: facts.filter((one) => one.suppressions.length > 0).map((one) => ({ file: one.path, comments: one.suppressions })),
    stats: statsOf(facts, linked),
  };
}

function runRule<P>(rule: Rule<P>, { program, weigh }: Pick<Linked<P>, "program" | "weigh">, outcomes: RuleOutcome[], diagnostics: Diagnostic[]): void {
  const found: Outcome[] = [];
  try {
    for (const outcome of rule.check(program)) found.push(outcome.outcome === "finding" ? { ...weigh(outcome), outcome: "finding" } : outcome);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    diagnostics.push({ level: "error", message: `the rule '${rule.id}' failed and may have missed findings: ${message}`, file: "", line: 0 });
  }
  for (const outcome of oncePerPlace(found)) outcomes.push({ rule: rule.id, outcome });
}

/** One finding of a rule for each place: a place that is wrong in several ways is told in the most certain one. */
function oncePerPlace(outcomes: readonly Outcome[]): readonly Outcome[] {
  const findings = new Map<string, Extract<Outcome, { outcome: "finding" }>>();
  const others: Outcome[] = [];
  for (const outcome of outcomes) {
    if (outcome.outcome === "verified") {
      others.push(outcome);
      continue;
    }
    const { file, line, column } = outcome.location;
    const key = `${file}:${line}:${column}`;
    const known = findings.get(key);
    if (known === undefined || compareConfidence(outcome.confidence, known.confidence) < 0) findings.set(key, outcome);
  }
  return [...findings.values(), ...others];
}

function diagnosticsOf(facts: readonly FileFacts[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const unknown = new Map<string, number>();
  for (const one of facts) {
    const first = one.syntaxErrors[0];
    if (first !== undefined) {
      const lines = one.syntaxErrors.length === 1 ? "a syntax error" : `syntax errors on ${one.syntaxErrors.length} lines`;
      diagnostics.push({ level: "warning", message: `partly parsed: ${lines}`, file: one.path, line: first });
    }
    for (const [construct, count] of Object.entries(one.unknown)) {
      const key = `${one.language}: ${construct}`;
      unknown.set(key, (unknown.get(key) ?? 0) + count);
    }
  }
  for (const [construct, count] of [...unknown].sort(([a], [b]) => (a < b ? -1 : 1))) {
    diagnostics.push({ level: "note", message: `not understood, taken to do anything: ${construct} (${count})`, file: "", line: 0 });
  }
  return diagnostics;
}

function statsOf(facts: readonly FileFacts[], linked: { readonly functions: number; readonly calls: Stats["calls"] }): Stats {
  const byLanguage: Record<string, { files: number; lines: number }> = {};
  let lines = 0;
  for (const { language, lines: own } of facts) {
    const count = (byLanguage[language] ??= { files: 0, lines: 0 });
    count.files++;
    count.lines += own;
    lines += own;
  }
  const sorted = Object.fromEntries(Object.entries(byLanguage).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { files: facts.length, lines, functions: linked.functions, byLanguage: sorted, calls: linked.calls };
}
