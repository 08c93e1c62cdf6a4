import { expect, test } from "vitest";
import { lowered } from "./lowered.ts";
import { pathsOf } from "./paths.ts";

const pathsIn = async (body: string): Promise<readonly string[]> => pathsOf(await lowered("a.ts", `async function* f(p: any, q: any) {\n${body}\n}\n`), "f");

test.each<[string, string, readonly string[]]>([
  ["&& and ||", "if (a() && !b() || c()) d();", ["a b c d return", "a b c return", "a b d return", "a c d return", "a c return"]],
  ["?? runs the right side when needed", "const v = a() ?? b();", ["a b return", "a return"]],
  [
    "??=, ||= and &&= write only when needed",
    "p.x ??= a(); q.y ||= b(); q.z &&= c();",
    ["", "a ", "b ", "c ", "a b ", "a c ", "b c ", "a b c "].map((calls) => `${calls}return`),
  ],
  ["the conditional operator", "const v = a() ? b() : c();", ["a b return", "a c return"]],
  ["a statement by &&", "a() && b();\nc();", ["a b c return", "a c return"]],
  ["comma evaluates both", "a(), b();", ["a b return"]],
  ["switch falls through", "switch (a()) { case 1: b(); case 2: { c(); break; } default: d(); }\ne();", ["a b c e return", "a c e return", "a d e return"]],
  ["for of and its break", "for (const x of a()) { if (b(x)) break; c(); }\nd();", ["a b c d return", "a b d return", "a d return"]],
  [
    "for await and for in are loops",
    "for await (const x of a()) { b(x); }\nfor (const k in p) { c(k); }",
    ["a b c return", "a b return", "a c return", "a return"],
  ],
  ["labels", "outer: for (const x of p) { for (const y of q) { if (a()) continue outer; b(); } c(); }", ["a b c return", "a return", "c return", "return"]],
  ["a labelled block can be left", "done: { if (a()) break done; b(); }\nc();", ["a b c return", "a c return"]],
  ["do while", "do { a(); } while (b());", ["a b a b return", "a b return"]],
  ["try, catch and finally", "try { await risky(); a(); } catch { b(); } finally { c(); }\nd();", ["b c d return", "risky a c d return"]],
  ["finally on return and throw", "try { if (a()) return b(); throw c(); } finally { d(); }", ["a b d return", "a c d exception"]],
  ["throw in a catch", "try { risky(); } catch (e) { a(); throw e; }\nb();", ["a throw", "risky b return"]],
  ["using enters and leaves", "{ using x = a(); await using y = b(); c(); }\nd();", ["a enter a() b enter b() c leave b() leave a() d return"]],
  ["yield", "const x = yield a();\nyield* b();", ["a yield a() b yield b() return"]],
  ["a tagged template calls nobody but says what it uses", `const x = a()\`\${b()}\`;`, ["a b return"]],
  ["an exception leaves by the call", "a();\nrisky();\nb();", ["a risky b return", "a risky! exception"]],
  ["optional calls and new", "new A(a())?.b?.(c());", ["a A c A().b return"]],
])("%s", async (_, body, expected) => {
  expect(await pathsIn(body)).toEqual([...expected].sort());
});
