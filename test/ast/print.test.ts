import { expect, test } from "vitest";
import type { Binary, Expression, If, Name, Node } from "../../src/ast/nodes.ts";
import { printNode } from "../../src/ast/print.ts";
import { childrenOf, walk } from "../../src/ast/visit.ts";

const at = { start: 0, end: 1 };
const name = (text: string): Name => ({ kind: "Name", name: text, isVariable: false, ...at });
const plus = (left: Expression, right: Expression): Binary => ({ kind: "Binary", operator: "+", left, right, ...at });
const branch: If = {
  kind: "If",
  test: plus(name("a"), name("b")),
  consequent: { kind: "Block", body: [{ kind: "Return", value: name("c"), ...at }], ...at },
  alternate: null,
  ...at,
};

function deep(levels: number): Expression {
  let node: Expression = name("x");
  for (let i = 0; i < levels; i++) node = plus(node, name("y"));
  return node;
}

test("statements stand on lines of their own, expressions on one", () => {
  expect(printNode(branch)).toBe("(if (+ a b)\n  (then\n    (return c)))");
});

test("spans are printed on request, absent nodes as ~", () => {
  expect(printNode(branch.test, { spans: true })).toBe("(+@0-1 a@0-1 b@0-1)");
  expect(printNode(null)).toBe("~");
});

test("children come in source order without gaps", () => {
  expect(childrenOf(branch).map((c) => c.kind)).toEqual(["Binary", "Block"]);
});

test("a walk sees every node once, parents first, and leaves out what it is told to", () => {
  const all: string[] = [];
  walk(branch, (n) => void all.push(n.kind));
  expect(all).toEqual(["If", "Binary", "Name", "Name", "Block", "Return", "Name"]);
  const outer: Node[] = [];
  walk(branch, (n) => {
    outer.push(n);
    return n.kind !== "Block";
  });
  expect(outer).toHaveLength(5);
});

test("depth is no concern", () => {
  let count = 0;
  walk(deep(20_000), () => void count++);
  expect(count).toBe(40_001);
  expect(printNode(deep(20_000))).toContain("…");
});
