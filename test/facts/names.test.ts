import { describe, expect, test } from "vitest";
import { type Lowered, lowered } from "./lowered.ts";
import { pathsOf } from "./paths.ts";

/** The variables behind the names that the calls of a function take as their first argument. */
function firstArguments(file: Lowered, fn: string): readonly (number | null)[] {
  return file.graph(fn).calls.map(({ args }) => (args[0]?.value.k === "var" ? file.unit.variables[args[0].value.id]!.fn : null));
}

describe("Python", () => {
  test("a name assigned anywhere in a function is the function's own", async () => {
    const file = await lowered("a.py", "x = 1\ndef f():\n    use(x)\n    x = 2\ndef g():\n    use(x)\n");
    const f = file.unit.functions.indexOf(file.fn("f"));
    expect(firstArguments(file, "f")).toEqual([f]);
    expect(firstArguments(file, "g")).toEqual([0]);
  });

  test("global and nonlocal name the outer variable", async () => {
    const file = await lowered(
      "a.py",
      "count = 0\ndef f():\n    global count, made\n    count = open_it()\n    made = 1\n    total = 0\n    def g():\n        nonlocal total\n        total = count\n    return g\n",
    );
    expect(file.variables("count")).toHaveLength(1);
    expect(file.variables("count")[0]!.definitions).toHaveLength(2);
    expect(file.variables("made")).toMatchObject([{ fn: 0 }]);
    expect(file.variables("total")).toHaveLength(1);
    expect(file.captures(file.fn("f.g"))).toEqual(["count", "total"]);
    expect([...file.exported].sort()).toEqual(["count", "f", "made"]);
  });

  test("methods do not see the class body, statements of the body do", async () => {
    const file = await lowered(
      "a.py",
      "class A:\n    limit = 3\n    class B:\n        pass\n    other = B()\n    def f(self):\n        use(limit)\n        return self.limit\n",
    );
    expect(file.graph("A.f").calls[0]!.args[0]!.value).toEqual({ k: "ref", module: null, name: "limit" });
    expect(file.cls("A").fields.map((field) => field.name)).toEqual(["limit", "other"]);
    expect(file.cls("A").fields[1]!.definitions).toHaveLength(1);
  });

  test("the receiver keeps its own name, also in closures", async () => {
    const file = await lowered(
      "a.py",
      "class A:\n    def f(me):\n        me.items = []\n        return lambda: me.items.append(1)\n    @staticmethod\n    def g(me):\n        return me\n",
    );
    expect(file.cls("A").fields.map((field) => field.name)).toEqual(["items"]);
    expect(file.fn("A.f").receiverName).toBe("me");
    expect(file.fn("A.g").params.map((param) => param.name)).toEqual(["me"]);
    const [call] = JSON.parse(file.lambda().graph).calls;
    expect(call.callee).toMatchObject({ k: "field", name: "append", of: { k: "field", name: "items", of: { k: "this" } } });
  });

  test("functions may be called above where they stand", async () => {
    const file = await lowered("a.py", "def f():\n    return g()\ndef g():\n    pass\n");
    expect(file.graph("f").calls[0]!.callee.k).toBe("fn");
  });

  test("the last of two definitions of one name is the one others see", async () => {
    const file = await lowered("a.py", "try:\n    from fast import load\nexcept ImportError:\n    def load():\n        pass\n");
    expect(file.exported).toEqual(["load"]);
  });

  test("imports bind modules, members and aliases", async () => {
    const file = await lowered(
      "a.py",
      "import os.path\nimport numpy as np\nfrom .feeds import open_feed as of\nfrom . import db\nos.path.join()\nnp.load()\nof()\ndb.get()\n",
    );
    expect(pathsOf(file, "")).toEqual(["os:path.join numpy:load .feeds:open_feed .:db.get return"]);
  });

  test("comprehensions have a scope of their own", async () => {
    const file = await lowered("a.py", "def f(xs):\n    x = 1\n    ys = [x for x in xs]\n    use(x)\n");
    expect(file.variables("x")).toHaveLength(2);
    expect(file.variables("x")[0]!.definitions).toHaveLength(1);
  });
});

describe("JavaScript and TypeScript", () => {
  test("let and const live in their block, var in the function, functions everywhere in their block", async () => {
    const file = await lowered(
      "a.ts",
      "function f() {\n  use(x); late();\n  var x = 1;\n  { let x = 2; use(x); }\n  { var x = 3; }\n  function late() {}\n}\n",
    );
    expect(file.variables("x").map((one) => one.definitions.length)).toEqual([2, 1]);
    expect(file.graph("f").calls[1]!.callee.k).toBe("fn");
  });

  test("a const of the file is known inside functions above it", async () => {
    const file = await lowered("a.ts", "export const f = () => cache.get(1);\nconst cache = new Map();\n");
    expect(file.captures(file.lambda())).toEqual(["cache"]);
    expect(file.variables("cache")).toMatchObject([{ isConst: true, fn: 0 }]);
  });

  test("destructuring names its parts", async () => {
    const file = await lowered("a.ts", "function f({ a, b: { c = d() }, ...rest }: any, [x, , y]: any) {}\n");
    expect(pathsOf(file, "f", { all: true })).toEqual([expect.stringContaining("d c=either(.b.c, d())")]);
    expect(
      file.unit.variables
        .map((one) => one.name)
        .filter((name) => name !== "")
        .sort(),
    ).toEqual(["a", "c", "rest", "x", "y"]);
  });

  test("parameter properties and field initialisers are fields", async () => {
    const file = await lowered(
      "a.ts",
      "class A {\n  static all = new Map();\n  #items: string[] = [];\n  constructor(private readonly pool: Pool) { this.late = 1; }\n  late: number;\n}\n",
    );
    const fields = file.cls("A").fields;
    expect(fields.map((field) => [field.name, field.isStatic]).sort()).toEqual([
      ["#items", false],
      ["all", true],
      ["late", false],
      ["pool", false],
    ]);
    expect(fields.find((field) => field.name === "pool")!.definitions).toHaveLength(1);
    expect(
      file
        .cls("A")
        .methods.map((id) => file.unit.functions[id]!.kind)
        .sort(),
    ).toEqual(["constructor", "initializer"]);
  });

  test("every form of export", async () => {
    const file = await lowered(
      "a.ts",
      "export const a = 1, { b } = x;\nexport function c() {}\nexport default class D {}\nconst e = 1;\nexport { e as f };\nexport { g as h } from './g';\nexport * from './all';\nexport * as ns from './ns';\nexport type T = string;\n",
    );
    expect([...file.exported].sort()).toEqual(["*", "T", "a", "b", "c", "default", "f", "h", "ns"]);
    expect(file.unit.exports.find((one) => one.name === "h")!.value).toEqual({ k: "ref", module: "./g", name: "g" });
  });

  test("module.exports and exports", async () => {
    const file = await lowered("a.js", "const a = require('./a');\nexports.b = 1;\nmodule.exports.c = a.c;\nmodule.exports = { d: a };\n");
    expect(file.unit.exports.map((one) => [one.name, one.isModule])).toEqual([
      ["b", false],
      ["c", false],
      ["default", true],
    ]);
    expect(file.unit.exports[1]!.value).toMatchObject({ k: "field", name: "c", of: { k: "var" } });
    expect(file.variables("a")[0]!.definitions).toMatchObject([{ value: { k: "ref", module: "./a", name: "" } }]);
  });

  test("type imports are noted as such", async () => {
    const file = await lowered("a.ts", "import type { A } from './a';\nimport { type B, c } from './b';\nc();\n");
    expect(file.unit.imports.map((one) => [one.module, one.typeOnly])).toEqual([
      ["./a", true],
      ["./b", false],
    ]);
  });
});
