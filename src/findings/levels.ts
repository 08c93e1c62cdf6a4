/** What a finding costs if it is true, worst first. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof severities)[number];

/** What a finding rests on: `high` a path or a chain proves it, `medium` depends on something unresolved, `low` matched by name only. */
export const confidences = ["high", "medium", "low"] as const;
export type Confidence = (typeof confidences)[number];

export type Category = "leak" | "bottleneck" | "hazard";

/** What improves when a finding is fixed. */
export type Impact = "memory" | "handles" | "latency" | "throughput" | "availability";

/** How long a fix takes, in minutes. */
export type Effort = number;

/** When to fix it. */
export const phases = ["now", "next", "later"] as const;
export type Phase = (typeof phases)[number];

/** @returns negative when `a` is the worse severity, positive when `b` is, 0 when equal */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** @returns negative when `a` is the stronger confidence */
export function compareConfidence(a: Confidence, b: Confidence): number {
  return confidences.indexOf(a) - confidences.indexOf(b);
}
