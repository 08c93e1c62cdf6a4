import { describe, expect, test } from "vitest";
import { reportGithub } from "../../src/report/github.ts";
import { reportGitlab } from "../../src/report/gitlab.ts";
import { reportJunit } from "../../src/report/junit.ts";
import { at, clean, finding, plain, sample } from "./sample.ts";

describe("GitHub's workflow commands", () => {
  test("annotate each finding", () => {
    expect(reportGithub(sample, plain)).toMatchInlineSnapshot(`
      "::error file=app/feeds.py,line=12,endLine=12,col=5,endColumn=15,title=Resource not closed on every path (unclosed-resource)::The file opened here is not closed when 'parse' throws.%0AGrowth: one descriptor per feed that fails to parse.%0AFix: Open it in a 'with' block.
      ::error file=app/tenants.py,line=63,endLine=65,title=Query per iteration (n-plus-one)::'row.tenant' runs a query for each row of 'rows'.%0AGrowth: one query per row of 'rows'.%0AFix: Add 'selectinload(Identifier.tenant)' to the statement.
      ::notice file=cmd/report.go,line=7,endLine=7,col=2,endColumn=12,title=Resource not closed on every path (unclosed-resource)::The file opened here is closed only when the process ends.%0AFix: Defer its 'Close'.
      "
    `);
  });

  test("let no text of a scanned project start a command or a property", () => {
    const hostile = finding({ location: at("a,line=1:b.py", 1, 1), message: "100%\n::error::x" });
    const text = reportGithub({ ...sample, findings: [hostile] }, plain);
    expect(text).toContain("file=a%2Cline=1%3Ab.py,");
    expect(text).toContain("::100%25%0A::error::x");
    expect(text.match(/^::/gm)).toHaveLength(1);
  });

  test("keep to ten of a kind and count the others", () => {
    const many = Array.from({ length: 12 }, () => finding());
    const low = finding({ severity: "low" });
    const lines = reportGithub({ ...sample, findings: [...many, low] }, plain)
      .trimEnd()
      .split("\n");
    expect(lines.filter((line) => line.startsWith("::error "))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith("::notice "))).toHaveLength(1);
    expect(lines.at(-1)).toBe("And 2 more");
  });
});

describe("GitLab's Code Quality report", () => {
  test("has one entry per finding", () => {
    expect(JSON.parse(reportGitlab(sample, plain))[0]).toMatchInlineSnapshot(`
      {
        "check_name": "unclosed-resource",
        "description": "The file opened here is not closed when 'parse' throws. Growth: one descriptor per feed that fails to parse.",
        "fingerprint": "00112233445566aa",
        "location": {
          "lines": {
            "begin": 12,
            "end": 12,
          },
          "path": "app/feeds.py",
        },
        "severity": "major",
      }
    `);
  });

  test("is an empty array when there is nothing to report", () => {
    expect(reportGitlab(clean, plain)).toBe("[]\n");
  });

  test("tells findings apart whose fingerprints are equal", () => {
    const entries: { fingerprint: string }[] = JSON.parse(reportGitlab({ ...sample, findings: [finding(), finding()] }, plain));
    expect(new Set(entries.map((entry) => entry.fingerprint)).size).toBe(2);
  });
});

describe("the JUnit report", () => {
  test("has a suite per file and a failed case per finding", () => {
    expect(reportJunit({ ...sample, findings: sample.findings.slice(0, 1) }, plain)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="leakhound" tests="1" failures="1" errors="0">
        <testsuite name="app/feeds.py" tests="1" failures="1" errors="0">
          <testcase name="unclosed-resource" classname="app/feeds.py:12:5" file="app/feeds.py" line="12">
            <failure type="high" message="The file opened here is not closed when &#39;parse&#39; throws.">app/feeds.py:12:5: The file opened here is not closed when &#39;parse&#39; throws.
      Growth: one descriptor per feed that fails to parse
        app/feeds.py:12:5: opened here
        app/feeds.py:14:9: &#39;parse&#39; may throw
        lib/parser.py:3:1: leaves without closing it
      Fix: Open it in a &#39;with&#39; block.</failure>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test("has a passed case when there is nothing to report", () => {
    expect(reportJunit(clean, plain)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="leakhound" tests="1" failures="0" errors="0">
        <testsuite name="leakhound" tests="1" failures="0" errors="0">
          <testcase name="no findings" classname="leakhound"/>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test("holds only what XML can hold", () => {
    const hostile = finding({ message: "]]> <failure> & \u0000\u001b\ud800 \"'" });
    const text = reportJunit({ ...sample, findings: [hostile] }, plain);
    expect(text).toContain('message="]]&gt; &lt;failure&gt; &amp; \ufffd\ufffd\ufffd &quot;&#39;"');
  });
});
