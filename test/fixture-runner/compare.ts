import type { RuleOutcome } from "../../src/engine/check-phase.ts";
import type { Expectation } from "./expectation.ts";

/**
 * Holds what the rules yielded against what the fixture's comments expect.
 *
 * @returns one line per difference, empty when the answer is the expected one
 */
export function compare(expected: readonly Expectation[], outcomes: readonly RuleOutcome[]): readonly string[] {
  const open = new Set(outcomes);
  const problems: string[] = [];
  // The most demanding first, so that a bare marker does not take the outcome that another one describes.
  const ordered = [...expected].sort((a, b) => detail(b) - detail(a));
  for (const one of ordered) {
    const problem = settle(one, open);
    if (problem !== null) problems.push(`${one.file}:${one.line} ${problem}`);
  }
  for (const one of open) {
    if (one.outcome.outcome === "finding") problems.push(`${one.outcome.location.file}:${one.outcome.location.line} unexpected: ${describe(one)}`);
  }
  return problems.sort();
}

const detail = (one: Expectation): number => one.fragment.length + one.via.length + (one.confidence === null ? 0 : 1);

/** Takes the outcome that an expectation speaks of out of those still open; says what is wrong if there is none. */
function settle(one: Expectation, open: Set<RuleOutcome>): string | null {
  const kind = one.marker === "verified" ? "verified" : "finding";
  const here = [...open].filter((other) => other.rule === one.rule && other.outcome.location.file === one.file && other.outcome.location.line === one.line);
  const match = here.find((other) => other.outcome.outcome === kind && agrees(one, other));
  if (one.marker === "expect-missing") return match === undefined ? null : `is found now: make this an 'expect': ${describe(match)}`;
  if (match === undefined) return one.marker === "expect-spurious" ? `no longer reported: remove the 'expect-spurious: ${one.rule}'` : missing(one, here);
  open.delete(match);
  return null;
}

function agrees(one: Expectation, { outcome }: RuleOutcome): boolean {
  if (outcome.outcome === "verified") return outcome.reason.includes(one.fragment);
  if (!outcome.message.includes(one.fragment)) return false;
  if (one.confidence === null ? outcome.confidence === "low" : outcome.confidence !== one.confidence) return false;
  return one.via === "" || outcome.evidence.some((step) => step.text.includes(one.via));
}

function missing(one: Expectation, here: readonly RuleOutcome[]): string {
  const wanted = [one.fragment && `"${one.fragment}"`, one.confidence && `(${one.confidence})`, one.via && `via "${one.via}"`].filter(Boolean).join(" ");
  const instead = here.length === 0 ? "nothing of this rule on the line" : `on the line: ${here.map(describe).join(" | ")}`;
  return `${`missing: ${one.marker} ${one.rule} ${wanted}`.trimEnd()} (${instead})`;
}

function describe({ rule, outcome }: RuleOutcome): string {
  if (outcome.outcome === "verified") return `verified ${rule} "${outcome.reason}"`;
  return [
    `${rule} "${outcome.message}" (${outcome.confidence})`,
    ...outcome.evidence.map((step) => `    ${step.location.file}:${step.location.line} ${step.text}`),
  ].join("\n");
}
