import { describe, expect, test } from "vitest";
import { linked } from "./linked.ts";

const feeds = "export function open() {}\nexport default class Feed { close() {} }\n";

describe("JavaScript and TypeScript modules", () => {
  test.each<[string, string, Record<string, string>, readonly string[]]>([
    ["a sibling without extension", "a.ts", { "feeds.ts": feeds, "a.ts": "import { open as o } from './feeds';\no();" }, ["feeds.ts:open"]],
    ["a .js import that means the .ts file", "a.ts", { "feeds.ts": feeds, "a.ts": "import { open } from './feeds.js';\nopen();" }, ["feeds.ts:open"]],
    ["an index file above", "web/a.ts", { "lib/index.ts": feeds, "web/a.ts": "import * as lib from '../lib';\nlib.open();" }, ["lib/index.ts:open"]],
    [
      "a default import and its method",
      "a.ts",
      { "feeds.ts": feeds, "a.ts": "import Feed from './feeds';\nnew Feed().close();" },
      ["new Feed", "feeds.ts:Feed.close"],
    ],
    [
      "a name through two re-exports",
      "a.ts",
      {
        "feeds.ts": feeds,
        "b.ts": "export { open as opened } from './feeds';",
        "c.ts": "export * from './b';",
        "a.ts": "import { opened } from './c';\nopened();",
      },
      ["feeds.ts:open"],
    ],
    [
      "a re-exported namespace",
      "a.ts",
      { "feeds.ts": feeds, "b.ts": "export * as feeds from './feeds';", "a.ts": "import { feeds } from './b';\nfeeds.open();" },
      ["feeds.ts:open"],
    ],
    ["a dynamic import", "a.ts:f", { "feeds.ts": feeds, "a.ts": "async function f() { const m = await import('./feeds'); m.open(); }" }, ["feeds.ts:open"]],
    [
      "require of a named export",
      "a.js",
      { "feeds.js": "function open() {}\nexports.open = open;", "a.js": "const { open } = require('./feeds');\nopen();" },
      ["feeds.js:open"],
    ],
    [
      "require of an object",
      "a.js",
      { "feeds.js": "function open() {}\nmodule.exports = { open, shut: open };", "a.js": "const feeds = require('./feeds');\nfeeds.shut();" },
      ["feeds.js:open"],
    ],
    [
      "require of a class",
      "a.js",
      { "feeds.js": "module.exports = class Feed { close() {} };", "a.js": "const Feed = require('./feeds');\nnew Feed().close();" },
      ["new Feed", "feeds.js:Feed.close"],
    ],
    [
      "paths of tsconfig.json",
      "web/a.ts",
      {
        "tsconfig.json": '{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["src/lib/*"], } } }',
        "src/lib/feeds.ts": feeds,
        "web/a.ts": "import { open } from '@lib/feeds';\nopen();",
      },
      ["src/lib/feeds.ts:open"],
    ],
    [
      "baseUrl of tsconfig.json",
      "src/a.ts",
      { "tsconfig.json": '{ "compilerOptions": { "baseUrl": "src" } }', "src/lib/feeds.ts": feeds, "src/a.ts": "import { open } from 'lib/feeds';\nopen();" },
      ["src/lib/feeds.ts:open"],
    ],
    [
      "a package of the workspace, and a part of it",
      "app/a.ts",
      {
        "packages/feeds/package.json": '{ "name": "@acme/feeds" }',
        "packages/feeds/src/index.ts": feeds,
        "packages/feeds/src/extra.ts": feeds,
        "app/a.ts": "import { open } from '@acme/feeds';\nimport { open as more } from '@acme/feeds/extra';\nopen(); more();",
      },
      ["packages/feeds/src/index.ts:open", "packages/feeds/src/extra.ts:open"],
    ],
    [
      "a library, with and without node:",
      "a.ts",
      { "a.ts": "import fs from 'node:fs';\nimport { readFile } from 'fs';\nfs.open(); readFile();" },
      ["fs.open", "fs.readFile"],
    ],
    ["a global", "a.ts", { "a.ts": "fetch('x');" }, ["globalThis.fetch"]],
    ["a path that leaves the project", "a.ts", { "a.ts": "import { x } from '../../x';\nx();" }, ["../../x.x"]],
  ])("%s", async (_, caller, files, expected) => {
    expect((await linked(files)).callees(caller)).toEqual(expected);
  });

  test("modules that re-export each other come to an end", async () => {
    const program = await linked({
      "a.ts": "export * from './b';\nimport { x } from './b';\nx();",
      "b.ts": "export * from './a';\nexport { y } from './a';\nexport { y as x } from './a';",
    });
    expect(program.callees("a.ts")).toHaveLength(1);
  });

  test("TypeScript and JavaScript files are one program", async () => {
    const program = await linked({ "a.ts": "import { run } from './b';\nrun();", "b.mjs": "export const run = () => open();\nfunction open() {}" });
    expect(program.callees("a.ts")).toEqual([expect.stringContaining("b.mjs:")]);
  });
});

describe("types over files", () => {
  test("fields declared, injected, assigned in the constructor and made by a factory", async () => {
    const program = await linked({
      "db.ts": "import { Pool } from 'pg';\nexport const pool = new Pool();\nexport function make() { return new Pool(); }\nexport type Db = Pool;\n",
      "a.ts":
        "import { pool, make, type Db } from './db';\nimport { Pool } from 'pg';\nclass A {\n  private one = pool;\n  private two: Pool | null = null;\n  private three;\n  constructor(private readonly four: Db) { this.three = make(); }\n  async f() { await this.one.query('a'); await this.two?.query('b'); this.three.query('c'); this.four.query('d'); }\n}\n",
    });
    expect(program.callees("a.ts:A.f")).toEqual(Array.from({ length: 4 }, () => "pg.Pool.query"));
  });

  test("elements of collections and promises", async () => {
    const program = await linked({
      "a.ts":
        "import { Pool } from 'pg';\nasync function load(): Promise<Pool[]> { return []; }\nasync function f(m: Map<string, Pool>) {\n  for (const a of await load()) a.query('x');\n  (await load()).forEach((b) => b.query('y'));\n  m.get('k')?.query('z');\n  for (const [, c] of m) c.query('w');\n}\n",
    });
    expect(program.typeOf("a.ts", "a")).toBe("pg.Pool");
    expect(program.typeOf("a.ts", "b")).toBe("pg.Pool");
  });

  test("values and entries of objects and maps, arrays made of others", async () => {
    const program = await linked({
      "a.ts":
        "import { Pool } from 'pg';\nfunction f(m: Map<string, Pool>, o: Record<string, Pool>) {\n  for (const [k1, c1] of m) {}\n  for (const [k2, c2] of Object.entries(o)) {}\n  for (const c3 of Object.values(o)) {}\n  const [c4] = Array.from(m.values());\n  const named = Array.from(m.values(), (c5) => c5.name)[0];\n}\n",
    });
    for (const name of ["c1", "c2", "c3", "c4", "c5"]) expect([name, program.typeOf("a.ts", name)]).toEqual([name, "pg.Pool"]);
    for (const name of ["k1", "k2"]) expect([name, program.typeOf("a.ts", name)]).toEqual([name, "globalThis.String"]);
    expect(program.typeOf("a.ts", "named")).toBe("?");
  });

  test("methods through extends, also of a library's class, and of object literals", async () => {
    const program = await linked({
      "base.ts":
        "import { EventEmitter } from 'node:events';\nexport class Base extends EventEmitter { start() { this.on('x', () => {}); this.run(); } run() {} }\n",
      "a.ts":
        "import { Base } from './base';\nclass A extends Base { run() { super.run(); } }\nconst api = { load() {}, all: () => api.load() };\nnew A().start();\napi.load();\n",
    });
    expect(program.callees("a.ts")).toEqual(["new A", "base.ts:Base.start", expect.stringMatching(/^a\.ts:.*load$/)]);
    const [on, run] = program.callees("base.ts:Base.start");
    expect(on).toMatch(/EventEmitter\.on$/);
    expect(run).toBe("base.ts:Base.run | a.ts:A.run");
    expect(program.callees("a.ts:A.run")).toEqual(["base.ts:Base.run"]);
  });
});
