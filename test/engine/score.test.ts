import { describe, expect, test } from "vitest";
import { scoreAfterPhases, scoreOf, summarize } from "../../src/engine/score.ts";
import { confidences, phases, severities } from "../../src/findings/levels.ts";
import { finding } from "../report/sample.ts";

/** A small linear congruential generator: the same "random" lists in each run. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

function randomFindings(seed: number) {
  const source = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[(source.next().value >>> 8) % list.length] as T;
  return Array.from({ length: (source.next().value >>> 8) % 30 }, () =>
    finding({ severity: pick(severities), confidence: pick(confidences), phase: pick(phases) }),
  );
}

describe("the score", () => {
  test("is 100 without findings, and only then", () => {
    expect(scoreOf([], 0)).toBe(100);
    expect(scoreOf([finding({ severity: "info", confidence: "low" })], 10_000_000)).toBe(99);
  });

  test("says less of one finding in a large code base", () => {
    const one = [finding({ severity: "critical", confidence: "high" })];
    expect([500, 1000, 10_000, 100_000].map((lines) => scoreOf(one, lines))).toEqual([60, 60, 82, 93]);
  });

  test("never falls when a finding is removed, whatever is removed", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const findings = randomFindings(seed);
      const lines = seed * 997;
      const before = scoreOf(findings, lines);
      expect(before).toBeGreaterThanOrEqual(0);
      findings.forEach((_, index) => {
        expect(scoreOf(findings.toSpliced(index, 1), lines)).toBeGreaterThanOrEqual(before);
      });
    }
  });

  test("does not depend on the order of the findings", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const findings = randomFindings(seed);
      expect(scoreOf([...findings].reverse(), 5000)).toBe(scoreOf(findings, 5000));
    }
  });

  test("rises from phase to phase and ends at 100", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const findings = randomFindings(seed);
      const after = scoreAfterPhases(findings, 5000);
      const path = [scoreOf(findings, 5000), after.now, after.next, after.later];
      expect(path).toEqual([...path].sort((a, b) => a - b));
      expect(after.later).toBe(100);
    }
  });
});

test("a summary counts every severity, and rules in order of their ids", () => {
  const summary = summarize([finding({ rule: "b" }), finding({ rule: "a", severity: "low" }), finding({ rule: "b" })], 1000);
  expect(summary.bySeverity).toEqual({ critical: 0, high: 2, medium: 0, low: 1, info: 0 });
  expect(Object.entries(summary.byRule)).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});
