import type { Evidence, Heat, Location, RawFinding } from "../findings/finding.ts";
import type { Outcome } from "../findings/rule.ts";
import type { Fn } from "../program/entities.ts";

/** @returns the place of a call: its first line only, which is what a reader needs to see and what a diff shows */
export function callLocation(fn: Fn, call: number): Location {
  const { start, end } = fn.call(call);
  return spanLocation(fn, start, end);
}

/** @returns the place between two offsets, cut at the end of its first line */
export function spanLocation(fn: Fn, start: number, end: number): Location {
  const { lineStarts } = fn.file.facts.unit;
  const line = fn.file.line(start);
  const next = lineStarts[line];
  return fn.file.location(start, next === undefined ? end : Math.max(start, Math.min(end, next - 1)));
}

export function step(fn: Fn, at: number, text: string): Evidence {
  return { location: spanLocation(fn, at, at), text };
}

export function callStep(fn: Fn, call: number, text: string): Evidence {
  return { location: callLocation(fn, call), text };
}

/** A finding with the parts that most rules leave empty filled in. */
export function finding(
  fn: Fn,
  parts: Pick<RawFinding, "location" | "message" | "confidence" | "evidence"> & Partial<RawFinding> & { readonly heat: Heat },
): Outcome {
  return { outcome: "finding", functionName: fn.name, growth: "", language: fn.file.facts.language, ...parts };
}

export function verified(location: Location, reason: string): Outcome {
  return { outcome: "verified", location, reason };
}

/** "line 12" within the same file, "path:12" elsewhere. */
export function place(from: Fn, fn: Fn, at: number): string {
  const line = fn.file.line(at);
  return from.file === fn.file ? `line ${line}` : `${fn.file.path}:${line}`;
}
