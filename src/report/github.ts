import { capitalizeFirst, formatCount } from "./format.ts";
import type { Finding } from "../findings/finding.ts";
import type { Severity } from "../findings/levels.ts";
import type { Reporter } from "./reporter.ts";
import { wordsOf } from "./wording.ts";

type Command = "error" | "warning" | "notice";

const COMMANDS: Readonly<Record<Severity, Command>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "notice",
  info: "notice",
};

/** GitHub shows this many annotations of each kind per step and drops the rest. */
const MAX_PER_COMMAND = 10;

/** Annotations for a pull request as workflow commands, the most urgent of each kind; what GitHub would drop is counted in the log. */
export const reportGithub: Reporter = (result, options) => {
  const words = wordsOf(options.lang);
  const titles = new Map(result.rules.map((rule) => [rule.id, rule.title]));
  const shown = new Map<Command, number>();
  const lines: string[] = [];
  for (const finding of result.findings) {
    const command = COMMANDS[finding.severity];
    const count = shown.get(command) ?? 0;
    if (count >= MAX_PER_COMMAND) continue;
    shown.set(command, count + 1);
    lines.push(annotation(command, finding, titles.get(finding.rule) ?? finding.rule));
  }
  const left = result.findings.length - lines.length;
  if (result.findings.length === 0) lines.push(words.clean);
  if (left > 0) lines.push(capitalizeFirst(words.more(formatCount(left, words))));
  return `${lines.join("\n")}\n`;
};

function annotation(command: Command, finding: Finding, title: string): string {
  const { file, line, column, endLine, endColumn } = finding.location;
  const properties = [
    `file=${property(file)}`,
    `line=${line}`,
    `endLine=${endLine}`,
    // Columns count only within one line.
    ...(endLine === line ? [`col=${column}`, `endColumn=${endColumn}`] : []),
    `title=${property(`${title} (${finding.rule})`)}`,
  ];
  const text = [finding.message, finding.growth === "" ? "" : `Growth: ${finding.growth}.`, `Fix: ${finding.fix}`];
  return `::${command} ${properties.join(",")}::${data(text.filter((part) => part !== "").join("\n"))}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
