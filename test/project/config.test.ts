import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Config, EMPTY_CONFIG, findConfig, loadConfig } from "../../src/project/config.ts";
import { CONFIG_KEYS, readConfig } from "../../src/project/read-config.ts";
import { Tree } from "./tree.ts";

const ruleIds = ["n-plus-one", "unclosed-resource"];
const path = resolve("/project/leakhound.yml");

const read = (text: string): Config => readConfig(path, text, ruleIds);

/** The messages for a configuration that is wrong, without the path. */
function problems(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message.split("\n").map((line) => line.slice(path.length + 1));
  }
  return [];
}

describe("a configuration", () => {
  test("all of it", () => {
    const config = read(
      "include: [src]\nexclude: vendor2/\nincludeTests: true\nrules:\n  n-plus-one: off\n  unclosed-resource: critical\nfailOn: never\nminSeverity: low\nminConfidence: high\nmodels:\n  - models/own.yml\nbaseline: ../base.json\n",
    );
    expect(config).toEqual({
      include: ["src"],
      exclude: ["vendor2/"],
      includeTests: true,
      rules: new Map([
        ["n-plus-one", "off"],
        ["unclosed-resource", "critical"],
      ]),
      failOn: "never",
      minSeverity: "low",
      minConfidence: "high",
      models: [resolve("/project/models/own.yml")],
      baseline: resolve("/base.json"),
    });
  });

  test.each(["", "# nothing yet\n", "---\n", "~\n"])("nothing: %j", (text) => {
    expect(read(text)).toEqual(EMPTY_CONFIG);
  });

  test.each<[string, readonly string[]]>([
    ["rulez: {}\n", ["1:1: unknown key 'rulez'; did you mean 'rules'?"]],
    ["toString: 1\n", ["1:1: unknown key 'toString'"]],
    ["include:\n  - src\n  - 3\n", ["2:3: 'include' must be a list of texts"]],
    ["includeTests: yes please\n", ["1:15: 'includeTests' must be true or false"]],
    ["rules:\n  n-plus-on: high\n", ["2:3: unknown rule 'n-plus-on'; did you mean 'n-plus-one'?"]],
    ["rules:\n  n-plus-one: deafening\n", ["2:15: 'n-plus-one' must be one of critical, high, medium, low, info, off"]],
    ["rules: [n-plus-one]\n", ["1:8: 'rules' must be a map of rule ids to a severity or 'off'"]],
    [
      "failOn: hihg\nminConfidence: sure\n",
      ["1:9: 'failOn' must be one of critical, high, medium, low, info, never; did you mean 'high'?", "2:16: 'minConfidence' must be one of high, medium, low"],
    ],
    ["baseline: [a]\n", ["1:11: 'baseline' must be the path of a file"]],
    ["- a\n", ["1:1: the configuration must be a map of include, exclude, includeTests, rules, failOn, minSeverity, minConfidence, models, baseline"]],
  ])("mistakes are told with their places: %j", (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test("YAML that is none is told where it breaks", () => {
    expect(problems("include: [a\nfailOn: low\n")[0]).toMatch(/^2:\d+: /);
    expect(problems("failOn: low\nfailOn: high\n")[0]).toMatch(/^2:1: .*unique/);
  });
});

describe("the file", () => {
  let tree: Tree;
  beforeEach(() => {
    tree = new Tree();
  });
  afterEach(() => tree.remove());

  test("the nearest one up to the root counts", () => {
    tree.put({ "leakhound.yml": "", "app/leakhound.yaml": "", "app/web/a.py": "", "lib/b.py": "" });
    expect(findConfig(tree.at("app/web"), tree.root)).toBe(tree.at("app/leakhound.yaml"));
    expect(findConfig(tree.at("lib"), tree.root)).toBe(tree.at("leakhound.yml"));
    expect(findConfig(tree.at("lib"), tree.at("lib"))).toBeNull();
  });

  test("one that cannot be read says why", async () => {
    await expect(loadConfig(tree.at("none.yml"), ruleIds)).rejects.toThrow("none.yml: no such file or folder");
    await expect(loadConfig(tree.root, ruleIds)).rejects.toThrow("is a folder");
  });
});

describe("the published schema", () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../schema/leakhound-config.schema.json"), "utf8")) as { readonly properties: object };
  const validate = new Ajv().compile(schema);

  test("knows the same keys", () => {
    expect(Object.keys(schema.properties).sort()).toEqual([...CONFIG_KEYS].sort());
  });

  test.each([
    "{}",
    "include: src",
    "include: [src, lib]",
    "include: []",
    "include: 3",
    "include: [[a]]",
    "include: [1]",
    "include: {}",
    "include:",
    "exclude: [null]",
    "includeTests: true",
    "includeTests: 'true'",
    "includeTests: 1",
    "includeTests:",
    "rules: {}",
    "rules: { n-plus-one: off }",
    "rules: { n-plus-one: false }",
    "rules: { n-plus-one: high }",
    "rules: { n-plus-one: true }",
    "rules: { n-plus-one: High }",
    "rules: []",
    "rules: high",
    "rules:",
    "failOn: never",
    "failOn: high",
    "failOn: off",
    "failOn: [high]",
    "failOn: false",
    "failOn:",
    "minSeverity: info",
    "minSeverity: never",
    "minSeverity: false",
    "minConfidence: low",
    "minConfidence: critical",
    "models: own.yml",
    "models: [a.yml, b.yml]",
    "models: { a: b }",
    "models: [true]",
    "baseline: a.json",
    "baseline: 3",
    "baseline:",
    "nothing: 1",
    "[]",
    "3",
    "text",
  ])("and the reader judge alike: %s", (text) => {
    expect([text, validate(parse(text))]).toEqual([text, problems(text).length === 0]);
  });
});
