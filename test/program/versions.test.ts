import { expect, test } from "vitest";
import { readManifests } from "../../src/program/manifests.ts";
import { compareVersions } from "../../src/program/versions.ts";
import { linked } from "./linked.ts";

test.each([
  ["1.22", "1.23", -1],
  ["1.23", "1.23.0", 0],
  ["2", "1.99.9", 1],
  ["^4.10.1", "4.9", 1],
  ["v1.2.3", "1.2.3", 0],
  ["latest", "0.0.1", -1],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

test("a row holds from its version on and up to it; without a manifest the newest version is assumed", async () => {
  const { program } = await linked({
    "go.mod": "module example.com/a\n\ngo 1.22\n",
    "inner/go.mod": "module example.com/b\n\ngo 1.24.1\n",
    "a.go": "package a\n",
    "inner/b.go": "package b\n",
    "c.py": "",
  });
  const [old, python, recent] = program.files;
  const bound = { of: "go", version: "1.23" };
  expect([old!.path, python!.path, recent!.path]).toEqual(["a.go", "c.py", "inner/b.go"]);
  expect(program.versions.admits(bound, null, old!)).toBe(false);
  expect(program.versions.admits(bound, null, recent!)).toBe(true);
  expect(program.versions.admits(null, bound, old!)).toBe(true);
  expect(program.versions.admits(null, bound, recent!)).toBe(false);
  const unknown = { of: "httpx", version: "1.0" };
  expect(program.versions.admits(unknown, null, python!)).toBe(true);
  expect(program.versions.admits(null, unknown, python!)).toBe(false);
});

test("versions are read from every kind of manifest", async () => {
  const { program } = await linked({
    "package.json": '{ "dependencies": { "undici": "^6.1.0" }, "devDependencies": { "pg": "8.11.3" } }',
    "composer.json": '{ "require": { "guzzlehttp/guzzle": "^7.2" } }',
    "pyproject.toml": '[project]\ndependencies = [\n  "httpx>=0.27",\n  "SQLAlchemy[asyncio]==2.0.30",\n]\n',
    "requirements.txt": "# comment\nredis==5.0.1\nrequests\n",
    "go.mod": "module example.com/a\n\nrequire (\n\tgithub.com/redis/go-redis/v9 v9.5.1\n)\n",
    "a.ts": "",
  });
  const [file] = program.files;
  const of = (name: string): string | null => program.versions.of(name, file!);
  expect([
    of("undici"),
    of("pg"),
    of("guzzlehttp/guzzle"),
    of("httpx"),
    of("sqlalchemy"),
    of("redis"),
    of("requests"),
    of("github.com/redis/go-redis/v9"),
  ]).toEqual(["^6.1.0", "8.11.3", "^7.2", "0.27", "2.0.30", "5.0.1", null, "v9.5.1"]);
});

test("broken and odd manifests are passed over", () => {
  const read = readManifests([
    { path: "package.json", text: "{ not json" },
    { path: "a/package.json", text: "[]" },
    { path: "b/package.json", text: '{ "name": 3, "dependencies": ["x"], "main": {} }' },
    { path: "tsconfig.json", text: '{ "compilerOptions": { "paths": { "@/*": "src/*" }, "baseUrl": 3 } }' },
    { path: "c/tsconfig.json", text: '{ /* x */ "compilerOptions": null, }' },
    { path: "go.mod", text: "" },
    { path: "composer.json", text: '{ "require": [] }' },
  ]);
  expect(read.node.map((one) => [one.folder, one.name, one.main])).toEqual([["b", "", null]]);
  expect(read.typescript.map((one) => one.baseUrl)).toEqual([null, null]);
  expect(read.go).toMatchObject([{ folder: "", module: "", go: null }]);
});
