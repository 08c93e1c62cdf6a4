import { describe, expect, test } from "vitest";
import { linked } from "./linked.ts";

const client =
  "<?php\nnamespace Lib;\nclass Client { public function get() {} public static function make(): self { return new self(); } }\nfunction read() {}\n";

describe("PHP names over files", () => {
  test.each<[string, string, readonly string[]]>([
    ["a class by use", "namespace App; use Lib\\Client;\n(new Client())->get();", ["new Lib\\Client", "lib.php:Lib\\Client.get"]],
    ["a class by its full name", "namespace App;\n(new \\Lib\\Client())->get();", ["new Lib\\Client", "lib.php:Lib\\Client.get"]],
    ["a class of the same namespace", "namespace Lib;\n(new Client())->get();", ["new Lib\\Client", "lib.php:Lib\\Client.get"]],
    [
      "names of classes and functions in any case",
      "use lib\\CLIENT;\n(new client())->get();\n\\LIB\\READ();",
      ["new Lib\\Client", "lib.php:Lib\\Client.get", "lib.php:Lib\\read"],
    ],
    ["a static method and what it gives back", "use Lib\\Client;\nClient::make()->get();", ["lib.php:Lib\\Client.make", "lib.php:Lib\\Client.get"]],
    ["a function by use", "namespace App; use function Lib\\read;\nread();", ["lib.php:Lib\\read"]],
    ["a function of the namespace before the global one", "namespace Lib;\nread();\nstrlen('x');", ["lib.php:Lib\\read", "strlen"]],
    ["a global function from a namespace", "namespace App;\nfopen('x', 'r');", ["fopen"]],
    ["a function of another namespace is not meant", "namespace App;\nread();", ["read"]],
  ])("%s", async (_, code, expected) => {
    expect((await linked({ "lib.php": client, "a.php": `<?php\n${code}\n` })).callees("a.php")).toEqual(expected);
  });

  test("parent, traits, interfaces and $this", async () => {
    const program = await linked({
      "base.php":
        "<?php\nnamespace App;\nabstract class Base { public function __construct(protected \\PDO $db) {} public function load() { return $this->fetch(); } abstract function fetch(); }\n",
      "trait.php": "<?php\nnamespace App;\ntrait Logs { private function log($m) { error_log($m); } }\n",
      "repo.php":
        "<?php\nnamespace App;\nclass Repo extends Base { use Logs; function fetch() { $this->log('x'); return $this->db->query('y'); } function load() { return parent::load(); } }\n",
    });
    expect(program.callees("repo.php:App\\Repo.fetch")).toEqual(["trait.php:App\\Logs.log", "PDO.query"]);
    expect(program.callees("repo.php:App\\Repo.load")).toEqual(["base.php:App\\Base.load"]);
    expect(program.callees("base.php:App\\Base.load")).toEqual(["repo.php:App\\Repo.fetch"]);
  });

  test("types of properties, parameters, doc comments and factories", async () => {
    const program = await linked({
      "a.php":
        "<?php\nclass A {\n  private ?PDO $one = null;\n  /** @var PDO */\n  private $two;\n  private $three;\n  function __construct() { $this->three = new PDO('x'); }\n  function f(PDO|null $p, iterable $q) { $this->one->query('a'); $this->two->query('b'); $this->three->query('c'); $p->query('d'); $this->make()->query('e'); }\n  /** @return PDO */\n  function make() { return $this->pool->get(); }\n}\n",
    });
    const queries = program.callees("a.php:A.f").filter((name) => name === "PDO.query");
    expect(queries).toHaveLength(5);
  });

  test("closures see $this and what they use", async () => {
    const program = await linked({
      "a.php":
        "<?php\nclass A {\n  private PDO $db;\n  function f() { $db = new PDO('x'); return [fn() => $this->db->query('a'), function () use ($db) { $db->query('b'); }]; }\n}\n",
    });
    const lambdas = program.file("a.php").functions.filter((fn) => fn.fact.kind === "lambda");
    for (const lambda of lambdas) expect(program.program.target(lambda, 0).library).toBe("PDO.query");
  });
});
