import { expect, test } from "vitest";
import { lowered } from "./lowered.ts";
import { pathsOf } from "./paths.ts";

const pathsIn = async (body: string, all = false): Promise<readonly string[]> =>
  pathsOf(await lowered("a.go", `package a\n\nfunc f(p []int, ch chan int, done chan bool) {\n${body}\n}\n`), "f", { all });

test.each<[string, string, readonly string[]]>([
  ["&& and || evaluate what is needed", "if a() && b() || c() { d() }", ["a b c d return", "a b c return", "a b d return", "a c d return", "a c return"]],
  ["an init statement runs before the test", "if x := a(); b(x) { c() } else { d() }", ["a b c return", "a b d return"]],
  ["defer is noted where it stands", "a()\nif b() { return }\ndefer c()\nd()", ["a b defer c d return", "a b return"]],
  ["defer of a literal function", "defer func() { c() }()\nd()", ["defer fn d return"]],
  ["arguments of defer are evaluated at once", "defer c(a())\nd()", ["a defer c d return"]],
  ["go spawns", "go a(b())\nc()", ["b spawn a c return"]],
  ["a switch runs one case, without default perhaps none", "switch a() {\ncase 1: b()\ncase 2, 3: c()\n}\nd()", ["a b d return", "a c d return", "a d return"]],
  ["a switch with default runs one", "switch a() {\ncase 1: b()\ndefault: c()\n}", ["a b return", "a c return"]],
  ["fallthrough goes on with the next case", "switch a() {\ncase 1: b()\nfallthrough\ncase 2: c()\n}", ["a b c return", "a c return", "a return"]],
  ["a switch without subject is a chain of tests", "switch {\ncase a(): b()\ncase c(): d()\ndefault: e()\n}", ["a b return", "a c d return", "a c e return"]],
  ["break in a switch leaves the switch", "for _, x := range p {\nswitch {\ncase a(x): break\n}\nb()\n}", ["a b return", "return"]],
  ["a type switch chooses", "var v any = a()\nswitch x := v.(type) {\ncase int: b(x)\ncase error: c(x)\n}", ["a b return", "a c return", "a return"]],
  [
    "select takes one of its cases",
    "select {\ncase v := <-ch: a(v)\ncase ch <- 1: b()\ncase <-done: return\n}\nc()",
    ["<-ch a c return", "<-done return", "ch<-1 b c return"],
  ],
  ["select with default may take none", "select {\ncase <-ch: a()\ndefault: b()\n}", ["<-ch a return", "b return"]],
  [
    "break with a label leaves the loop around a select",
    "loop:\nfor {\nselect {\ncase <-done: break loop\ncase <-ch: a()\n}\n}\nb()",
    ["<-ch a <-ch a <-done b return", "<-ch a <-done b return", "<-done b return"],
  ],
  [
    "continue with a label goes on with the outer loop",
    "outer:\nfor range p {\nfor range p {\nif a() { continue outer }\nb()\n}\nc()\n}",
    ["a b c return", "a return", "c return", "return"],
  ],
  ["a send and a receive are events", "ch <- a()\nx := <-ch\nb(x)", ["a ch<-a() <-ch b return"]],
  [
    "range over a number and over a function are loops",
    "for i := range 10 { a(i) }\nfor x := range b { c(x) }",
    ["a c return", "a return", "c return", "return"],
  ],
  ["a C-style loop tests first and updates last", "for i := a(); b(i); c() { d() }", ["a b d c b return", "a b return"]],
  ["an endless loop has no way out but its own", "for {\nif a() { return }\nb()\n}", ["a b a return", "a return"]],
])("%s", async (_, body, expected) => {
  expect(await pathsIn(body)).toEqual(expected);
});

test("calls do not throw in Go", async () => {
  const file = await lowered("a.go", "package a\nfunc f() { g() }\nfunc h() { defer f(); g() }\n");
  expect(file.graph("f").blocks.every((block) => block.handler === -1)).toBe(true);
});

test(":= declares the new names of its block and assigns the others", async () => {
  const file = await lowered(
    "a.go",
    [
      "package a",
      "func f() error {",
      "  x, err := a()",
      "  y, err := b(x)",
      "  if z, err := c(y); err != nil {",
      "    return err",
      "  }",
      "  return err",
      "}",
    ].join("\n"),
  );
  const errs = file.variables("err");
  expect(errs).toHaveLength(2);
  expect(errs.map((err) => err.definitions.length)).toEqual([2, 1]);
  const returned = file.graph("f").blocks.flatMap(({ end }) => (end.t === "return" && end.value?.k === "var" ? [file.unit.variables[end.value.id]] : []));
  expect(new Set(returned)).toEqual(new Set(errs));
});

test("the blank identifier keeps nothing", async () => {
  const file = await lowered("a.go", "package a\nfunc f() {\n  _, err := a()\n  _ = err\n}\n");
  expect(file.variables("_")).toEqual([]);
});

test("err != nil is a test for null whose branch is told as it is written", async () => {
  const file = await lowered("a.go", "package a\nfunc f() {\n  r, err := a()\n  if err != nil { b() }\n  c(r)\n}\n");
  expect(pathsOf(file, "f", { tests: true })).toEqual(["a (null(err)) c return", "a ¬(null(err)) b c return"]);
  const branch = file.graph("f").blocks.find(({ end }) => end.t === "branch")!.end;
  expect(branch).toMatchObject({ t: "branch", negated: true });
});

test("methods stand in the class of their receiver, wherever the type stands in the file", async () => {
  const file = await lowered(
    "a.go",
    "package a\nfunc (m *Manager) Get() *Client { return m.client }\ntype Manager struct { client *Client }\nfunc (o *Other) Put() {}\n",
  );
  expect(file.cls("Manager").methods.map((id) => file.unit.functions[id]!.qualifiedName)).toEqual(["Manager.Get"]);
  expect(file.fn("Other.Put")).toMatchObject({ cls: -1, receiver: { shape: "pointer" } });
  expect(file.exported).toEqual(["Manager"]);
});

test("results and named results keep their types", async () => {
  const file = await lowered("a.go", "package a\nfunc f() (n int, err error) { return }\nfunc g() (*T, error) { return nil, nil }\ntype T struct{}\n");
  expect(file.fn("f").namedResults.map((id) => file.unit.variables[id]!.name)).toEqual(["n", "err"]);
  expect(file.fn("g").results.map((type) => type.shape)).toEqual(["pointer", "named"]);
});

test("package variables, functions and types are exported, imports are not", async () => {
  const file = await lowered(
    "a.go",
    'package a\nimport h "net/http"\nvar Client, other = h.DefaultClient, 1\nconst Max = 3\ntype T struct{}\nfunc F() {}\nfunc (t T) M() {}\n',
  );
  expect([...file.exported].sort()).toEqual(["Client", "F", "Max", "T", "other"]);
  expect(file.unit.imports.map((one) => one.module)).toEqual(["net/http"]);
});

test("a closure captures what it mentions, through the functions between", async () => {
  const file = await lowered("a.go", "package a\nfunc f(x int) {\n  y := 1\n  go func() {\n    func() { use(x, y) }()\n    y := 2\n    _ = y\n  }()\n}\n");
  expect(file.captures(file.lambda(0))).toEqual(["x", "y"]);
  expect(file.captures(file.lambda(1))).toEqual(["x", "y"]);
});

test("dereferences, slices and parts are values of their own", async () => {
  const paths = await pathsIn("a, b := g()\nm[a] = b\ns.n = p[1:]\nx := *q\ndelete(m, a)", true);
  expect(paths).toEqual(["g a=g()#0 b=g()#1 m[a]=b s.n=p[:] x=q delete return"]);
});
