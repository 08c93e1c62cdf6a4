import type { Diagnostic, Finding, Suppressed } from "../findings/finding.ts";
import type { FileSuppressions } from "./check-phase.ts";

/** Findings divided by whether somebody answered for them. */
export interface Divided {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Applies `leakhound-ignore RULE -- reason` comments.
 * @param ran ids of the rules that ran: only for those can a comment be called unused
 * @param known ids of all rules
 */
export function suppressInline(
  findings: readonly Finding[],
  files: readonly FileSuppressions[],
  ran: ReadonlySet<string>,
  known: ReadonlySet<string>,
): Divided {
  const diagnostics: Diagnostic[] = [];
  const open = new Map<string, Mark[]>();
  for (const { file, comments } of files) {
    for (const comment of comments) {
      const problem = problemOf(comment.rules, comment.justification, known);
      if (problem !== null) diagnostics.push({ level: "warning", message: problem, file, line: comment.line });
      else
        for (const rule of comment.rules)
          at(open, `${file}\0${comment.target}\0${rule}`).push({ file, line: comment.line, rule, reason: comment.justification, used: false });
    }
  }
  const left: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of findings) {
    const mark = open.get(`${finding.location.file}\0${finding.location.line}\0${finding.rule}`)?.[0];
    if (mark === undefined) left.push(finding);
    else {
      mark.used = true;
      suppressed.push({ finding, suppressionKind: "inline", justification: mark.reason });
    }
  }
  for (const mark of [...open.values()].flat()) {
    if (mark.used || !ran.has(mark.rule)) continue;
    diagnostics.push({ level: "warning", message: `this 'leakhound-ignore ${mark.rule}' suppresses nothing`, file: mark.file, line: mark.line });
  }
  return { findings: left, suppressed, diagnostics };
}

interface Mark {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly reason: string;
  used: boolean;
}

function problemOf(rules: readonly string[], justification: string, known: ReadonlySet<string>): string | null {
  if (rules.length === 0) return "'leakhound-ignore' must name a rule: leakhound-ignore RULE -- reason";
  const stranger = rules.find((rule) => !known.has(rule));
  if (stranger !== undefined) return `'leakhound-ignore' names an unknown rule '${stranger}'`;
  return justification === "" ? "'leakhound-ignore' has no effect without a reason: leakhound-ignore RULE -- reason" : null;
}

function at(marks: Map<string, Mark[]>, key: string): Mark[] {
  const known = marks.get(key) ?? [];
  marks.set(key, known);
  return known;
}

/** Takes out the findings that a baseline accepted. */
export function suppressBaseline(findings: readonly Finding[], accepted: ReadonlySet<string>): Pick<Divided, "findings" | "suppressed"> {
  const isKnown = (finding: Finding): boolean => accepted.has(finding.fingerprint);
  return {
    findings: findings.filter((finding) => !isKnown(finding)),
    suppressed: findings.filter(isKnown).map((finding) => ({ finding, suppressionKind: "baseline", justification: "accepted in the baseline" })),
  };
}
