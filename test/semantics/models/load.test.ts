import { describe, expect, it } from "vitest";
import { compileModels, modelKey, overlayModels } from "../../../src/semantics/models/compile.ts";
import { decodeModels, encodeModels } from "../../../src/semantics/models/compact.ts";
import { formatDiagnostic } from "../../../src/semantics/models/diagnostic.ts";
import { loadModelFile } from "../../../src/semantics/models/load.ts";
import type { ListedModels } from "../../../src/semantics/models/compile.ts";
import type { ModelLanguage } from "../../../src/semantics/models/model.ts";
import { parseArgumentRef, parseTypeRef, parseValueRef } from "../../../src/semantics/models/references.ts";

const HEAD = "library: feeds\ndocs: https://feeds.example/api\n";

function problemsOf(rows: string): readonly string[] {
  return loadModelFile("feeds.yaml", HEAD + rows, "python").diagnostics.map(formatDiagnostic);
}

function setOf(rows: string, language: ModelLanguage = "python"): ListedModels {
  const { file, diagnostics } = loadModelFile("feeds.yaml", HEAD + rows, language);
  expect(diagnostics).toEqual([]);
  if (file === null) throw new Error("no model file");
  return compileModels(language, [{ path: "feeds.yaml", file }]).set;
}

const SESSION = `types:
  feeds.Session:
    aliases: [feeds.api.Session]
    parts: [body]
    new:
      effects:
        - acquires: { resource: feed session, released-by: [close, aclose], scoped: true }
    calls:
      get, put: { returns: "builtins.list<builtins.dict<builtins.str, T0>>", effects: [{ requests: { what: HTTP request, timeout: 1:timeout.read } }] }
`;

describe("loading", () => {
  it("fills in the defaults and the type's name", () => {
    const [row] = setOf(SESSION).calls.get("feeds.Session") ?? [];
    expect(row?.results).toEqual([{ name: "feeds.Session", args: [] }]);
    expect(row?.effects[0]).toEqual({
      role: "acquires",
      resource: "feed session",
      value: { of: "result", index: 0 },
      releasedBy: ["close", "aclose"],
      scoped: true,
      reclaimed: "gc",
      severity: null,
      exhausted: [],
      endsWith: null,
      openedBy: [],
      releasedByFailing: [],
      owned: false,
      partly: false,
      carriedBy: null,
      givenTo: null,
      lowest: null,
      completes: false,
      drained: null,
      failedBy: [],
      ending: null,
      shared: false,
      reentrant: false,
      path: false,
      within: null,
      fromPath: null,
      releaser: null,
      rule: "unclosed-resource",
      when: [],
    });
    expect(row?.docs).toBe("https://feeds.example/api");
  });

  it("answers for several names and for aliases", () => {
    const { calls, types } = setOf(SESSION);
    expect([...calls.keys()].sort()).toEqual(["Session", "Session.get", "Session.put"].flatMap((name) => [`feeds.${name}`, `feeds.api.${name}`]).sort());
    expect(types.get("feeds.api.Session")).toBe(types.get("feeds.Session"));
  });

  it("keeps the good rows of a file with a bad one, and says where it is", () => {
    const { file, diagnostics } = loadModelFile("feeds.yaml", `${HEAD}calls:\n  feeds.one: { trows: false }\n  feeds.two: { throws: false }\n`, "python");
    expect(diagnostics.map(formatDiagnostic)).toEqual(["feeds.yaml:4:16: the row 'feeds.one' has no key 'trows'; did you mean 'throws'?"]);
    expect(file?.calls.map((row) => row.name)).toEqual(["feeds.two"]);
  });

  it("reads how often a call fails", () => {
    const set = setOf("calls:\n  f: { fails: hardly }\n  g: { fails: hardly-once-open }\n  h: {}\n");
    expect(["f", "g", "h"].map((name) => set.calls.get(name)?.[0]?.fails)).toEqual(["hardly", "hardly-once-open", null]);
  });

  it("suggests the role that was meant", () => {
    expect(problemsOf("calls:\n  feeds.one:\n    effects:\n      - aquires: { resource: feed }\n")).toEqual([
      "feeds.yaml:6:9: there is no role 'aquires'; did you mean 'acquires'?",
    ]);
  });

  it.each([
    ["calls:\n  f: { effects: [{ acquires: {} }] }\n", "'acquires' needs 'resource'"],
    ["calls:\n  f: { effects: [{ queries: { what: q, batch: 3 } }] }\n", "'batch' must be true or false"],
    ["calls:\n  f: { effects: [{ spawns: { what: thred } }] }\n", "did you mean 'thread'?"],
    ["calls:\n  f: { returns: 'list<' }\n", "'list<' is not a type"],
    ["calls:\n  f: { since: '1.2' }\n", "'1.2' is not a version"],
    ["calls:\n  f: { callbacks: [{ runs: each }] }\n", "a callback needs 'argument'"],
    ["calls:\n  f: { effects: [{ queries: { what: q, when: [{ argument: 0 }] } }] }\n", "'when' is a list of"],
    ["calls:\n  f: {}\n  f: {}\n", "Map keys must be unique"],
    ["types: 3\n", "'types' must be a map"],
  ])("refuses %j", (rows, message) => {
    expect(problemsOf(rows).join("\n")).toContain(message);
  });

  it("says that a text is no model file, and does not stumble over deep brackets", () => {
    expect(loadModelFile("x.yaml", "- 1\n", "go").file).toBeNull();
    expect(parseTypeRef(`${"a<".repeat(20_000)}b${">".repeat(20_000)}`)).toBeNull();
  });

  it("takes the language from the file when the caller does not know it", () => {
    expect(loadModelFile("own.yaml", `${HEAD}language: go\n`, null).file?.language).toBe("go");
    expect(loadModelFile("own.yaml", HEAD, null).diagnostics[0]?.message).toContain("needs 'language'");
  });
});

describe("references", () => {
  it("reads arguments", () => {
    expect(parseArgumentRef("1")).toEqual({ position: 1, name: "", path: "" });
    expect(parseArgumentRef("timeout")).toEqual({ position: null, name: "timeout", path: "" });
    expect(parseArgumentRef("1:options.agent.keepAlive")).toEqual({ position: 1, name: "options", path: "agent.keepAlive" });
    expect(parseArgumentRef("1.signal")).toEqual({ position: 1, name: "", path: "signal" });
    expect(parseArgumentRef("a b")).toBeNull();
  });

  it("reads values", () => {
    expect(parseValueRef("result.1")).toEqual({ of: "result", index: 1 });
    expect(parseValueRef("argument:0")).toEqual({ of: "argument", argument: { position: 0, name: "", path: "" } });
    expect(parseValueRef("self")).toBeNull();
  });
});

describe("compiling", () => {
  it("matches PHP names without regard to case", () => {
    const set = setOf("calls:\n  cURL_Init: { throws: false }\n", "php");
    expect(set.calls.has(modelKey("php", "Curl_init"))).toBe(true);
  });

  it("reports a name that two files model, and keeps rows that differ in their conditions", () => {
    const text = `${HEAD}calls:\n  f:\n    - { since: feeds 2.0, returns: a }\n    - { until: feeds 2.0, returns: b }\n`;
    const { file } = loadModelFile("a.yaml", text, "python");
    if (file === null) throw new Error("no model file");
    const { set, diagnostics } = compileModels("python", [
      { path: "a.yaml", file },
      { path: "b.yaml", file },
    ]);
    expect(set.calls.get("f")).toHaveLength(2);
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toContain("'f' is already modelled in a.yaml; the first one holds");
  });

  it("lets the user's rows answer for the names they know", () => {
    const set = overlayModels(setOf("calls:\n  f: { throws: false }\n  g: { throws: false }\n"), setOf("calls:\n  f: { no-return: true }\n"));
    expect(set.calls.get("f")?.[0]?.noReturn).toBe(true);
    expect(set.calls.get("g")?.[0]?.throws).toBe(false);
  });

  it("reads back what it stored", () => {
    const set = setOf(SESSION);
    const stored = decodeModels(JSON.parse(JSON.stringify(encodeModels(set))));
    expect(stored.types).toEqual(set.types);
    for (const [key, rows] of set.calls) expect(stored.calls.get(key)).toEqual(rows.map((row) => ({ ...row, docs: "", note: "" })));
  });
});
