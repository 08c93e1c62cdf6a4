import { countOf, languageName } from "./format.ts";
import { findingsHtml } from "./html-findings.ts";
import type { Page } from "./html-page.ts";
import { element, page } from "./html-page.ts";
import { coverageHtml, planHtml, summaryHtml, verifiedHtml } from "./html-sections.ts";
import { numberFindings } from "./numbered.ts";
import type { Reporter } from "./reporter.ts";
import { wordsOf } from "./wording.ts";

/** The audit report as one page that needs nothing else: no script, no font, no request. */
export const reportHtml: Reporter = (result, options) => {
  const words = wordsOf(options.lang);
  const { tool, stats } = result;
  const scope = [
    `${tool.name} ${tool.version}`,
    countOf(stats.files, words.noun.file, words),
    countOf(stats.lines, words.noun.line, words),
    ...Object.keys(stats.byLanguage).sort().map(languageName),
  ].join(" · ");
  const numbered = numberFindings(result.findings);
  const content: Page = {
    lang: options.lang ?? "en",
    title: words.title,
    body: [
      element("header", [element("h1", [{ text: words.title }]), element("p", [{ text: scope }])]),
      summaryHtml(result, words),
      findingsHtml(numbered, result.rules, words),
      planHtml(numbered, result.summary, words),
      verifiedHtml(result, words),
      coverageHtml(result, words),
    ],
  };
  return page(content);
};
