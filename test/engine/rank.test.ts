import { expect, test } from "vitest";
import { phaseOf, priorityOf } from "../../src/engine/rank.ts";
import type { RankInput } from "../../src/engine/rank.ts";
import type { Heat } from "../../src/findings/finding.ts";
import { confidences, severities } from "../../src/findings/levels.ts";

const base: RankInput = { severity: "high", confidence: "high", heat: "request", effort: 30 };
const heats: readonly Heat[] = ["request", "loop", "unknown", "startup"];

test("the gravest finding with a quick fix is 100, the slightest still 1", () => {
  expect(priorityOf({ severity: "critical", confidence: "high", heat: "request", effort: 5 })).toBe(100);
  expect(priorityOf({ severity: "info", confidence: "low", heat: "startup", effort: 10_000 })).toBe(1);
});

test.each([
  ["severity", severities.map((severity) => ({ ...base, severity }))],
  ["confidence", confidences.map((confidence) => ({ ...base, confidence }))],
  ["heat", heats.map((heat) => ({ ...base, heat }))],
  ["effort", [15, 30, 60, 240, 480].map((effort) => ({ ...base, effort }))],
])("priority falls with %s", (_, inputs) => {
  const priorities = inputs.map(priorityOf);
  expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
  expect(new Set(priorities).size).toBe(priorities.length);
});

test.each<[string, Partial<RankInput>, string]>([
  ["a proven high finding in a handler", {}, "now"],
  ["a proven critical one whose fix takes days", { severity: "critical", heat: "unknown", effort: 2000 }, "now"],
  ["a high one that rests on something unresolved", { confidence: "medium" }, "next"],
  ["a proven medium one", { severity: "medium" }, "next"],
  ["a medium one matched by name", { severity: "medium", confidence: "low" }, "later"],
  ["a low one", { severity: "low", effort: 5 }, "later"],
])("%s", (_, input, phase) => {
  expect(phaseOf({ ...base, ...input })).toBe(phase);
});
