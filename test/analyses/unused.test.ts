import { expect, test } from "vitest";
import { analyzeCase } from "../fixture-runner/analyze-case.ts";

/** How sure the findings of a program are, by the name of their function. */
async function confidences(
  sources: Readonly<Record<string, string>>,
  manifests: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const { outcomes } = await analyzeCase({
    name: "unused",
    sources: new Map(Object.entries(sources)),
    manifests: Object.entries(manifests).map(([path, text]) => ({ path, text })),
  });
  return Object.fromEntries(outcomes.flatMap(({ outcome }) => (outcome.outcome === "finding" ? [[outcome.functionName, outcome.confidence]] : [])));
}

const opening = (name: string): string =>
  `func ${name}(path string) int64 {\n\tf, err := os.Open(path)\n\tif err != nil {\n\t\treturn 0\n\t}\n\tinfo, _ := f.Stat()\n\treturn info.Size()\n}\n`;

/** A package with functions of which so many are called from elsewhere. */
function goProgram(called: number, uncalled: number): Readonly<Record<string, string>> {
  const names = Array.from({ length: called + uncalled }, (_, i) => `Step${i}`);
  const declared = names.map((name) => `func ${name}() int { return len("${name.length}") }\n`).join("\n");
  const calls = names.slice(0, called).map((name) => `\tsteps.${name}()\n`);
  return {
    "steps/steps.go": `package steps\n\nimport "os"\n\n${declared}\n${opening("SizeOf")}\n${opening("Forgotten")}\n${opening("inner")}\nfunc Outer(path string) int64 { return inner(path) }\n`,
    "main.go": `package main\n\nimport "example.com/app/steps"\n\nvar handlers = map[string]func(string) int64{"size": steps.SizeOf}\n\nfunc main() {\n${calls.join("")}\tprintln(handlers["size"]("a"))\n}\n`,
  };
}

const goModule = { "go.mod": "module example.com/app\n\ngo 1.22\n" };

test("what nothing in a program comes to is told with low confidence, also through others that nobody uses", async () => {
  expect(await confidences(goProgram(24, 0), goModule)).toEqual({ SizeOf: "high", Forgotten: "low", inner: "low" });
});

test("in a library, whose functions are there for others, that says nothing", async () => {
  expect(await confidences(goProgram(4, 20), goModule)).toEqual({ SizeOf: "high", Forgotten: "high", inner: "high" });
});

test("a few functions that nobody calls say nothing", async () => {
  expect(await confidences(goProgram(3, 0), goModule)).toEqual({ SizeOf: "high", Forgotten: "high", inner: "high" });
});

const reading = (name: string): string => `def ${name}(path):\n    handle = open(path)\n    return handle.fileno() + len(path)\n`;

test("a name in a text counts as a use, and so does a decorator; files that nobody imports have their own users", async () => {
  const names = Array.from({ length: 24 }, (_, i) => `step_${i}`);
  const declared = names.map((name) => `def ${name}():\n    return len("${name.length}")\n`).join("\n");
  const calls = names.map((name) => `    steps.${name}()\n`).join("");
  const found = await confidences({
    "app/__init__.py": "",
    "app/steps.py": `from app.registry import register\n\n${declared}\n${reading("named")}\n${reading("forgotten")}\n@register\n${reading("registered")}`,
    "app/registry.py": "def register(fn):\n    return fn\n",
    "app/hooks.py": reading("on_start"),
    "main.py": `from app import steps\n\nROUTES = {"/named": "app.steps.named"}\n\n\ndef main():\n${calls}\n\nmain()\n`,
  });
  expect(found).toEqual({ named: "high", forgotten: "low", registered: "high", on_start: "high" });
});
