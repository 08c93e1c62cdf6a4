import type { Log, Result } from "sarif";
import { describe, expect, test } from "vitest";
import type { ScanResult } from "../../src/findings/scan-result.ts";
import { lineHashes } from "../../src/report/line-hash.ts";
import type { ReportOptions } from "../../src/report/reporter.ts";
import { reportSarif } from "../../src/report/sarif.ts";
import { at, clean, finding, plain, sample } from "./sample.ts";

function runOf(result: ScanResult, options: ReportOptions = plain) {
  const log = JSON.parse(reportSarif(result, options)) as Log;
  const [run] = log.runs;
  if (run === undefined) throw new Error("a log has one run");
  return run;
}

function firstResult(result: ScanResult): Result {
  const [first] = runOf(result).results ?? [];
  if (first === undefined) throw new Error("the sample has results");
  return first;
}

/** Each string that code scanning requires, by where it stands. */
function* requiredTexts(log: Log): Generator<readonly [string, string | undefined]> {
  yield ["$schema", log.$schema];
  for (const run of log.runs) {
    yield ["driver.name", run.tool.driver.name];
    for (const rule of run.tool.driver.rules ?? []) {
      yield ["rule.id", rule.id];
      yield [`${rule.id} shortDescription`, rule.shortDescription?.text];
      yield [`${rule.id} fullDescription`, rule.fullDescription?.text];
      yield [`${rule.id} help`, rule.help?.text];
    }
    for (const result of run.results ?? []) {
      yield ["ruleId", result.ruleId];
      yield ["message", result.message.text];
      yield ["uri", result.locations?.[0]?.physicalLocation?.artifactLocation?.uri];
      yield ["fingerprint", result.partialFingerprints?.["leakhound/v1"]];
    }
  }
}

describe("the SARIF report", () => {
  test("has every text that code scanning requires, none empty, descriptions within 1,024 characters", () => {
    const wordy = { ...sample, rules: sample.rules.map((rule) => ({ ...rule, why: "word ".repeat(500) })) };
    for (const result of [sample, clean, wordy]) {
      const log = JSON.parse(reportSarif(result, plain)) as Log;
      expect(log.version).toBe("2.1.0");
      for (const [where, text] of requiredTexts(log)) {
        expect(text, where).toBeTruthy();
        if (where.endsWith("Description")) expect(text?.length, where).toBeLessThanOrEqual(1024);
      }
    }
  });

  test("shows a finding as an alert with its path", () => {
    expect(firstResult(sample)).toMatchInlineSnapshot(`
      {
        "codeFlows": [
          {
            "threadFlows": [
              {
                "locations": [
                  {
                    "executionOrder": 1,
                    "importance": "essential",
                    "location": {
                      "message": {
                        "text": "opened here",
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/feeds.py",
                          "uriBaseId": "%SRCROOT%",
                        },
                        "region": {
                          "endColumn": 15,
                          "endLine": 12,
                          "startColumn": 5,
                          "startLine": 12,
                        },
                      },
                    },
                  },
                  {
                    "executionOrder": 2,
                    "importance": "essential",
                    "location": {
                      "message": {
                        "text": "'parse' may throw",
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/feeds.py",
                          "uriBaseId": "%SRCROOT%",
                        },
                        "region": {
                          "endColumn": 19,
                          "endLine": 14,
                          "startColumn": 9,
                          "startLine": 14,
                        },
                      },
                    },
                  },
                  {
                    "executionOrder": 3,
                    "importance": "essential",
                    "location": {
                      "message": {
                        "text": "leaves without closing it",
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "lib/parser.py",
                          "uriBaseId": "%SRCROOT%",
                        },
                        "region": {
                          "endColumn": 11,
                          "endLine": 3,
                          "startColumn": 1,
                          "startLine": 3,
                        },
                      },
                    },
                  },
                ],
              },
            ],
          },
        ],
        "level": "error",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "Feeds.load",
                "kind": "function",
              },
            ],
            "physicalLocation": {
              "artifactLocation": {
                "uri": "app/feeds.py",
                "uriBaseId": "%SRCROOT%",
              },
              "region": {
                "endColumn": 15,
                "endLine": 12,
                "startColumn": 5,
                "startLine": 12,
              },
            },
          },
        ],
        "message": {
          "text": "The file opened here is not closed when 'parse' throws. Growth: one descriptor per feed that fails to parse. Path: [opened here](1), ['parse' may throw](2), [leaves without closing it](3). Fix: Open it in a 'with' block.",
        },
        "partialFingerprints": {
          "leakhound/v1": "00112233445566aa",
          "primaryLocationLineHash": "15af1bfca9e4fd96:1",
        },
        "properties": {
          "confidence": "high",
          "effortMinutes": 15,
          "fix": "Open it in a 'with' block.",
          "growth": "one descriptor per feed that fails to parse",
          "impact": "handles",
          "phase": "now",
          "severity": "high",
        },
        "rank": 60,
        "relatedLocations": [
          {
            "id": 1,
            "message": {
              "text": "opened here",
            },
            "physicalLocation": {
              "artifactLocation": {
                "uri": "app/feeds.py",
                "uriBaseId": "%SRCROOT%",
              },
              "region": {
                "endColumn": 15,
                "endLine": 12,
                "startColumn": 5,
                "startLine": 12,
              },
            },
          },
          {
            "id": 2,
            "message": {
              "text": "'parse' may throw",
            },
            "physicalLocation": {
              "artifactLocation": {
                "uri": "app/feeds.py",
                "uriBaseId": "%SRCROOT%",
              },
              "region": {
                "endColumn": 19,
                "endLine": 14,
                "startColumn": 9,
                "startLine": 14,
              },
            },
          },
          {
            "id": 3,
            "message": {
              "text": "leaves without closing it",
            },
            "physicalLocation": {
              "artifactLocation": {
                "uri": "lib/parser.py",
                "uriBaseId": "%SRCROOT%",
              },
              "region": {
                "endColumn": 11,
                "endLine": 3,
                "startColumn": 1,
                "startLine": 3,
              },
            },
          },
        ],
        "ruleId": "unclosed-resource",
        "ruleIndex": 1,
        "suppressions": [],
      }
    `);
  });

  test("describes a rule", () => {
    expect(runOf(sample).tool.driver.rules?.[0]).toMatchInlineSnapshot(`
      {
        "defaultConfiguration": {
          "level": "error",
        },
        "fullDescription": {
          "text": "A query per row multiplies the round trips with the data.",
        },
        "help": {
          "markdown": "A query per row multiplies the round trips with the data.

      **Fix.** Load the rows in one query before the loop.

      **Not reported**

      - The loop runs a constant number of times.

      **Reading**

      - <https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html>",
          "text": "A query per row multiplies the round trips with the data.

      Fix: Load the rows in one query before the loop.

      Not reported: The loop runs a constant number of times.",
        },
        "helpUri": "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
        "id": "n-plus-one",
        "name": "NPlusOne",
        "properties": {
          "precision": "high",
          "problem.severity": "error",
          "tags": [
            "bottleneck",
            "latency",
            "go",
            "python",
          ],
        },
        "shortDescription": {
          "text": "Query per iteration",
        },
      }
    `);
  });

  test("carries GitHub's own fingerprint where the source can be read", () => {
    const hashes = lineHashes(plain.readText("app/feeds.py") ?? "");
    expect(firstResult(sample).partialFingerprints).toEqual({
      primaryLocationLineHash: hashes[11],
      "leakhound/v1": "00112233445566aa",
    });
    const unread = finding({ location: at("gone.py", 1, 1) });
    expect(firstResult({ ...sample, findings: [unread] }).partialFingerprints).toEqual({ "leakhound/v1": "00112233445566aa" });
  });

  test("keeps a place that spans lines to its first line", () => {
    const location = { file: "app/feeds.py", line: 12, column: 5, endLine: 15, endColumn: 2 };
    const [place] = firstResult({ ...sample, findings: [finding({ location })] }).locations ?? [];
    expect(place?.physicalLocation?.region).toEqual({ startLine: 12, startColumn: 5, endLine: 12, endColumn: 24 });
  });

  test("links every step that the message names", () => {
    const { message, relatedLocations, codeFlows } = firstResult(sample);
    const links = [...(message.text ?? "").matchAll(/\]\((\d+)\)/g)].map((match) => Number(match[1]));
    expect(links).toEqual(relatedLocations?.map((location) => location.id));
    expect(codeFlows?.[0]?.threadFlows[0]?.locations).toHaveLength(links.length);
  });

  test("makes no link of brackets in the code", () => {
    const { message } = firstResult({ ...sample, findings: [finding({ message: "'rows[0](1)' stays open.", evidence: [] })] });
    expect(message.text).toContain(String.raw`'rows\[0\](1)' stays open.`);
  });

  test("encodes paths as URIs below the source root", () => {
    const result = firstResult({ ...sample, findings: [finding({ location: at("a dir/ñ#1\ud800.py", 1, 1) })] });
    expect(result.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
      uri: "a%20dir/%C3%B1%231%EF%BF%BD.py",
      uriBaseId: "%SRCROOT%",
    });
  });

  test("marks suppressed results, and the others as not suppressed", () => {
    const results = runOf(sample).results ?? [];
    expect(results.map((result) => result.suppressions)).toEqual([
      [],
      [],
      [],
      [{ kind: "inSource", status: "accepted", justification: "removed with the old importer" }],
    ]);
    expect(runOf({ ...sample, suppressed: [] }).results?.every((result) => result.suppressions === undefined)).toBe(true);
  });

  test("cuts at 5,000 results, the least urgent first, and says so", () => {
    const many = Array.from({ length: 5010 }, (_, index) => finding({ location: at("a.py", index + 1, 1), evidence: [] }));
    const run = runOf({ ...sample, findings: many });
    expect(run.results).toHaveLength(5000);
    expect(run.results?.at(-1)?.locations?.[0]?.physicalLocation?.region?.startLine).toBe(5000);
    expect(run.invocations?.[0]?.toolExecutionNotifications?.at(-1)?.message.text).toBe("11 of 5011 results are left out: code scanning shows 5000.");
  });

  test("names the rules' pages and the category when told them", () => {
    const run = runOf(sample, { ...plain, rulesUrl: "https://example.org/rules", category: "services/api/" });
    expect(run.tool.driver.rules?.[1]?.helpUri).toBe("https://example.org/rules#unclosed-resource");
    expect(run.automationDetails?.id).toBe("leakhound/services/api/");
  });

  test("makes no security alerts of leaks", () => {
    expect(reportSarif(sample, plain)).not.toContain("security-severity");
  });
});
