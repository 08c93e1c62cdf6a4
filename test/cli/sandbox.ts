import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach } from "vitest";

const cli = join(import.meta.dirname, "../../bin/leakhound.js");

/** A small file with findings of two rules. */
export const leaking = "import subprocess\n\n\ndef run(command):\n    f = open('x')\n    subprocess.run(command)\n    return 1\n";

/** How a run of the command line ended. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The parts of the JSON report that tests look at. */
export interface Report {
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly line: number; readonly severity: string }[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  readonly suppressed: readonly unknown[];
  readonly diagnostics: readonly { readonly file: string; readonly message: string }[];
}

/** A folder of its own for each test of the file, and the built command line run in it. */
export interface Sandbox {
  /** @returns the absolute path of a place in the folder */
  at(path: string): string;
  put(path: string, content: string | Buffer): void;
  run(...args: readonly string[]): Run;
  /** As `run`, as a user that may not read everything. */
  runUnprivileged(...args: readonly string[]): Run;
  report(...args: readonly string[]): Report;
}

/** Sets the sandbox up around each test. */
export function sandbox(): Sandbox {
  let folder = "";
  beforeAll(() => {
    if (!existsSync(join(import.meta.dirname, "../../dist/leakhound.js"))) throw new Error("run 'npm run build' first");
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "leakhound-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (args: readonly string[], user: { readonly uid?: number; readonly gid?: number }): Run => {
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache-home"), NO_COLOR: "1" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: "utf8", env, maxBuffer: 1 << 26, ...user });
    return { code: status, out: stdout, err: stderr };
  };
  const at = (path: string): string => join(folder, path);
  const run = (...args: readonly string[]): Run => start(args, {});
  return {
    at,
    run,
    put(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    },
    runUnprivileged(...args) {
      if (process.getuid?.() !== 0) return run(...args);
      chmodSync(folder, 0o755);
      return start(args, { uid: 65534, gid: 65534 });
    },
    report: (...args) => JSON.parse(run("--format", "json", ...args).out) as Report,
  };
}
