import type { Phase } from "../findings/levels.ts";
import { phases } from "../findings/levels.ts";
import type { Summary } from "../findings/scan-result.ts";
import { capitalizeFirst, countOf, formatCount, formatEffort, groupBy, totalEffort } from "./format.ts";
import { cellCode, placeCode, table } from "./markdown-text.ts";
import type { Numbered } from "./numbered.ts";
import type { Words } from "./words.ts";

/** Rows of the priority table, and lines per phase of the plan. What is left out is counted, and stands in the findings. */
const LISTED = 50;

/** The findings in the order in which they are worth fixing. */
export function prioritySection(numbered: readonly Numbered[], words: Words): string[] {
  if (numbered.length === 0) return [];
  const rows = numbered
    .slice(0, LISTED)
    .map(({ finding, number }) => [
      String(number),
      capitalizeFirst(words.severity[finding.severity]),
      finding.rule,
      cellCode(`${finding.location.file}:${finding.location.line}`),
      capitalizeFirst(words.impact[finding.impact]),
      formatEffort(finding.effort),
      capitalizeFirst(words.phase[finding.phase]),
    ]);
  const columns = [
    { heading: "#", numeric: true },
    { heading: words.severityLabel },
    { heading: words.rule },
    { heading: words.place },
    { heading: words.impactLabel },
    { heading: words.effort, numeric: true },
    { heading: words.phaseLabel },
  ];
  return [`## ${words.priorities}`, table(columns, rows), ...rest(numbered.length, words)];
}

/** Each phase with what it takes and yields, as a list to tick off. */
export function planSection(numbered: readonly Numbered[], summary: Summary, words: Words): string[] {
  if (numbered.length === 0) return [];
  const byPhase = groupBy(numbered, ({ finding }) => finding.phase);
  const blocks = [`## ${words.plan}`];
  let before = summary.score;
  for (const phase of phases) {
    const inPhase = byPhase.get(phase);
    if (inPhase === undefined) continue;
    const after = summary.scoreAfter[phase];
    blocks.push(phaseHeading(phase, inPhase, `${before} → ${after}`, words));
    blocks.push(inPhase.slice(0, LISTED).map(taskLine).join("\n"), ...rest(inPhase.length, words));
    before = after;
  }
  return blocks;
}

function phaseHeading(phase: Phase, inPhase: readonly Numbered[], score: string, words: Words): string {
  const count = countOf(inPhase.length, words.noun.finding, words);
  const effort = formatEffort(totalEffort(inPhase.map(({ finding }) => finding)));
  return `### ${capitalizeFirst(words.phase[phase])}: ${count}, ${effort}, ${words.score.toLowerCase()} ${score}`;
}

function taskLine({ finding, number }: Numbered): string {
  return `- [ ] **${number}.** ${finding.rule} ${placeCode(finding.location)} (${formatEffort(finding.effort)})`;
}

function rest(count: number, words: Words): string[] {
  return count > LISTED ? [`*${words.more(formatCount(count - LISTED, words))}*`] : [];
}
