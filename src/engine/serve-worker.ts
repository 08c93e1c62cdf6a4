import { parentPort } from "node:worker_threads";
import { analyzeFile, type FileOutcome, type FrontEnds } from "./analyze-file.ts";
import type { Batch, BatchReply } from "./worker-protocol.ts";

/** The life of a worker thread: answers batches until it is ended. After a broken file it leaves the rest of the batch undone and ends. */
export function serveWorker(frontEnds: FrontEnds): void {
  const port = parentPort;
  if (port === null) throw new Error("this file runs in a worker thread only");
  port.on("message", (batch: Batch) => {
    void answer(batch, frontEnds).then((reply) => {
      port.postMessage(reply);
      if (reply.outcomes.some((outcome) => "broken" in outcome)) port.close();
    });
  });
}

async function answer(batch: Batch, frontEnds: FrontEnds): Promise<BatchReply> {
  const outcomes: FileOutcome[] = [];
  for (const file of batch.files) {
    const outcome = await loadAndAnalyze(file, frontEnds, batch.timeout);
    outcomes.push(outcome);
    if ("broken" in outcome) break;
  }
  return { id: batch.id, outcomes };
}

async function loadAndAnalyze(file: Batch["files"][number], frontEnds: FrontEnds, timeout: number): Promise<FileOutcome> {
  try {
    return analyzeFile(file, await frontEnds.load(file.language), frontEnds.collect, timeout);
  } catch (error) {
    return { broken: `the ${file.language} frontend could not be loaded: ${error instanceof Error ? error.message : String(error)}` };
  }
}
