import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leaking, type Report, sandbox } from "./sandbox.ts";

const { at, put, run, runUnprivileged, report } = sandbox();

const files = (result: Report): ReadonlySet<string> => new Set(result.findings.map((finding) => finding.file));
const reasons = (result: Report): Readonly<Record<string, string>> => Object.fromEntries(result.skipped.map(({ file, reason }) => [file, reason]));

describe.skipIf(process.platform === "win32")("files that may not be read", () => {
  test("are skipped with the reason, named or not; the others' findings are there", () => {
    put("good.py", leaking);
    put("secret.py", leaking);
    put("closed/a.py", leaking);
    for (const path of ["secret.py", "closed"]) chmodSync(at(path), 0o000);
    const result = JSON.parse(runUnprivileged("--format", "json").out) as Report;
    expect(files(result)).toEqual(new Set(["good.py"]));
    expect(reasons(result)).toEqual({ "secret.py": "permission denied", "closed/": "the folder cannot be read" });
    const named = runUnprivileged("secret.py", "--format", "json");
    expect(named.code).toBe(0);
    expect(reasons(JSON.parse(named.out) as Report)).toEqual({ "secret.py": "permission denied" });
    for (const path of ["secret.py", "closed"]) chmodSync(at(path), 0o755);
  });

  test("a configuration that may not be read is the user's to mend, a cache that may not be written is not", () => {
    put("good.py", leaking);
    expect(runUnprivileged("--fail-on", "never").code).toBe(0);
    put("leakhound.yml", "");
    chmodSync(at("leakhound.yml"), 0o000);
    const { code, err } = runUnprivileged();
    expect([code, err]).toEqual([2, expect.stringContaining("leakhound.yml: permission denied")]);
  });
});

describe("sources that are hard on a parser", () => {
  const nested = (open: string, inner: string, close: string): string => `${open.repeat(20_000)}${inner}${close.repeat(20_000)}`;
  const cases: Readonly<Record<string, string>> = {
    "round.py": `x = ${nested("(\n", "1", ")\n")}`,
    "square.py": `x = ${nested("[\n", "", "]\n")}`,
    "curly.go": `package a\nfunc f() ${nested("{\n", "", "}\n")}`,
    "square.go": `package a\nvar x = ${nested("[]int{\n", "", "}\n")}`,
    "round.php": `<?php\n$x = ${nested("f(\n", "", ")\n")};\n`,
    "curly.php": `<?php\n${nested("{\n", "", "}\n")}`,
    "round.ts": `const x = ${nested("(\n", "1", ")\n")};\n`,
    "angle.ts": `let x: ${nested("A<\n", "B", ">\n")};\n`,
    "curly.js": nested("{\n", "", "}\n"),
    "element.tsx": `const x = ${nested("<a>\n", "", "</a>\n")};\n`,
    "open.js": "(\n".repeat(20_000),
    "open.py": "[\n".repeat(20_000),
    "unary.go": `package a\nvar x = ${"!\n".repeat(20_000)}true\n`,
    "ternary.php": `<?php\n$x = ${"$a ? $b :\n".repeat(20_000)} $c;\n`,
    "strings.js": "`${\n".repeat(20_000),
  };

  test("20,000 deep in every language, in workers: each is analysed or skipped with a reason", () => {
    for (const [path, text] of Object.entries(cases)) put(path, text);
    put("good.py", leaking);
    const { code, out, err } = run("--format", "json", "--fail-on", "never", "--jobs", "2", "--no-cache");
    expect([code, err]).toEqual([0, expect.not.stringMatching(/\bat .*\.js:\d+/)]);
    const result = JSON.parse(out) as Report;
    expect(files(result)).toEqual(new Set(["good.py"]));
    const told = new Set([...result.skipped, ...result.diagnostics].map(({ file }) => file));
    for (const file of ["open.js", "open.py", "strings.js"]) expect(told).toContain(file);
    for (const { reason } of result.skipped) expect(reason).toMatch(/nested too deeply|minified|longer than/);
  });

  test("--timeout costs the one file that takes too long", () => {
    put("good.py", leaking);
    put("slow.py", `def f(a):\n${Array.from({ length: 14_000 }, (_, i) => `    x${i} = a.b(c, d=[e(y) for y in z if y(${i})])[${i}] or {k: v}\n`).join("")}`);
    const result = report("--timeout", "0.3", "--no-cache");
    expect(files(result)).toEqual(new Set(["good.py"]));
    expect(reasons(result)).toEqual({ "slow.py": "analysis took longer than 0.3 s (--timeout)" });
  });
});

describe("an empty repository", () => {
  test("is no failure", () => {
    execFileSync("git", ["init", "-q"], { cwd: at(".") });
    for (const format of ["text", "json", "sarif", "markdown"]) {
      const { code, err } = run("--format", format);
      expect([format, code, err]).toEqual([format, 0, expect.stringContaining("no source files found")]);
    }
    expect(report()).toMatchObject({ findings: [], skipped: [], diagnostics: [] });
  });
});

describe("the user's own models", () => {
  const using = "import feeds\n\n\ndef load(name):\n    feed = feeds.open_feed(name)\n    return feed.title\n";
  const model =
    "library: feeds\nlanguage: python\ndocs: https://feeds.example/api\ntypes:\n  feeds.Feed:\n    calls:\n      close: { effects: [{ releases: {} }] }\ncalls:\n  feeds.open_feed: { returns: feeds.Feed, effects: [{ acquires: { resource: feed, released-by: [close] } }] }\n";

  test("make findings appear", () => {
    put("a.py", using);
    expect(report().findings).toEqual([]);
    put("models/feeds.yml", model);
    put("leakhound.yml", "models: [models/feeds.yml]\n");
    expect(report().findings).toMatchObject([{ rule: "unclosed-resource", file: "a.py", line: 5 }]);
    put("a.py", using.replace("    return", "    feed.close()\n    return"));
    expect(report("--rule", "unclosed-resource").findings).toEqual([]);
  });

  test("that are wrong or missing are told by file and line, and nothing is reported", () => {
    put("a.py", leaking);
    put("leakhound.yml", "models: [own.yml]\n");
    expect(run()).toMatchObject({ code: 2, out: "", err: expect.stringContaining("own.yml: no such file or folder") });
    for (const [text, place] of [
      [model.replace("acquires", "aquires"), /own\.yml:9:\d+: there is no role 'aquires'; did you mean 'acquires'\?/],
      [model.replace("language: python\n", ""), /own\.yml:1:\d+: .*language/],
      [model.replace("python", "cobol"), /own\.yml:2:\d+: .*python/],
      ["- a\n", /own\.yml:1:1: a model file is a map/],
      ["library: [\n", /own\.yml:\d+:\d+: /],
    ] as const) {
      put("own.yml", text);
      expect([text, run()]).toEqual([text, { code: 2, out: "", err: expect.stringMatching(place) }]);
    }
  });
});

describe("the configuration", () => {
  test("turns rules off, changes their severity, and gives way to the command line", () => {
    put("a.py", leaking);
    put("leakhound.yml", "rules: { unclosed-resource: off, untimed-exec: low }\n");
    expect(report().findings).toMatchObject([{ rule: "untimed-exec", severity: "low" }]);
    expect(run().code).toBe(0);
    expect(report("--rule", "unclosed-resource").findings).toMatchObject([{ rule: "unclosed-resource" }]);
    expect(report("--skip-rule", "untimed-exec").findings).toEqual([]);
    put("other.yml", "minSeverity: medium\n");
    expect(report("--config", "other.yml").findings.map((finding) => finding.rule)).toContain("unclosed-resource");
  });
});

describe("facts and link", () => {
  test("two halves linked are what a scan of the whole is", () => {
    execFileSync("git", ["init", "-q"], { cwd: at(".") });
    put("pyproject.toml", '[project]\ndependencies = ["redis>=5.0"]\n');
    put("app/__init__.py", "");
    put("app/feeds.py", "def open_feed(path):\n    return open(path)\n");
    put("lib/use.py", "from app.feeds import open_feed\n\n\ndef load(path):\n    feed = open_feed(path)\n    return len(feed.read())\n");
    put("lib/broken.py", "def f(:\n");
    put("app/data.py", Buffer.from("a\0"));
    put("lib/tests/test_a.py", leaking);
    for (const part of ["app", "lib"]) expect(run("facts", part, "--output", `${part}.facts`, "--jobs", "1").code).toBe(0);
    const whole = report("--no-cache");
    expect(whole.findings).toMatchObject([{ rule: "unclosed-resource", file: "lib/use.py", line: 5 }]);
    expect(run("link", "lib.facts", "app.facts", "--format", "json").out).toBe(run("--format", "json", "--no-cache").out);
  });

  test("a file that is none, or another version's, is told", () => {
    put("a.facts", "{}\n");
    put("b.facts", '{ "leakhoundFacts": 1, "version": "0.0.0-other" }\n');
    for (const [name, message] of [
      ["a.facts", "a.facts: not a facts file"],
      ["b.facts", "written by version 0.0.0-other"],
      ["c.facts", "c.facts: no such file"],
    ] as const) {
      expect([name, run("link", name)]).toEqual([name, { code: 2, out: "", err: expect.stringContaining(message) }]);
    }
  });
});
