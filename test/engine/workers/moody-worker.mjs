import { parentPort } from "node:worker_threads";

/** Does to a file what its text says. */
parentPort.on("message", ({ id, files }) => {
  for (const { text } of files) {
    if (text === "die") process.exit(1);
    if (text === "hang") for (;;);
    if (text === "throw") throw new Error("thrown in the worker");
  }
  parentPort.postMessage({ id, outcomes: files.map(({ path }) => ({ facts: path })) });
});
