import { compareText } from "../findings/compare-text.ts";
import type { ScanResult } from "../findings/scan-result.ts";
import { countOf, formatCount, groupBy } from "./format.ts";
import { placeCode, prose } from "./markdown-text.ts";
import type { Words } from "./words.ts";

/** Places per rule that are named; the others are counted. */
const NAMED = 10;

/** What was examined and found right, so that silence about the rest means something. */
export function verifiedSection(result: ScanResult, words: Words): string[] {
  const heading = `## ${words.checked}`;
  const byRule = [...groupBy(result.verified, (one) => one.rule)].sort(([a], [b]) => compareText(a, b));
  const intro = byRule.length === 0 ? words.nothingVerified : words.checkedIntro(countOf(result.verified.length, words.noun.place, words));
  const blocks = byRule.map(([rule, places]) => {
    const lines = places.slice(0, NAMED).map((one) => `- ${placeCode(one.location)}: ${prose(one.reason)}`);
    if (places.length > NAMED) lines.push(`- *${words.more(formatCount(places.length - NAMED, words))}*`);
    return `**${rule}** (${formatCount(places.length, words)})\n\n${lines.join("\n")}`;
  });
  return [heading, intro, ...blocks, ...quietRules(result, words)];
}

/** Rules that neither reported nor verified anything: the code has nothing of their kind, which is not the same as being right. */
function quietRules(result: ScanResult, words: Words): string[] {
  const heard = new Set([...result.findings, ...result.verified].map((one) => one.rule));
  const quiet = result.rules.filter((rule) => !heard.has(rule.id)).map((rule) => rule.id);
  return quiet.length === 0 ? [] : [`${words.quietRules}: ${quiet.join(", ")}.`];
}
