import { afterAll, describe, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import { analyzeCase } from "./fixture-runner/analyze-case.ts";
import { fixtureCases } from "./fixture-runner/cases.ts";
import { compare } from "./fixture-runner/compare.ts";
import type { Marker } from "./fixture-runner/expectation.ts";
import { readExpectations } from "./fixture-runner/expectation.ts";

const root = fileURLToPath(new URL("../fixtures", import.meta.url));
const counts: Record<Marker, number> = { expect: 0, verified: 0, "expect-missing": 0, "expect-spurious": 0 };

describe("fixtures", () => {
  for (const one of fixtureCases(root)) {
    it(one.name, async () => {
      const read = [...one.sources].map(([file, text]) => readExpectations(file, text));
      const expected = read.flatMap((file) => file.expected);
      for (const { marker } of expected) counts[marker]++;
      const checked = await analyzeCase(one);
      const problems = [
        ...read.flatMap((file) => file.mistakes),
        ...checked.diagnostics.filter(({ level }) => level !== "note").map((one) => `${one.file}:${one.line} ${one.message}`),
        ...compare(
          expected,
          checked.outcomes.filter(({ rule }) => one.rules?.includes(rule) ?? true),
        ),
      ];
      expect(problems.length, `\n${problems.join("\n")}\n`).toBe(0);
    });
  }

  afterAll(() => {
    const { expect: findings, verified, "expect-missing": missing, "expect-spurious": spurious } = counts;
    console.log(`fixtures: ${findings} findings and ${verified} verified places expected; known wrong: ${missing} missing, ${spurious} spurious`);
  });
});
