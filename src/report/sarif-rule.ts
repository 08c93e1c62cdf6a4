import type { ReportingDescriptor } from "sarif";
import type { RuleMetadata } from "../findings/rule.ts";
import { truncate } from "./format.ts";
import { LEVELS } from "./sarif-result.ts";

/** Limits of code scanning, in characters. */
const MAX_TEXT = 1024;
const MAX_NAME = 255;

/** A rule as code scanning shows it beside each of its alerts. */
export function descriptorOf(rule: RuleMetadata, rulesUrl: string | undefined): ReportingDescriptor {
  const page = rulesUrl === undefined ? rule.references[0] : `${rulesUrl}#${rule.id}`;
  const level = LEVELS[rule.severity];
  return {
    id: rule.id,
    name: truncate(nameOf(rule.id), MAX_NAME),
    shortDescription: { text: truncate(rule.title, MAX_TEXT) },
    fullDescription: { text: truncate(rule.why, MAX_TEXT) },
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    ...(page === undefined ? {} : { helpUri: page }),
    defaultConfiguration: { level },
    properties: {
      tags: [rule.category, rule.impact, ...rule.languages],
      precision: "high",
      "problem.severity": level === "note" ? "recommendation" : level,
    },
  };
}

/** `unclosed-resource` → `UnclosedResource`. */
function nameOf(id: string): string {
  return id.replace(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase());
}

function helpText(rule: RuleMetadata): string {
  const parts = [rule.why, `Fix: ${rule.fix}`];
  if (rule.silentWhen.length > 0) parts.push(`Not reported: ${rule.silentWhen.join(" ")}`);
  return parts.join("\n\n");
}

function helpMarkdown(rule: RuleMetadata): string {
  const blocks = [rule.why, `**Fix.** ${rule.fix}`];
  if (rule.silentWhen.length > 0) blocks.push(`**Not reported**\n\n${rule.silentWhen.map((one) => `- ${one}`).join("\n")}`);
  if (rule.references.length > 0) blocks.push(`**Reading**\n\n${rule.references.map((url) => `- <${url}>`).join("\n")}`);
  return blocks.join("\n\n");
}
