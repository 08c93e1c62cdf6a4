import type { Finding, RawFinding, Verified } from "../findings/finding.ts";
import type { Severity } from "../findings/levels.ts";
import type { RuleMetadata } from "../findings/rule.ts";
import type { RuleOutcome } from "./check-phase.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { phaseOf, priorityOf } from "./rank.ts";

/** What the engine makes of the rules' outcomes. */
export interface Completed {
  readonly findings: readonly Finding[];
  readonly verified: readonly Verified[];
}

/**
 * Completes raw findings with their rules' texts, priority, phase and fingerprint. Of equal findings at one place one stays.
 * @param severities the user's own severities of rules; they replace what the evidence says
 * @param readText the text of an analysed file
 */
export function completeOutcomes(
  outcomes: readonly RuleOutcome[],
  rules: ReadonlyMap<string, RuleMetadata>,
  severities: ReadonlyMap<string, Severity>,
  readText: (file: string) => string | null,
): Completed {
  const raw: { readonly rule: RuleMetadata; readonly finding: RawFinding }[] = [];
  const verified = new Map<string, Verified>();
  const seen = new Set<string>();
  for (const { rule: id, outcome } of outcomes) {
    const rule = rules.get(id);
    if (rule === undefined) continue;
    const { file, line, column } = outcome.location;
    const key = `${id}\0${file}\0${line}\0${column}\0${outcome.outcome === "finding" ? outcome.message : outcome.reason}`;
    if (outcome.outcome === "verified") verified.set(key, { rule: id, location: outcome.location, reason: outcome.reason });
    else if (!seen.has(key)) {
      seen.add(key);
      raw.push({ rule, finding: outcome });
    }
  }
  const lines = new LineReader(readText);
  const fingerprints = fingerprintsOf(
    raw.map(({ rule, finding }) => ({
      rule: rule.id,
      location: finding.location,
      functionName: finding.functionName,
      lineText: lines.line(finding.location.file, finding.location.line),
    })),
  );
  return {
    findings: raw.map(({ rule, finding }, index) => complete(rule, finding, severities.get(rule.id), fingerprints[index] ?? "")),
    verified: [...verified.values()],
  };
}

function complete(rule: RuleMetadata, raw: RawFinding, own: Severity | undefined, fingerprint: string): Finding {
  const severity = own ?? raw.severity ?? rule.severity;
  const effort = raw.effort ?? rule.effort;
  const rank = { severity, confidence: raw.confidence, heat: raw.heat, effort };
  return {
    rule: rule.id,
    severity,
    confidence: raw.confidence,
    priority: priorityOf(rank),
    location: raw.location,
    functionName: raw.functionName,
    message: raw.message,
    why: rule.why,
    growth: raw.growth,
    impact: rule.impact,
    effort,
    fix: raw.fix ?? (raw.language === undefined ? undefined : rule.idioms?.[raw.language]) ?? rule.fix,
    evidence: raw.evidence,
    fingerprint,
    phase: phaseOf(rank),
  };
}

/** Lines of files, each file split once. */
class LineReader {
  readonly #readText: (file: string) => string | null;
  readonly #lines = new Map<string, readonly string[]>();

  constructor(readText: (file: string) => string | null) {
    this.#readText = readText;
  }

  line(file: string, line: number): string {
    const lines = this.#lines.get(file) ?? (this.#readText(file) ?? "").split(/\r\n|\r|\n/);
    this.#lines.set(file, lines);
    return lines[line - 1] ?? "";
  }
}
