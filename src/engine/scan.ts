import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Skipped } from "../findings/finding.ts";
import type { Confidence, Severity } from "../findings/levels.ts";
import type { Rule } from "../findings/rule.ts";
import type { RunStats, ScanResult } from "../findings/scan-result.ts";
import type { Discovered } from "../project/discover.ts";
import type { Analyzer, LinkContext, ModelText } from "./analyzer.ts";
import { type Checked, checkPhase } from "./check-phase.ts";
import { collectPhase } from "./collect-phase.ts";
import { FactCache, ResultCache } from "./fact-cache.ts";
import { Inventory, type ReadBytes } from "./inventory.ts";
import { assemble } from "./assemble.ts";

/** What to scan and how; all of it decided before the scan starts. */
export interface ScanRequest {
  readonly discovered: Discovered;
  /** Reads bytes of a file from somewhere else than its path. */
  readonly readBytes?: ReadBytes;
  readonly models: readonly ModelText[];
  readonly jobs: number;
  /** Milliseconds per file. */
  readonly timeout: number;
  /** The project's cache folder; null: no cache. */
  readonly cacheFolder: string | null;
  readonly choice: Choice;
  /** Adds times, memory and cache hits to the result. */
  readonly stats: boolean;
  /** Milliseconds that finding the files took, for the statistics. */
  readonly discoverTime: number;
  readonly onProgress: (phase: string, done: number, total: number) => void;
}

/** Which outcomes the user wants to see. */
export interface Choice {
  readonly skipRules: ReadonlySet<string>;
  /** Empty: all. */
  readonly onlyRules: ReadonlySet<string>;
  readonly severities: ReadonlyMap<string, Severity>;
  readonly minSeverity: Severity;
  readonly minConfidence: Confidence;
  /** Fingerprints of accepted findings. */
  readonly baseline: ReadonlySet<string>;
  /** Paths whose findings are wanted; null: all. */
  readonly files: ReadonlySet<string> | null;
}

/** A finished scan, and the texts that reports quote from. */
export interface Scanned {
  readonly result: ScanResult;
  readonly readText: (file: string) => string | null;
}

/** Runs a whole scan: phase 1, phase 2, suppressions, baseline, ranking. */
export async function scan<P>(request: ScanRequest, analyzer: Analyzer<P>): Promise<Scanned> {
  const rules = chosenRules(analyzer.rules, request.choice);
  const readStarted = performance.now();
  const inventory = new Inventory(request.discovered.files, request.readBytes);
  const times: Record<string, number> = { discover: request.discoverTime, read: performance.now() - readStarted, analyze: 0, link: 0, rules: 0 };
  const outcome = await checkedOf(request, analyzer, rules, inventory, times);
  const result = assemble({
    analyzer,
    rules,
    choice: request.choice,
    checked: outcome.checked,
    skipped: [...request.discovered.skipped, ...inventory.skipped, ...outcome.skipped],
    diagnostics: inventory.diagnostics,
    readText: inventory.text,
  });
  return { result: request.stats ? withRunStats(result, request, outcome.cacheHits, times) : result, readText: inventory.text };
}

/** @returns the rules to run, by id */
export function chosenRules<P>(rules: readonly Rule<P>[], choice: Pick<Choice, "skipRules" | "onlyRules">): readonly Rule<P>[] {
  const wanted = rules.filter((rule) => !choice.skipRules.has(rule.id) && (choice.onlyRules.size === 0 || choice.onlyRules.has(rule.id)));
  return wanted.sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface CheckOutcome {
  readonly checked: Checked;
  readonly skipped: readonly Skipped[];
  readonly cacheHits: number;
}

async function checkedOf<P>(
  request: ScanRequest,
  analyzer: Analyzer<P>,
  rules: readonly Rule<P>[],
  inventory: Inventory,
  times: Record<string, number>,
): Promise<CheckOutcome> {
  const context: LinkContext = { manifests: request.discovered.manifests, models: request.models };
  const cached = analyzer.buildId !== null && request.cacheFolder !== null;
  const folder = request.cacheFolder ?? "";
  const results = cached ? new ResultCache(join(folder, resultSlot(rules))) : null;
  const key = resultKey(analyzer.buildId ?? "", rules, inventory, context);
  const known = results?.get(key) ?? null;
  if (known !== null) return { checked: JSON.parse(known) as Checked, skipped: [], cacheHits: inventory.files.length };
  const started = performance.now();
  const cache = cached ? new FactCache(folder) : null;
  const collecting = collectPhase(inventory, {
    frontEnds: analyzer.frontEnds,
    workerEntry: analyzer.workerEntry,
    jobs: request.jobs,
    timeout: request.timeout,
    buildId: analyzer.buildId ?? "",
    cache,
    onProgress: (done, total) => request.onProgress("analyse", done, total),
  });
  // Parsers compile and workers run elsewhere: what linking needs is loaded meanwhile.
  analyzer.preload(new Set(inventory.files.map((file) => file.source.language)));
  const collected = await collecting;
  cache?.close();
  times["analyze"] = performance.now() - started;
  request.onProgress("link", 0, 0);
  const phase = { link: 0, rules: 0 };
  const checked = await checkPhase(analyzer, rules, collected.facts, context, phase);
  Object.assign(times, phase);
  // What was skipped for time or trouble may go well next time.
  if (collected.skipped.length === 0) results?.put(key, JSON.stringify(checked));
  return { checked, skipped: collected.skipped, cacheHits: collected.cacheHits };
}

/** Runs with different rules do not overwrite each other's results. */
function resultSlot(rules: readonly { readonly id: string }[]): string {
  return createHash("sha256")
    .update(rules.map((rule) => rule.id).join())
    .digest("hex")
    .slice(0, 8);
}

function resultKey(buildId: string, rules: readonly { readonly id: string }[], inventory: Inventory, context: LinkContext): string {
  const hash = createHash("sha256")
    .update(buildId)
    .update(rules.map((rule) => rule.id).join());
  for (const file of inventory.files) hash.update(file.hash).update(file.source.language);
  for (const { path, text } of [...context.manifests, ...context.models]) hash.update(`\0${path}\0${text}`);
  return hash.digest("hex");
}

function withRunStats(result: ScanResult, request: ScanRequest, cacheHits: number, times: Readonly<Record<string, number>>): ScanResult {
  const run: RunStats = {
    cacheHits,
    jobs: request.jobs,
    milliseconds: Object.fromEntries(Object.entries(times).map(([phase, time]) => [phase, Math.round(time)])),
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  return { ...result, stats: { ...result.stats, run } };
}
