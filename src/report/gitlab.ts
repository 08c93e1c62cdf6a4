import type { Severity } from "../findings/levels.ts";
import type { Reporter } from "./reporter.ts";

const SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: "critical",
  high: "major",
  medium: "minor",
  low: "info",
  info: "info",
};

/** GitLab's Code Quality report: an array with one entry per finding, empty when there is none. */
export const reportGitlab: Reporter = (result) => {
  const seen = new Map<string, number>();
  const entries = result.findings.map((finding) => ({
    description: finding.growth === "" ? finding.message : `${finding.message} Growth: ${finding.growth}.`,
    check_name: finding.rule,
    fingerprint: unique(finding.fingerprint, seen),
    severity: SEVERITIES[finding.severity],
    location: {
      path: finding.location.file,
      lines: { begin: finding.location.line, end: finding.location.endLine },
    },
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
};

/** GitLab shows entries with equal fingerprints as one. */
function unique(fingerprint: string, seen: Map<string, number>): string {
  const count = (seen.get(fingerprint) ?? 0) + 1;
  seen.set(fingerprint, count);
  return count === 1 ? fingerprint : `${fingerprint}-${count}`;
}
