import { describe, expect, test } from "vitest";
import { reportText } from "../../src/report/text.ts";
import { at, clean, finding, plain, sample } from "./sample.ts";

const escapes = new RegExp(String.fromCharCode(27));

describe("the text report", () => {
  test("shows findings by phase, then the summary", () => {
    expect(reportText(sample, { ...plain, width: 80 })).toMatchInlineSnapshot(`
      "NOW  1 finding, 15 min  ────────────────────────────────────────────────────────

        app/feeds.py:12:5  high  unclosed-resource  proven, priority 60, in Feeds.load
          The file opened here is not closed when 'parse' throws.
          Growth  one descriptor per feed that fails to parse
          Path    12:5               opened here
                  14:9               'parse' may throw
                  lib/parser.py:3:1  leaves without closing it
          Fix     Open it in a 'with' block. (15 min)

      NEXT  1 finding, 1 h 15 min  ───────────────────────────────────────────────────

        app/tenants.py:63:9  high  n-plus-one
          likely, priority 30, in TenantService.load_all
          'row.tenant' runs a query for each row of 'rows'.
          Growth  one query per row of 'rows'
          Fix     Add 'selectinload(Identifier.tenant)' to the statement. (1 h 15 min)

      LATER  1 finding, 15 min  ──────────────────────────────────────────────────────

        cmd/report.go:7:2  low  unclosed-resource  likely, priority 8
          The file opened here is closed only when the process ends.
          Fix     Defer its 'Close'. (15 min)

      DIAGNOSTICS  1  ────────────────────────────────────────────────────────────────
        warning  app/broken.php:19: partly parsed: unexpected 'end'

                    now         next    later        total
        high          1            1        ·            2
        low           ·            ·        1            1
        total         1            1        1            3
        effort   15 min   1 h 15 min   15 min   1 h 45 min

        Score 88/100 → 95 (now) → 99 (next) → 100 (later)
        214 files, 18,204 lines, 3 verified, 1 suppressed, 3 skipped
      "
    `);
  });

  test("lists the verified places when asked", () => {
    const text = reportText({ ...sample, findings: [] }, { ...plain, width: 80, verified: true });
    expect(text).toMatchInlineSnapshot(`
      "VERIFIED  3 places  ────────────────────────────────────────────────────────────

        uncleared-timer
          worker/manager.go:222:2  ticker stopped by 'defer' at line 223

        unclosed-resource
          app/cache.py:8:5   closed by 'with'
          app/store.py:31:5  closed in 'finally' at line 40

      DIAGNOSTICS  1  ────────────────────────────────────────────────────────────────
        warning  app/broken.php:19: partly parsed: unexpected 'end'

      Nothing to report. Score 88/100
      214 files, 18,204 lines, 3 verified, 1 suppressed, 3 skipped
      "
    `);
  });

  test("says so when there is nothing to report", () => {
    expect(reportText(clean, plain)).toMatchInlineSnapshot(`
      "Nothing to report. Score 100/100
      1 file, 40 lines, 0 verified
      "
    `);
  });

  test("speaks Spanish and Portuguese", () => {
    expect(reportText(clean, { ...plain, lang: "es" })).toContain("Nada que informar. Puntuación 100/100");
    expect(reportText(sample, { ...plain, lang: "pt" })).toContain("18.204 linhas");
  });

  test("colours only when told to, whatever the environment says", () => {
    expect(reportText(sample, plain)).not.toMatch(escapes);
    expect(reportText(sample, { ...plain, color: true })).toMatch(escapes);
  });

  test("lets no control character of a scanned project through", () => {
    const hostile = finding({ location: at("a\u001b]0;x\u0007\n.py", 1, 1), message: "'\u001b[2J' is kept" });
    const text = reportText({ ...sample, findings: [hostile] }, plain);
    expect(text).not.toMatch(escapes);
    expect(text).toContain(String.raw`a\x1b]0;x\x07\x0a.py:1:1`);
  });

  test("keeps within the width, wrapping messages, steps and fixes", () => {
    const words = "one two three four five six seven eight nine ten ".repeat(5).trim();
    const long = finding({ message: words, growth: words, fix: words, evidence: [{ location: at("b.py", 1, 1), text: words }] });
    const lines = reportText({ ...sample, findings: [long] }, { ...plain, width: 60 }).split("\n");
    expect(Math.max(...lines.filter((line) => line.includes("three")).map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});
