import { expect, test } from "vitest";
import { lowered } from "./lowered.ts";
import { pathsOf } from "./paths.ts";
import { showValue } from "./show.ts";

/** What a call in a namespace with these `use` lines refers to, with its fallback. */
async function calleeOf(head: string, call: string): Promise<string> {
  const file = await lowered("a.php", `<?php\n${head}\n${call};\n`);
  const { callee } = file.graph("").calls[0]!;
  const shown = showValue(callee, { unit: file.unit, graph: file.graph("") });
  return callee.k === "ref" && callee.fallback !== undefined ? `${shown} or ${callee.fallback}` : shown;
}

test.each([
  ["", "strlen($x)", "strlen"],
  ["namespace App;", "strlen($x)", "App\\strlen or strlen"],
  ["namespace App;", "\\strlen($x)", "strlen"],
  ["namespace App;", "Sub\\run()", "App\\Sub\\run"],
  ["namespace App;", "namespace\\run()", "App\\run"],
  ["namespace App; use function Lib\\read;", "read()", "Lib\\read"],
  ["namespace App; use Lib\\Tools;", "Tools\\read()", "Lib\\Tools\\read"],
  ["namespace App; use Lib\\Client;", "new Client()", "Lib\\Client"],
  ["namespace App; use Lib\\Client as C;", "new C()", "Lib\\Client"],
  ["namespace App; use Lib\\{Client, Other as O};", "new O()", "Lib\\Other"],
  ["namespace App; use Lib\\Client;", "Client::make()", "Lib\\Client.make"],
  ["namespace App;", "new Client()", "App\\Client"],
  ["namespace App;", "new \\PDO($dsn)", "PDO"],
  ["use Lib\\DB;", "DB::table('x')", "Lib\\DB.table"],
])("%s %s is %s", async (head, call, expected) => {
  expect(await calleeOf(head, call)).toBe(expected);
});

test("functions and methods see nothing of what encloses them, closures what they say, arrow functions all", async () => {
  const file = await lowered("a.php", "<?php\n$db = 1;\nfunction f() { return $db; }\n$g = function () use (&$db) { return fn() => $db; };\n");
  expect(file.captures(file.fn("f"))).toEqual([]);
  expect(file.variables("db").map((one) => one.fn)).toEqual([0, file.unit.functions.indexOf(file.fn("f"))]);
  expect(file.captures(file.lambda(0))).toEqual(["db"]);
  expect(file.captures(file.lambda(1))).toEqual(["db"]);
});

test("global names the file's variable, static a lasting one", async () => {
  const file = await lowered("a.php", "<?php\n$db = 1;\nfunction f($id) { global $db; static $cache = []; $cache[$id] = $db; }\n");
  expect(file.variables("db")).toHaveLength(1);
  expect(file.variables("cache")).toMatchObject([{ isStatic: true }]);
  expect(pathsOf(file, "f", { all: true })).toEqual(["cache=list() cache[id]=db return"]);
});

test("variables, functions, classes and constants are told apart, names of functions and classes in any case", async () => {
  const file = await lowered("a.php", "<?php\nnamespace App;\nfunction Run() {}\nclass Job { const Run = 1; }\n$run = 2;\nrun(); new JOB(); \\app\\RUN();\n");
  expect(pathsOf(file, "")).toEqual(["Run Job Run return"]);
  expect(file.fn("App\\Run")).toBeDefined();
  expect(file.cls("App\\Job")).toBeDefined();
});

test("several namespaces in one file", async () => {
  const file = await lowered("a.php", "<?php\nnamespace A { class X {} function f() { new X(); } }\nnamespace B { class X {} function f() { new X(); } }\n");
  for (const [fn, cls] of [
    ["A\\f", "A\\X"],
    ["B\\f", "B\\X"],
  ] as const) {
    expect(file.graph(fn).calls[0]!.callee).toEqual({ k: "class", id: file.unit.classes.indexOf(file.cls(cls)) });
  }
});

test("imports of one namespace block do not hold in the next", async () => {
  const file = await lowered("a.php", "<?php\nnamespace A { use Lib\\One as C; new C(); }\nnamespace B { use Lib\\Two as C; new C(); }\n");
  expect(pathsOf(file, "")).toEqual(["Lib\\One Lib\\Two return"]);
});

test("promoted parameters, static and instance properties", async () => {
  const file = await lowered(
    "a.php",
    "<?php\nclass A {\n private static array $pool = [];\n public function __construct(private readonly \\PDO $db, int $n = 3) { self::$pool[] = $db; $this->late = $n; }\n}\n",
  );
  const fields = file.cls("A").fields;
  expect(fields.map((field) => [field.name, field.isStatic]).sort()).toEqual([
    ["db", false],
    ["late", false],
    ["pool", true],
  ]);
  expect(pathsOf(file, "A.__construct", { all: true })).toEqual(["this.db=db A.pool[]=db this.late=n return"]);
});

test("traits, interfaces and enums keep their bases", async () => {
  const file = await lowered("a.php", "<?php\nnamespace App;\nuse Lib\\Base;\nclass A extends Base implements \\Countable { use Caches, Logs; }\n");
  const bases = file.cls("App\\A").bases.map(({ kind, type }) => [kind, type.ref?.k === "ref" ? type.ref.name : null]);
  expect(bases).toEqual([
    ["extends", "Lib\\Base"],
    ["implements", "Countable"],
    ["uses", "App\\Caches"],
    ["uses", "App\\Logs"],
  ]);
});
