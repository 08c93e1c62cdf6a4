import type { Location as SarifLocation, Result, ThreadFlowLocation } from "sarif";
import type { Finding } from "../findings/finding.ts";
import type { Severity } from "../findings/levels.ts";
import { shownSteps } from "./format.ts";
import { physicalLocation } from "./sarif-location.ts";
import type { SourceTexts } from "./source-texts.ts";

/** What results of a run share. */
export interface ResultContext {
  /** Where each rule stands in the driver's list. */
  readonly ruleIndex: ReadonlyMap<string, number>;
  readonly texts: SourceTexts;
}

/** GitHub keeps this many locations of a result. */
const MAX_STEPS = 100;

/** A finding as a result: the place on one line, the steps as a code flow and as related places that the message links. */
export function resultOf(finding: Finding, { ruleIndex, texts }: ResultContext): Result {
  const steps = shownSteps(finding).slice(0, MAX_STEPS);
  const places = steps.map(
    (step): SarifLocation => ({
      physicalLocation: physicalLocation(step.location, texts),
      message: { text: step.text },
    }),
  );
  const { rule, location, functionName, confidence, severity, phase, effort, impact, growth, fix } = finding;
  const index = ruleIndex.get(rule);
  return {
    ruleId: rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: LEVELS[severity],
    rank: finding.priority,
    message: {
      text: messageOf(
        finding,
        steps.map((step) => step.text),
      ),
    },
    locations: [
      {
        physicalLocation: physicalLocation(location, texts),
        ...(functionName === "" ? {} : { logicalLocations: [{ fullyQualifiedName: functionName, kind: "function" }] }),
      },
    ],
    partialFingerprints: partialFingerprints(finding, texts),
    ...(places.length === 0 ? {} : { relatedLocations: places.map((place, id) => ({ id: id + 1, ...place })) }),
    ...(places.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: places.map(flowStep) }] }] }),
    properties: { severity, confidence, phase, effortMinutes: effort, impact, growth, fix },
  };
}

function flowStep(location: SarifLocation, index: number): ThreadFlowLocation {
  return { location, executionOrder: index + 1, importance: "essential" };
}

/** The first sentence is the title of an alert; the others say what makes it grow, how it comes about, each step a link, and what to do. */
function messageOf(finding: Finding, steps: readonly string[]): string {
  const sentences = [literal(finding.message)];
  if (finding.growth !== "") sentences.push(`Growth: ${literal(finding.growth)}.`);
  if (steps.length > 0) sentences.push(`Path: ${steps.map((step, index) => `[${literal(step)}](${index + 1})`).join(", ")}.`);
  sentences.push(`Fix: ${literal(finding.fix)}`);
  return sentences.join(" ");
}

/** Brackets make links in a message. */
function literal(text: string): string {
  return text.replace(/[[\]]/g, "\\$&");
}

/** GitHub's own key, where the source can be read, and ours, on which baselines rest. */
function partialFingerprints(finding: Finding, texts: SourceTexts): Record<string, string> {
  const hash = texts.hash(finding.location.file, finding.location.line);
  return {
    ...(hash === null ? {} : { primaryLocationLineHash: hash }),
    "leakhound/v1": finding.fingerprint,
  };
}

/** The three levels that code scanning orders by. */
export const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};
