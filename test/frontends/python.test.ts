import { beforeAll, describe, expect, test } from "vitest";
import type { FunctionNode, Module, Node } from "../../src/ast/nodes.ts";
import { printNode } from "../../src/ast/print.ts";
import { childrenOf } from "../../src/ast/visit.ts";
import { pythonFrontend } from "../../src/frontends/python/frontend.ts";
import { parseType } from "../../src/frontends/python/types.ts";
import { printType } from "../../src/ast/sexp.ts";
import { nodesOf } from "./nodes.ts";

beforeAll(() => pythonFrontend.load());

function parse(source: string): Module {
  return pythonFrontend.lower(source, "module.py", "python", Number.POSITIVE_INFINITY);
}

/** The printed statements of a source, without the module around them. */
function lower(source: string): string {
  return parse(source)
    .body.map((s) => printNode(s))
    .join("\n");
}

describe("expressions", () => {
  test.each([
    ["a.b.c", "(. (. a b) c)"],
    ["f(a, *b, c=d, **e)", "(call f a (* b) (c= d) (** e))"],
    ["f(x for x in y)", "(call f (generator-comp x (for x y)))"],
    ["f(n := 1)", "(call f (assign-expr = n 1))"],
    ["super().close()", "(call (. super close))"],
    ["super(A, self).close()", "(call (. super close))"],
    ["a + b * -c", "(+ a (* b (- c)))"],
    ["a if b else c", "(?: b a c)"],
    ["not a or b and c", "(or (not a) (and b c))"],
    ["a < b <= c", "(and (< a b) (<= b c))"],
    ["a not in b", "(not in a b)"],
    ["a is not None", "(is not a null)"],
    ["a <> b", "(!= a b)"],
    ["a[0]", "(index a 0)"],
    ["a[0, b]", "(index a (tuple 0 b))"],
    ["a[0,]", "(index a (tuple 0))"],
    ["a[1:]", "(slice a 1 ~ ~)"],
    ["a[:-1]", "(slice a ~ (- 1) ~)"],
    ["a[::2]", "(slice a ~ ~ 2)"],
    ["a[1:2, 0]", "(index a (tuple (tuple 1 2) 0))"],
    ["[1, *a]", "(list 1 (... a))"],
    ["{1, 2}", "(set 1 2)"],
    ["{'a': 1, **b}", '(map (: "a" 1) (... b))'],
    ["()", "(tuple)"],
    ["a, b", "(tuple a b)"],
    ["a,", "(tuple a)"],
    ["(a)", "a"],
    ["...", "Ellipsis"],
    ["[x async for x in y if x]", "(list-comp x (async-for x y (if x)))"],
    ["{k: v for k, v in d for e in v if k if e}", "(map-comp k v (for (tuple k v) d) (for e v (if k) (if e)))"],
    ["{x for x in a, b}", "(set-comp x (for x (tuple a b)))"],
    ["lambda a, /, *b, c=1, **d: a", "(lambda (lambda (a *b (c = 1) **d) (return a)))"],
    ["lambda: (yield)", "(lambda (lambda () generator (return (yield))))"],
    ["await a.b()", "(await (call (. a b)))"],
  ])("%s", (source, printed) => expect(lower(source)).toBe(`(expr ${printed})`));

  test("member positions point at the property", () => {
    const member = nodesOf(parse("a.b . cd")).find((n) => n.kind === "Member" && n.property === "cd");
    expect(member).toMatchObject({ propertyStart: 6, start: 0, end: 8 });
  });
});

describe("literals", () => {
  test.each([
    ["0x1F", "31"],
    ["1_000", "1000"],
    ["10L", "10"],
    ["1.5e3", "1500"],
    ["3j", "3j"],
    ["99999999999999999999", "99999999999999999999"],
    ["True", "true"],
    ["None", "null"],
    [String.raw`"a\n\x41\101\u00e9\q"`, String.raw`"a\nAAé\\q"`],
    [String.raw`r"\n"`, String.raw`"\\n"`],
    [`b"a" b'b'`, `b"ab"`],
    [`"a" 'b'`, `"ab"`],
    [`"""a"b\nc"""`, String.raw`"a\"b\nc"`],
    [`f"a{x!r:>{w}}b{{c}}"`, `(template "a" x w "b{c}")`],
    [`f"{f'{a}'}{b=}" "c"`, `(template (template a) b "c")`],
    [`f"{a, b}"`, "(template (tuple a b))"],
    [`f"plain"`, `(template "plain")`],
    [`"🙂"`, `"🙂"`],
  ])("%s", (source, printed) => expect(lower(source)).toBe(`(expr ${printed})`));
});

describe("simple statements", () => {
  test.each([
    ["a = b = f()", "(= b (call f))\n(= a b)"],
    ["a, *b = c", "(= (tuple a (... b)) c)"],
    ["[a, (b)] = c", "(= (list a b) c)"],
    ["a.b += 1", "(+= (. a b) 1)"],
    ["a: int", "(= a :int)"],
    ["a: int | None = None", "(= a :int? null)"],
    ["x = yield a, b", "(= x (yield (tuple a b)))"],
    ["x = yield from a", "(= x (yield-from a))"],
    ["return", "(return)"],
    ["return a, b", "(return (tuple a b))"],
    ["raise", "(throw)"],
    ["raise E() from e", "(throw (call E))"],
    ["raise E from cause()", "(expr (call cause))\n(throw E)"],
    ["raise E, 'message'", '(throw (call E "message"))'],
    ["del a, b[0]", "(delete a (index b 0))"],
    ["del (a, b)", "(delete a b)"],
    ["assert a, b", "(assert a b)"],
    ["global a, b", "(global a b)"],
    ["nonlocal a", "(nonlocal a)"],
    ["pass; break; continue", "(break)\n(continue)"],
    ["print 'a', b", '(expr (call print "a" b))'],
    ["print >>f, a", "(expr (call print (file= f) a))"],
    ["exec code in scope", "(expr (call exec code scope))"],
    ["print(a, file=b)", "(expr (call print a (file= b)))"],
    ["match = type = 1", "(= type 1)\n(= match type)"],
    ["type Pair[T: int, *Ts, **P] = tuple[T, T]", "(alias Pair <T,Ts,P> = (T,T))"],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));
});

describe("imports", () => {
  test.each([
    ["import a.b, c as d", '(import "a.b" (module a))\n(import "c" (module c as:d))'],
    ["import a.b as c", '(import "a.b" (module a.b as:c))'],
    ["from a.b import c as d, e", '(import "a.b" (member c as:d) (member e))'],
    ["from ..a import (b,)", '(import "..a" (member b))'],
    ["from . import a", '(import "." (member a))'],
    ["from a import *", '(import "a" (all *))'],
    ["from __future__ import annotations", '(import "__future__" (member annotations))'],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));
});

describe("compound statements", () => {
  test.each([
    ["if a: b\nelif c: d\nelse: e", "(if a\n  (then\n    (expr b))\n  (else\n    (if c\n      (then\n        (expr d))\n      (else\n        (expr e)))))"],
    ["for a, b in c: d\nelse: e", "(loop each (tuple a b) c\n  (expr d)\n  (else\n    (expr e)))"],
    ["async for a in b, c: d", "(async-loop each a (tuple b c)\n  (expr d))"],
    ["while a: b\nelse: c", "(loop while a\n  (expr b)\n  (else\n    (expr c)))"],
    ["while True: a", "(loop forever\n  (expr a))"],
    ["while 1: a", "(loop forever\n  (expr a))"],
    ["with a as b, c: d", "(scoped (as a b) c\n  (expr d))"],
    ["with (a as b, c as (d, e)): f", "(scoped (as a b) (as c (tuple d e))\n  (expr f))"],
    ["with (a, b): c", "(scoped a b\n  (expr c))"],
    ["with ((a) as b): c", "(scoped (as a b)\n  (expr c))"],
    ["with (a as b), c: d", "(scoped (as a b) c\n  (expr d))"],
    ["with (a): b", "(scoped a\n  (expr b))"],
    ["async with a() as self.b: c", "(async-scoped (as (call a) (. self b))\n  (expr c))"],
    [
      "try: a\nexcept (B, c.D) as e: f\nexcept G: h\nexcept: i\nelse: j\nfinally: k",
      "(try\n  (expr a)\n  (catch B c.D (as e)\n    (expr f))\n  (catch G\n    (expr h))\n  (catch\n    (expr i))\n  (else\n    (expr j))\n  (finally\n    (expr k)))",
    ],
    ["try: a\nexcept* E as e: b", "(try\n  (expr a)\n  (catch E (as e)\n    (expr b)))"],
    ["try: a\nexcept E, F: b", "(try\n  (expr a)\n  (catch E F\n    (expr b)))"],
    ["try: a\nexcept E, e: b", "(try\n  (expr a)\n  (catch E (as e)\n    (expr b)))"],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));

  test.each([
    ["_", "(default)"],
    ["x", "(default (binds x))"],
    ["a.b | None | -1 | 'c'", '(case (. a b) null (- 1) "c")'],
    ["1+2j", "(case 1+2j)"],
    ["Point(0, y=[a, *rest])", "(case Point 0 (list) (binds a rest))"],
    ["{'k': v, **rest}", '(case (map "k") (binds v rest))'],
    ["(x, _) as p", "(case (list) (binds x p))"],
    ["(x)", "(default (binds x))"],
    ["str() | bytes() as s", "(case str bytes (binds s))"],
    ["'go', where", '(case (list "go") (binds where))'],
    ["1 | _", "(default)"],
    ["x if x > 1", "(default (binds x) (guard (> x 1)))"],
  ])("case %s", (pattern, printed) => expect(lower(`match a:\n  case ${pattern}: pass`)).toBe(`(switch a\n  ${printed})`));

  test("match on several values", () => {
    expect(lower("match a, b:\n  case 1, x: c")).toBe("(switch (tuple a b)\n  (case (list 1) (binds x)\n    (expr c)))");
  });
});

describe("functions", () => {
  test.each([
    ["def f(a, /, b: int = 1, *c, d, **e) -> str: pass", "(function f (a (b:int = 1) *c d **e) ->str)"],
    ["async def f[T](*, a: T): await a", "(function f <T> (a:T) async\n  (expr (await a)))"],
    ["def f(): yield 1", "(function f () generator\n  (expr (yield 1)))"],
    ["def f():\n  def g(): yield", "(function f ()\n  (function g () generator\n    (expr (yield))))"],
    ["def f(a, (b, c)): pass", "(function f (a (tuple b c)))"],
    ["@a.b(c)\n@d\ndef f(): pass", "(function f () (@ (call (. a b) c) d))"],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));

  test("a decorated function spans its decorators and points at its name", () => {
    const fn = nodesOf(parse("@a\ndef f(): pass")).find((n): n is FunctionNode => n.kind === "Function");
    expect(fn).toMatchObject({ start: 0, end: 16, nameStart: 7 });
  });
});

describe("classes", () => {
  /** The printed members of a class body. */
  const method = (source: string): string => {
    const printed = lower(`class A:\n  ${source.replaceAll("\n", "\n  ")}`);
    return printed.slice("(class A\n  ".length, -1);
  };

  test.each([
    ["def m(self, a): pass", "(method m receiver:self (a))"],
    ["def m(self: A): pass", "(method m receiver:self:A ())"],
    ["def m(*args): pass", "(method m (*args))"],
    ["def __init__(self): pass", "(constructor __init__ receiver:self ())"],
    ["def __del__(self): pass", "(destructor __del__ receiver:self ())"],
    ["def __new__(cls): pass", "(method __new__ receiver:cls () static)"],
    ["@staticmethod\ndef m(a): pass", "(method m (a) static (@ staticmethod))"],
    ["@classmethod\ndef m(cls, a): pass", "(method m receiver:cls (a) static (@ classmethod))"],
    ["@property\ndef m(self): pass", "(getter m receiver:self () (@ property))"],
    ["@functools.cached_property\ndef m(self): pass", "(getter m receiver:self () (@ (. functools cached_property)))"],
    ["@m.setter\ndef m(self, v): pass", "(setter m receiver:self (v) (@ (. m setter)))"],
    ["@abstractmethod\ndef m(self): ...", "(method m receiver:self () (@ abstractmethod) bodiless)"],
    ["@overload\ndef m(self): pass", "(method m receiver:self () (@ overload) bodiless)"],
    ["if a:\n  def m(self): pass", "(if a\n    (then\n      (method m receiver:self ())))"],
    ["a: int", "(field a :int)"],
    ["a: int = 1", "(field a :int = 1)"],
    ["a: ClassVar[list[int]] = []", "(field a :[]int static = (list))"],
    ["a: Final = 1", "(field a :? const = 1)"],
    ["a = b = []", "(field b static = (list))\n  (field a static = b)"],
    ["a.b = 1", "(= (. a b) 1)"],
    ["class B: pass", "(class B)"],
  ])("%s", (source, printed) => expect(method(source)).toBe(printed));

  test("nested functions are no methods", () => {
    expect(method("def m(self):\n  def inner(a): pass")).toBe("(method m receiver:self ()\n    (function inner (a)))");
  });

  test("bases are types; computed ones also run", () => {
    expect(lower("@d\nclass A[T](b.C[T], metaclass=M): pass")).toBe("(class A <T> extends:b.C[T] (@ d))");
    expect(lower("class A(make(b)): pass")).toBe("(class A extends:?\n  (expr (call make b)))");
  });
});

describe("types", () => {
  test.each([
    ["int", "int"],
    ["a.b.C", "a.b.C"],
    ["list[int]", "[]int"],
    ["typing.List['Foo']", "[]Foo"],
    ["dict[str, list[int]]", "map[str][]int"],
    ["tuple[int, ...]", "(int)"],
    ["tuple[()]", "()"],
    ["list", "[]?"],
    ["Optional[Foo]", "Foo?"],
    ["Foo | None", "Foo?"],
    ["None | Foo | Bar", "Foo|Bar?"],
    ["Union[Foo, None]", "Foo?"],
    ["Union[Foo, Bar]", "Foo|Bar"],
    ["'Foo | None'", "Foo?"],
    ["'list[Foo]'", "[]Foo"],
    ["Callable[[int, str], Foo]", "func(Foo)"],
    ["Callable[..., Awaitable[None]]", "func(Awaitable[None])"],
    ["Annotated[Foo, Depends(get), '[']", "Foo"],
    ["Literal['a', 1]", "Literal"],
    ["AsyncIterator[Foo]", "AsyncIterator[Foo]"],
    ["list[\n  int,  # why\n]", "[]int"],
    ["f(x)", "?"],
    ["1", "?"],
    ["'not a type'", "?"],
    ["list[", "?"],
    ["list[int", "?"],
    ["", "?"],
  ])("%s", (source, printed) => expect(printType(parseType(source, 0, source.length))).toBe(printed));
});

describe("damaged files", () => {
  test("statements around an error are lowered and its span is noted", () => {
    const module = parse("a = 1\ndef f(:\n  b()\nc = 2\n");
    expect(module.syntaxErrors.length).toBeGreaterThan(0);
    const calls = nodesOf(module).filter((n) => n.kind === "Call");
    expect(calls).toHaveLength(1);
    expect(printNode(module)).toContain("(= a 1)");
    expect(printNode(module)).toContain("(= c 2)");
  });

  test.each([
    "(",
    "x = ",
    "def",
    "class",
    "with",
    "for a in",
    "try:",
    "match a:\n  case",
    "f(a b)",
    "if a b:\n  c()",
    "@",
    "lambda",
    "a[",
    "import",
    "`a`",
    "}",
    'f"{',
    "\u0000",
  ])("%j does not throw", (source) => expect(parse(source).kind).toBe("Module"));

  test("an empty file is an empty module", () => {
    expect(parse("")).toMatchObject({ body: [], start: 0, end: 0, syntaxErrors: [] });
  });
});

describe("size and depth", () => {
  test.each([
    ["brackets", `x = ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["open brackets", `x = ${"(".repeat(20_000)}`],
    ["method chain", `x = a${".b()".repeat(5000)}`],
    ["powers", `x = ${"a ** ".repeat(5000)}a`],
    ["case patterns", `match x:\n  case ${"[".repeat(3000)}${"]".repeat(3000)}: pass`],
  ])("deep %s are cut off", (_, source) => {
    expect(nodesOf(parse(source)).some((n) => n.kind === "Unknown")).toBe(true);
  });

  test("a deep annotation is an unknown type", () => {
    expect(lower(`x: ${"list[".repeat(5000)}int${"]".repeat(5000)}`)).toBe("(= x :?)");
  });

  test("long chains and elifs stay whole and shallow", () => {
    const depthOf = (root: Node): number => {
      let level: readonly Node[] = [root];
      let depth = 0;
      for (; level.length > 0; depth++) level = level.flatMap((n) => childrenOf(n));
      return depth;
    };
    const sum = parse(`x = ${"a + ".repeat(5000)}a`);
    expect(nodesOf(sum).filter((n) => n.kind === "Name")).toHaveLength(5002);
    expect(depthOf(sum)).toBeLessThan(30);
    const branches = parse(`if a: pass\n${"elif b: c()\n".repeat(1000)}else: d()`);
    expect(nodesOf(branches).filter((n) => n.kind === "Call")).toHaveLength(1001);
    expect(depthOf(branches)).toBeLessThan(500);
  });
});

test("comments are listed in order, without markers", () => {
  const { comments } = parse("#!/usr/bin/env python\na = [  #  one\n  1,\n]\n# two");
  expect(comments.map((c) => c.text)).toEqual(["!/usr/bin/env python", "one", "two"]);
});

test("children lie within their parents", () => {
  const source = "@a\nclass B(C):\n  d: int = e(1)\n  async def f(self, g=h):\n    async with i() as j, k:\n      return {l: m for l in n if o}\n";
  for (const node of nodesOf(parse(source))) {
    for (const child of childrenOf(node)) {
      expect(child.start).toBeGreaterThanOrEqual(node.start);
      expect(child.end).toBeLessThanOrEqual(node.end);
    }
  }
});
