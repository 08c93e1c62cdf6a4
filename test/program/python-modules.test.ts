import { describe, expect, test } from "vitest";
import { linked } from "./linked.ts";

const helper = "def open_feed():\n    return open('x')\n";

describe("Python modules", () => {
  test.each<[string, string, Record<string, string>, string]>([
    ["a sibling", "app/main.py", { "app/feeds.py": helper, "app/main.py": "from .feeds import open_feed\nopen_feed()\n" }, "app/feeds.py:open_feed"],
    [
      "a parent's sibling",
      "app/web/main.py",
      { "app/feeds.py": helper, "app/web/main.py": "from ..feeds import open_feed as of\nof()\n" },
      "app/feeds.py:open_feed",
    ],
    [
      "a module by its package",
      "app/main.py",
      { "app/__init__.py": "", "app/feeds.py": helper, "app/main.py": "from app.feeds import open_feed\nopen_feed()\n" },
      "app/feeds.py:open_feed",
    ],
    ["a dotted import", "main.py", { "app/feeds.py": helper, "main.py": "import app.feeds\napp.feeds.open_feed()\n" }, "app/feeds.py:open_feed"],
    ["a dotted import with an alias", "main.py", { "app/feeds.py": helper, "main.py": "import app.feeds as f\nf.open_feed()\n" }, "app/feeds.py:open_feed"],
    ["a module of a package", "main.py", { "app/feeds.py": helper, "main.py": "from app import feeds\nfeeds.open_feed()\n" }, "app/feeds.py:open_feed"],
    [
      "the src layout, from the tests",
      "jobs/run.py",
      { "src/app/feeds.py": helper, "jobs/run.py": "from app.feeds import open_feed\nopen_feed()\n" },
      "src/app/feeds.py:open_feed",
    ],
    [
      "a module of the own package",
      "app/main.py",
      { "app/feeds.py": helper, "app/__init__.py": "", "app/main.py": "from . import feeds\nfeeds.open_feed()\n" },
      "app/feeds.py:open_feed",
    ],
    [
      "a name that __init__ brings on",
      "main.py",
      { "app/__init__.py": "from .feeds import open_feed\n", "app/feeds.py": helper, "main.py": "from app import open_feed\nopen_feed()\n" },
      "app/feeds.py:open_feed",
    ],
    [
      "a name that __init__ renames",
      "main.py",
      { "app/__init__.py": "from .feeds import open_feed as get\n", "app/feeds.py": helper, "main.py": "import app\napp.get()\n" },
      "app/feeds.py:open_feed",
    ],
    [
      "a star import",
      "main.py",
      { "app/__init__.py": "from .feeds import *\n", "app/feeds.py": helper, "main.py": "from app import *\nopen_feed()\n" },
      "app/feeds.py:open_feed",
    ],
    [
      "an import inside the function",
      "main.py",
      { "feeds.py": helper, "main.py": "def f():\n    from feeds import open_feed\n    return open_feed()\nf()\n" },
      "main.py:f",
    ],
    ["a library", "main.py", { "main.py": "from os import path as p\np.join('a')\n" }, "os.path.join"],
    ["a built-in", "main.py", { "main.py": "open('x')\n" }, "builtins.open"],
    ["a name beyond the project", "main.py", { "main.py": "from ...far import f\nf()\n" }, "...far.f"],
  ])("%s", async (_, path, files, expected) => {
    expect((await linked(files)).callees(path)).toEqual([expected]);
  });

  test("modules and stars that import each other come to an end", async () => {
    const program = await linked({
      "a.py": "from b import *\nfrom b import x\nx()\nnothing()\n",
      "b.py": "from a import *\nfrom a import x\n",
      "pkg/__init__.py": "from . import pkg\nfrom pkg import y\ny()\n",
    });
    expect(program.callees("a.py")).toHaveLength(2);
    expect(program.callees("pkg/__init__.py")).toHaveLength(1);
  });

  test("a library of the same name as a file of the project is the file, by whole parts only", async () => {
    const program = await linked({ "redis.py": "def Redis():\n    pass\n", "a.py": "import redis\nimport redisx\nredis.Redis()\nredisx.Redis()\n" });
    expect(program.callees("a.py")).toEqual(["redis.py:Redis", "redisx.Redis"]);
  });
});

describe("types over files", () => {
  test("a class in one file, its base in another, the user in a third", async () => {
    const program = await linked({
      "app/base.py":
        "import redis\nclass Base:\n    def __init__(self):\n        self.redis = redis.Redis()\n    def load(self, k):\n        return self.redis.get(k)\n",
      "app/store.py": "from .base import Base\nclass Store(Base):\n    def all(self):\n        for k in self.redis.scan_iter():\n            self.load(k)\n",
      "app/web.py": "from app.store import Store\nstore = Store()\ndef handler():\n    return store.all()\n",
    });
    expect(program.callees("app/web.py:handler")).toEqual(["app/store.py:Store.all"]);
    expect(program.callees("app/store.py:Store.all")).toEqual(["redis.Redis.scan_iter", "app/base.py:Base.load"]);
    expect(program.callees("app/base.py:Base.load")).toEqual(["redis.Redis.get"]);
    expect(program.typeOf("app/web.py", "store")).toBe("Store");
  });

  test("a factory, an annotation, a parameter and a container say what a value is", async () => {
    const program = await linked({
      "db.py": "import sqlite3\ndef connect() -> sqlite3.Connection: ...\ndef make():\n    return sqlite3.connect('x')\n",
      "a.py":
        "from db import connect, make\nimport sqlite3\nc1 = connect()\nc2 = make()\ndef f(c3: 'sqlite3.Connection', c4: list[sqlite3.Connection], c5: sqlite3.Connection | None, c7=None):\n    for c6 in c4:\n        pass\n",
    });
    for (const name of ["c1", "c2", "c3", "c5", "c6"]) expect([name, program.typeOf("a.py", name)]).toEqual([name, "sqlite3.Connection"]);
    expect(program.typeOf("a.py", "c4")).toBe("builtins.list[sqlite3.Connection]");
    expect(program.typeOf("a.py", "c7")).toBe("?");
  });

  test("the parts of pairs: items of a dict, enumerate, zip, annotated tuples, nested patterns", async () => {
    const program = await linked({
      "a.py":
        "import redis\ndef load() -> list[tuple[str, redis.Redis]]: ...\ndef f(items: dict[str, redis.Redis]):\n  for k1, c1 in items.items(): pass\n  for k2, c2 in load(): pass\n  for i, (k3, c3) in enumerate(items.items()): pass\n  for c4, n in zip(items.values(), [1]): pass\n  for pair in items.items():\n    c5 = pair[1]\n    k5 = pair[0]\n  x = [c6 for k6, c6 in items.items()]\n",
    });
    for (const name of ["c1", "c2", "c3", "c4", "c5", "c6"]) expect([name, program.typeOf("a.py", name)]).toEqual([name, "redis.Redis"]);
    for (const name of ["k1", "k2", "k3", "k5", "k6"]) expect([name, program.typeOf("a.py", name)]).toEqual([name, "builtins.str"]);
    expect(program.typeOf("a.py", "i")).toBe("builtins.int");
  });

  test("what with binds: a file, a class's own __enter__, a generator's yield", async () => {
    const program = await linked({
      "a.py":
        "from contextlib import contextmanager\nclass Pool:\n    def __enter__(self):\n        return Conn()\nclass Conn:\n    pass\n@contextmanager\ndef scope():\n    c = Conn()\n    yield c\nwith open('x') as f, Pool() as p, scope() as s:\n    pass\n",
    });
    expect(program.typeOf("a.py", "p")).toBe("Conn");
    expect(program.typeOf("a.py", "s")).toBe("Conn");
    expect(program.typeOf("a.py", "f")).not.toBe("?");
  });

  test("a call through the base reaches the overrides", async () => {
    const program = await linked({
      "a.py":
        "class Store:\n    def load(self):\n        raise NotImplementedError\n    def all(self):\n        return self.load()\nclass Redis(Store):\n    def load(self):\n        pass\n",
    });
    expect(program.callees("a.py:Store.all")).toEqual(["a.py:Store.load | a.py:Redis.load"]);
  });
});
