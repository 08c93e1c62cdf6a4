import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { rules } from "../../rules/index.ts";
import type { ModelText } from "../engine/analyzer.ts";
import { readBaseline } from "../engine/baseline.ts";
import type { Choice } from "../engine/scan.ts";
import type { Confidence, Severity } from "../findings/levels.ts";
import { type Config, EMPTY_CONFIG, findConfig, loadConfig } from "../project/config.ts";
import { reasonOf, resolveScope, type Scope } from "../project/root.ts";
import { UsageError } from "../project/usage-error.ts";
import { didYouMean } from "../semantics/models/diagnostic.ts";
import type { ScanOptions } from "./options.ts";

/** Command line and configuration together. */
export interface Prepared {
  readonly scope: Scope;
  readonly config: Config;
  readonly includeTests: boolean;
  readonly models: readonly ModelText[];
  readonly jobs: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly choice: Choice;
  readonly failOn: Severity | "never";
}

/** The options that a scan cannot do without; other commands have fewer. */
export type AnalysisOptions = Pick<
  ScanOptions,
  "config" | "rule" | "skipRule" | "includeTests" | "jobs" | "cache" | "cacheDir" | "timeout" | "stats" | "quiet"
> &
  Partial<ScanOptions>;

/**
 * Brings the command line and the configuration together; the command line wins.
 * @throws UsageError
 */
export async function prepare(paths: readonly string[], options: AnalysisOptions): Promise<Prepared> {
  const scope = resolveScope(paths.length === 0 ? ["."] : paths, process.cwd());
  const ids = rules.map((rule) => rule.id);
  const config = await configOf(scope, options, ids);
  const baseline = options.baseline === undefined ? config.baseline : resolve(options.baseline);
  for (const id of [...options.rule, ...options.skipRule]) if (!ids.includes(id)) throw new UsageError(`unknown rule '${id}'${didYouMean(id, ids)}`);
  const off = [...config.rules].filter(([id, level]) => level === "off" && !options.rule.includes(id)).map(([id]) => id);
  return {
    scope,
    config,
    includeTests: options.includeTests ?? config.includeTests ?? false,
    models: config.models.map(readModel),
    jobs: options.jobs ?? availableParallelism(),
    timeout: options.timeout * 1000,
    choice: {
      onlyRules: new Set(options.rule),
      skipRules: new Set([...options.skipRule, ...off]),
      severities: new Map([...config.rules].flatMap(([id, level]): [string, Severity][] => (level === "off" ? [] : [[id, level]]))),
      minSeverity: options.minSeverity ?? config.minSeverity ?? "info",
      minConfidence: options.minConfidence ?? config.minConfidence ?? defaultConfidence,
      baseline: baseline === undefined ? new Set() : readBaseline(baseline),
      files: null,
    },
    failOn: options.failOn ?? config.failOn ?? "high",
  };
}

const defaultConfidence: Confidence = "medium";

async function configOf(scope: Scope, options: AnalysisOptions, ids: readonly string[]): Promise<Config> {
  const first = scope.targets[0];
  const from = first === undefined ? scope.root : first.stats.isDirectory() ? first.absolute : dirname(first.absolute);
  const path = options.config === undefined ? findConfig(from, scope.root) : resolve(options.config);
  return path === null ? EMPTY_CONFIG : loadConfig(path, ids);
}

function readModel(path: string): ModelText {
  try {
    return { path, text: readFileSync(path, "utf8") };
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
}
