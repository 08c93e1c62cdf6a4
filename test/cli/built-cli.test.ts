import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leaking, type Report, sandbox } from "./sandbox.ts";

const { at, put, run, report } = sandbox();

/** The file under test stands beside one with a finding, which must not be lost. */
function reasonFor(file: string): string | undefined {
  put("good.py", leaking);
  const { findings, skipped } = report();
  expect(findings.some((finding) => finding.file === "good.py")).toBe(true);
  return skipped.find((entry) => entry.file === file)?.reason;
}

describe("exit codes", () => {
  test("0 when nothing is at or above --fail-on, 1 when something is", () => {
    put("a.py", leaking);
    expect(run().code).toBe(1);
    expect(run("--fail-on", "never").code).toBe(0);
    expect(run("--fail-on", "critical").code).toBe(0);
  });

  test("2 with a message on stderr and nothing on stdout for bad usage", () => {
    for (const [args, message] of [
      [["nowhere"], "nowhere: no such file or folder"],
      [["--rule", "unclosed-resourc"], "did you mean 'unclosed-resource'"],
      [["--bogus"], "unknown option '--bogus'"],
      [["--jobs", "0"], "--jobs"],
      [["--format", "jsn"], "did you mean 'json'"],
      [["--format", "json", "--format", "sarif"], "two reports"],
      [["--baseline", "none.json"], "none.json: no such file"],
      [["--config", "none.yml"], "none.yml: no such file"],
      [["--fail-on", "loud"], "--fail-on"],
      [["explain", "nothing"], "unknown rule 'nothing'"],
      [["--since", "HEAD"], "git"],
    ] as const) {
      const result = run(...args);
      expect([args, result.code, result.out]).toEqual([args, 2, ""]);
      expect(result.err).toContain(message);
    }
  });

  test("2 for a malformed configuration, with file and line", () => {
    put("leakhound.yml", "include: [src]\nrulez: {}\nfailOn: loud\n");
    const { code, err } = run();
    expect(code).toBe(2);
    expect(err).toMatch(/leakhound\.yml:2:1: unknown key 'rulez'; did you mean 'rules'\?/);
    expect(err).toMatch(/leakhound\.yml:3:9: 'failOn' must be one of/);
  });

  test("2 for a malformed model, with file and line", () => {
    put("leakhound.yml", "models: [own.yml]\n");
    put("own.yml", "library: x\nlanguage: python\ndocs: https://example.com\ncallz: {}\n");
    const { code, err } = run();
    expect(code).toBe(2);
    expect(err).toMatch(/own\.yml:4:/);
  });

  test("0 and a word on stderr for an empty folder", () => {
    const { code, err } = run();
    expect(code).toBe(0);
    expect(err).toContain("no source files found");
  });
});

describe("bad input is skipped with its reason and costs nobody else's findings", () => {
  test("invalid UTF-8 is analysed and said", () => {
    put("latin.py", Buffer.concat([Buffer.from("# caf"), Buffer.from([0xe9]), Buffer.from(`\n${leaking}`)]));
    const { findings, diagnostics } = report();
    expect(findings.some((finding) => finding.file === "latin.py")).toBe(true);
    expect(diagnostics.some((one) => one.file === "latin.py" && one.message.includes("UTF-8"))).toBe(true);
  });

  test("UTF-16 with a byte order mark is analysed", () => {
    put("wide.py", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(leaking, "utf16le")]));
    put("big.py", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(leaking, "utf16le").swap16()]));
    expect(new Set(report().findings.map((finding) => finding.file))).toEqual(new Set(["big.py", "wide.py"]));
  });

  test("NUL bytes", () => {
    put("binary.py", Buffer.from("a = 1\0\n"));
    expect(reasonFor("binary.py")).toContain("binary");
  });

  test("50 MB", () => {
    put("huge.js", Buffer.alloc(50 * 1024 * 1024, "a;\n"));
    expect(reasonFor("huge.js")).toContain("larger than 1 MiB");
  });

  test("a minified one-liner", () => {
    put("app.js", "var a=1;".repeat(20_000));
    expect(reasonFor("app.js")).toBe("minified");
  });

  test("20,000 nested brackets, on one line and on many", () => {
    put("nested.py", `x = ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`);
    put("lines.js", `x = ${"[\n".repeat(20_000)}${"]\n".repeat(20_000)};\n`);
    put("lines.go", `package a\nvar x = ${"(\n".repeat(20_000)}1${")".repeat(20_000)}\n`);
    put("lines.php", `<?php $x = ${"[\n".repeat(20_000)}${"]\n".repeat(20_000)};\n`);
    expect(reasonFor("nested.py")).toBe("minified");
  });

  test("syntax errors", () => {
    put("broken.py", `def f(:\n  )(\n${leaking}`);
    reasonFor("broken.py");
    expect(report().diagnostics.some((one) => one.file === "broken.py" && one.message.includes("partly parsed"))).toBe(true);
  });

  test.skipIf(process.platform === "win32")("broken links, link loops, links to folders and pipes", () => {
    symlinkSync("nowhere.py", at("broken.py"));
    symlinkSync("loop.py", at("loop.py"));
    symlinkSync(".", at("self"));
    execFileSync("mkfifo", [at("pipe.py")]);
    expect(reasonFor("broken.py")).toBe("broken symbolic link");
    expect(reasonFor("loop.py")).toBe("symbolic link loop");
    expect(reasonFor("self")).toContain("not followed");
    expect(reasonFor("pipe.py")).toBe("not a regular file");
    expect(run("pipe.py").code).toBe(0);
  });

  test("a folder named like a file is a folder", () => {
    put("x.py/inner.py", leaking);
    expect(report().findings.some((finding) => finding.file === "x.py/inner.py")).toBe(true);
  });
});

describe("scanning", () => {
  test("tests are left out unless wanted or named", () => {
    put("tests/test_a.py", leaking);
    expect(report().findings).toEqual([]);
    expect(report("--include-tests").findings).not.toEqual([]);
    expect(report("tests/test_a.py").findings).not.toEqual([]);
  });

  test("the same bytes whatever --jobs is, cold, warm and from a broken cache", () => {
    for (let index = 0; index < 40; index++)
      put(`src/m${index}.py`, leaking.repeat(8).replaceAll("def run", `def run${index}`) + "\n\ndef plain(a):\n    return a\n".repeat(250));
    const first = run("--format", "json", "--jobs", "1", "--no-cache").out;
    expect(first).not.toBe("");
    for (const args of [
      ["--jobs", "3"],
      ["--jobs", "2"],
      ["--jobs", "2", "--rule", "unclosed-resource,untimed-exec"],
    ]) {
      const out = run("--format", "json", "--cache-dir", "cache", ...args).out;
      if (args.length === 2) expect(out).toBe(first);
    }
    for (const file of execFileSync("find", [at("cache"), "-type", "f"], { encoding: "utf8" })
      .trim()
      .split("\n")) {
      writeFileSync(file, readFileSync(file).subarray(0, 1000));
    }
    expect(run("--format", "json", "--cache-dir", "cache").out).toBe(first);
  });

  test("facts and link find what a scan finds", () => {
    put("a.py", leaking);
    put("b.py", leaking);
    expect(run("facts", ".", "--output", "all.facts").code).toBe(0);
    expect(run("link", "all.facts", "--format", "json").out).toBe(run("--format", "json").out);
  });

  test("suppressions need a reason, unused ones are told; a baseline accepts the rest", () => {
    put("a.py", leaking.replace("open('x')", "open('x')  # leakhound-ignore unclosed-resource -- closed by the caller"));
    put("b.py", "x = 1  # leakhound-ignore unclosed-resource -- nothing here\n");
    const result = report();
    expect(result.suppressed).toHaveLength(1);
    expect(result.diagnostics.some((one) => one.file === "b.py" && one.message.includes("suppresses nothing"))).toBe(true);
    expect(run("baseline").code).toBe(0);
    expect(report("--baseline", "leakhound-baseline.json").findings).toEqual([]);
  });

  test("--since and --staged look at changed files only, staged ones as they are staged", () => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: at("."), encoding: "utf8" });
    git("init", "-q");
    put("old.py", leaking);
    git("add", ".");
    git("commit", "-q", "-m", "one");
    put("new.py", leaking);
    git("add", "new.py");
    put("new.py", "x = 1\n");
    const files = (result: Report): Set<string> => new Set(result.findings.map((finding) => finding.file));
    expect(files(report("--staged"))).toEqual(new Set(["new.py"]));
    put("new.py", leaking);
    expect(files(report("--since", "HEAD"))).toEqual(new Set(["new.py"]));
  });

  test("reports go where they are told to", () => {
    put("a.py", leaking);
    const { out, code } = run("--format", "json=out.json", "--format", "sarif=out.sarif", "--format", "markdown");
    expect(code).toBe(1);
    expect(out).toContain("#");
    expect(JSON.parse(readFileSync(at("out.json"), "utf8"))).toHaveProperty("findings");
    expect(JSON.parse(readFileSync(at("out.sarif"), "utf8"))).toHaveProperty("runs");
  });
});

test("explain shows the rule's page with who owns what and the examples", () => {
  const { code, out } = run("explain", "lost-cancel");
  expect(code).toBe(0);
  expect(out).toMatch(/Cancel function is not called on every path[\s\S]*Silent when[\s\S]*Who owns what[\s\S]*Bad:[\s\S]*Good:/);
});
