import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { ScanResult } from "../../src/findings/scan-result.ts";
import { reportJson } from "../../src/report/json.ts";
import { clean, plain, sample } from "./sample.ts";

const schema: object = JSON.parse(readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

function parse(result: ScanResult) {
  return JSON.parse(reportJson(result, plain));
}

describe("the JSON report", () => {
  const timed: ScanResult = {
    ...sample,
    stats: { ...sample.stats, run: { cacheHits: 3, jobs: 2, milliseconds: { parse: 12.5 }, peakMemory: 1024 } },
  };

  test.each<[string, ScanResult]>([
    ["with something in each part", sample],
    ["of a clean scan", clean],
    ["with times", timed],
  ])("%s keeps to the published schema", (_, result) => {
    validate(parse(result));
    expect(validate.errors).toBeNull();
  });

  test("the schema takes nothing that is not in the contract", () => {
    expect(validate({ ...parse(sample), generatedAt: "2026-01-01" })).toBe(false);
    const [first] = parse(sample).findings;
    expect(validate({ ...parse(sample), findings: [{ ...first, fingerprint: "short" }] })).toBe(false);
  });

  test("flattens a finding", () => {
    expect(parse(sample).findings[2]).toMatchInlineSnapshot(`
      {
        "column": 2,
        "confidence": "medium",
        "effort": 15,
        "endColumn": 12,
        "endLine": 7,
        "evidence": [
          {
            "column": 2,
            "endColumn": 12,
            "endLine": 7,
            "file": "cmd/report.go",
            "line": 7,
            "text": "opened here",
          },
        ],
        "file": "cmd/report.go",
        "fingerprint": "0123456789abcdef",
        "fix": "Defer its 'Close'.",
        "function": "",
        "growth": "",
        "impact": "handles",
        "line": 7,
        "message": "The file opened here is closed only when the process ends.",
        "phase": "later",
        "priority": 8,
        "rule": "unclosed-resource",
        "severity": "low",
        "why": "A file that stays open holds a descriptor until the process ends.",
      }
    `);
  });

  test("counts, scores and projects in the summary", () => {
    expect(parse(sample).summary).toMatchInlineSnapshot(`
      {
        "byPhase": {
          "later": 1,
          "next": 1,
          "now": 1,
        },
        "byRule": {
          "n-plus-one": 1,
          "unclosed-resource": 2,
        },
        "bySeverity": {
          "critical": 0,
          "high": 2,
          "info": 0,
          "low": 1,
          "medium": 0,
        },
        "score": 88,
        "scoreAfter": {
          "later": 100,
          "next": 99,
          "now": 95,
        },
        "skipped": 3,
        "suppressed": 1,
        "total": 3,
        "verified": 3,
      }
    `);
  });

  test("says how a finding was suppressed", () => {
    expect(parse(sample).suppressed[0]).toMatchObject({
      rule: "unclosed-resource",
      file: "app/legacy.py",
      suppression: { kind: "inline", justification: "removed with the old importer" },
    });
  });

  test("ends in one line break", () => {
    expect(reportJson(clean, plain)).toMatch(/[^\n]\n$/);
  });
});
