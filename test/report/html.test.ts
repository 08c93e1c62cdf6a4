import { describe, expect, test } from "vitest";
import { reportHtml } from "../../src/report/html.ts";
import { at, finding, plain, sample } from "./sample.ts";

const page = reportHtml(sample, plain);
const VOID = new Set(["meta"]);

/** Names of the elements that are opened and not closed, or closed and not opened. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (VOID.has(name)) continue;
    if (slash === "") open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}

describe("the HTML report", () => {
  test("is a whole, well-nested page", () => {
    expect(page.startsWith("<!doctype html>\n")).toBe(true);
    expect(unbalanced(page)).toEqual([]);
  });

  test("needs nothing else: no script, nothing loaded", () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
  });

  test("leads from the plan to each finding", () => {
    for (const [, number] of page.matchAll(/href="#finding-(\d+)"/g)) expect(page).toContain(`id="finding-${number}"`);
    expect(page.match(/<article /g)).toHaveLength(3);
  });

  test("takes nothing from a scanned project as markup", () => {
    const hostile = finding({
      location: at("<script>.py", 1, 1),
      message: "<b onclick='x'>",
      fix: '"><script>alert(1)</script>',
      functionName: "</article>",
    });
    const text = reportHtml({ ...sample, findings: [hostile], diagnostics: [{ level: "note", message: "<i>", file: "", line: 0 }] }, plain);
    expect(text).not.toMatch(/<script|<b onclick|<i>/);
    expect(unbalanced(text)).toEqual([]);
  });

  test("links only web addresses", () => {
    const rules = sample.rules.map((rule) => ({ ...rule, references: ["javascript:alert(1)", "https://example.org/a"] }));
    const text = reportHtml({ ...sample, rules }, plain);
    expect(text).not.toContain("javascript:");
    expect(text).toContain('href="https://example.org/a"');
  });
});
