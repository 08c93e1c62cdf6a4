import { describe, expect, test } from "vitest";
import { lowered } from "./lowered.ts";

describe("leakhound-ignore", () => {
  test.each([
    ["a.py", "#", ""],
    ["a.go", "//", "package a\n"],
    ["a.php", "#", "<?php\n"],
    ["a.php", "//", "<?php\n"],
    ["a.ts", "//", ""],
  ])("in %s behind %s: on its own line it means the next line of code, behind code its own", async (path, comment, head) => {
    const line = head === "" ? 1 : 2;
    const { facts } = await lowered(
      path,
      `${head}${comment} leakhound-ignore unclosed-resource -- by design\n\n${comment} more words\nf()  ${comment} leakhound-ignore n-plus-one, untimed-exec -- bounded: 3\n`,
    );
    expect(facts.suppressions).toEqual([
      { line, target: line + 3, rules: ["unclosed-resource"], justification: "by design" },
      { line: line + 3, target: line + 3, rules: ["n-plus-one", "untimed-exec"], justification: "bounded: 3" },
    ]);
  });

  test("without a rule or a reason it names no rules", async () => {
    const { facts } = await lowered(
      "a.py",
      "a()  # leakhound-ignore\nb()  # leakhound-ignore n-plus-one\nc()  # leakhound-ignore -- why\n# not leakhound-ignore n-plus-one -- x\n",
    );
    expect(facts.suppressions.map((one) => one.rules)).toEqual([[], [], []]);
  });

  test("in a block comment", async () => {
    const { facts } = await lowered("a.ts", "/* leakhound-ignore n-plus-one -- ten rows\n   at most */\nf();\n");
    expect(facts.suppressions).toEqual([{ line: 1, target: 3, rules: ["n-plus-one"], justification: expect.stringContaining("ten rows") }]);
  });
});

describe("what is not understood", () => {
  test("syntax errors are told by line, and the rest of the file is there", async () => {
    const file = await lowered("a.py", "def f():\n    return 1\n\nx = = 2\n\ndef g():\n    return h()\n");
    expect(file.facts.syntaxErrors).toEqual([4]);
    expect(file.graph("g").calls).toHaveLength(1);
  });

  test("an empty file has its top-level code and nothing else", async () => {
    for (const path of ["a.py", "a.php", "a.ts", "a.js"]) {
      const { facts } = await lowered(path, "");
      expect(facts).toMatchObject({ lines: 1, syntaxErrors: [], unit: { functions: [{ kind: "module" }], classes: [], exports: [] } });
    }
  });

  test.each([
    ["a.py", "def before():\n    g()\nx = ", "[", "1", "]"],
    ["a.py", "def before():\n    g()\nx = ", "lambda: ", "1", ""],
    ["a.go", "package a\nfunc before() { g() }\nvar x = ", "(", "1", ")"],
    ["a.go", "package a\nfunc before() { g() }\nfunc f() ", "{\n", "", "}"],
    ["a.php", "<?php function before() { g(); }\n$x = ", "[", "1", "];"],
    ["a.php", "<?php function before() { g(); }\n", "if (a()) {\n", "", "}"],
  ])("20,000 times nested in %s: %s%s… and what stands before it is there", async (path, head, open, inner, close) => {
    const file = await lowered(path, `${head}${open.repeat(20_000)}${inner}${close.repeat(20_000)}\n`);
    expect(file.graph("before").calls).toHaveLength(1);
  });

  test.each(["x = ${f(", "(", "() => {", "if (a()) {\n", "[", "<a>"])(
    "a script nested 20,000 times with %s, deeper than its parser reaches, is not understood as a whole",
    async (open) => {
      const { facts } = await lowered("a.jsx", `function before() { g() }\nx = ${open.repeat(20_000)}`);
      expect(facts.syntaxErrors).not.toEqual([]);
    },
  );

  test("a long chain of calls, of operators and of else-ifs does not overflow", async () => {
    for (const text of [`x = a${".b()".repeat(5000)}\n`, `x = ${"1 + ".repeat(20_000)}a()\n`, `if (a) {} ${"else if (b()) {}\n".repeat(3000)}`]) {
      const outcome = await lowered("a.ts", text).catch((error: unknown) => error);
      expect(outcome).not.toBeInstanceOf(Error);
    }
  });
});

test("offsets and lines are those of the text, whatever its line ends and letters", async () => {
  const text = "# héllo 😀\r\ndef f():\r\n    return 'ü' + open('x')\r\n";
  const file = await lowered("a.py", text);
  const [call] = file.graph("f").calls;
  expect(text.slice(call!.start, call!.end)).toBe("open('x')");
  expect(file.facts.lines).toBe(4);
});

test("facts are plain data", async () => {
  const { facts } = await lowered("a.ts", "class A { m() { return () => this.x; } }\n");
  expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
});
