import { expect, test } from "vitest";
import { graphOf, type Lowered, lowered } from "./lowered.ts";
import { showEvent } from "./show.ts";

/** What the function called first in `main` calls itself. */
function calledFromMain(file: Lowered): readonly string[] {
  const [site] = file.graph("main").calls;
  if (site?.callee.k !== "fn") throw new Error("main calls no function of the file");
  const graph = graphOf(file.unit.functions[site.callee.id]!);
  return graph.blocks.flatMap((block) => block.events.map((event) => showEvent(event, { unit: file.unit, graph })));
}

test.each<[string, string]>([
  ["above.ts", "export function main() { f(1); }\nfunction f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: any) { open(); }\n"],
  ["below.ts", "function f(a: string): void;\nfunction f(a: any) { open(); }\nexport function main() { f(1); }\n"],
  ["twice.py", "def main():\n    f()\ndef f():\n    first()\ndef f():\n    open()\n"],
  ["guarded.py", "def main():\n    f()\ntry:\n    import fast\nexcept ImportError:\n    def f():\n        open()\n"],
  ["block.js", "function main() { f(); { function f() { inner(); } } }\nfunction f() { open(); }\n"],
])("a call finds the body of what it names: %s", async (path, text) => {
  expect(calledFromMain(await lowered(path, text))).toEqual(["open"]);
});

test("several functions of one name are each there once, with their bodies", async () => {
  const file = await lowered("a.go", "package a\nfunc init() { f() }\nfunc init() { g() }\n");
  expect(file.unit.functions.map((fn) => [fn.name, fn.hasBody])).toEqual([
    ["", true],
    ["init", true],
    ["init", true],
  ]);
});

test("a function inside finally is lowered with each copy", async () => {
  const file = await lowered("a.py", "def f():\n    try:\n        return a()\n    finally:\n        def g():\n            b()\n        g()\n");
  const copies = file.unit.functions.filter((fn) => fn.name === "g");
  expect(copies.length).toBeGreaterThan(1);
  for (const copy of copies) expect(graphOf(copy).calls).toHaveLength(1);
});

test("the members of a class are there once, wherever it is mentioned before", async () => {
  const file = await lowered("a.ts", "export const make = () => new A();\nexport class A { f() {} }\nif (x) { class A { g() {} } }\n");
  expect(file.unit.classes.map((cls) => cls.methods.map((id) => file.unit.functions[id]!.name))).toEqual([["f"], ["g"]]);
});
