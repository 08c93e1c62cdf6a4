import { readFileSync } from "node:fs";
import { assemble } from "../engine/assemble.ts";
import { checkPhase } from "../engine/check-phase.ts";
import { collectPhase } from "../engine/collect-phase.ts";
import { Inventory } from "../engine/inventory.ts";
import { chosenRules } from "../engine/scan.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Diagnostic, Skipped } from "../findings/finding.ts";
import { discover } from "../project/discover.ts";
import { reasonOf } from "../project/root.ts";
import type { Manifest } from "../project/source-file.ts";
import { UsageError } from "../project/usage-error.ts";
import { analyzer } from "./analyzer.ts";
import type { ScanOptions } from "./options.ts";
import { writeFile } from "./outputs.ts";
import { type AnalysisOptions, prepare } from "./prepare.ts";
import { finish } from "./scan-command.ts";
import { version } from "./version.ts";

/** First line of a facts file: what phase 2 needs besides facts. Each line behind it is a `FactsRow`. */
interface FactsHeader {
  readonly leakhoundFacts: 1;
  readonly version: string;
  readonly manifests: readonly Manifest[];
  readonly skipped: readonly Skipped[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The text goes along: reports quote it and fingerprints rest on it. */
interface FactsRow {
  readonly facts: FileFacts;
  readonly text: string;
}

/** `leakhound facts PATH --output FILE`: phase 1 only. */
export async function writeFacts(path: string, options: AnalysisOptions & { readonly output: string }): Promise<void> {
  const prepared = await prepare([path], options);
  const { config, includeTests } = prepared;
  const discovered = discover(prepared.scope, { includeTests, include: config.include, exclude: config.exclude });
  const inventory = new Inventory(discovered.files);
  const { frontEnds, workerEntry } = analyzer;
  const collected = await collectPhase(inventory, {
    frontEnds,
    workerEntry,
    jobs: prepared.jobs,
    timeout: prepared.timeout,
    buildId: "",
    cache: null,
    onProgress: () => {},
  });
  const header: FactsHeader = {
    leakhoundFacts: 1,
    version,
    manifests: discovered.manifests,
    skipped: [...discovered.skipped, ...inventory.skipped, ...collected.skipped],
    diagnostics: inventory.diagnostics,
  };
  const rows = collected.facts.map((facts) => JSON.stringify({ facts, text: inventory.text(facts.path) ?? "" } satisfies FactsRow));
  writeFile(options.output, `${[JSON.stringify(header), ...rows].join("\n")}\n`);
}

/**
 * `leakhound link FILES`: phase 2 over facts files of one project.
 * @returns the exit code
 */
export async function linkFacts(files: readonly string[], options: ScanOptions): Promise<number> {
  const prepared = await prepare([], options);
  const headers: FactsHeader[] = [];
  const rows = new Map<string, FactsRow>();
  for (const file of files) readFactsFile(file, headers, rows);
  const sorted = [...rows.values()].sort((a, b) => (a.facts.path < b.facts.path ? -1 : 1));
  const manifests = new Map(headers.flatMap((header) => header.manifests).map((manifest) => [manifest.path, manifest]));
  const context = { manifests: [...manifests.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), models: prepared.models };
  const rules = chosenRules(analyzer.rules, prepared.choice);
  const checked = await checkPhase(
    analyzer,
    rules,
    sorted.map((row) => row.facts),
    context,
    { link: 0, rules: 0 },
  );
  const readText = (path: string): string | null => rows.get(path)?.text ?? null;
  const result = assemble({
    analyzer,
    rules,
    choice: prepared.choice,
    checked,
    skipped: headers.flatMap((header) => header.skipped),
    diagnostics: headers.flatMap((header) => header.diagnostics),
    readText,
  });
  return finish({ result, readText }, options, prepared.failOn);
}

function readFactsFile(file: string, headers: FactsHeader[], rows: Map<string, FactsRow>): void {
  try {
    const [first = "", ...rest] = readFileSync(file, "utf8").split("\n");
    const header = JSON.parse(first) as Partial<FactsHeader>;
    if (header.leakhoundFacts !== 1) throw new UsageError(`${file}: not a facts file`);
    if (header.version !== version) throw new UsageError(`${file}: written by version ${header.version}, this is ${version}`);
    headers.push(header as FactsHeader);
    for (const line of rest) {
      if (line === "") continue;
      const row = JSON.parse(line) as FactsRow;
      rows.set(row.facts.path, row);
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${file}: not a facts file`);
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  }
}
