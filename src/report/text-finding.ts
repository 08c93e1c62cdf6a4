import type { Finding } from "../findings/finding.ts";
import { formatEffort, formatPlace, shownSteps, visible } from "./format.ts";
import type { Style } from "./text-style.ts";
import { wrap } from "./text-style.ts";
import type { Words } from "./words.ts";

/** What the parts of a text report share. */
export interface TextPage {
  readonly words: Words;
  readonly style: Style;
  readonly width: number;
}

/** Longer places stand out of the column instead of widening it. */
const ALIGNED_UP_TO = 32;

/** A step's text gets at least this many columns, even if that is more than the page has left. */
const MIN_STEP = 24;

/** A finding with its growth, path and fix: the place first, so that a terminal links it. */
export function findingLines(finding: Finding, page: TextPage): string[] {
  const { words, width } = page;
  const beside = width - 4 - labelWidth(words) - 2;
  return [
    ...headLines(finding, page),
    ...wrap(visible(finding.message), width - 4).map((line) => `    ${line}`),
    ...labelled(words.growth, finding.growth === "" ? [] : wrap(visible(finding.growth), beside), page),
    ...labelled(words.path, pathSteps(finding, beside), page),
    ...labelled(words.fix, wrap(visible(`${finding.fix} (${formatEffort(finding.effort)})`), beside), page),
  ];
}

/** Place, severity and rule; the lesser facts behind them, or below where they would not fit. */
function headLines({ location, severity, rule, confidence, priority, functionName }: Finding, page: TextPage): string[] {
  const { words, style, width } = page;
  const place = visible(formatPlace(location));
  const level = words.severity[severity];
  const facts = [words.confidence[confidence], `${words.priority} ${priority}`];
  if (functionName !== "") facts.push(words.inFunction(visible(functionName)));
  const rest = facts.join(", ");
  const head = `  ${style.place(place)}  ${style.severity[severity](level)}  ${style.strong(rule)}`;
  const fits = place.length + level.length + rule.length + rest.length + 8 <= width;
  return fits ? [`${head}  ${style.dim(rest)}`] : [head, `    ${style.dim(rest)}`];
}

/** The steps of the evidence, their places aligned and their texts wrapped; the file is named only where it changes. */
function pathSteps(finding: Finding, width: number): string[] {
  let file = finding.location.file;
  const steps = shownSteps(finding);
  const places = steps.map(({ location }) => {
    const place = location.file === file ? `${location.line}:${location.column}` : formatPlace(location);
    file = location.file;
    return visible(place);
  });
  const column = Math.max(0, ...places.filter((place) => place.length <= ALIGNED_UP_TO).map((place) => place.length));
  return steps.flatMap((step, index) => {
    const place = (places[index] ?? "").padEnd(column);
    const [first = "", ...more] = wrap(visible(step.text), Math.max(MIN_STEP, width - place.length - 2));
    return [`${place}  ${first}`, ...more.map((line) => `${" ".repeat(column)}  ${line}`)];
  });
}

/** Lines under a label; nothing when there are none. */
function labelled(label: string, lines: readonly string[], { words, style }: TextPage): string[] {
  const width = labelWidth(words);
  return lines.map((line, index) => `    ${style.dim((index === 0 ? label : "").padEnd(width))}  ${line}`);
}

function labelWidth(words: Words): number {
  return Math.max(words.growth.length, words.path.length, words.fix.length);
}
