import { beforeAll, expect, test } from "vitest";
import type { FunctionNode, Module, Node } from "../../src/ast/nodes.ts";
import { printNode } from "../../src/ast/print.ts";
import { childrenOf, walk } from "../../src/ast/visit.ts";
import { ParseTimeout } from "../../src/frontends/frontend.ts";
import { phpFrontend } from "../../src/frontends/php/frontend.ts";

beforeAll(() => phpFrontend.load());

function parse(text: string): Module {
  return phpFrontend.lower(text, "a.php", "php", Number.POSITIVE_INFINITY);
}

/** The printed statements of a snippet. */
function lowered(code: string): string {
  return parse(`<?php ${code}`)
    .body.map((s) => printNode(s))
    .join("\n");
}

/** The expression of a snippet. */
function expression(code: string): string {
  const printed = lowered(`return ${code};`);
  return printed.slice("(return ".length, -1);
}

function functions(module: Module): FunctionNode[] {
  const found: FunctionNode[] = [];
  walk(module, (n) => void (n.kind === "Function" && found.push(n)));
  return found;
}

test.each([
  // Names
  ["$x", "$x"],
  ["$this", "this"],
  ["PHP_EOL", "PHP_EOL"],
  ["\\A\\B", "\\A\\B"],
  ["__CLASS__", "__CLASS__"],
  ["$$x", "(unknown dynamic_variable_name $x)"],
  // Literals
  ["0x1F", "31"],
  ["0b11", "3"],
  ["017", "15"],
  ["0o17", "15"],
  ["1_000", "1000"],
  ["9223372036854775807", "9223372036854775807"],
  ["1_0.5e1", "105"],
  ["TRUE", "true"],
  ["False", "false"],
  ["NULL", "null"],
  ["'it\\'s \\n \\\\'", '"it\'s \\\\n \\\\"'],
  ['"\\x41\\101\\u{1F600}\\q\\"\\$"', '"AA😀\\\\q\\"$"'],
  ['""', '""'],
  // Interpolation
  ['"a $b c"', '(template "a " $b " c")'],
  ["\"{$a->b['c']}\"", '(template (index (. $a b) "c"))'],
  ['"$a[k] $b[0] $c->d"', '(template (index $a "k") " " (index $b 0) " " (. $c d))'],
  ['"$a[-1]"', "(template (index $a (- 1)))"],
  ["\"${a} ${b['c']}\"", '(template $a " " (index $b "c"))'],
  ['"\\{$a}"', '(template "\\\\{" $a "}")'],
  ["`ls $dir`", '(call shell_exec (template "ls " $dir))'],
  ["`ls`", '(call shell_exec "ls")'],
  ["<<<A\n    a\n      $b\n\n    c\\t\n    A", '(template "a\\n  " $b "\\n\\nc\\t")'],
  ['<<<"EOT"\n{$b()}A\nEOT', '(template (call $b) "A")'],
  ["<<<'A'\n  $a\\n\n A", '" $a\\\\n"'],
  ["<<<A\nA", '""'],
  // Members and calls
  ["$a->b->c", "(. (. $a b) c)"],
  ["$a?->b?->c()", "(call (?. (?. $a b) c))"],
  ["$a->$b", "(. $a ~)"],
  ["$a->{'x' . $b}(1)", "(call (. $a ~) 1)"],
  ["A::$b", "(:: A b)"],
  ["A::B", "(:: A B)"],
  ["A::class", "(:: A class)"],
  ["A::{$b}", "(:: A ~)"],
  ["$a::$b", "(:: $a b)"],
  ["self::X", "(:: self X)"],
  ["static::$cache[$k]", "(index (:: static cache) $k)"],
  ["parent::__construct($a)", "(call (:: super __construct) $a)"],
  ["\\A\\B::c()", "(call (:: \\A\\B c))"],
  ["A::$f()", "(call (:: A ~))"],
  ["$f()", "(call $f)"],
  ["($a->f)()", "(call (. $a f))"],
  ["f(1, b: 2, ...$c)", "(call f 1 (b= 2) (* $c))"],
  ["strlen(...)", "(callable strlen)"],
  ["$a->b(...)", "(callable (. $a b))"],
  ["A::b(...)", "(callable (:: A b))"],
  ["$a |> trim(...) |> $f", "(call $f (call trim $a))"],
  ["new A", "(new A)"],
  ["new A(1)->b()", "(call (. (new A 1) b))"],
  ["new static", "(new static)"],
  ["new parent(1)", "(new super 1)"],
  ["new $x", "(new $x)"],
  ["new ($x . 'y')(1)", '(new (. $x "y") 1)'],
  ["$a['b'][0]", '(index (index $a "b") 0)'],
  ["isset($a, $b)", "(call isset $a $b)"],
  ["empty($a)", "(call empty $a)"],
  ["print 1", "(call print 1)"],
  ["$a or die('x')", '(or $a (call exit "x"))'],
  ["$a ?: exit", "(?: $a $a (call exit))"],
  ["require_once 'a.php'", '(call require_once "a.php")'],
  ["include $a . 'b'", '(call include (. $a "b"))'],
  // Operators
  ["!$a", "(not $a)"],
  ["-$a", "(- $a)"],
  ["@f()", "(@ (call f))"],
  ["clone $a", "(clone $a)"],
  ["$a instanceof \\B", "(instanceof $a \\B)"],
  ["$a instanceof $b", "(instanceof $a $b)"],
  ["(int) $a", "(cast int $a)"],
  ["(Array) $a", "(cast array $a)"],
  ["$a && $b || $c and $d", "(and (or (and $a $b) $c) $d)"],
  ["$a ?? $b ?? $c", "(?? $a (?? $b $c))"],
  ["$a <> $b", "(!= $a $b)"],
  ["$a xor $b", "(xor $a $b)"],
  ["$a + $b * $c - $d", "(- (+ $a (* $b $c)) $d)"],
  ["$a ** $b ** $c", "(** $a (** $b $c))"],
  ["$a ? $b : $c", "(?: $a $b $c)"],
  ["f($x = 1, $i++, --$j)", "(call f (assign-expr = $x 1) (assign-expr += $i 1) (assign-expr -= $j 1))"],
  ["throw new A", "(throw (new A))"],
  // Collections
  ["[1, 2]", "(list 1 2)"],
  ["array('a' => 1, 2)", '(map (: "a" 1) 2)'],
  ["[...$a, &$b]", "(list (... $a) (& $b))"],
  // Functions
  ["fn($x) => $x + $y", "(lambda (lambda (x) (return (+ $x $y))))"],
  ["static fn() => 1", "(lambda (lambda () static (return 1)))"],
  ["function () use ($a, &$b): int { }", "(lambda (lambda () ->int use:a,&b))"],
  ["function () { yield; }", "(lambda (lambda () use: generator (expr (yield))))"],
  ["match (true) { 1, 2 => $a, default => throw new E }", "(match true ((1 2) $a) (default (throw (new E))))"],
  ["new #[X] class(1) extends A implements B { use T; }", "(new (class-expr (class ~ extends:A implements:B uses:T (@ (new X)))) 1)"],
])("expression %s", (code, printed) => {
  expect(expression(code)).toBe(printed);
});

test.each([
  // Assignments
  ["$a = 1;", "(= $a 1)"],
  ["$a = $b->c = f();", "(= (. $b c) (call f))\n(= $a (. $b c))"],
  ["$a = $b[] = new C;", "(= $a (assign-expr = (index $b ~) (new C)))"],
  ["$a ??= $b = 1;", "(??= $a (assign-expr = $b 1))"],
  ["$a .= 'x';", '(.= $a "x")'],
  ["$a = &$b;", "(= & $a $b)"],
  ["$i++; --$i;", "(+= $i 1)\n(-= $i 1)"],
  ["[$a, [$b]] = $c;", "(= (list $a (list $b)) $c)"],
  ["[, $a, , $b] = $c;", "(= (map (: 1 $a) (: 3 $b)) $c)"],
  ["list('k' => $a, 'l' => list(&$b)) = $c;", '(= (map (: "k" $a) (: "l" (list $b))) $c)'],
  ["static $x = 1, $y;", "(= static $x 1)\n(= static $y)"],
  ["global $a, $b;", "(global a b)"],
  ["const A = 1, B = A;", "(= const A 1)\n(= const B A)"],
  ["unset($a['k'], $b);", '(delete (index $a "k") $b)'],
  // Output, jumps
  ["echo 1, $a;", "(expr (call echo 1 $a))"],
  ["print $a;", "(expr (call print $a))"],
  ["exit;", "(expr (call exit))"],
  ["die(1);", "(expr (call exit 1))"],
  ["throw $e;", "(throw $e)"],
  ["return;", "(return)"],
  ["a: goto a;", "(labeled a)\n(goto a)"],
  ["declare(strict_types=1); f();", "(expr (call f))"],
  ["declare(ticks=1) { f(); }", "(block\n  (expr (call f)))"],
  // Branches
  [
    "if ($a) f(); elseif ($b) g(); else h();",
    "(if $a\n  (then\n    (expr (call f)))\n  (else\n    (if $b\n      (then\n        (expr (call g)))\n      (else\n        (expr (call h))))))",
  ],
  ["if ($a): elseif ($b): f(); endif;", "(if $a\n  (then)\n  (else\n    (if $b\n      (then\n        (expr (call f))))))"],
  ["if ($a): ?> <p><?= $x ?></p> <?php else: f(); endif;", "(if $a\n  (then\n    (expr (call echo $x)))\n  (else\n    (expr (call f))))"],
  // Loops
  ["while ($a): f(); endwhile;", "(loop while $a\n  (expr (call f)))"],
  ["while (true) break;", "(loop forever\n  (break))"],
  ["do { f(); } while ($a);", "(loop do-while $a\n  (expr (call f)))"],
  [
    "for ($i = 0, $j = 1; $i < 3; $i++, f()): g(); h(); endfor;",
    "(loop count (< $i 3)\n  (init\n    (= $i 0)\n    (= $j 1))\n  (update\n    (+= $i 1)\n    (expr (call f)))\n  (expr (call g))\n  (expr (call h)))",
  ],
  ["for (;;) ;", "(loop forever)"],
  ["foreach ($a as $v): endforeach;", "(loop each $v $a)"],
  ["foreach (f() as $k => &$v) {}", "(loop each entries (tuple $k $v) (call f))"],
  ["foreach ($a as ['x' => $x, 'y' => [$y]]) {}", '(loop each (map (: "x" $x) (: "y" (list $y))) $a)'],
  ["foreach ($a as $this->k => $this->v) {}", "(loop each entries (tuple (. this k) (. this v)) $a)"],
  // Switch
  [
    "switch ($a) { case 1: case 2: f(); break; case 3: g(); default: h(); }",
    "(switch $a\n  (case 1 falls-through)\n  (case 2\n    (expr (call f))\n    (break))\n  (case 3 falls-through\n    (expr (call g)))\n  (default\n    (expr (call h))))",
  ],
  [
    "switch ($a): case 1; if ($b) { return; } else { exit; } default: endswitch;",
    "(switch $a\n  (case 1\n    (if $b\n      (then\n        (return))\n      (else\n        (expr (call exit)))))\n  (default))",
  ],
  [
    "while ($a) { switch ($b) { case 1: continue 2; case 2: continue; case 3: break 2; } continue; }",
    "(loop while $a\n  (switch $b\n    (case 1\n      (continue))\n    (case 2\n      (break))\n    (case 3\n      (break 2)))\n  (continue))",
  ],
  ["while ($a) while ($b) continue 2;", "(loop while $a\n  (loop while $b\n    (continue 2)))"],
  // Exceptions
  [
    "try { f(); } catch (A|\\B $e) { g(); } catch (C) { } finally { h(); }",
    "(try\n  (expr (call f))\n  (catch A \\B (as $e)\n    (expr (call g)))\n  (catch C)\n  (finally\n    (expr (call h))))",
  ],
  // Generators
  [
    "function f() { yield 1; $x = yield 'k' => 2; yield from g(); }",
    '(function f () generator\n  (expr (yield 1))\n  (= $x (yield (tuple "k" 2)))\n  (expr (yield-from (call g))))',
  ],
])("statement %s", (code, printed) => {
  expect(lowered(code)).toBe(printed);
});

test.each([
  ["use A\\B;", '(import "A" (member B php:class))'],
  ["use \\A;", '(import "" (member A php:class))'],
  ["use A\\B as C, D\\E;", '(import "A" (member B as:C php:class))\n(import "D" (member E php:class))'],
  ["use function A\\f as g;", '(import "A" (member f as:g php:function))'],
  ["use const A\\{B, C\\D};", '(import "A" (member B php:const))\n(import "A\\\\C" (member D php:const))'],
  ["use A\\{B, function f as g, const C};", '(import "A" (member B php:class))\n(import "A" (member f as:g php:function))\n(import "A" (member C php:const))'],
  ["namespace A\\B; f(); namespace C; g();", "(namespace A\\B\n  (expr (call f)))\n(namespace C\n  (expr (call g)))"],
  ["namespace A { namespace\\f(); } namespace { g(); }", "(namespace A\n  (expr (call \\A\\f)))\n(namespace \n  (expr (call g)))"],
])("namespace or import %s", (code, printed) => {
  expect(lowered(code)).toBe(printed);
});

test.each([
  ["function &f(?int $a = 1, A|null|B &$b, A&B ...$c): static {}", "(function f ((a:int? = 1) &b:A|B? *c:A|B) ->static)"],
  ["function f(callable $a, array $b, (A&B)|string $c): void {}", "(function f (a:func() b:array c:A|B|string) ->void)"],
  ["#[A, B\\C(1, x: 2)] function f(#[D] $a) {}", "(function f ((a (@ (new D)))) (@ (new A) (new B\\C 1 (x= 2))))"],
  [
    "abstract class A extends B implements C, \\D { use T, U { T::x insteadof U; y as protected z; } }",
    "(class A extends:B implements:C implements:\\D uses:T uses:U)",
  ],
  ["final readonly class A {}", "(class A)"],
  [
    "interface I extends A, B { const X = 1; function f(): int; }",
    "(interface I extends:A extends:B\n  (field X static const = 1)\n  (method f () ->int bodiless))",
  ],
  ["trait T { abstract private static function f(); }", "(trait T\n  (method f () static bodiless))"],
  [
    "enum S: string implements I { case A = 'a'; case B = 'b'; const C = self::A; function f() {} }",
    '(enum S implements:I\n  (field A static const = "a")\n  (field B static const = "b")\n  (field C static const = (:: self A))\n  (method f ()))',
  ],
  [
    "class A { public $a = 1, $b; private static ?B $c = null; var $d; final const int E = 2; public private(set) int $f; }",
    "(class A\n  (field a = 1)\n  (field b)\n  (field c :B? static = null)\n  (field d)\n  (field E :int static const = 2)\n  (field f :int))",
  ],
  [
    "class A { function __construct(private readonly B $b = new B, #[X] protected array &$c = [], $d = 1) {} function __destruct() {} }",
    "(class A\n  (field b :B)\n  (field c :array (@ (new X)))\n  (constructor __construct ((b:B = (new B)) (&c:array (@ (new X)) = (list)) (d = 1)))\n  (destructor __destruct ()))",
  ],
  [
    "class A { public string $p { get => $this->q; set(int $v) { $this->q = $v; } } public $q { &get; set => f($value); } }",
    "(class A\n  (field p :string)\n  (field q)\n  (getter p () ->string\n    (return (. this q)))\n  (setter p (v:int)\n    (= (. this q) $v))\n  (getter q () bodiless)\n  (setter q (value)\n    (= (. this q) (call f $value))))",
  ],
  [
    "class A { function __construct(public int $x { get => 1; }) {} }",
    "(class A\n  (field x :int)\n  (constructor __construct (x:int))\n  (getter x () ->int\n    (return 1)))",
  ],
])("declaration %s", (code, printed) => {
  expect(lowered(code)).toBe(printed);
});

test.each([
  [
    "/** @param A $a text\n * @param array<int, B[]> $b\n * @param ?C &$c @param D ...$d\n * @return E|null */ function f($a, $b, &$c, ...$d) {}",
    "(function f (a:A b:map[int][]B &c:C? *d:D) ->E?)",
  ],
  ["/** @param A $a @return B */ function f(X $a): Y {}", "(function f (a:X) ->Y)"],
  [
    "/** @param callable(int, string): A $a @param array{x: int, y: B} $b @param 'a'|'b'|1 $c */ function f($a, $b, $c) {}",
    "(function f (a:func(A) b:array c:string|string|int))",
  ],
  [
    "/** @param (A|B)[] $a @param Collection<int,\n * A> $b @param self::X_* $c @param A&B $d */ function f($a, $b, $c, $d) {}",
    "(function f (a:[]A|B b:Collection[int,A] c:? d:A|B))",
  ],
  ["/** @template T of A\n * @param class-string<T> $a\n * @return list<T> */ function f($a) {}", "(function f <T> (a:class-string[T]) ->[]T)"],
  ["/** @param */ function f($a) {}", "(function f (a))"],
  ["/** @return A */ $x = 1; function f() {}", "(= $x 1)\n(function f ())"],
  ["/* @return A */ function f() {}", "(function f ())"],
  [
    "class A { /** @var B|null */ #[X] private $b; /** @var C $c\n @var D $d */ public $c, $d; /** @return $this */ function f() {} }",
    "(class A\n  (field b :B? (@ (new X)))\n  (field c :C)\n  (field d :D)\n  (method f () ->static))",
  ],
])("doc comment %s", (code, printed) => {
  expect(lowered(code)).toBe(printed);
});

test("HTML is skipped, short echo tags print", () => {
  const printed = printNode(parse("<h1><?= $title ?></h1>\n<?php foreach ($rows as $r): ?>\n<p><?=$r->name?></p>\n<?php endforeach ?>\n"));
  expect(printed).toBe("(module php\n  (expr (call echo $title))\n  (loop each $r $rows\n    (expr (call echo (. $r name)))))");
});

test("comments are listed without their markers", () => {
  const { comments } = parse("<?php // a\n# b\n/* c */ /** d */ /**/ f(/* e */);");
  expect(comments.map((c) => c.text)).toEqual(["a", "b", "c", "d", "", "e"]);
});

test("spans are exact", () => {
  const text = "<?php class A { #[X] public static function make($é) { return $é->run('😀')->stop(); } }";
  const module = parse(text);
  const [make] = functions(module);
  expect(text.slice(make!.nameStart)).toMatch(/^make\(/);
  expect(text.slice(make!.start, make!.end)).toMatch(/^#\[X\].*stop\(\); \}$/);
  const calls: string[] = [];
  walk(module, (n) => {
    if (n.kind === "Call") calls.push(text.slice(n.start, n.end));
    if (n.kind === "Member") calls.push(text.slice(n.start, n.end), text.slice(n.propertyStart));
  });
  expect(calls).toEqual(["X", "$é->run('😀')->stop()", "$é->run('😀')->stop", "stop(); } }", "$é->run('😀')", "$é->run", "run('😀')->stop(); } }"]);
});

test("children lie within their parents", () => {
  const module = parse("<?php namespace A; class B { function f($a) { if ($a): g(fn($x) => $x?->y['z']); elseif (1): [$b, $c] = \"a{$a}b\"; endif; } }");
  const stray: Node[] = [];
  walk(module, (n) => void stray.push(...childrenOf(n).filter((c) => c.start < n.start || c.end > n.end)));
  expect(stray).toEqual([]);
});

test("an error costs only its place", () => {
  const module = parse("<?php function f() { $a = ; g(); }\nclass A { function h() { return 1; } }");
  expect(module.syntaxErrors.length).toBeGreaterThan(0);
  expect(functions(module).map((f) => f.name)).toEqual(["f", "h"]);
  expect(printNode(module)).toContain("(call g)");
});

test("a damaged file keeps its namespace and declarations", () => {
  const module = parse("<?php namespace A\\B; use C\\D; class E { function f() { if ($x { } } function g() { h(); }");
  expect(module.syntaxErrors.length).toBeGreaterThan(0);
  expect(printNode(module)).toContain('(namespace A\\B\n    (import "C" (member D php:class))');
});

test("an empty file and one without PHP have no statements", () => {
  expect(parse("").body).toEqual([]);
  expect(parse("<p>only text</p>").body).toEqual([]);
});

test.each([
  ["nested arrays", `$x = ${"[".repeat(20_000)}${"]".repeat(20_000)};`],
  ["nested blocks", `${"if (1) {".repeat(20_000)}${"}".repeat(20_000)}`],
  ["open parentheses", "(".repeat(20_000)],
  ["a chain of calls", `$a${"->b()".repeat(20_000)};`],
  ["a chain of assignments", `${"$a = ".repeat(20_000)}1;`],
  ["else ifs", `${"if (1) {} else ".repeat(5_000)}{}`],
  ["a type in a doc comment", `/** @param ${"(".repeat(20_000)} $x */ function f($x) {}`],
])("%s may be any depth", (_, code) => {
  expect(parse(`<?php ${code}`).body.length).toBeGreaterThan(0);
});

test("long concatenations and elseifs lose nothing", () => {
  const module = parse(`<?php $x = ${"f() . ".repeat(5000)}1; if (1) {}${" elseif (g()) {}".repeat(1000)}`);
  const counts = { f: 0, g: 0 };
  walk(module, (n) => {
    if (n.kind === "Name" && (n.name === "f" || n.name === "g")) counts[n.name]++;
  });
  expect(counts).toEqual({ f: 5000, g: 1000 });
});

test("parsing stops at the deadline", () => {
  const text = `<?php ${"$a = [1, 2, 3];\n".repeat(50_000)}`;
  expect(() => phpFrontend.lower(text, "a.php", "php", performance.now() - 1)).toThrow(ParseTimeout);
  expect(parse("<?php f();").body).toHaveLength(1);
});
