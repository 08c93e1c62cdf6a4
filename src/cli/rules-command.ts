import { rules } from "../../rules/index.ts";
import type { RuleMetadata } from "../findings/rule.ts";
import { UsageError } from "../project/usage-error.ts";
import { didYouMean } from "../semantics/models/diagnostic.ts";
import { writeOut } from "./outputs.ts";
import { rulePage } from "./rule-page.ts";

/** `leakhound rules`: a line for each. */
export async function printRules(): Promise<void> {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  await writeOut(sorted.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.title}\n`).join(""));
}

/** `leakhound explain RULE`: the rule's page. */
export async function explainRule(id: string): Promise<void> {
  const ids = rules.map((rule) => rule.id);
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new UsageError(`unknown rule '${id}'${didYouMean(id, ids)}`);
  const list = (items: readonly string[]): string => items.map((item) => `  - ${item}\n`).join("");
  const page = rulePage(id);
  await writeOut(
    `${rule.title} (${rule.id})\n${rule.category}, ${rule.severity}, affects ${rule.impact}; about ${rule.effort} minutes to fix\nLanguages: ${rule.languages.join(", ")}\n\n` +
      `Why\n  ${rule.why}\n\nFix\n  ${rule.fix}${idiomsOf(rule)}\n\nSilent when\n${list(rule.silentWhen)}\nReferences\n${list(rule.references)}${page === null ? "" : `\n${page}`}`,
  );
}

/** The fix in each language's own words, where a rule has them. */
function idiomsOf({ idioms }: RuleMetadata): string {
  return Object.entries(idioms ?? {})
    .map(([language, text]) => `\n  ${language}: ${text}`)
    .join("");
}
