import type { RuleMetadata } from "../findings/rule.ts";
import { formatEffort, formatPlace, groupBy, shownSteps } from "./format.ts";
import type { Html } from "./html-page.ts";
import { element, proseHtml } from "./html-page.ts";
import type { Numbered } from "./numbered.ts";
import type { Words } from "./words.ts";

/** The findings by rule, the rule with the most urgent finding first; every finding has an anchor of its own: `#finding-3`. */
export function findingsHtml(numbered: readonly Numbered[], rules: readonly RuleMetadata[], words: Words): Html {
  if (numbered.length === 0) return { html: "" };
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const byRule = groupBy(numbered, ({ finding }) => finding.rule);
  return element("section", [element("h2", [{ text: words.findings }]), ...[...byRule].flatMap(([id, found]) => ruleHtml(id, byId.get(id), found, words))]);
}

function ruleHtml(id: string, rule: RuleMetadata | undefined, found: readonly Numbered[], words: Words): Html[] {
  return [
    element("h3", [{ text: rule === undefined ? id : `${rule.title} (${id})` }], { id: `rule-${id}` }),
    element("p", [proseHtml(rule?.why ?? found[0]?.finding.why ?? "")]),
    ...found.map((one) => findingHtml(one, words)),
    ...referencesHtml(rule, words),
  ];
}

function findingHtml({ finding, number }: Numbered, words: Words): Html {
  const { severity, confidence, functionName, location } = finding;
  const facts = [words.confidence[confidence], `${words.priority} ${finding.priority}`];
  if (functionName !== "") facts.push(words.inFunction(functionName));
  const head = [
    element("b", [{ text: `${number}. ` }]),
    element("code", [{ text: formatPlace(location) }]),
    { text: " " },
    element(`span.severity.${severity}`, [{ text: words.severity[severity] }]),
    element("span.dim", [{ text: ` ${facts.join(", ")}` }]),
  ];
  return element(
    `article.${severity}`,
    [element("p", head), element("p", [proseHtml(finding.message)]), element("dl", detailsHtml({ finding, number }, words))],
    { id: `finding-${number}` },
  );
}

function detailsHtml({ finding }: Numbered, words: Words): Html[] {
  const steps = shownSteps(finding).map((step) =>
    element("li", [element("code", [{ text: formatPlace(step.location) }]), { text: " " }, proseHtml(step.text)]),
  );
  return [
    ...(finding.growth === "" ? [] : entry(words.growth, [proseHtml(finding.growth)])),
    ...(steps.length === 0 ? [] : entry(words.path, [element("ol", steps)])),
    ...entry(words.fix, [proseHtml(finding.fix), element("span.dim", [{ text: ` (${formatEffort(finding.effort)})` }])]),
  ];
}

function entry(term: string, content: readonly Html[]): Html[] {
  return [element("dt", [{ text: term }]), element("dd", content)];
}

/** Only web addresses become links: a rule's references are data, and a browser follows other schemes too. */
function referencesHtml(rule: RuleMetadata | undefined, words: Words): Html[] {
  const urls = rule?.references.filter((url) => /^https?:\/\//.test(url)) ?? [];
  if (urls.length === 0) return [];
  const links = urls.flatMap((url): Html[] => [{ text: " " }, element("a", [{ text: url }], { href: url, rel: "noreferrer" })]);
  return [element("p.dim", [{ text: `${words.reading}:` }, ...links])];
}
