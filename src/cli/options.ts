import { type Command, InvalidArgumentError, Option } from "commander";
import { type Confidence, confidences, type Severity, severities } from "../findings/levels.ts";

/** The options of a scan, as commander hands them over. */
export interface ScanOptions {
  readonly format: readonly string[];
  readonly output?: string;
  readonly failOn?: Severity | "never";
  readonly minSeverity?: Severity;
  readonly minConfidence?: Confidence;
  readonly rule: readonly string[];
  readonly skipRule: readonly string[];
  readonly config?: string;
  readonly baseline?: string;
  readonly since?: string;
  readonly staged?: boolean;
  readonly includeTests?: boolean;
  readonly jobs?: number;
  readonly cache: boolean;
  readonly cacheDir?: string;
  readonly timeout: number;
  readonly lang: "en" | "es" | "pt";
  readonly stats?: boolean;
  readonly verified?: boolean;
  readonly quiet?: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const collectIds = (value: string, before: readonly string[]): readonly string[] => [...before, ...value.split(",")];

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("It must be a number above 0.");
  return number;
}

function wholeNumber(value: string): number {
  const number = positive(value);
  if (!Number.isInteger(number)) throw new InvalidArgumentError("It must be a whole number.");
  return number;
}

/** Options that say what is analysed and how. */
export function addAnalysisOptions(command: Command): Command {
  return command
    .option("--config <file>", "configuration instead of the nearest leakhound.yml")
    .option("--rule <id>", "run only this rule (repeatable)", collectIds, [])
    .option("--skip-rule <id>", "leave this rule out (repeatable)", collectIds, [])
    .option("--include-tests", "bring in tests, fixtures, examples, migrations and benchmarks")
    .option("--jobs <n>", "worker threads; as many as there are cores by default", wholeNumber)
    .option("--no-cache", "compute everything anew")
    .option("--cache-dir <dir>", "keep the cache in this folder")
    .option("--timeout <seconds>", "time for one file", positive, 20)
    .option("--stats", "add times, memory and cache hits")
    .option("--quiet", "neither progress nor warnings on stderr");
}

/** Options that say which findings are shown, and how. */
export function addReportOptions(command: Command): Command {
  return command
    .option("--format <format>", "text, markdown, json, sarif, html, gitlab, junit or github; as FORMAT=FILE into a file (repeatable)", collect, [])
    .option("--output <file>", "write the report into a file")
    .addOption(new Option("--fail-on <severity>", "exit with 1 from this severity on (default: high)").choices([...severities, "never"]))
    .addOption(new Option("--min-severity <severity>", "show findings from this severity on (default: info)").choices(severities))
    .addOption(new Option("--min-confidence <confidence>", "show findings from this confidence on (default: medium)").choices(confidences))
    .option("--baseline <file>", "leave out the findings this file accepts")
    .option("--since <rev>", "only findings in files changed since this commit, branch or tag")
    .option("--staged", "only findings in staged files, as they are staged")
    .addOption(new Option("--lang <lang>", "language of the report").choices(["en", "es", "pt"]).default("en"))
    .option("--verified", "list what was examined and found right");
}
