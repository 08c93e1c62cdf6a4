import { compareText } from "../findings/compare-text.ts";
import type { Finding, Heat, Location } from "../findings/finding.ts";
import type { Confidence, Effort, Phase, Severity } from "../findings/levels.ts";

/** What decides how early a finding is worth fixing. */
export interface RankInput {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly heat: Heat;
  /** Minutes. */
  readonly effort: Effort;
}

/** What it costs if it is true. A critical one in a request handler with a short fix is 100. */
const SEVERITY: Readonly<Record<Severity, number>> = { critical: 100, high: 60, medium: 30, low: 12, info: 4 };

/** How likely it is true. */
const CONFIDENCE: Readonly<Record<Confidence, number>> = { high: 1, medium: 0.7, low: 0.35 };

/** How often the place runs. */
const HEAT: Readonly<Record<Heat, number>> = { request: 1, loop: 0.95, unknown: 0.8, startup: 0.5 };

/** Fixes up to this many minutes cost nothing in rank. */
const QUICK_FIX = 15;

/** A fix that takes a working day or more is as far back as effort alone can put it. */
const LONG_FIX = 480;

const NOW_FROM = 40;
const NEXT_FROM = 15;

/**
 * Priority = severity × confidence × heat ÷ effort.
 *
 * Effort counts with its fourth root (a fix of four hours halves the priority of one of a quarter of an hour), so that it orders findings of
 * about the same weight and does not push a grave one behind a trifle.
 *
 * @returns a whole number from 1 to 100, 100 first
 */
export function priorityOf(input: RankInput): number {
  const minutes = Math.min(Math.max(input.effort, QUICK_FIX), LONG_FIX);
  const effort = (minutes / QUICK_FIX) ** 0.25;
  const raw = (SEVERITY[input.severity] * CONFIDENCE[input.confidence] * HEAT[input.heat]) / effort;
  return Math.min(100, Math.max(1, Math.round(raw)));
}

/**
 * When to fix it: `now` from priority 40, `next` from 15, the rest `later`. A proven critical finding is always `now`, however long its fix takes.
 */
export function phaseOf(input: RankInput): Phase {
  if (input.severity === "critical" && input.confidence === "high") return "now";
  const priority = priorityOf(input);
  if (priority >= NOW_FROM) return "now";
  return priority >= NEXT_FROM ? "next" : "later";
}

/** Orders places by file, line and column. Files compare by code units, so that the order does not depend on a locale. */
export function compareLocations(a: Location, b: Location): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** The order of a report: priority (highest first), then file, line, column, rule, message. */
export function compareFindings(a: Finding, b: Finding): number {
  return b.priority - a.priority || compareLocations(a.location, b.location) || compareText(a.rule, b.rule) || compareText(a.message, b.message);
}
