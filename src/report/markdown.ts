import { countOf, languageName, visible } from "./format.ts";
import { coverageSection } from "./markdown-coverage.ts";
import { findingsSection } from "./markdown-findings.ts";
import { planSection, prioritySection } from "./markdown-plan.ts";
import { summarySection } from "./markdown-summary.ts";
import { plainText } from "./markdown-text.ts";
import { verifiedSection } from "./markdown-verified.ts";
import { numberFindings } from "./numbered.ts";
import type { Reporter } from "./reporter.ts";
import { wordsOf } from "./wording.ts";

/**
 * The audit report: what a team reads, discusses and works off. Summary, priorities, the findings with their argument, the plan, what was found
 * right, and how much was looked at.
 */
export const reportMarkdown: Reporter = (result, options) => {
  const words = wordsOf(options.lang);
  const { stats, tool } = result;
  const languages = Object.keys(stats.byLanguage).sort().map(languageName).join(", ");
  const scope = [
    `${tool.name} ${tool.version}`,
    countOf(stats.files, words.noun.file, words),
    countOf(stats.lines, words.noun.line, words),
    ...(languages === "" ? [] : [languages]),
  ];
  const numbered = numberFindings(result.findings);
  const blocks = [
    `# ${words.title}`,
    plainText(visible(scope.join(" · "))),
    ...summarySection(result, words),
    ...prioritySection(numbered, words),
    ...findingsSection(numbered, result.rules, words),
    ...planSection(numbered, result.summary, words),
    ...verifiedSection(result, words),
    ...coverageSection(result, words),
  ];
  return `${blocks.join("\n\n")}\n`;
};
