import { decodeFacts } from "../facts/encode.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Skipped } from "../findings/finding.ts";
import { BatchSource } from "./batches.ts";
import { analyzeFile, type FileOutcome, type FrontEnds, timedOut } from "./analyze-file.ts";
import type { FactCache } from "./fact-cache.ts";
import type { Inventory, InventoryFile } from "./inventory.ts";
import { TimeLimitExceeded, withTimeLimit } from "./time-limit.ts";
import { WorkerPool } from "./worker-pool.ts";
import type { BatchFile } from "./worker-protocol.ts";

export interface CollectOptions {
  readonly frontEnds: FrontEnds;
  readonly workerEntry: URL;
  /** Worker threads at most. */
  readonly jobs: number;
  /** Milliseconds for one file. */
  readonly timeout: number;
  readonly buildId: string;
  readonly cache: FactCache | null;
  readonly onProgress: (done: number, total: number) => void;
}

/** The facts of all files, by path, and the files that turned out not to be analysable. */
export interface Collected {
  readonly facts: readonly FileFacts[];
  readonly skipped: readonly Skipped[];
  readonly cacheHits: number;
}

/** Up to so much source is analysed on this thread: starting workers would take longer. */
const IN_PROCESS_CHARACTERS = 300_000;

/** Phase 1: facts of every file, from the cache or computed. The result does not depend on the number of jobs. */
export async function collectPhase(inventory: Inventory, options: CollectOptions): Promise<Collected> {
  const run = new CollectRun(inventory, options);
  const misses = inventory.files.filter((file) => !run.fromCache(file));
  const total = misses.reduce((sum, file) => sum + file.length, 0);
  const left = total <= IN_PROCESS_CHARACTERS ? await run.inProcess(misses) : misses;
  if (left.length > 0) await run.inWorkers(left);
  return run.result();
}

class CollectRun {
  readonly #inventory: Inventory;
  readonly #options: CollectOptions;
  readonly #facts = new Map<string, FileFacts>();
  readonly #skipped: Skipped[] = [];
  #cacheHits = 0;

  constructor(inventory: Inventory, options: CollectOptions) {
    this.#inventory = inventory;
    this.#options = options;
  }

  fromCache(file: InventoryFile): boolean {
    const known = this.#options.cache?.get(this.#key(file)) ?? null;
    if (known === null) return false;
    this.#cacheHits++;
    this.#facts.set(file.source.path, decodeFacts(known));
    return true;
  }

  /** @returns the files that are left when one of them did harm: workers are the safer place for those */
  async inProcess(files: readonly InventoryFile[]): Promise<readonly InventoryFile[]> {
    const { frontEnds, timeout } = this.#options;
    for (const [index, file] of files.entries()) {
      const text = this.#inventory.text(file.source.path);
      const { path, language } = file.source;
      if (text === null) {
        this.#settle(file, { skipped: "the file disappeared" });
        continue;
      }
      const outcome = await guarded(timeout, async () => {
        const frontend = await frontEnds.load(language);
        return () => analyzeFile({ path, language, text }, frontend, frontEnds.collect, timeout);
      });
      if (outcome === null) {
        this.#settle(file, { skipped: timedOut(timeout) });
        return files.slice(index + 1);
      }
      if ("broken" in outcome) return files.slice(index);
      this.#settle(file, outcome);
    }
    return [];
  }

  /** Each lane takes the next batch when its last one is done, so that only a few texts are under way at a time. */
  async inWorkers(files: readonly InventoryFile[]): Promise<void> {
    const pool = new WorkerPool(this.#options.workerEntry, this.#options.jobs, this.#options.timeout);
    const batches = new BatchSource(files);
    const lane = async (): Promise<void> => {
      for (let next = batches.next(null); next !== null; next = batches.next(next.language)) await this.#batch(next.files, pool);
    };
    try {
      await Promise.all(Array.from({ length: this.#options.jobs + 1 }, lane));
    } finally {
      await pool.close();
    }
  }

  result(): Collected {
    const facts: FileFacts[] = [];
    for (const file of this.#inventory.files) {
      const own = this.#facts.get(file.source.path);
      if (own !== undefined) facts.push(own);
    }
    return { facts, skipped: this.#skipped, cacheHits: this.#cacheHits };
  }

  async #batch(files: readonly InventoryFile[], pool: WorkerPool): Promise<void> {
    const readable: InventoryFile[] = [];
    const batch: BatchFile[] = [];
    for (const file of files) {
      const text = this.#inventory.text(file.source.path);
      if (text === null) this.#settle(file, { skipped: "the file disappeared" });
      else {
        readable.push(file);
        batch.push({ path: file.source.path, language: file.source.language, text });
      }
    }
    const outcomes = batch.length === 0 ? [] : await pool.run(batch);
    for (const [index, file] of readable.entries()) this.#settle(file, outcomes[index] ?? { skipped: "the analysis gave no result" });
  }

  #settle(file: InventoryFile, outcome: FileOutcome): void {
    if ("facts" in outcome) {
      this.#options.cache?.put(this.#key(file), outcome.facts);
      this.#facts.set(file.source.path, decodeFacts(outcome.facts));
    } else this.#skipped.push({ file: file.source.path, reason: "skipped" in outcome ? outcome.skipped : outcome.broken });
    this.#options.onProgress(this.#facts.size + this.#skipped.length, this.#inventory.files.length);
  }

  #key(file: InventoryFile): string {
    return `${file.hash}:${file.source.language}:${this.#options.buildId}`;
  }
}

/** @returns the outcome; null when the time was up */
async function guarded(timeout: number, prepare: () => Promise<() => FileOutcome>): Promise<FileOutcome | null> {
  try {
    // The parser keeps the time itself; this is for what follows it.
    return withTimeLimit(timeout * 1.5, await prepare());
  } catch (error) {
    if (error instanceof TimeLimitExceeded) return null;
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}
