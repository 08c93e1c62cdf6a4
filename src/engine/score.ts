import { compareText } from "../findings/compare-text.ts";
import type { Finding } from "../findings/finding.ts";
import type { Confidence, Phase, Severity } from "../findings/levels.ts";
import { phases, severities } from "../findings/levels.ts";
import type { Summary } from "../findings/scan-result.ts";

/** What a finding takes from the score. Whole numbers, so that a sum does not depend on its order. */
const POINTS: Readonly<Record<Severity, number>> = { critical: 1000, high: 500, medium: 200, low: 50, info: 10 };

/** The part of its points that counts, in hundredths. */
const CERTAINTY: Readonly<Record<Confidence, number>> = { high: 100, medium: 60, low: 25 };

/** The points, in hundredths, at which a project of 1,000 lines or fewer is halfway down: a critical and a high finding. */
const HALFWAY = 1500 * 100;

/** Smaller projects are scored as if they had this many lines; below it, one finding says little about density. */
const SMALLEST = 1000;

type Weighed = Pick<Finding, "severity" | "confidence">;

/**
 * The health of a code base, 0 to 100:
 *
 *     points = Σ severity × confidence     (critical 10, high 5, medium 2, low 0.5, info 0.1; × 1, 0.6, 0.25)
 *     size   = √(max(lines, 1000) / 1000)
 *     score  = ⌊100 ÷ (1 + points ÷ (15 × size))⌋
 *
 * Size counts with its square root: a code base ten times as large may have about three times the findings for the same score. Every finding takes
 * something, none can add, so removing one never lowers the score; rounding down keeps 100 for code without findings.
 *
 * @param lines of all analysed files
 */
export function scoreOf(findings: readonly Weighed[], lines: number): number {
  let points = 0;
  for (const finding of findings) points += POINTS[finding.severity] * CERTAINTY[finding.confidence];
  const size = Math.sqrt(Math.max(lines, SMALLEST) / SMALLEST);
  return Math.floor(100 / (1 + points / (HALFWAY * size)));
}

/** The score once all findings up to and including each phase are fixed, by scoring again without them. */
export function scoreAfterPhases(findings: readonly (Weighed & Pick<Finding, "phase">)[], lines: number): Record<Phase, number> {
  const left = (upTo: Phase) => findings.filter((finding) => phases.indexOf(finding.phase) > phases.indexOf(upTo));
  return {
    now: scoreOf(left("now"), lines),
    next: scoreOf(left("next"), lines),
    later: scoreOf(left("later"), lines),
  };
}

/** Counts by severity and by rule (rules in order of their ids), the score, and the score after each phase. */
export function summarize(findings: readonly Finding[], lines: number): Summary {
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  const counts = new Map<string, number>();
  for (const finding of findings) {
    bySeverity[finding.severity]++;
    counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
  }
  const byRule = Object.fromEntries([...counts].sort(([a], [b]) => compareText(a, b)));
  return { bySeverity, byRule, score: scoreOf(findings, lines), scoreAfter: scoreAfterPhases(findings, lines) };
}
