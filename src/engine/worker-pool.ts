import { Worker } from "node:worker_threads";
import type { Language } from "../ast/nodes.ts";
import { type FileOutcome, timedOut } from "./analyze-file.ts";
import type { BatchFile, BatchReply } from "./worker-protocol.ts";

/** What happens to a batch. */
interface Job {
  readonly files: readonly BatchFile[];
  readonly settle: (outcomes: readonly FileOutcome[]) => void;
}

interface Seat {
  worker: Worker;
  /** Languages whose parsers its thread has loaded. */
  readonly languages: Set<Language>;
  job: Job | null;
  timer: NodeJS.Timeout | null;
}

/** A worker that only just keeps the time is given this much longer before it is ended. */
const GRACE = 1.5;

/**
 * Worker threads that analyse batches of files. A worker that dies, or holds a batch for too long, is replaced, and its files are tried again one
 * by one, so that it costs the one file it died of. (General pools end a worker on abort but do not say which file of a batch was at fault.)
 */
export class WorkerPool {
  readonly #entry: URL;
  readonly #timeout: number;
  readonly #size: number;
  readonly #seats: Seat[] = [];
  readonly #queue: Job[] = [];
  #closed = false;
  #id = 0;

  /**
   * @param entry the worker's program
   * @param size how many threads at most
   * @param timeout milliseconds for one file
   */
  constructor(entry: URL, size: number, timeout: number) {
    this.#entry = entry;
    this.#size = size;
    this.#timeout = timeout;
  }

  /** @returns one outcome per file, in order; never rejects */
  async run(files: readonly BatchFile[]): Promise<readonly FileOutcome[]> {
    const outcomes = await this.#submit(files);
    if (files.length === 1) return [outcomes[0] ?? { skipped: "the analysis gave no result" }];
    const settled: FileOutcome[] = [];
    for (const [index, file] of files.entries()) {
      const outcome = outcomes[index];
      settled.push(outcome !== undefined && !("broken" in outcome) ? outcome : ((await this.run([file]))[0] ?? { skipped: "the analysis gave no result" }));
    }
    return settled;
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#seats.map((seat) => seat.worker.terminate()));
  }

  #submit(files: readonly BatchFile[]): Promise<readonly FileOutcome[]> {
    return new Promise((settle) => {
      this.#queue.push({ files, settle });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      const seat = this.#seats.find((one) => one.job === null) ?? (this.#seats.length < this.#size ? this.#newSeat() : null);
      if (seat === null) return;
      this.#start(seat, this.#jobFor(seat));
    }
  }

  /** A batch in a language that the thread knows, where one waits. */
  #jobFor(seat: Seat): Job {
    const known = this.#queue.findIndex((job) => seat.languages.has(job.files[0]!.language));
    return this.#queue.splice(Math.max(0, known), 1)[0]!;
  }

  #start(seat: Seat, job: Job): void {
    seat.job = job;
    for (const file of job.files) seat.languages.add(file.language);
    seat.timer = setTimeout(() => this.#lost(seat, timedOut(this.#timeout)), this.#timeout * GRACE + 1000);
    seat.worker.postMessage({ id: ++this.#id, files: job.files, timeout: this.#timeout });
  }

  #newSeat(): Seat {
    const seat: Seat = { worker: this.#spawn(), languages: new Set(), job: null, timer: null };
    this.#listen(seat);
    this.#seats.push(seat);
    return seat;
  }

  #spawn(): Worker {
    // What a parser prints when it aborts is no part of the report.
    return new Worker(this.#entry, { stdout: true, stderr: true, execArgv: flagsFor(this.#entry) });
  }

  #listen(seat: Seat): void {
    const worker = seat.worker;
    worker.on("message", (reply: BatchReply) => {
      if (seat.worker !== worker) return;
      const broken = reply.outcomes.some((outcome) => "broken" in outcome);
      this.#settle(seat, seat.job?.files.length === 1 ? reply.outcomes.map(asSkipped) : reply.outcomes);
      if (broken) this.#replace(seat);
      this.#dispatch();
    });
    worker.on("error", (error) => {
      if (seat.worker === worker) this.#lost(seat, `the analysis ended a worker thread: ${error.message}`);
    });
    worker.on("exit", () => {
      if (seat.worker === worker && !this.#closed) this.#lost(seat, "the analysis ended a worker thread");
    });
  }

  /** The worker is gone or hangs: its batch comes back without outcomes, a single file with the reason. */
  #lost(seat: Seat, reason: string): void {
    const single = seat.job?.files.length === 1;
    this.#replace(seat);
    this.#settle(seat, single ? [{ skipped: reason }] : []);
    this.#dispatch();
  }

  #replace(seat: Seat): void {
    const old = seat.worker;
    const at = this.#seats.indexOf(seat);
    if (at >= 0) this.#seats.splice(at, 1);
    void old.terminate();
  }

  #settle(seat: Seat, outcomes: readonly FileOutcome[]): void {
    if (seat.timer !== null) clearTimeout(seat.timer);
    const job = seat.job;
    seat.job = null;
    seat.timer = null;
    job?.settle(outcomes);
  }
}

function asSkipped(outcome: FileOutcome): FileOutcome {
  return "broken" in outcome ? { skipped: outcome.broken } : outcome;
}

/** Run from source, a thread needs the loader that the process was started with; the built program needs nothing, and many flags are not for threads. */
function flagsFor(entry: URL): string[] {
  return entry.pathname.endsWith(".ts") ? process.execArgv.filter((flag) => flag !== "--eval") : [];
}
