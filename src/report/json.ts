import type { Evidence, Finding, Location, Suppressed, Verified } from "../findings/finding.ts";
import { phases } from "../findings/levels.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import type { Reporter } from "./reporter.ts";

/** Grows by a minor when something is added, by a major when something changes or goes. */
export const SCHEMA_VERSION = "1.0";

/** The report for programs, as `schema/report.schema.json` describes it. All findings, all verified places, nothing capped. */
export const reportJson: Reporter = (result) => `${JSON.stringify(jsonOf(result), null, 2)}\n`;

function jsonOf(result: ScanResult) {
  const { tool, summary, findings, verified, suppressed, skipped, diagnostics, stats } = result;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: tool.name, version: tool.version },
    summary: {
      total: findings.length,
      bySeverity: summary.bySeverity,
      byRule: summary.byRule,
      byPhase: Object.fromEntries(phases.map((phase) => [phase, findings.filter((one) => one.phase === phase).length])),
      score: summary.score,
      scoreAfter: summary.scoreAfter,
      verified: verified.length,
      suppressed: suppressed.length,
      skipped: skipped.length,
    },
    findings: findings.map(findingJson),
    verified: verified.map(verifiedJson),
    suppressed: suppressed.map(suppressedJson),
    skipped: skipped.map(({ file, reason }) => ({ file, reason })),
    diagnostics: diagnostics.map(({ level, message, file, line }) => ({ level, message, file, line })),
    stats,
  };
}

function findingJson(finding: Finding) {
  const { rule, severity, confidence, priority, location, functionName, message, why, growth, impact } = finding;
  const { effort, fix, evidence, fingerprint, phase } = finding;
  return {
    rule,
    severity,
    confidence,
    priority,
    ...locationJson(location),
    function: functionName,
    message,
    why,
    growth,
    impact,
    effort,
    fix,
    evidence: evidence.map(evidenceJson),
    fingerprint,
    phase,
  };
}

function evidenceJson({ location, text }: Evidence) {
  return { ...locationJson(location), text };
}

function verifiedJson({ rule, location, reason }: Verified) {
  return { rule, ...locationJson(location), reason };
}

function suppressedJson({ finding, suppressionKind, justification }: Suppressed) {
  return { ...findingJson(finding), suppression: { kind: suppressionKind, justification } };
}

/** Spelled out, so that a field added to the type does not slip into the contract. */
function locationJson({ file, line, column, endLine, endColumn }: Location) {
  return { file, line, column, endLine, endColumn };
}
