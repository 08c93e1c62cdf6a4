import { describe, expect, test } from "vitest";
import { linked } from "./linked.ts";

const store = "package store\n\nfunc Open() *DB { return nil }\nfunc close() {}\n\ntype DB struct{}\n";
const main = 'package main\nimport "example.com/app/store"\nfunc main() { store.Open() }\n';

describe("Go packages", () => {
  test("by the module line of go.mod", async () => {
    const program = await linked({ "go.mod": "module example.com/app\n\ngo 1.22\n", "store/db.go": store, "main.go": main });
    expect(program.callees("main.go:main")).toEqual(["store/db.go:Open"]);
  });

  test("by a go.mod in a folder of its own, beside others", async () => {
    const program = await linked({
      "a/go.mod": "module example.com/app\n",
      "b/go.mod": "module example.com/other\n",
      "a/store/db.go": store,
      "b/main.go": main,
    });
    expect(program.callees("b/main.go:main")).toEqual(["a/store/db.go:Open"]);
  });

  test("by the end of the path without a go.mod", async () => {
    const program = await linked({ "store/db.go": store, "cmd/main.go": main });
    expect(program.callees("cmd/main.go:main")).toEqual(["store/db.go:Open"]);
  });

  test("a package of that name elsewhere is not taken for it", async () => {
    const program = await linked({ "go.mod": "module example.com/mine\n", "store/db.go": store, "main.go": main });
    expect(program.callees("main.go:main")).toEqual(["example.com/app/store.Open"]);
  });

  test("an alias, a package named unlike its folder, and the standard library", async () => {
    const program = await linked({
      "go.mod": "module example.com/app\n",
      "store/db.go": store,
      "main.go":
        'package main\nimport (\n  st "example.com/app/store"\n  "net/http"\n  "database/sql"\n)\nfunc main() { st.Open(); http.Get("x"); sql.Open("a", "b") }\n',
    });
    expect(program.callees("main.go:main")).toEqual(["store/db.go:Open", "net/http.Get", "database/sql.Open"]);
  });

  test("files of one package see each other", async () => {
    const program = await linked({
      "a/one.go": "package a\nfunc f() { g() }\n",
      "a/two.go": "package a\nfunc g() {}\n",
      "b/two.go": "package b\nfunc g() {}\n",
    });
    expect(program.callees("a/one.go:f")).toEqual(["a/two.go:g"]);
  });

  test("a version at the end of an import path names the package before it", async () => {
    const program = await linked({
      "go.mod": "module example.com/app/v2\n",
      "store/db.go": store,
      "main.go": 'package main\nimport "example.com/app/v2/store"\nfunc main() { store.Open() }\n',
    });
    expect(program.callees("main.go:main")).toEqual(["store/db.go:Open"]);
  });
});

describe("Go types over files", () => {
  test("a struct in one file, its method in another, a helper in a third", async () => {
    const program = await linked({
      "m/types.go": 'package m\nimport "net/http"\ntype Manager struct { client *http.Client; jobs map[string]*Job }\ntype Job struct { out chan int }\n',
      "m/run.go":
        "package m\nfunc (m *Manager) Run() {\n  resp, err := m.client.Do(nil)\n  if err != nil { return }\n  finish(resp)\n  for _, job := range m.jobs { job.Stop() }\n}\n",
      "m/help.go": 'package m\nimport "net/http"\nfunc finish(r *http.Response) { r.Body.Close() }\nfunc (j *Job) Stop() { close(j.out) }\n',
    });
    expect(program.callees("m/run.go:Manager.Run")).toEqual(["net/http.Client.Do", "m/help.go:finish", "m/help.go:Job.Stop"]);
    expect(program.typeOf("m/run.go", "resp")).toBe("net/http.Response");
  });

  test("embedded structs and pointers give their methods and fields", async () => {
    const program = await linked({
      "a.go":
        'package a\nimport "sync"\ntype Base struct { Name string }\nfunc (b *Base) Close() error { return nil }\ntype Conn struct { *Base; sync.Mutex }\nfunc f(c *Conn) { c.Close(); c.Lock(); c.Base.Close() }\n',
    });
    const [close, lock, explicit] = program.callees("a.go:f");
    expect([close, explicit]).toEqual(["a.go:Base.Close", "a.go:Base.Close"]);
    expect(lock).toContain("sync.Mutex.Lock");
  });

  test("a call through an interface reaches the types that have its methods", async () => {
    const program = await linked({
      "a/iface.go": 'package a\ntype Store interface { Get(k string) string; Close() error }\nfunc use(s Store) { s.Get("x") }\n',
      "b/redis.go":
        "package b\ntype Redis struct{}\nfunc (r *Redis) Get(k string) string { return k }\nfunc (r *Redis) Close() error { return nil }\ntype Half struct{}\nfunc (h Half) Get(k string) string { return k }\n",
    });
    expect(program.callees("a/iface.go:use")).toEqual(["b/redis.go:Redis.Get"]);
  });

  test("an interface with too many implementations says nothing", async () => {
    const types = Array.from({ length: 9 }, (_, i) => `type T${i} struct{}\nfunc (t T${i}) Run() {}\n`).join("");
    const program = await linked({ "a.go": `package a\ntype Runner interface { Run() }\nfunc f(r Runner) { r.Run() }\n${types}` });
    expect(program.callees("a.go:f")).toEqual([""]);
  });

  test("type aliases, defined types, generics and type assertions", async () => {
    const program = await linked({
      "a.go":
        'package a\nimport "database/sql"\ntype DB = sql.DB\ntype Stack[T any] struct { items []T }\nfunc (s *Stack[T]) Push(x T) { grow(s) }\nfunc grow[T any](s *Stack[T]) {}\nfunc f(d *DB, s *Stack[int], v any) {\n  d.Query("x")\n  s.Push(1)\n  tx, ok := v.(*sql.Tx)\n  _ = ok\n  tx.Rollback()\n}\n',
    });
    expect(program.callees("a.go:f")).toEqual(["database/sql.DB.Query", "a.go:Stack.Push", "database/sql.Tx.Rollback"]);
    expect(program.callees("a.go:Stack.Push")).toEqual(["a.go:grow"]);
  });

  test("several results, named ones and constructors", async () => {
    const program = await linked({
      "a.go":
        'package a\nimport "os"\ntype Log struct { f *os.File }\nfunc New(p string) (*Log, error) {\n  f, err := os.Create(p)\n  if err != nil { return nil, err }\n  return &Log{f: f}, nil\n}\nfunc use() {\n  l, err := New("x")\n  _ = err\n  g := l.f\n  g.Close()\n}\n',
    });
    expect(program.typeOf("a.go", "l")).toBe("Log");
    expect(program.typeOf("a.go", "g")).toBe("os.File");
  });

  test("package variables of other files and packages", async () => {
    const program = await linked({
      "go.mod": "module example.com/app\n",
      "db/db.go": 'package db\nimport "database/sql"\nvar Pool *sql.DB\nvar local, _ = sql.Open("a", "b")\n',
      "db/use.go": 'package db\nfunc f() { local.Query("x") }\n',
      "main.go": 'package main\nimport "example.com/app/db"\nfunc main() { db.Pool.Query("x") }\n',
    });
    expect(program.callees("main.go:main")).toEqual(["database/sql.DB.Query"]);
    expect(program.callees("db/use.go:f")).toEqual(["database/sql.DB.Query"]);
  });
});
