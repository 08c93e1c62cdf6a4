import type { Language } from "../ast/nodes.ts";
import type { Confidence, Effort, Impact, Phase, Severity } from "./levels.ts";

/** A place in a source file: path relative to the project's root with `/`, lines and columns 1-based, columns in UTF-16 units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One step of the argument that makes a finding true, in the order in which it happens. */
export interface Evidence {
  readonly location: Location;
  /** What happens here: "opened here", "returns without closing it when 'parse' fails". */
  readonly text: string;
}

/** What a rule's `check` yields; the engine completes it with the rule's texts, the priority, the phase and the fingerprint. */
export interface RawFinding {
  readonly location: Location;
  /** Name of the function that holds the place (`Class.method`), empty at module level. */
  readonly functionName: string;
  /** A factual sentence without advice; elements in 'single quotes'. */
  readonly message: string;
  readonly confidence: Confidence;
  /** Only where the evidence moves it away from the rule's own. */
  readonly severity?: Severity;
  /** What makes it grow or multiply: "one entry per distinct 'email'", "one query per row of 'ids'". Empty if nothing does. */
  readonly growth: string;
  /** How to put it right in terms of this code; the rule's idiom for the language, or its general fix, when absent. */
  readonly fix?: string;
  readonly language?: Language;
  readonly evidence: readonly Evidence[];
  /** How hot the place is. */
  readonly heat: Heat;
  readonly effort?: Effort;
}

/** `request`: reachable from a request handler or job; `loop`: inside a loop; `unknown`: nothing known; `startup`: runs only at start-up or in scripts. */
export type Heat = "request" | "loop" | "unknown" | "startup";

/** One reported occurrence of a rule. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** 1 to 100, 100 first: severity × confidence × heat ÷ effort. */
  readonly priority: number;
  readonly location: Location;
  readonly functionName: string;
  readonly message: string;
  readonly why: string;
  readonly growth: string;
  readonly impact: Impact;
  /** Minutes. */
  readonly effort: number;
  readonly fix: string;
  readonly evidence: readonly Evidence[];
  /** Stable identity: rule, file, function, normalised text of the line, ordinal. Survives line moves. */
  readonly fingerprint: string;
  readonly phase: Phase;
}

/** A place that a rule examined and found right. */
export interface Verified {
  readonly rule: string;
  readonly location: Location;
  /** "ticker stopped by 'defer' at line 223", "timeout=30". */
  readonly reason: string;
}

/** The tool speaking about itself: a file partly parsed, a model row it could not read, a rule that threw. */
export interface Diagnostic {
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  /** Relative path, or empty. */
  readonly file: string;
  /** 1-based; 0 for none. */
  readonly line: number;
}

/** A file that was not analysed, and why. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

export interface Suppressed {
  readonly finding: Finding;
  readonly suppressionKind: "inline" | "baseline";
  readonly justification: string;
}
