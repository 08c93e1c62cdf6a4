import { expect, test } from "vitest";
import { lowered } from "./lowered.ts";
import { pathsOf } from "./paths.ts";

const pathsIn = async (body: string): Promise<readonly string[]> => pathsOf(await lowered("a.php", `<?php\nfunction f($p, $q) {\n${body}\n}\n`), "f");

test.each<[string, string, readonly string[]]>([
  ["&& and || evaluate what is needed", "if (a() && (b() || c())) { d(); }", ["a b c d return", "a b c return", "a b d return", "a return"]],
  ["and, or and not", "if (!a() and b()) c();", ["a b c return", "a b return", "a return"]],
  ["or die() is a condition of its own", "a() or b();\nc();", ["a b c return", "a c return"]],
  ["?? evaluates its right side only for null", "$v = a() ?? b();", ["a b return", "a return"]],
  ["??= writes only when it was null", "$this->x ??= a();\nreturn b();", ["a b return", "b return"]],
  ["the short ternary", "$v = a() ?: b();", ["a b return", "a return"]],
  ["elseif and the colon form", "if (a()): b();\nelseif (c()): d();\nelse: e();\nendif;", ["a b return", "a c d return", "a c e return"]],
  ["switch falls through until break", "switch (a()) {\ncase 1: b();\ncase 2: c(); break;\ndefault: d();\n}", ["a b c return", "a c return", "a d return"]],
  [
    "continue counts the switch as a loop",
    "foreach ($p as $x) {\nswitch ($x) {\ncase 1: continue 2;\ncase 2: a();\n}\nb();\n}",
    ["a b return", "b return", "return"],
  ],
  ["break 2 leaves two loops", "while (a()) {\nforeach ($p as $x) {\nbreak 2;\n}\nb();\n}\nc();", ["a b a c return", "a c return"]],
  ["match runs one arm", "$v = match (a()) {\n1, 2 => b(),\ndefault => c(),\n};", ["a b return", "a c return"]],
  ["throw is an expression", "$v = a() ?? throw new E();\nb();", ["a E throw", "a b return"]],
  ["foreach", "foreach (a() as $k => $x) { b($x); }\nc();", ["a b c return", "a c return"]],
  ["do while tests last", "do { a(); } while (b());\nc();", ["a b a b c return", "a b c return"]],
  ["exit is a call", "if (a()) { exit(1); }\nb();", ["a b return", "a exit b return"]],
  ["catch with several types", "try { risky(); a(); } catch (A | B $e) { b(); } catch (\\C) { c(); }", ["b return", "c return", "risky a return"]],
  [
    "finally on every way out",
    "try { risky();\nif (a()) return 1;\n} catch (E $e) { throw $e; } finally { b(); }\nc();",
    ["b exception", "risky a b c return", "risky a b return"],
  ],
  ["a generator yields", "yield a() => b();\nyield from c();", ["a b yield tuple(a(), b()) c yield c() return"]],
])("%s", async (_, body, expected) => {
  expect(await pathsIn(body)).toEqual([...expected].sort());
});
