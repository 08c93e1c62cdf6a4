import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { analyzeCase } from "../fixture-runner/analyze-case.ts";

const folder = new URL("../../docs/rules/", import.meta.url);
const extensions: Readonly<Record<string, string>> = { python: "py", go: "go", php: "php", typescript: "ts", tsx: "tsx" };

interface Example {
  readonly kind: "Bad" | "Good";
  readonly language: string;
  readonly text: string;
}

/** The examples of a page: fenced code after a line "Bad:" or "Good:". */
function examplesOf(page: string): readonly Example[] {
  return [...page.matchAll(/^(Bad|Good)(?:[^\n]*):\n\n```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, language, text]) => ({
    kind: kind as Example["kind"],
    language: language!,
    text: text!,
  }));
}

describe("the pages of the rules", () => {
  for (const file of readdirSync(folder).sort()) {
    const rule = file.replace(/\.md$/, "");
    const page = readFileSync(new URL(file, folder), "utf8");
    const examples = examplesOf(page);

    it(`${rule}: is a rule's, with a source for who owns what and a bad and a good example for each language`, () => {
      expect(rules.map((one) => one.id)).toContain(rule);
      expect(page.startsWith(`# ${rule}\n\n## Who owns what\n\n- `)).toBe(true);
      expect(page).toMatch(/\]\(https:\/\//);
      const bad = examples.filter((one) => one.kind === "Bad").map((one) => one.language);
      expect(bad.length).toBeGreaterThan(0);
      expect(examples.filter((one) => one.kind === "Good").map((one) => one.language)).toEqual(bad);
      expect(examples.length).toBe(page.match(/^```\w+$/gm)?.length);
    });

    for (const [i, { kind, language, text }] of examples.entries()) {
      it(`${rule}: ${kind.toLowerCase()} example ${i + 1} (${language}) ${kind === "Bad" ? "is reported" : "is not"}`, async () => {
        const path = `example.${extensions[language]}`;
        const { outcomes } = await analyzeCase({ name: rule, sources: new Map([[path, text]]), manifests: [] });
        const found = outcomes.filter((one) => one.outcome.outcome === "finding" && one.outcome.confidence !== "low").map((one) => one.rule);
        if (kind === "Bad") expect(found).toContain(rule);
        else expect(found).toEqual([]);
      });
    }
  }
});
