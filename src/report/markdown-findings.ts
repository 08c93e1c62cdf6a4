import type { RuleMetadata } from "../findings/rule.ts";
import { formatCount, formatEffort, groupBy, shownSteps } from "./format.ts";
import type { Numbered } from "./numbered.ts";
import { code, placeCode, plainText, prose } from "./markdown-text.ts";
import type { Words } from "./words.ts";

/** Findings of one rule that are argued in full; the others follow as one line each. */
const ARGUED = 20;

/** Findings of one rule that are listed at all. */
const LISTED = 200;

/** The findings by rule, the rule with the most urgent finding first: why it matters once, then the argument and the fix of each. */
export function findingsSection(numbered: readonly Numbered[], rules: readonly RuleMetadata[], words: Words): string[] {
  if (numbered.length === 0) return [];
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const byRule = groupBy(numbered, ({ finding }) => finding.rule);
  return [`## ${words.findings}`, ...[...byRule].flatMap(([id, found]) => ruleBlocks(id, byId.get(id), found, words))];
}

function ruleBlocks(id: string, rule: RuleMetadata | undefined, found: readonly Numbered[], words: Words): string[] {
  const why = rule?.why ?? found[0]?.finding.why ?? "";
  return [
    rule === undefined ? `### ${id}` : `### ${plainText(rule.title)} (${id})`,
    `**${words.why}.** ${prose(why)}`,
    ...found.slice(0, ARGUED).flatMap((one) => findingBlocks(one, words)),
    ...briefBlocks(found, words),
    ...referenceBlocks(rule, words),
  ];
}

function findingBlocks({ finding, number }: Numbered, words: Words): string[] {
  const facts = [words.severity[finding.severity], words.confidence[finding.confidence]];
  if (finding.functionName !== "") facts.push(words.inFunction(code(finding.functionName)));
  const lines = [];
  if (finding.growth !== "") lines.push(`- **${words.growth}:** ${prose(finding.growth)}`);
  const steps = shownSteps(finding);
  if (steps.length > 0) {
    lines.push(`- **${words.path}:**`);
    steps.forEach((step, index) => {
      lines.push(`  ${index + 1}. ${placeCode(step.location)}: ${prose(step.text)}`);
    });
  }
  lines.push(`- **${words.fix} (${formatEffort(finding.effort)}):** ${prose(finding.fix)}`);
  return [`#### ${number}. ${placeCode(finding.location)} (${facts.join(", ")})`, prose(finding.message), lines.join("\n")];
}

function briefBlocks(found: readonly Numbered[], words: Words): string[] {
  const brief = found.slice(ARGUED, LISTED);
  if (brief.length === 0) return [];
  const lines = brief.map(({ finding, number }) => `- **${number}.** ${placeCode(finding.location)}: ${prose(finding.message)}`);
  if (found.length > LISTED) lines.push(`- *${words.more(formatCount(found.length - LISTED, words))}*`);
  return [`#### ${words.morePlaces(formatCount(found.length - ARGUED, words))}`, lines.join("\n")];
}

function referenceBlocks(rule: RuleMetadata | undefined, words: Words): string[] {
  if (rule === undefined || rule.references.length === 0) return [];
  return [`${words.reading}: ${rule.references.map((url) => `<${url}>`).join(", ")}`];
}
