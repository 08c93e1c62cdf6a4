import { beforeAll, describe, expect, test } from "vitest";
import type { Module, Node } from "../../src/ast/nodes.ts";
import { printNode } from "../../src/ast/print.ts";
import { childrenOf } from "../../src/ast/visit.ts";
import { goFrontend } from "../../src/frontends/go/frontend.ts";
import { nodesOf } from "./nodes.ts";

beforeAll(() => goFrontend.load());

function parse(source: string): Module {
  return goFrontend.lower(source, "file.go", "go", Number.POSITIVE_INFINITY);
}

/** The printed declarations of a source, without the module around them. */
function lower(source: string): string {
  return parse(source)
    .body.map((s) => printNode(s))
    .join("\n");
}

/** The printed statements of a function's body, each on one line. */
function body(source: string): string {
  const [declaration] = parse(`func f() {\n${source}\n}`).body;
  if (declaration?.kind !== "FunctionDecl") throw new Error("no function");
  return (declaration.fn.body?.body ?? []).map((s) => printNode(s).replace(/\n\s*/g, " ")).join("\n");
}

/** The printed expression, as a variable's value. */
function value(source: string): string {
  return lower(`var x = ${source}`)
    .replace(/^\(= var x (.*)\)$/s, "$1")
    .replace(/\n\s*/g, " ");
}

function type(source: string): string {
  return lower(`var x ${source}`).replace(/^\(= var x :(.*)\)$/s, "$1");
}

describe("expressions", () => {
  test.each([
    ["a.b.c", "(. (. a b) c)"],
    ["f(a, b...)", "(call f a (* b))"],
    ["a + b * -c", "(+ a (* b (- c)))"],
    ["(a + b) * c", "(* (+ a b) c)"],
    ["a - b - c", "(- (- a b) c)"],
    ["!a || b && c == d", "(or (not a) (and b (== c d)))"],
    ["a &^ b << 1", "(<< (&^ a b) 1)"],
    ["^a", "(~ a)"],
    ["&a", "(& a)"],
    ["*a.b", "(* (. a b))"],
    ["<-c", "(receive c)"],
    ["a[0]", "(index a 0)"],
    ["a[1:]", "(slice a 1 ~ ~)"],
    ["a[:n]", "(slice a ~ n ~)"],
    ["a[:n:m]", "(slice a ~ n m)"],
    ["a.(T)", "(type-assert T a)"],
    ["a.(*p.T)", "(type-assert *p.T a)"],
    ["func(a int) error { return nil }", "(lambda (lambda (a:int) ->error (return null)))"],
    ["func() {}()", "(call (lambda (lambda ())))"],
  ])("%s", (source, printed) => expect(value(source)).toBe(printed));
});

describe("calls, conversions and instantiations", () => {
  test.each([
    ["[]byte(x)", "(cast []byte x)"],
    ["map[string]int(x)", "(cast map[string]int x)"],
    ["(*T)(nil)", "(cast *T null)"],
    ["(*p.T)(x)", "(cast *p.T x)"],
    ["(func())(x)", "(cast func() x)"],
    ["(<-chan int)(x)", "(cast chan[int] x)"],
    ["interface{}(x)", "(cast interface{} x)"],
    ["string(x)", "(call string x)"],
    ["p.T(x)", "(call (. p T) x)"],
    ["make(chan T, n)", "(call make (type chan[T]) n)"],
    ["make([]int, 0, n)", "(call make (type []int) 0 n)"],
    ["new(p.T)", "(& (struct <p.T>))"],
    ["New[int]()", "(call New <int>)"],
    ["New[int](x)", "(call New <int> x)"],
    ["New[string, *T](x)", "(call New <string,*T> x)"],
    ["p.New[[]int](x)", "(call (. p New) <[]int> x)"],
    ["New[K, V](x, y)", "(call New <K,V> x y)"],
    ["f[int]", "(index f int)"],
    ["f[int, []T]", "(index f (tuple (type int) (type []T)))"],
    ["handlers[name](x)", "(call (index handlers name) x)"],
    ["handlers[name]()", "(call (index handlers name))"],
    ["handlers[r.Method](x)", "(call (index handlers (. r Method)) x)"],
    ["handlers[a[i]](x)", "(call (index handlers (index a i)) x)"],
    ["handlers[a|b](x)", "(call (index handlers (| a b)) x)"],
    ["handlers[*p](x)", "(call (index handlers (* p)) x)"],
    ['handlers["a"](x)', '(call (index handlers "a") x)'],
  ])("%s", (source, printed) => expect(value(source)).toBe(printed));

  test("a type argument from an imported package is told from a field of a variable", () => {
    const source = 'import (\n"x/models"\n"gopkg.in/yaml.v3"\n"x/go-redis"\n)\nvar a, b, c = get[models.User](x), get[yaml.Node](x), get[redis.Client]()';
    expect(lower(source)).toContain("(call get <models.User> x) (call get <yaml.Node> x) (call get <redis.Client>)");
  });

  test("a type argument declared in the file may be unexported", () => {
    expect(lower("type conn struct{}\nvar a = pool[conn](x)")).toContain("(call pool <conn> x)");
  });

  test("new of a value", () => {
    const source =
      'var x = T{A: new(uint64(1)), B: new("b"), C: new(a.b.c), D: new(T{a: 1}), E: new([]int), F: new(*T), G: new(f() + 1), H: new(42), I: new(<-chan T), J: new([]T{1}), K: new([]struct{})}';
    const module = parse(source);
    expect(module.syntaxErrors).toEqual([]);
    expect(printNode(module.body[0]!)).toBe(
      '(= var x (struct <T> (: "A" (call new (call uint64 1))) (: "B" (call new "b")) (: "C" (call new (. (. a b) c)))' +
        ' (: "D" (call new (struct <T> (: "a" 1)))) (: "E" (call new (type []int))) (: "F" (call new (type *T))) (: "G" (call new (+ (call f) 1))) (: "H" (call new 42)) (: "I" (call new (type chan[T]))) (: "J" (call new (list <[]T> 1))) (: "K" (call new (type []struct{})))))',
    );
  });
});

describe("literals", () => {
  test.each([
    ["1_000", "1000"],
    ["0xFF", "255"],
    ["0b101", "5"],
    ["0o17", "15"],
    ["0755", "493"],
    ["0", "0"],
    ["18446744073709551615", "18446744073709551615"],
    ["1.5e3", "1500"],
    [".5", "0.5"],
    ["1.", "1"],
    ["0x1p-2", "0x1p-2"],
    ["3i", "3i"],
    ["'a'", "97"],
    [String.raw`'\n'`, "10"],
    [String.raw`'\''`, "39"],
    [String.raw`'\x41'`, "65"],
    ["'世'", "19990"],
    [String.raw`"a\tb\"\u00e9\U0001F600\101"`, '"a\\tb\\"é😀A"'],
    [`""`, `""`],
    ["`raw \\n\r\nline`", '"raw \\\\n\\nline"'],
    ["nil", "null"],
    ["true", "true"],
    ["iota", "iota"],
  ])("%s", (source, printed) => expect(value(source)).toBe(printed));
});

describe("composite literals", () => {
  test.each([
    ["T{a, b}", "(struct <T> a b)"],
    ["T{}", "(struct <T>)"],
    ["&p.T{A: 1, B: U{}}", '(& (struct <p.T> (: "A" 1) (: "B" (struct <U>))))'],
    ["L[int]{A: 1}", '(struct <L[int]> (: "A" 1))'],
    ["[]int{1, 2,}", "(list <[]int> 1 2)"],
    ["[...]string{0: a, i: b}", "(list <[]string> (: 0 a) (: i b))"],
    ["[2]int{}", "(list <[]int>)"],
    ['map[string]int{"a": 1, k: 2}', '(map <map[string]int> (: "a" 1) (: k 2))'],
    ["struct{ a int }{1}", "(struct <struct{a:int}> 1)"],
    ["[]P{{1, 2}, {X: 1}}", '(list <[]P> (struct <P> 1 2) (struct <P> (: "X" 1)))'],
    ["[]*P{{1}}", "(list <[]*P> (& (struct <P> 1)))"],
    ["[][]int{{1}, {}}", "(list <[][]int> (list <[]int> 1) (list <[]int>))"],
    ['map[K]V{{1}: {A: "a"}}', '(map <map[K]V> (: (struct <K> 1) (struct <V> (: "A" "a"))))'],
    ['http.Header{"a": {b}}', '(map <http.Header> (: "a" (list b)))'],
    ["bson.D{{a, b}}", "(list <bson.D> (list a b))"],
  ])("%s", (source, printed) => expect(value(source)).toBe(printed));

  test("a type declared in the file tells what a literal of it is", () => {
    const source = "type M map[string]int\ntype L []int\nvar m, l = M{k: 1}, L{1}";
    expect(lower(source)).toContain("(tuple (map <M> (: k 1)) (list <L> 1))");
  });
});

describe("types", () => {
  test.each([
    ["int", "int"],
    ["p.T", "p.T"],
    ["*T", "*T"],
    ["**T", "**T"],
    ["[]T", "[]T"],
    ["[4]T", "[]T"],
    ["map[K][]V", "map[K][]V"],
    ["chan T", "chan[T]"],
    ["<-chan T", "chan[T]"],
    ["chan<- T", "chan[T]"],
    ["func(a int, b ...string)", "func()"],
    ["func(int) error", "func(error)"],
    ["func(int) (T, error)", "func((T,error))"],
    ["struct{ a, b int; *p.T }", "struct{a:int;b:int;T:p.T}"],
    ["interface{}", "interface{}"],
    ["interface{ Close() error }", "interface{Close:func(error)}"],
    ["(T)", "T"],
    ["L[int, *T]", "L[int,*T]"],
    ["p.L[p.T]", "p.L[p.T]"],
  ])("%s", (source, printed) => expect(type(source)).toBe(printed));
});

describe("simple statements", () => {
  test.each([
    ["f()", "(expr (call f))"],
    ["a = b", "(= a b)"],
    ["a, b = b, a", "(= (tuple a b) (tuple b a))"],
    ["a, err := f()", "(= short (tuple a err) (call f))"],
    ["a &^= 1", "(&^= a 1)"],
    ["a.b++", "(+= (. a b) 1)"],
    ["a[i]--", "(-= (index a i) 1)"],
    ["*p = 1", "(= (* p) 1)"],
    ["v, ok := m[k].(T)", "(= short (tuple v ok) (type-assert T (index m k)))"],
    ["c <- v", "(expr (send c v))"],
    ["<-c", "(expr (receive c))"],
    ["v, ok := <-c", "(= short (tuple v ok) (receive c))"],
    ["var a int", "(= var a :int)"],
    ["var a, b = 1, 2", "(= var (tuple a b) (tuple 1 2))"],
    ["var a, b T = f()", "(= var (tuple a b) :T (call f))"],
    ["const a = 1", "(= const a 1)"],
    ["type t struct{}", "(struct t)"],
    ["return", "(return)"],
    ["return a", "(return a)"],
    ["return a, nil", "(return (tuple a null))"],
    ["go f(a)", "(spawn (call f a))"],
    ["go func() { f() }()", "(spawn (call (lambda (lambda () (expr (call f))))))"],
    ["defer a.Close()", "(defer (call (. a Close)))"],
    ["goto end", "(goto end)"],
    ["{ f() }", "(block (expr (call f)))"],
    [";;", ""],
    ["end:", "(labeled end)"],
    ["end: f()", "(labeled end)\n(expr (call f))"],
  ])("%s", (source, printed) => expect(body(source)).toBe(printed));

  test("a group declares a line at a time", () => {
    expect(body("const (\nA, B = iota, 2\nC\nD int = 3\n)\nvar (\na = 1\nb int\n)")).toBe(
      "(= const (tuple A B) (tuple iota 2))\n(= const C)\n(= const D :int 3)\n(= var a 1)\n(= var b :int)",
    );
  });
});

describe("control flow", () => {
  test.each([
    ["if a { b() }", "(if a (then (expr (call b))))"],
    ["if a { } else if b { } else { c() }", "(if a (then) (else (if b (then) (else (expr (call c))))))"],
    ["if a := f(); a { }", "(block (= short a (call f)) (if a (then)))"],
    ["for { }", "(loop forever)"],
    ["for ;; { }", "(loop forever)"],
    ["for a { }", "(loop while a)"],
    ["for ; a; { }", "(loop while a)"],
    ["for i := 0; i < n; i++ { f() }", "(loop count (< i n) (init (= short i 0)) (update (+= i 1)) (expr (call f)))"],
    ["for i := 0; ; i++ { }", "(loop count (init (= short i 0)) (update (+= i 1)))"],
    ["for range c { }", "(loop each entries ~ c)"],
    ["for range 10 { }", "(loop each entries ~ 10)"],
    ["for i := range n { }", "(loop each short entries i n)"],
    ["for k, v := range m { }", "(loop each short entries (tuple k v) m)"],
    ["for _, v = range m { }", "(loop each entries (tuple _ v) m)"],
    ["for x := range seq(a) { }", "(loop each short entries x (call seq a))"],
    ["l: for { continue l; break l }", "(loop forever label:l (continue label:l) (break label:l))"],
    ["l: switch a { case b: break l }", "(switch label:l a (case b (break label:l)))"],
    ["l: switch a := f(); a { }", "(block (= short a (call f)) (switch label:l a))"],
    ["l: select { }", "(select label:l)"],
    ["l: for { for { } }", "(loop forever label:l (loop forever))"],
    ["switch { case a, b: default: c() }", "(switch ~ (case a b) (default (expr (call c))))"],
    ["switch a { case 1: f(); fallthrough; case 2: }", "(switch a (case 1 falls-through (expr (call f))) (case 2))"],
    ["switch a := f(); a { }", "(block (= short a (call f)) (switch a))"],
    ["switch a := f(); { }", "(block (= short a (call f)) (switch ~))"],
    ["switch a.(type) { case nil: case int, *T: default: }", "(type-switch a (case (type nil)) (case (type int) (type *T)) (default))"],
    ["switch b := a.(type) { case T: b.f() }", "(type-switch as:b a (case (type T) (expr (call (. b f)))))"],
    ["switch c := f(); b := a.(type) { }", "(block (= short c (call f)) (type-switch as:b a))"],
    [
      "select { case c <- v: case v, ok := <-c: case v = <-c: case <-c: a() }",
      "(select (case (expr (send c v))) (case (= short (tuple v ok) (receive c))) (case (= v (receive c))) (case (expr (receive c)) (expr (call a))))",
    ],
    ["select { case <-c: default: a() }", "(select (case (expr (receive c))) (default (expr (call a))))"],
  ])("%s", (source, printed) => expect(body(source)).toBe(printed));
});

describe("functions", () => {
  test.each([
    ["func f()", "(function f () bodiless)"],
    ["func f(a, b int, c ...string) {}", "(function f (a:int b:int *c:[]string))"],
    ["func f(int, *p.T) (T, error) {}", "(function f (~:int ~:*p.T) ->(T,error))"],
    ["func f() (error) {}", "(function f () ->error)"],
    ["func f() (a, b int, err error) {}", "(function f () ->(int,int,error) (results a:int b:int err:error))"],
    ["func f[K comparable, V, W any](m map[K]V) W {}", "(function f <K,V,W> (m:map[K]V) ->W)"],
    ["func (t *T) m() {}", "(method m receiver:t:*T ())"],
    ["func (T) m() {}", "(method m receiver::T ())"],
    ["func (s *Stack[T]) m(x T) {}", "(method m <T> receiver:s:*Stack[T] (x:T))"],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));

  test("names and spans", () => {
    const source = "func (t T) name(a, b int) {}";
    const [declaration] = parse(source).body;
    if (declaration?.kind !== "FunctionDecl") throw new Error("no function");
    const { fn } = declaration;
    expect(source.slice(fn.nameStart)).toMatch(/^name/);
    expect(fn.params.map((p) => source.slice(p.start, p.end))).toEqual(["a, b int", "b int"]);
  });
});

describe("type declarations", () => {
  test("structs have fields and embed", () => {
    const source = 'type S struct {\n*sync.Mutex\na, b int `json:"a"`\nL[T]\nf func() // note\n}';
    expect(lower(source)).toBe("(struct S embeds:sync.Mutex embeds:L[T]\n  (field a :int)\n  (field b :int)\n  (field f :func()))");
  });

  test("interfaces have methods, embed, and hold type sets", () => {
    const source = "type I interface {\nio.Reader\nClose(force bool) error\n~int | ~string\n}";
    expect(lower(source)).toBe("(interface I embeds:io.Reader embeds:int|string\n  (method Close (force:bool) ->error bodiless))");
  });

  test.each([
    ["type A = B", "(alias A = B)"],
    ["type A []B", "(alias A = []B)"],
    ["type A func(b B) error", "(alias A = func(error))"],
    ["type A[K comparable, V any] map[K]V", "(alias A <K,V> = map[K]V)"],
    ["type A[T any] = L[T]", "(alias A <T> = L[T])"],
    ["type A[T ~int | string] struct{ v T }", "(struct A <T>\n  (field v :T))"],
    ["type (\nA int\nB struct{}\n)", "(alias A = int)\n(struct B)"],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));
});

describe("imports and packages", () => {
  test.each([
    ['import "net/http"', '(import "net/http" (module net/http as:http))'],
    ['import "fmt"', '(import "fmt" (module fmt))'],
    ['import f "fmt"', '(import "fmt" (module fmt as:f))'],
    ['import _ "embed"', '(import "embed")'],
    ['import . "fmt"', '(import "fmt" (all *))'],
    [
      'import "github.com/redis/go-redis/v9"',
      '(import "github.com/redis/go-redis/v9" (module github.com/redis/go-redis/v9 as:go-redis) (module github.com/redis/go-redis/v9 as:redis))',
    ],
    ['import "gopkg.in/yaml.v3"', '(import "gopkg.in/yaml.v3" (module gopkg.in/yaml.v3 as:yaml))'],
    ['import "k8s.io/api/core/v1"', '(import "k8s.io/api/core/v1" (module k8s.io/api/core/v1 as:v1))'],
    ['import (\n`a`\n// note\n"b"\n)', '(import "a" (module a))\n(import "b" (module b))'],
  ])("%s", (source, printed) => expect(lower(source)).toBe(printed));

  test("the package clause names the package", () => {
    expect(parse("// Package a does.\npackage a\n\nvar x = 1\n")).toMatchObject({ packageName: "a", language: "go" });
  });
});

describe("broken source", () => {
  test("statements around an error are kept, and it is listed", () => {
    const module = parse("package p\nfunc f() {\n\ta b; c()\n\tdefer d()\n}\nfunc g() { e() }\n");
    expect(module.syntaxErrors).toEqual([{ start: 22, end: 23 }]);
    expect(printNode(module)).toBe(
      "(module go p\n  (function f ()\n    (unknown ERROR)\n    (expr b)\n    (expr (call c))\n    (defer (call d)))\n  (function g ()\n    (expr (call e))))",
    );
  });

  test("calls inside damaged arguments are kept", () => {
    const calls = nodesOf(parse("func f() {\n\tx := g(\n\tdefer a.Close()\n\tb()\n}\nfunc h() { c() }")).filter((n) => n.kind === "Call");
    expect(calls.map((c) => printNode(c))).toContain("(call (. a Close))");
    expect(calls.map((c) => printNode(c))).toContain("(call c)");
  });

  test.each([
    "(",
    "func",
    "func f(",
    "func f() {",
    "type",
    "type T struct {",
    "var x =",
    "import",
    "for",
    "if x {",
    "switch {",
    "select { case",
    "a.",
    "x[",
    '"',
    "`",
    "'",
    "}",
    "package",
    "\u0000",
  ])("%j does not throw", (source) => {
    expect(parse(source).kind).toBe("Module");
    expect(parse(`package p\nfunc f() {\n${source}\n}\n`).kind).toBe("Module");
  });

  test("an empty file is an empty module", () => {
    expect(parse("")).toMatchObject({ body: [], packageName: "", start: 0, end: 0, syntaxErrors: [] });
  });
});

describe("size and depth", () => {
  test.each([
    ["parentheses", `var x = ${"(".repeat(20_000)}a${")".repeat(20_000)}`],
    ["open parentheses", `var x = ${"(".repeat(20_000)}`],
    ["method chain", `var x = a${".b()".repeat(5000)}`],
    ["composite literals", `var x = [][]int${"{".repeat(5000)}${"}".repeat(5000)}`],
    ["blocks", `func f() ${"{".repeat(5000)}${"}".repeat(5000)}`],
    ["labels", `func f() { ${"l: ".repeat(2000)}g() }`],
    ["functions", `var x = ${"func() { return ".repeat(1000)}1${"}".repeat(1000)}`],
    ["indices", `func f() { ${"m[".repeat(1000)}k${"](x)".repeat(1000)} }`],
  ])("deep %s are cut off", (_, source) => {
    expect(nodesOf(parse(source)).some((n) => n.kind === "Unknown")).toBe(true);
  });

  test("a deep type is cut off", () => {
    expect(lower(`var x ${"[]".repeat(5000)}int\n`)).toContain("…");
  });

  test("long chains stay whole and shallow", () => {
    const sum = parse(`var x = ${"a + b - c * d == 1 && ".repeat(2000)}e`);
    expect(nodesOf(sum).filter((n) => n.kind === "Name")).toHaveLength(8002);
    let level: readonly Node[] = [sum];
    let depth = 0;
    for (; level.length > 0; depth++) level = level.flatMap((n) => childrenOf(n));
    expect(depth).toBeLessThan(30);
  });
});

test("comments are listed in order, without markers", () => {
  const { comments } = parse("//go:build linux\n\npackage p // one\n\n/* two\n   lines */\nvar x = f(a, /* three */ b)\n");
  expect(comments.map((c) => c.text)).toEqual(["go:build linux", "one", "two\n   lines", "three"]);
});

test("children lie within their parents, and calls and members are exact", () => {
  const source =
    "package p\ntype T struct { a int }\nfunc (t *T) m(a ...int) (err error) {\n\tif x := f(); x != nil { return x }\n\tfor i, v := range t.a { go g(i, v) }\n" +
    "\tswitch y := t.b.(type) { case int: (*y)++; default: }\n\tselect { case z := <-c: h(z) }\n\treturn &T{a: []int{1, 2}[0]}\n}\n";
  const nodes = nodesOf(parse(source));
  for (const node of nodes) {
    for (const child of childrenOf(node)) {
      expect(child.start).toBeGreaterThanOrEqual(node.start);
      expect(child.end).toBeLessThanOrEqual(node.end);
    }
  }
  expect(nodes.filter((n) => n.kind === "Call").map((n) => source.slice(n.start, n.end))).toEqual(["f()", "g(i, v)", "h(z)"]);
  const members = nodes.filter((n) => n.kind === "Member");
  expect(members.map((n) => source.slice(n.propertyStart, n.propertyStart + n.property.length))).toEqual(["a", "b"]);
});
