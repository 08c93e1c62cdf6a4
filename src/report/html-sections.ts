import { compareText } from "../findings/compare-text.ts";
import { phases, severities } from "../findings/levels.ts";
import type { ScanResult, Summary } from "../findings/scan-result.ts";
import { capitalizeFirst, countOf, formatCount, formatEffort, formatPlace, groupBy, languageName, totalEffort } from "./format.ts";
import type { Html } from "./html-page.ts";
import { element, proseHtml, tableHtml } from "./html-page.ts";
import type { Numbered } from "./numbered.ts";
import type { Words } from "./words.ts";

/** The score today and after each phase, and the counts. */
export function summaryHtml({ findings, summary }: ScanResult, words: Words): Html {
  const used = phases.filter((phase) => findings.some((finding) => finding.phase === phase));
  const scores = [figure(summary.score, words.today), ...used.map((phase) => figure(summary.scoreAfter[phase], words.afterPhase(`“${words.phase[phase]}”`)))];
  const counts = severities
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => `${formatCount(summary.bySeverity[severity], words)} ${words.severity[severity]}`);
  const total = words.findingsOfRules(countOf(findings.length, words.noun.finding, words), countOf(Object.keys(summary.byRule).length, words.noun.rule, words));
  const text = findings.length === 0 ? words.clean : `${total}: ${counts.join(", ")}.`;
  return element("section", [element("h2", [{ text: words.executiveSummary }]), element("div.score", scores), element("p", [{ text }])]);
}

function figure(score: number, label: string): Html {
  return element("div", [element("b", [{ text: String(score) }]), { text: label }]);
}

/** Each phase with what it takes and yields: a table whose numbers lead to the findings. */
export function planHtml(numbered: readonly Numbered[], summary: Summary, words: Words): Html {
  if (numbered.length === 0) return { html: "" };
  const headings = ["#", words.severityLabel, words.rule, words.place, words.impactLabel, words.effort];
  const blocks = [...groupBy(numbered, ({ finding }) => finding.phase)]
    .sort(([a], [b]) => phases.indexOf(a) - phases.indexOf(b))
    .flatMap(([phase, inPhase]) => {
      const effort = formatEffort(totalEffort(inPhase.map(({ finding }) => finding)));
      const title = `${capitalizeFirst(words.phase[phase])}: ${countOf(inPhase.length, words.noun.finding, words)}, ${effort}`;
      const score = `${words.score} → ${summary.scoreAfter[phase]}`;
      const rows = inPhase.map((one) => planRow(one, words));
      return [element("h3", [{ text: `${title}, ${score.toLowerCase()}` }]), tableHtml(headings, rows, new Set([0, 5]))];
    });
  return element("section", [element("h2", [{ text: words.plan }]), ...blocks]);
}

function planRow({ finding, number }: Numbered, words: Words): Html[] {
  const { severity, location } = finding;
  return [
    element("a", [{ text: String(number) }], { href: `#finding-${number}` }),
    element(`span.severity.${severity}`, [{ text: words.severity[severity] }]),
    { text: finding.rule },
    element("code", [{ text: `${location.file}:${location.line}` }]),
    { text: words.impact[finding.impact] },
    { text: formatEffort(finding.effort) },
  ];
}

/** What was examined and found right, folded by rule. */
export function verifiedHtml({ verified }: ScanResult, words: Words): Html {
  const byRule = [...groupBy(verified, (one) => one.rule)].sort(([a], [b]) => compareText(a, b));
  const blocks = byRule.map(([rule, places]) => {
    const items = places.map((one) => element("li", [element("code", [{ text: formatPlace(one.location) }]), { text: " " }, proseHtml(one.reason)]));
    return folded(rule, places.length, items, words);
  });
  const intro = verified.length === 0 ? words.nothingVerified : words.checkedIntro(countOf(verified.length, words.noun.place, words));
  return element("section", [element("h2", [{ text: words.checked }]), element("p", [{ text: intro }]), ...blocks]);
}

/** How much was looked at and what was not. */
export function coverageHtml(result: ScanResult, words: Words): Html {
  const { byLanguage, calls } = result.stats;
  const rows = Object.entries(byLanguage)
    .sort(([a], [b]) => compareText(a, b))
    .map(([language, extent]): Html[] => [
      { text: languageName(language) },
      { text: formatCount(extent.files, words) },
      { text: formatCount(extent.lines, words) },
    ]);
  const resolved = calls.total === 0 ? "" : words.callsResolved(Math.floor((100 * calls.resolved) / calls.total));
  return element("section", [
    element("h2", [{ text: words.coverage }]),
    tableHtml([words.language, words.files, words.lines], rows, new Set([1, 2])),
    element("p", [{ text: resolved }]),
    ...exceptionsHtml(result, words),
  ]);
}

/** Skipped files, suppressed findings and diagnostics, each folded. */
function exceptionsHtml({ skipped, suppressed, diagnostics }: ScanResult, words: Words): Html[] {
  const item = (place: string, text: string) => element("li", [element("code", [{ text: place }]), { text: " " }, proseHtml(text)]);
  return [
    folded(
      capitalizeFirst(words.skipped.many),
      skipped.length,
      skipped.map((one) => item(one.file, one.reason)),
      words,
    ),
    folded(
      capitalizeFirst(words.suppressed.many),
      suppressed.length,
      suppressed.map((one) => item(formatPlace(one.finding.location), `${one.finding.rule} (${words[one.suppressionKind]}) ${one.justification}`)),
      words,
    ),
    folded(
      words.diagnostics,
      diagnostics.length,
      diagnostics.map((one) => item(one.line > 0 ? `${one.file}:${one.line}` : one.file, `${one.level}: ${one.message}`)),
      words,
    ),
  ];
}

function folded(title: string, count: number, items: readonly Html[], words: Words): Html {
  if (count === 0) return { html: "" };
  return element("details", [element("summary", [{ text: `${title} (${formatCount(count, words)})` }]), element("ul", items)]);
}
