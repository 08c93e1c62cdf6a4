import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadBuiltinModels } from "../../../src/semantics/models/builtin.ts";
import { decodeModels, encodeModels } from "../../../src/semantics/models/compact.ts";
import { formatDiagnostic } from "../../../src/semantics/models/diagnostic.ts";
import { MODEL_LANGUAGES } from "../../../src/semantics/models/load.ts";
import type { CallModel } from "../../../src/semantics/models/model.ts";
import { modelFileSchema } from "../../../src/semantics/models/schema.ts";
import { compileFolder } from "../../../src/semantics/models/sources.ts";

const ROOT = fileURLToPath(new URL("../../../rules/models", import.meta.url));

describe.each(MODEL_LANGUAGES)("the built-in models of %s", (language) => {
  it("are free of mistakes", () => {
    expect(compileFolder(ROOT, language).diagnostics.map(formatDiagnostic)).toEqual([]);
  });

  it("are the same after being stored", () => {
    const { set } = compileFolder(ROOT, language);
    const stored = decodeModels(JSON.parse(JSON.stringify(encodeModels(set))));
    expect([...stored.types.keys()].sort()).toEqual([...set.types.keys()].sort());
    const bare = (rows: readonly CallModel[] | undefined): string => JSON.stringify(rows?.map((row) => ({ ...row, docs: "", note: "" })));
    expect([...set.calls].filter(([key, rows]) => bare(stored.calls.get(key)) !== bare(rows)).map(([key]) => key)).toEqual([]);
    expect(stored.calls.get("no.such.call")).toBeUndefined();
  });

  it("fit the published schema", () => {
    const validate = new Ajv.Ajv2020({ strict: false }).compile(modelFileSchema());
    for (const name of readdirSync(`${ROOT}/${language}`)) {
      expect(validate(parse(readFileSync(`${ROOT}/${language}/${name}`, "utf8"))) || [name, validate.errors?.slice(0, 3)]).toBe(true);
    }
  });
});

describe("Python", () => {
  it("follows a chain from a constructor to the element of a result", async () => {
    const { calls, types } = await loadBuiltinModels("python");
    expect(calls.get("sqlalchemy.select")?.[0]?.results).toEqual([{ name: "sqlalchemy.Select", args: [{ name: "instance:0", args: [] }] }]);
    expect(calls.get("sqlalchemy.orm.Session.scalars")?.[0]?.results[0]?.name).toBe("sqlalchemy.engine.ScalarResult");
    expect(types.get("sqlalchemy.engine.ScalarResult")?.element).toEqual({ name: "T0", args: [] });
  });

  it("knows what removing the first element costs", async () => {
    const rows = (await loadBuiltinModels("python")).calls.get("builtins.list.pop") ?? [];
    expect(rows.map((row) => row.effects.map((effect) => effect.role === "shrinks" && effect.linear))).toEqual([[true], [false]]);
  });
});
