import { expect, test } from "vitest";
import { linked } from "./linked.ts";

/** Asks for everything there is: every variable's type, every return type, every call's target. */
async function askAll(files: Readonly<Record<string, string>>): Promise<number> {
  const { program } = await linked(files);
  let asked = 0;
  for (const file of program.files) {
    for (const id of file.facts.unit.variables.keys()) program.types.variable(file, id);
    for (const cls of file.classes) {
      program.hierarchy.subclasses(cls);
      for (const name of ["f", "g", "run"]) program.hierarchy.overrides(cls, name);
      for (const field of cls.fact.fields) program.types.fieldType(cls, field.name);
    }
  }
  for (const fn of program.functions()) {
    program.types.returnType(fn);
    for (const id of fn.graph.calls.keys()) program.target(fn, id);
    asked++;
  }
  return asked;
}

test.each<[string, Record<string, string>]>([
  ["functions that return each other's results", { "a.py": "def f():\n    return g()\ndef g():\n    return f()\nx = f()\n" }],
  ["variables defined by each other", { "a.py": "a = b\nb = a\nc = c.d\n" }],
  [
    "classes that are each other's base",
    { "a.py": "class A(B):\n    def f(self): return super().f()\nclass B(A):\n    pass\nclass C(C):\n    pass\nA().f()\n" },
  ],
  ["bases that lead over files in a circle", { "a.py": "from b import B\nclass A(B): pass\n", "b.py": "from a import A\nclass B(A): pass\n" }],
  ["fields that hold what holds them", { "a.ts": "class N { next = this.prev; prev = this.next; f() { return this.next.prev.next.f(); } }\nnew N().f();" }],
  [
    "types written in terms of themselves",
    { "a.ts": "type A = A[] | B; type B = { a: A; b: B };\nfunction f(x: A, y: B) { x[0].b.a[0].f(); return f(y.a, y); }" },
  ],
  [
    "Go types in a circle",
    {
      "a.go":
        "package a\ntype A = B\ntype B = A\ntype S struct { *S; next *T }\ntype T struct { S }\nfunc (t *T) run() { t.next.next.run(); t.S.S.run() }\ntype I interface { I; run() }\nfunc f(i I) { i.run() }\n",
    },
  ],
  [
    "PHP classes and traits in a circle",
    {
      "a.php":
        "<?php\nclass A extends B { use T; function f() { return parent::f()->f(); } }\nclass B extends A {}\ntrait T { use T; function g() { return $this->f()->g(); } }\n",
    },
  ],
  ["a default that is the module itself", { "a.js": "const a = require('./a');\nmodule.exports = a;\na.b.c();" }],
  ["exports in a circle of requires", { "a.js": "module.exports = require('./b');", "b.js": "module.exports = require('./a');\nrequire('./a').x();" }],
  ["a callback that calls what it is passed to", { "a.ts": "function each(f: any) { each((x: any) => x.each(each)); f((y: any) => f(y)); }" }],
])("%s", async (_, files) => {
  expect(await askAll(files)).toBeGreaterThan(0);
});

test("long chains of bases, members and calls end", async () => {
  const classes = Array.from({ length: 400 }, (_, i) => `class C${i + 1}(C${i}):\n    pass\n`).join("");
  const calls = Array.from({ length: 400 }, (_, i) => `def f${i}():\n    return f${i + 1}()\n`).join("");
  expect(
    await askAll({ "a.py": `class C0:\n    def run(self): pass\n${classes}${calls}def f400():\n    return C400()\nf0().run()\nx = f0()${".a".repeat(400)}\n` }),
  ).toBeGreaterThan(400);
});
