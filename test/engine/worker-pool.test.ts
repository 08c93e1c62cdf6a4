import { expect, test } from "vitest";
import { WorkerPool } from "../../src/engine/worker-pool.ts";

const entry = new URL("./workers/moody-worker.mjs", import.meta.url);
const file = (path: string, text: string) => ({ path, text, language: "python" as const });

test("a worker that dies, throws or hangs costs the file it died of and nobody else's", async () => {
  const pool = new WorkerPool(entry, 2, 100);
  const outcomes = await pool.run([file("a", ""), file("b", "die"), file("c", ""), file("d", "throw"), file("e", "hang"), file("f", "")]);
  const next = await pool.run([file("g", "")]);
  await pool.close();
  expect(outcomes).toEqual([
    { facts: "a" },
    { skipped: "the analysis ended a worker thread" },
    { facts: "c" },
    { skipped: "the analysis ended a worker thread: thrown in the worker" },
    { skipped: "analysis took longer than 0.1 s (--timeout)" },
    { facts: "f" },
  ]);
  expect(next).toEqual([{ facts: "g" }]);
});
