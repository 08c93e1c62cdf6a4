import { describe, expect, it } from "vitest";
import { readExpectations } from "./expectation.ts";

const read = (text: string): readonly string[] => readExpectations("a.py", text).expected.map((one) => `${one.marker} ${one.rule} ${one.line}`);

describe("expectations of a fixture", () => {
  it("takes a trailing comment for its own line and a lone one for the next line of code", () => {
    expect(read("f = open(p)  # expect: unclosed-resource\n# verified: untimed-exec\n\n# why\nrun()")).toEqual([
      "expect unclosed-resource 1",
      "verified untimed-exec 5",
    ]);
  });

  it("reads stacked markers, on lines of their own or behind each other", () => {
    expect(read("// expect: a-b\n// expect: c-d\nx() // expect: e-f // verified: g-h")).toEqual([
      "expect a-b 3",
      "expect c-d 3",
      "expect e-f 3",
      "verified g-h 3",
    ]);
  });

  it("reads fragment, confidence, step and reason", () => {
    const { expected } = readExpectations(
      "a.ts",
      'x(); // expect: a "b c" (medium) via "d"\ny(); /* expect-missing: a -- not yet */\n{/* expect: b */}\n<A />',
    );
    expect(expected.map(({ fragment, confidence, via, reason }) => [fragment, confidence, via, reason])).toEqual([
      ["b c", "medium", "d", ""],
      ["", null, "", "not yet"],
      ["", null, "", ""],
    ]);
  });

  it("does not take a PHP attribute for a comment", () => {
    expect(read("// expect: a\n#[Route('/x')]\nfunction f() {}")).toEqual(["expect a 2"]);
  });

  it("names what it cannot read", () => {
    expect(readExpectations("a.py", "x()  # expect: Not A Rule\n# expect-missing: a\ny()\n# expect: a").mistakes).toHaveLength(3);
  });
});
