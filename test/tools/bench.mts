/** Times a cold and a warm run of the built CLI: `npm run bench [-- FOLDER]`, over a generated tree when no folder is named. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSyntheticTree } from "./synthetic-tree.mts";

const LINES = Number(process.env["LINES"] ?? 200_000);
const cli = join(import.meta.dirname, "../../bin/leakhound.js");
const scratch = mkdtempSync(join(tmpdir(), "leakhound-bench-"));

interface Stats {
  readonly files: number;
  readonly lines: number;
  readonly run: { readonly cacheHits: number; readonly jobs: number; readonly milliseconds: Readonly<Record<string, number>>; readonly peakMemory: number };
}

/** @returns wall-clock seconds and what the run says of itself */
function timed(folder: string): { readonly seconds: number; readonly stats: Stats } {
  const output = join(scratch, "report.json");
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [cli, folder, "--stats", "--quiet", "--fail-on", "never", "--format", `json=${output}`, "--cache-dir", join(scratch, "cache")],
    { encoding: "utf8" },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  return { seconds, stats: (JSON.parse(readFileSync(output, "utf8")) as { stats: Stats }).stats };
}

function show(name: string, { seconds, stats }: ReturnType<typeof timed>): void {
  const { milliseconds, peakMemory, cacheHits, jobs } = stats.run;
  const phases = Object.entries(milliseconds)
    .map(([phase, time]) => `${phase} ${time}`)
    .join(", ");
  console.log(
    `${name.padEnd(5)} ${seconds.toFixed(2)} s  ${Math.round(stats.lines / seconds).toLocaleString("en")} lines/s  peak ${(peakMemory / 1024 / 1024).toFixed(0)} MB  (${cacheHits} of ${stats.files} files from cache, ${jobs} jobs; ms: ${phases})`,
  );
}

/** The smallest useful run against the smallest possible one. */
function coldStart(): void {
  const file = join(scratch, "small.py");
  writeFileSync(file, "import subprocess\n\n\ndef run(command):\n    subprocess.run(command)\n");
  const fastest = (args: readonly string[]): number =>
    Math.min(
      ...Array.from({ length: 15 }, () => {
        const started = performance.now();
        spawnSync(process.execPath, args);
        return performance.now() - started;
      }),
    );
  const node = fastest(["-e", "0"]);
  const small = fastest([cli, file, "--no-cache"]);
  console.log(`start ${small.toFixed(0)} ms for a small Python file, ${(small / node).toFixed(2)} × 'node -e 0' (${node.toFixed(0)} ms)`);
}

try {
  const named = process.argv[2];
  const folder = named ?? join(scratch, "tree");
  if (named === undefined) writeSyntheticTree(folder, LINES);
  const cold = timed(folder);
  show("cold", cold);
  const warm = timed(folder);
  show("warm", warm);
  console.log(`warm is ${(cold.seconds / warm.seconds).toFixed(1)} × faster`);
  coldStart();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
