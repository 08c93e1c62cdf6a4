import type { Finding } from "../findings/finding.ts";
import { phases, severities } from "../findings/levels.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { countOf, formatCount, formatEffort, totalEffort } from "./format.ts";
import { placeCode, plainText, prose, table } from "./markdown-text.ts";
import type { Words } from "./words.ts";

/** How many findings the summary names. */
const NAMED = 3;

/** The page for those who read no further: score, counts, what fixing them yields, and what weighs most. */
export function summarySection(result: ScanResult, words: Words): string[] {
  const { findings, summary } = result;
  const score = `**${words.score}: ${summary.score} / 100.**`;
  const heading = `## ${words.executiveSummary}`;
  if (findings.length === 0) return [heading, `${score} ${plainText(words.clean)}`];
  const counts = severities
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => `${formatCount(summary.bySeverity[severity], words)} ${words.severity[severity]}`)
    .join(", ");
  const total = words.findingsOfRules(countOf(findings.length, words.noun.finding, words), countOf(Object.keys(summary.byRule).length, words.noun.rule, words));
  return [heading, `${score} ${total}: ${counts}.${outlook(result, words)}`, outlookTable(result, words), ...topFindings(findings, words)];
}

function topFindings(findings: readonly Finding[], words: Words): string[] {
  const top = findings.filter((finding) => finding.phase !== "later").slice(0, NAMED);
  if (top.length === 0) return [];
  return [words.weighsMost, top.map((finding) => topLine(finding, words)).join("\n")];
}

function topLine(finding: Finding, words: Words): string {
  const grows = finding.growth === "" ? "" : ` ${words.growth}: ${prose(finding.growth)}.`;
  return `- **${words.severity[finding.severity]}** ${placeCode(finding.location)}: ${prose(finding.message)}${grows}`;
}

/** What to do first, and what it yields. Silent when nothing has to be done now: the table says the rest. */
function outlook(result: ScanResult, words: Words): string {
  const now = result.findings.filter((finding) => finding.phase === "now");
  if (now.length === 0 || now.length === result.findings.length) return "";
  const count = countOf(now.length, words.noun.finding, words);
  return ` ${words.outlook(count, formatEffort(totalEffort(now)), result.summary.scoreAfter.now)}`;
}

function outlookTable(result: ScanResult, words: Words): string {
  const { findings, summary } = result;
  let left = findings.length;
  const rows = [[words.today, String(summary.score), formatCount(left, words), ""]];
  for (const phase of phases) {
    const fixed = findings.filter((finding) => finding.phase === phase);
    if (fixed.length === 0) continue;
    left -= fixed.length;
    const label = words.afterPhase(`*${words.phase[phase]}*`);
    rows.push([label, String(summary.scoreAfter[phase]), formatCount(left, words), formatEffort(totalEffort(fixed))]);
  }
  return table(
    [{ heading: "" }, { heading: words.score, numeric: true }, { heading: words.left, numeric: true }, { heading: words.effort, numeric: true }],
    rows,
  );
}
