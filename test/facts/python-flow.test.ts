import { expect, test } from "vitest";
import { lowered } from "./lowered.ts";
import { pathsOf } from "./paths.ts";

const pathsIn = async (body: string): Promise<readonly string[]> => pathsOf(await lowered("a.py", `async def f(p, q):\n${body.replace(/^/gm, "    ")}\n`), "f");

test.each<[string, string, readonly string[]]>([
  ["and stops at the first false", "if a() and b():\n  c()\nd()", ["a b c d return", "a b d return", "a d return"]],
  ["or stops at the first true", "if a() or b():\n  c()\nd()", ["a b c d return", "a b d return", "a c d return"]],
  ["not swaps the ways", "if not (a() and b()):\n  c()", ["a b c return", "a b return", "a c return"]],
  ["elif is tried only when the first test fails", "if a():\n  x()\nelif b():\n  y()\nelse:\n  z()", ["a b y return", "a b z return", "a x return"]],
  ["a conditional expression runs one side", "v = a() if c() else b()", ["c a return", "c b return"]],
  ["a value by or runs the right side only when needed", "v = a() or b()\nc()", ["a b c return", "a c return"]],
  ["a literal condition has one way", "while True:\n  if a():\n    break\nb()", ["a a b return", "a b return"]],
  ["for else runs when the loop is not broken", "for x in p:\n  if a():\n    break\nelse:\n  b()\nc()", ["a b c return", "a c return", "b c return"]],
  ["continue skips the rest of the body", "for x in p:\n  if a():\n    continue\n  b()\nc()", ["a b c return", "a c return", "c return"]],
  ["an assertion that does not hold is no way that anybody plans for", "assert a()\nb()", ["a b return"]],
  ["code after a return is not there", "return a()\nb()", ["a return"]],
  ["a comprehension filters, then works", "v = [b(x) for x in a() if c(x)]\nd()", ["a c b d return", "a c d return", "a d return"]],
  ["nested clauses run the inner iterable per element", "v = {b(y) for x in a() for y in c(x)}", ["a c b return", "a c return", "a return"]],
  [
    "match runs one case or none",
    "match a():\n  case 1:\n    b()\n  case [x, *rest] if c(x):\n    d()\ne()",
    ["a b e return", "a c d e return", "a c e return", "a e return"],
  ],
  ["match with a wildcard always runs one", "match a():\n  case 1:\n    b()\n  case _:\n    c()", ["a b return", "a c return"]],
  ["with enters in order and leaves in reverse", "with a() as x, b() as y:\n  c()", ["a enter a() b enter b() c leave b() leave a() return"]],
  [
    "async with and async for are like their plain forms",
    "async with a():\n  async for x in p:\n    b()",
    ["a enter a() b leave a() return", "a enter a() leave a() return"],
  ],
  ["an exception leaves a with body", "with a():\n  risky()", ["a enter a() risky leave a() return", "a enter a() risky! exception"]],
  ["a walrus binds before the body", "while (x := a()):\n  b(x)", ["a b a return", "a return"]],
  ["yield is an event", "yield a()\nb()", ["a yield a() b return"]],
])("%s", async (_, body, expected) => {
  expect(await pathsIn(body)).toEqual(expected);
});

test.each<[string, string, readonly string[]]>([
  ["a handler catches what the body throws", "try:\n  risky()\n  a()\nexcept E:\n  b()\nc()", ["b c return", "risky a c return"]],
  ["one of several handlers catches", "try:\n  risky()\nexcept E:\n  a()\nexcept (F, G) as e:\n  b()", ["a return", "b return", "risky return"]],
  ["else runs without an exception, and its own are not caught", "try:\n  a()\nexcept E:\n  b()\nelse:\n  risky()\n", ["a risky return", "a risky! exception"]],
  ["finally runs on the normal and the exceptional way", "try:\n  risky()\nfinally:\n  a()\nb()", ["a exception", "risky a b return"]],
  ["finally runs on return", "try:\n  return a()\nfinally:\n  b()\nc()", ["a b return"]],
  [
    "finally runs on break and continue",
    "for x in p:\n  try:\n    if a():\n      break\n    if b():\n      continue\n  finally:\n    c()\nd()",
    ["a b c d return", "a c d return", "d return"],
  ],
  [
    "finally runs when a handler throws",
    "try:\n  risky()\nexcept E:\n  risky_handler()\nfinally:\n  a()",
    ["a exception", "risky a return", "risky_handler a return"],
  ],
  ["finally runs when a handler returns", "try:\n  risky()\nexcept E:\n  return b()\nfinally:\n  a()\nc()", ["b a return", "risky a c return"]],
  ["a return inside finally wins", "try:\n  risky()\nfinally:\n  return a()", ["a return", "risky a return"]],
  ["nested finally run innermost first", "try:\n  try:\n    return a()\n  finally:\n    b()\nfinally:\n  c()", ["a b c return"]],
  ["a raise in a try goes to the handler", "try:\n  raise a()\nexcept E:\n  b()", ["a b return"]],
  ["a raise in a handler leaves", "try:\n  risky()\nexcept E:\n  a()\n  raise", ["a throw", "risky return"]],
  ["a raise passes the finally around it", "try:\n  raise a()\nfinally:\n  b()", ["a b exception"]],
  ["an exception in finally is the function's", "try:\n  a()\nfinally:\n  risky()", ["a risky return", "a risky! exception"]],
])("try: %s", async (_, body, expected) => {
  expect(await pathsIn(body)).toEqual(expected);
});
