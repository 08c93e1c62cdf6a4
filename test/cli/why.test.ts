import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const cli = join(import.meta.dirname, "../../bin/leakhound.js");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leakhound-why-"));
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "app/files.py"), "def open_feed(path):\n    return open(path)\n");
  writeFileSync(
    join(folder, "app/read.py"),
    "from .files import open_feed\n\n\ndef first(path):\n    feed = open_feed(path)\n    return feed.readline()\n\n\ndef second(path):\n    with open_feed(path) as feed:\n        return feed.readline()\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, "--no-cache", "--quiet"], { cwd: folder, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

test("why shows the proof, with the steps in other files", () => {
  const { code, out } = run("why", "app/read.py:5");
  expect(code).toBe(0);
  expect(out).toContain("unclosed-resource (high, high confidence)");
  expect(out).toContain("app/files.py:2  opened here and returned open by 'open_feed'");
});

test("why finds a finding by any step of its proof", () => {
  expect(run("why", "app/files.py:2").out).toContain("app/read.py:5");
});

test("why-not says what was found right, and when nothing was looked at", () => {
  expect(run("why-not", "app/read.py:10").out).toContain("unclosed-resource: file handle closed by the scope");
  expect(run("why-not", "app/read.py:1").out).toContain("no rule examined this line");
});

test("a place that is none is bad usage", () => {
  expect(run("why", "app/read.py").code).toBe(2);
  expect(run("why", "app/gone.py:1").err).toContain("no such file");
});
