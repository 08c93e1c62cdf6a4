import { mkdirSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Discovered, type DiscoverOptions, discover } from "../../src/project/discover.ts";
import { resolveScope } from "../../src/project/root.ts";
import { TESTS_LEFT_OUT } from "../../src/project/left-out.ts";
import { UsageError } from "../../src/project/usage-error.ts";
import { Tree } from "./tree.ts";

let tree: Tree;
beforeEach(() => {
  tree = new Tree();
});
afterEach(() => tree.remove());

function found(paths: readonly string[] = ["."], options: Partial<DiscoverOptions> = {}): Discovered {
  return discover(resolveScope(paths, tree.root), { includeTests: false, include: [], exclude: [], ...options });
}

const files = (discovered: Discovered): readonly string[] => discovered.files.map((file) => file.path);
const reasons = (discovered: Discovered): Readonly<Record<string, string>> => Object.fromEntries(discovered.skipped.map(({ file, reason }) => [file, reason]));

describe("copies of pinned packages", () => {
  const pins = ["CherryPy==18.10.0", "Mako==1.3", "python-dateutil[x] == 2.9", "requests==2.32", "simplejson==3.19", "tempora==5"].join("\n");
  const copies = { "lib/cherrypy/a.py": "", "lib/mako/a.py": "", "lib/requests/a.py": "", "lib/simplejson/a.py": "", "lib/tempora/a.py": "", "app/a.py": "" };

  test("a folder of five of them is vendored code", () => {
    tree.put({ "requirements.txt": pins, ...copies });
    const all = found();
    expect(files(all)).toEqual(["app/a.py"]);
    expect(reasons(all)).toEqual({ "lib/": "vendored code" });
  });

  test("so is one with the records of five installed packages", () => {
    const records = ["a", "b", "c", "d", "e"].map((name) => [`lib/${name}-1.0.dist-info/RECORD`, ""]);
    tree.put({ "lib/a/a.py": "", "app/a.py": "", ...Object.fromEntries(records) });
    expect(files(found())).toEqual(["app/a.py"]);
  });

  test("the same folders without pins are the project's own", () => {
    tree.put({ "requirements.txt": "cherrypy\nmako>=1\nrequests\nsimplejson\ntempora\n", ...copies });
    expect(files(found())).toHaveLength(6);
  });

  test("one that is named is walked", () => {
    tree.put({ "requirements.txt": pins, ...copies });
    expect(files(found(["lib"]))).toHaveLength(5);
  });
});

describe("what is found", () => {
  test("sources of all languages, sorted by path, with the manifests; nothing else", () => {
    tree.put({
      "b.py": "",
      "a/z.go": "",
      "a/b.php": "",
      "a-b.ts": "",
      "A.jsx": "",
      "README.md": "",
      "a/x.java": "",
      "go.mod": "module x",
      "a/package.json": "{}",
      "requirements-dev.txt": "",
    });
    const all = found();
    expect(files(all)).toEqual(["A.jsx", "a-b.ts", "a/b.php", "a/z.go", "b.py"]);
    expect(all.manifests.map((one) => one.path)).toEqual(["a/package.json", "go.mod", "requirements-dev.txt"]);
    expect(all.skipped).toEqual([]);
  });

  test("a folder named like a file, and a file named like a folder of tests", () => {
    tree.put({ "x.py/inner.py": "", "vendor.py": "", "tests.go": "" });
    expect(files(found())).toEqual(["tests.go", "vendor.py", "x.py/inner.py"]);
  });

  test("paths are told from git's top level, also for a folder inside it", () => {
    tree.put({ ".git/HEAD": "", "app/a.py": "", "app/pyproject.toml": "", "b.py": "", "go.mod": "" });
    const inner = found(["app"]);
    expect(files(inner)).toEqual(["app/a.py"]);
    expect(inner.manifests.map((one) => one.path)).toEqual(["app/pyproject.toml", "go.mod"]);
  });

  test("a path that does not exist is the user's mistake", () => {
    expect(() => found(["nowhere"])).toThrow(UsageError);
  });

  test("deep folders do not overflow", () => {
    const deep = `${"d/".repeat(300)}a.py`;
    tree.put({ [deep]: "" });
    expect(files(found())).toEqual([deep]);
  });

  test.skipIf(process.platform === "win32")("links are not followed, so a loop of them ends", () => {
    tree.put({ "a/x.py": "" });
    symlinkSync("..", tree.at("a/up"));
    symlinkSync("x.py", tree.at("a/y.py"));
    symlinkSync("gone.py", tree.at("a/z.py"));
    symlinkSync("gone.txt", tree.at("a/z.txt"));
    const all = found();
    expect(files(all)).toEqual(["a/x.py"]);
    expect(reasons(all)).toEqual({
      "a/up": "symbolic link to a folder, not followed",
      "a/y.py": "symbolic link, not followed",
      "a/z.py": "broken symbolic link",
    });
    expect(files(found(["a/y.py"]))).toEqual(["x.py"]);
  });
});

describe(".gitignore", () => {
  test("nested ones add to, and take back from, those above", () => {
    tree.put({
      ".gitignore": "*.gen.py\n/out/\nbuild\n",
      "a.gen.py": "",
      "out/x.py": "",
      "lib/out/x.py": "",
      "lib/build/x.py": "",
      "lib/.gitignore": "!keep.gen.py\nlocal.py\n",
      "lib/keep.gen.py": "",
      "lib/other.gen.py": "",
      "lib/local.py": "",
      "local.py": "",
      "lib/deep/local.py": "",
    });
    expect(files(found())).toEqual(["lib/keep.gen.py", "lib/out/x.py", "local.py"]);
  });

  test("holds for a folder inside, but not for the path that was named", () => {
    tree.put({ ".git/info/exclude": "private\n", ".gitignore": "lib/gen/\n", "lib/gen/a.py": "", "lib/b.py": "", "lib/private/c.py": "" });
    expect(files(found(["lib"]))).toEqual(["lib/b.py"]);
    expect(files(found(["lib/gen"]))).toEqual(["lib/gen/a.py"]);
    expect(files(found(["lib/gen/a.py"]))).toEqual(["lib/gen/a.py"]);
  });
});

describe("what is left out", () => {
  test("dependencies, vendored code and build output, each with its reason", () => {
    tree.put({
      "node_modules/x/a.js": "",
      "vendor/b.go": "",
      "env/pyvenv.cfg": "",
      "env/c.py": "",
      "dist/d.js": "",
      "app/package.json": "{}",
      "app/build/e.js": "",
      "build/f.py": "",
      "x.min.js": "",
      "types.d.ts": "",
      "a_pb2.py": "",
      "b.pb.go": "",
    });
    const all = found();
    expect(files(all)).toEqual(["build/f.py"]);
    expect(reasons(all)).toEqual({
      "node_modules/": "installed dependencies",
      "vendor/": "vendored code",
      "env/": "installed dependencies",
      "dist/": "build output",
      "app/build/": "build output",
      "x.min.js": "minified",
      "types.d.ts": "type declarations only",
      "a_pb2.py": "generated",
      "b.pb.go": "generated",
    });
  });

  test("tests, unless they are wanted or named", () => {
    tree.put({ "tests/a.py": "", "b_test.go": "", "c.spec.ts": "", "DTest.php": "", "test_e.py": "", "src/f.py": "", "src/migrations/g.py": "" });
    expect(files(found())).toEqual(["src/f.py"]);
    expect(new Set(Object.values(reasons(found())))).toEqual(new Set([TESTS_LEFT_OUT]));
    expect(files(found(["."], { includeTests: true }))).toHaveLength(7);
    expect(files(found(["tests", "b_test.go"]))).toEqual(["b_test.go", "tests/a.py"]);
    expect(files(found([".", "c.spec.ts"]))).toEqual(["c.spec.ts", "src/f.py"]);
  });

  test("what the configuration excludes or does not include", () => {
    tree.put({ "src/a.py": "", "src/old/b.py": "", "tools/c.py": "" });
    expect(files(found(["."], { include: ["src/"], exclude: ["old/"] }))).toEqual(["src/a.py"]);
    expect(files(found(["."], { exclude: ["*.py", "!a.py"] }))).toEqual(["src/a.py"]);
  });

  test("a named file that is no source says so", () => {
    tree.put({ "a.txt": "" });
    mkdirSync(tree.at("empty"));
    expect(reasons(found(["a.txt"]))).toEqual({ "a.txt": "not a language that can be analysed" });
    expect(found(["empty"])).toEqual({ files: [], manifests: [], skipped: [] });
  });
});
