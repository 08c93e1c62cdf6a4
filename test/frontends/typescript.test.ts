import { beforeAll, describe, expect, test } from "vitest";
import type { Module } from "../../src/ast/nodes.ts";
import { printNode } from "../../src/ast/print.ts";
import { childrenOf } from "../../src/ast/visit.ts";
import { ParseTimeout } from "../../src/frontends/frontend.ts";
import { typescriptFrontend } from "../../src/frontends/typescript/frontend.ts";
import { nodesOf } from "./nodes.ts";

beforeAll(() => typescriptFrontend.load());

function parse(source: string, path = "a.ts"): Module {
  return typescriptFrontend.lower(source, path, "typescript", Number.POSITIVE_INFINITY);
}

/** The printed statements of a source on one line, without the module around them. */
function lower(source: string, path?: string): string {
  const statements = parse(source, path).body.map((s) => printNode(s));
  return statements.join(" ").replaceAll(/\n\s*/g, " ");
}

test.each([
  ["a.b.c", "(expr (. (. a b) c))"],
  ["a?.b.c?.[0]?.(1)", "(expr (call? (index? (. (?. a b) c) 0) 1))"],
  ["a['b']", '(expr (index a "b"))'],
  ["this.#x", "(expr (. this #x))"],
  ["#x in o", "(expr (in #x o))"],
  ["f(a, ...b)", "(expr (call f a (* b)))"],
  ["f<Map<string, number>>(1)", "(expr (call f <Map[string,number]> 1))"],
  ["new A", "(expr (new A))"],
  ["new ns.A<string>(...b)", "(expr (new (. ns A) <string> (* b)))"],
  ["super.close()", "(expr (call (. super close)))"],
  ['import("x")', '(expr (call import "x"))'],
  ["import.meta.url", "(expr (. (. import meta) url))"],
  ["new.target", "(expr (. new target))"],
  ["a + b * -c", "(expr (+ a (* b (- c))))"],
  ["a - b - c", "(expr (- (- a b) c))"],
  ["!a && b || c", "(expr (or (and (not a) b) c))"],
  ["a ?? b", "(expr (?? a b))"],
  ["a instanceof B", "(expr (instanceof a B))"],
  ["'a' in b", '(expr (in "a" b))'],
  ["a ? b : c", "(expr (?: a b c))"],
  ["x = (a, b)", "(= x (sequence a b))"],
  ["x = y++", "(= x (assign-expr += y 1))"],
  ["x = --y", "(= x (assign-expr -= y 1))"],
  ["x = y ||= z", "(||= y z) (= x y)"],
  ["typeof a", "(expr (typeof a))"],
  ["void a", "(expr (void a))"],
  ["void 0", "(expr null)"],
  ["undefined", "(expr null)"],
  ["if (delete a.b) ;", "(if (delete (. a b)) (then))"],
  ["await a.b()", "(expr (await (call (. a b))))"],
  ["f<string>", "(expr f)"],
  ["a!.b", "(expr (. (cast ! a) b))"],
  ["a as B as unknown", "(expr (cast ? (cast B a)))"],
  ["<any>a", "(expr (cast ? a))"],
  ["a satisfies B", "(expr (cast B a))"],
  ["[1, , ...a]", "(expr (list 1 null (... a)))"],
  ["({ a, 'b': 1, [c]: 2, 3: d, ...e })", '(expr (object (: "a" a) (: "b" 1) (: c 2) (: "3" d) (... e)))'],
  [
    "({ m() {}, get g() { return 1 }, set g(v) {}, async *h() {} })",
    '(expr (object (: "m" (lambda (method m ()))) (: "g" (lambda (getter g () (return 1)))) (: "g" (lambda (setter g (v)))) (: "h" (lambda (method h () async generator)))))',
  ],
  ["function* named(a) { yield a; yield* b; yield }", "(function named (a) generator (expr (yield a)) (expr (yield-from b)) (expr (yield)))"],
  ["async ({ a, b: [c = 1] }, ...rest) => a", '(expr (lambda (lambda ((object (: "a" a) (: "b" (list (default c 1)))) *rest) async (return a))))'],
  ["x => ({ y: x })", '(expr (lambda (lambda (x) (return (object (: "y" x))))))'],
  ["(class A extends B {})", "(expr (class-expr (class A extends:B)))"],
  ["(a)", "(expr a)"],
  ["`a${b}c${d}`", '(expr (template "a" b "c" d))'],
  ["sql`select ${id}`", '(expr (template (tag sql) "select " id))'],
  ["`plain`", '(expr "plain")'],
])("expressions: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  ["0xff", "(expr 255)"],
  ["1_000", "(expr 1000)"],
  ["1e3", "(expr 1000)"],
  ["10n", "(expr 10)"],
  ["9007199254740993n", "(expr 9007199254740993)"],
  ["99999999999999999999", "(expr 99999999999999999999)"],
  ["'a\\n\\u0041'", '(expr "a\\nA")'],
  ["/a\\/b/gi", '(expr regex"/a\\\\/b/gi")'],
  ["true", "(expr true)"],
  ["null", "(expr null)"],
])("literals: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  ["let a = 1, b", "(= let a 1) (= let b)"],
  ["const { a, b: { c = 1 }, ...d } = e", '(= const (object (: "a" a) (: "b" (object (: "c" (default c 1)))) (... d)) e)'],
  ["var [a, , [b], ...c] = d", "(= var (list a null (list b) (... c)) d)"],
  ["a = b = c", "(= b c) (= a b)"],
  ["a += 1", "(+= a 1)"],
  ["a ??= b", "(??= a b)"],
  ["i++", "(+= i 1)"],
  ["--i", "(-= i 1)"],
  ["a(), b = 1", "(expr (call a)) (= b 1)"],
  ["[a, b] = [b, a]", "(= (list a b) (list b a))"],
  ["({ a, b: c.d = 1, e = 2, ...f } = g)", '(= (object (: "a" a) (: "b" (default (. c d) 1)) (: "e" (default e 2)) (... f)) g)'],
  ["delete a.b", "(delete (. a b))"],
  ["if (a) b(); else if (c) { d() } else e()", "(if a (then (expr (call b))) (else (if c (then (expr (call d))) (else (expr (call e))))))"],
  ["while (a) b()", "(loop while a (expr (call b)))"],
  ["while (true) { break }", "(loop forever (break))"],
  ["do a(); while (b)", "(loop do-while b (expr (call a)))"],
  ["for (let i = 0, n = 1; i < n; i++, n--) f(i)", "(loop count (< i n) (init (= let i 0) (= let n 1)) (update (+= i 1) (-= n 1)) (expr (call f i)))"],
  ["for (;;) {}", "(loop forever)"],
  ["for (i = 0; ; ) {}", "(loop count (init (= i 0)))"],
  ["for (const [a, b] of c) {}", "(loop each const (list a b) c)"],
  ["for (a.b of c) {}", "(loop each (. a b) c)"],
  ["for (const k in o) {}", "(loop each const keys k o)"],
  ["for await (const a of b) {}", "(async-loop each const a b)"],
  ["l: for (;;) { continue l }", "(loop forever label:l (continue label:l))"],
  ["l: switch (a) { default: break l }", "(switch label:l a (default (break label:l)))"],
  ["l: { break l }", "(labeled l (break label:l))"],
  [
    "switch (a) { case 1: case 2: b(); break; case 3: { return } case 4: if (x) { throw y } else { return } default: z() }",
    "(switch a (case 1 falls-through) (case 2 (expr (call b)) (break)) (case 3 (block (return))) (case 4 (if x (then (throw y)) (else (return)))) (default (expr (call z))))",
  ],
  ["try { a() } catch { b() }", "(try (expr (call a)) (catch (expr (call b))))"],
  ["try { a() } catch ({ code }) {} finally { c() }", '(try (expr (call a)) (catch (as (object (: "code" code)))) (finally (expr (call c))))'],
  ["throw new Error('x')", '(throw (new Error "x"))'],
  ["return", "(return)"],
  ["with (a) { b() }", "(unknown WithStatement a) (block (expr (call b)))"],
  ["; debugger; {}", "(block)"],
  ["'use strict'", '(expr "use strict")'],
])("statements: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  [
    "{ a(); using f = open(), g = open(); f.x(); await using h = k(); h.y() }",
    "(block (expr (call a)) (scoped (as (call open) f) (as (call open) g) (expr (call (. f x))) (async-scoped (as (call k) h) (expr (call (. h y))))))",
  ],
  ["for (using a of b) c()", "(loop each const a b (scoped a (expr (call c))))"],
  ["for (await using a = b; ;) c()", "(async-scoped (as b a) (loop count (expr (call c))))"],
  ["for (const using of x) {}", "(loop each const using x)"],
])("using: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  [
    "function f(this: A, a: string, b = 1, c?: number, { d }: D = {}, ...e: string[]): void {}",
    '(function f (a:string (b = 1) c:number (:D (object (: "d" d)) = (object)) *e:[]string) ->void)',
  ],
  ["function f(a: string): void", "(function f (a:string) ->void bodiless)"],
  ["async function* f<T, U extends T>() {}", "(function f <T,U> () async generator)"],
  ["declare function f(): void", "(function f () ->void bodiless)"],
  ["async () => { await x }", "(expr (lambda (lambda () async (expr (await x)))))"],
])("functions: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  ["class A {}", "(class A)"],
  ["class A<T> extends ns.B<T> implements C, D {}", "(class A <T> extends:ns.B[T] implements:C implements:D)"],
  ["class A extends mixin(B, C) {}", "(class A extends:? uses:B uses:C (expr (call mixin B C)))"],
  [
    "class A { a; static b = 1; #c: string = ''; readonly d?: number; declare e: E; accessor f = 1; static readonly g = 2; 'h' = 1; [i()] = 2 }",
    '(class A (field a) (field b static = 1) (field #c :string = "") (field d :number const) (field e :E) (field f = 1) (field g static const = 2) (field h = 1) (field [i()] = 2) (expr (call i)))',
  ],
  [
    "class A { constructor(private a: B, readonly c = 1, d: D) { super(); } }",
    "(class A (field a :B) (field c const) (constructor constructor (a:B (c = 1) d:D) (expr (call super))))",
  ],
  [
    "abstract class A { abstract a(): void; abstract b: string; m(x: string): void; m(x: any) {} }",
    "(class A (field b :string) (method a () ->void bodiless) (method m (x:string) ->void bodiless) (method m (x:?)))",
  ],
  [
    "class A { get a() { return 1 } static set b(v) {} async m() {} *g() {} static async *h() {} [Symbol.iterator]() {} #p() {} }",
    "(class A (getter a () (return 1)) (setter b (v) static) (method m () async) (method g () generator) (method h () async generator static) (method [Symbol.iterator] ()) (method #p ()))",
  ],
  ["class A { static { init() } }", "(class A (block (expr (call init))))"],
  [
    "@dec @ns.d2({ a: 1 }) class A { @x() y: B; @z m(@inject(C) c: C) {} }",
    '(class A (@ dec (call (. ns d2) (object (: "a" 1)))) (field y :B (@ (call x))) (method m ((c:C (@ (call inject C)))) (@ z)))',
  ],
  [
    "interface A<T> extends B, C<T> { a: string; readonly b?: number; c(x: string): void; get d(): string; [key: string]: unknown; (x: number): void }",
    "(interface A <T> extends:B extends:C[T] (field a :string) (field b :number const) (method c (x:string) ->void bodiless) (getter d () ->string bodiless))",
  ],
  ["type A<T> = { a: T }", "(alias A <T> = struct{a:T})"],
  ["enum A { B, C = 'c', 'd-e' = 1 << 2 }", '(enum A (field B static const) (field C static const = "c") (field d-e static const = (<< 1 2)))'],
  ["const enum A { B }", "(enum A (field B static const))"],
  ["namespace A.B { export const c = 1 }", "(namespace A.B (export (= const c 1)))"],
  ["declare module 'm' { export function f(): void }", "(namespace m (export (function f () ->void bodiless)))"],
  ["declare module 'm'", "(namespace m)"],
  ["declare global { interface Window { a: string } }", "(namespace global (interface Window (field a :string)))"],
])("classes: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  ["import 'a'", '(import "a")'],
  ["import a from 'b'", '(import "b" (default default as:a))'],
  ["import a, * as ns from 'b'", '(import "b" (default default as:a) (module b as:ns))'],
  ["import { a, b as c, default as d, type E } from 'f'", '(import "f" (member a) (member b as:c) (default default as:d) (member E))'],
  ["import type { A } from 'b'", '(import type "b" (member A))'],
  ["import { type A } from 'b'", '(import type "b" (member A))'],
  ["import data from './d.json' with { type: 'json' }", '(import "./d.json" (default default as:data))'],
  ["import a = require('b')", '(import "b" (module b as:a))'],
  ["import a = B.C.D", "(= const a (. (. B C) D))"],
  ["export { a, b as c }", "(export (name a) (name b as:c))"],
  ["export { a as default } from 'b'", '(export (name a as:default) from:"b")'],
  ["export * from 'a'", '(export (name *) from:"a")'],
  ["export * as ns from 'a'", '(export (name * as:ns) from:"a")'],
  ["export default a()", "(export default (expr (call a)))"],
  ["export default function () {}", "(export default (function ()))"],
  ["export default class extends A {}", "(export default (class ~ extends:A))"],
  ["export = a", "(export default (expr a))"],
  ["export const a = 1, { b } = c", '(export (= const a 1)) (export (= const (object (: "b" b)) c))'],
  ["export class A {}", "(export (class A))"],
  ["export interface A {}", "(export (interface A))"],
  ["export enum A {}", "(export (enum A))"],
  ["export async function f() {}", "(export (function f () async))"],
  ["const a = require('b')", '(= const a (call require "b"))'],
  ["module.exports = { a }", '(= (. module exports) (object (: "a" a)))'],
])("modules: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  ["let x: string", "(= let x :string)"],
  ["let x: Array<string>", "(= let x :[]string)"],
  ["let x: readonly A[]", "(= let x :[]A)"],
  ["let x: Map<string, A[]>", "(= let x :Map[string,[]A])"],
  ["let x: Record<string, A>", "(= let x :map[string]A)"],
  ["let x: Promise<void>", "(= let x :Promise[void])"],
  ["let x: A.B.C<D>", "(= let x :A.B.C[D])"],
  ["let x: A | B", "(= let x :A|B)"],
  ["let x: A | null", "(= let x :A?)"],
  ["let x: A | B | undefined", "(= let x :A|B?)"],
  ["let x: null | undefined", "(= let x :??)"],
  ["let x: A & B", "(= let x :A|B)"],
  ["let x: A & { b: string }", "(= let x :A)"],
  ["let x: [A, b?: B, ...C[]]", "(= let x :(A,B,[]C))"],
  ["let x: (a: A) => B", "(= let x :func(B))"],
  ["let x: new () => A", "(= let x :func(A))"],
  ["let x: { a: A; b?: B; c(): C; 'd': D }", "(= let x :struct{a:A;b:B;c:func(C);d:D})"],
  ["let x: { [k: string]: A }", "(= let x :map[string]A)"],
  ["let x: { [K in A]: B }", "(= let x :map[?]B)"],
  ["let x: 'a' | 'b'", "(= let x :string)"],
  ["let x: 1", "(= let x :number)"],
  ["let x: true", "(= let x :boolean)"],
  ["let x: `a${B}`", "(= let x :string)"],
  ["let x: keyof A", "(= let x :?)"],
  ["let x: typeof a", "(= let x :?)"],
  ["let x: A extends B ? C : D", "(= let x :?)"],
  ["let x: A['b']", "(= let x :?)"],
  ["function f(): x is A", "(function f () ->boolean bodiless)"],
  ["let x: unknown", "(= let x :?)"],
  ["let x: import('x').A", "(= let x :?)"],
  ['let x: "a" | "b" | A', "(= let x :string|A)"],
])("types: %s", (source, printed) => expect(lower(source)).toBe(printed));

test.each([
  [
    'x = <div a="b" c d={e} {...f} x:y="z">text {a} {/* c */} {...b}<A.B /></div>',
    '(= x (jsx "div" (a= "b") (c= ~) (d= e) (... f) (x:y= "z") | "text" a (spread b) (jsx (. A B))))',
  ],
  ["x = <></>", "(= x (jsx ~))"],
  ["x = <this.a />", "(= x (jsx (. this a)))"],
  ["x = <custom-element />", '(= x (jsx "custom-element"))'],
  ["x = <a:b />", '(= x (jsx "a:b"))'],
  ["x = <A<string> b={1} />", "(= x (jsx A (b= 1)))"],
])("jsx: %s", (source, printed) => expect(lower(source, "a.tsx")).toBe(printed));

describe("comments", () => {
  const textsOf = (source: string, path?: string): string[] => parse(source, path).comments.map((c) => c.text);

  test("are found between all tokens", () => {
    const source = "#!/usr/bin/env node // no\n// a\nf(/* b */ 1, // c\r\n); /** d\n */ { // e\n}\ntype A = /* f */ 'x'; /* // g */ // h";
    expect(textsOf(source)).toEqual(["a", "b", "c", "d", "e", "f", "// g", "h"]);
  });

  test("are not looked for in strings, templates, regular expressions and types of literals", () => {
    const source = "a = 'http://x' + `//no ${b /* yes */} /* no */` + tag`//`; c = /[/*]//2; type T = '//no' | `//no${A}//`; import 'https://m'; // end";
    expect(textsOf(source)).toEqual(["yes", "end"]);
  });

  test("are not looked for in JSX text and attributes", () => {
    const source = "x = <a b='http://x' /* yes1 */ c>http://y {/* yes2 */} /* no */ {z // yes3\n}</a> // yes4";
    expect(textsOf(source, "a.tsx")).toEqual(["yes1", "yes2", "yes3", "yes4"]);
  });

  test("carry their markers in the span, also when they do not end", () => {
    expect(parse("a /*b*/ //c").comments).toEqual([
      { text: "b", start: 2, end: 7 },
      { text: "c", start: 8, end: 11 },
    ]);
    expect(parse("a /* b").comments).toEqual([{ text: "b", start: 2, end: 6 }]);
    expect(parse("/**/ a").comments).toEqual([{ text: "", start: 0, end: 4 }]);
  });
});

describe("positions", () => {
  test("a member knows where its property stands, a call spans its arguments", () => {
    const nodes = nodesOf(parse("  a // x\n  . cd(1) ;"));
    expect(nodes.find((n) => n.kind === "Member")).toMatchObject({ propertyStart: 13, start: 2, end: 15 });
    expect(nodes.find((n) => n.kind === "Call")).toMatchObject({ start: 2, end: 18 });
  });

  test("a function knows where its name, keyword or first parameter stands", () => {
    const starts = (source: string): number[] => nodesOf(parse(source)).flatMap((n) => (n.kind === "Function" ? [n.nameStart] : []));
    expect(starts("export async function ab() {}")).toEqual([22]);
    expect(starts("export default function () {}")).toEqual([15]);
    expect(starts("class A { private constructor() {} get b() {} }")).toEqual([18, 39]);
    expect(starts("x = async (a) => a")).toEqual([10]);
  });

  test("a parameter property starts where its parameter starts", () => {
    const cls = parse("class A { constructor(x: X, private readonly db: Db) {} }").body[0];
    expect(cls).toMatchObject({ fields: [{ name: "db", start: 28, end: 51 }], methods: [{ params: [{ start: 22 }, { start: 28, end: 51 }] }] });
  });

  test("children lie within their parents, also where the parser misses something", () => {
    const sources = [
      "a(b.c, { d: [e] })",
      "if (a) { b } else c",
      "for (using a of b) c",
      "{ using a = b; c() }",
      "x = \n * 2",
      "f(, a",
      "let = ;",
      "a. ",
      "class { x( } y",
    ];
    for (const source of sources) {
      for (const node of nodesOf(parse(source))) {
        for (const child of childrenOf(node)) expect([source, child.start >= node.start, child.end <= node.end]).toEqual([source, true, true]);
      }
    }
  });
});

describe("damaged and extreme files", () => {
  test("statements around an error are kept, and the error is listed", () => {
    const module = parse("a();\nlet = = 3;\nb();");
    expect(module.syntaxErrors.length).toBeGreaterThan(0);
    expect(module.body.map((s) => printNode(s))).toEqual(expect.arrayContaining(["(expr (call a))", "(expr (call b))"]));
  });

  test("a missing operand is an Unknown", () => {
    expect(lower("x = 1 +")).toBe("(= x (+ 1 (unknown MISSING)))");
  });

  test("an index signature without a type is no harm", () => {
    expect(lower("type A = { [a]: }")).toContain("alias A");
  });

  test.each([
    ["brackets", "[".repeat(20_000)],
    ["parentheses", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["blocks", "{".repeat(20_000)],
    ["else if", `if (a) {} ${"else if (b) {} ".repeat(2_000)}`],
    ["types", `let x: ${"A<".repeat(300)}B${">".repeat(300)}`],
    ["patterns", `let ${"[".repeat(500)}a${"]".repeat(500)} = b`],
    ["calls", `a${".b()".repeat(5_000)}`],
    ["array types", `let x: A${"[]".repeat(5_000)}`],
    ["using", "using a = b();\n".repeat(2_000)],
  ])("deep nesting of %s ends in Unknown nodes, of types in what is not printed", (_, source) => {
    const module = parse(source);
    expect(printNode(module)).toMatch(/\(unknown |…/);
  });

  test("the parser is usable after a file that was too deep", () => {
    parse("[".repeat(20_000));
    expect(lower("a")).toBe("(expr a)");
  });

  test.each(["+", "&&", "??", ","])("a chain of 20,000 operators %s is lowered whole", (operator) => {
    const module = parse(`x = (${Array(20_000).fill("a").join(` ${operator} `)})`);
    expect(nodesOf(module).filter((n) => n.kind === "Name")).toHaveLength(20_001);
    expect(nodesOf(module).some((n) => n.kind === "Unknown")).toBe(false);
  });
});

describe("files", () => {
  test("angle brackets are casts in .ts and elements in .tsx and JavaScript", () => {
    expect(lower("x = <a>b</a>", "a.tsx")).toBe('(= x (jsx "a" | "b"))');
    expect(lower("x = <a>b</a>", "a.mjs")).toBe('(= x (jsx "a" | "b"))');
    expect(lower("x = <A>b", "a.mts")).toBe("(= x (cast A b))");
  });

  test("the module carries the language it was asked for", () => {
    expect(typescriptFrontend.lower("a", "a.js", "javascript", Number.POSITIVE_INFINITY)).toMatchObject({ language: "javascript", start: 0, end: 1 });
  });

  test("a deadline that has passed is a timeout", () => {
    expect(() => typescriptFrontend.lower("a", "a.ts", "typescript", 0)).toThrow(ParseTimeout);
  });
});
