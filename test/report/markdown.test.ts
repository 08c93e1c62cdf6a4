import { describe, expect, test } from "vitest";
import { reportMarkdown } from "../../src/report/markdown.ts";
import { at, clean, finding, plain, sample } from "./sample.ts";

describe("the Markdown report", () => {
  test("argues, ranks, plans, and says what was found right", () => {
    expect(reportMarkdown(sample, plain)).toMatchInlineSnapshot(`
      "# Leak and bottleneck audit

      leakhound 1.2.3 · 214 files · 18,204 lines · Go, Python

      ## Executive summary

      **Score: 88 / 100.** 3 findings of 2 rules: 2 high, 1 low. Fixing 1 finding first takes 15 min and brings the score to 95.

      |               | Score | Findings left |     Effort |
      | ------------- | ----: | ------------: | ---------: |
      | Today         |    88 |             3 |            |
      | After *now*   |    95 |             2 |     15 min |
      | After *next*  |    99 |             1 | 1 h 15 min |
      | After *later* |   100 |             0 |     15 min |

      What weighs most:

      - **high** \`app/feeds.py:12\`: The file opened here is not closed when \`parse\` throws. Growth: one descriptor per feed that fails to parse.
      - **high** \`app/tenants.py:63\`: \`row.tenant\` runs a query for each row of \`rows\`. Growth: one query per row of \`rows\`.

      ## Priorities

      |   # | Severity | Rule              | Place               | Impact  |     Effort | Phase |
      | --: | -------- | ----------------- | ------------------- | ------- | ---------: | ----- |
      |   1 | High     | unclosed-resource | \`app/feeds.py:12\`   | Handles |     15 min | Now   |
      |   2 | High     | n-plus-one        | \`app/tenants.py:63\` | Latency | 1 h 15 min | Next  |
      |   3 | Low      | unclosed-resource | \`cmd/report.go:7\`   | Handles |     15 min | Later |

      ## Findings

      ### Resource not closed on every path (unclosed-resource)

      **Why it matters.** A file that stays open holds a descriptor until the process ends. Under load the process runs out of them.

      #### 1. \`app/feeds.py:12\` (high, proven, in \`Feeds.load\`)

      The file opened here is not closed when \`parse\` throws.

      - **Growth:** one descriptor per feed that fails to parse
      - **Path:**
        1. \`app/feeds.py:12\`: opened here
        2. \`app/feeds.py:14\`: \`parse\` may throw
        3. \`lib/parser.py:3\`: leaves without closing it
      - **Fix (15 min):** Open it in a \`with\` block.

      #### 3. \`cmd/report.go:7\` (low, likely)

      The file opened here is closed only when the process ends.

      - **Fix (15 min):** Defer its \`Close\`.

      Reading: <https://docs.python.org/3/library/functions.html#open>

      ### Query per iteration (n-plus-one)

      **Why it matters.** A query per row multiplies the round trips with the data.

      #### 2. \`app/tenants.py:63\` (high, likely, in \`TenantService.load_all\`)

      \`row.tenant\` runs a query for each row of \`rows\`.

      - **Growth:** one query per row of \`rows\`
      - **Fix (1 h 15 min):** Add \`selectinload(Identifier.tenant)\` to the statement.

      Reading: <https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html>

      ## Plan

      ### Now: 1 finding, 15 min, score 88 → 95

      - [ ] **1.** unclosed-resource \`app/feeds.py:12\` (15 min)

      ### Next: 1 finding, 1 h 15 min, score 95 → 99

      - [ ] **2.** n-plus-one \`app/tenants.py:63\` (1 h 15 min)

      ### Later: 1 finding, 15 min, score 99 → 100

      - [ ] **3.** unclosed-resource \`cmd/report.go:7\` (15 min)

      ## Checked and found right

      3 places examined and found right, each with the reason.

      **uncleared-timer** (1)

      - \`worker/manager.go:222\`: ticker stopped by \`defer\` at line 223

      **unclosed-resource** (2)

      - \`app/cache.py:8\`: closed by \`with\`
      - \`app/store.py:31\`: closed in \`finally\` at line 40

      Ran and found nothing to examine: untimed-exec.

      ## Coverage

      | Language | Files |  Lines |
      | -------- | ----: | -----: |
      | Go       |    60 |  9,204 |
      | Python   |   154 |  9,000 |
      | *total*  |   214 | 18,204 |

      83% of the calls were resolved to a function, a class or a known library.

      **Skipped:** 3 files

      - larger than 1 MB (1): \`vendor/big.js\`
      - minified (2): \`static/app.min.js\`, \`vendor/lib.min.js\`

      **Suppressed:** 1 finding

      - \`app/legacy.py:3\` unclosed-resource (comment in the code): removed with the old importer

      **Diagnostics:** 1

      - warning \`app/broken.php:19\`: partly parsed: unexpected \`end\`
      "
    `);
  });

  test("of a clean scan says what was looked at", () => {
    expect(reportMarkdown(clean, plain)).toMatchInlineSnapshot(`
      "# Leak and bottleneck audit

      leakhound 1.2.3 · 1 file · 40 lines · Go

      ## Executive summary

      **Score: 100 / 100.** Nothing to report.

      ## Checked and found right

      No place of the kinds that the rules look at.

      Ran and found nothing to examine: n-plus-one, unclosed-resource, uncleared-timer, untimed-exec.

      ## Coverage

      | Language | Files | Lines |
      | -------- | ----: | ----: |
      | Go       |     1 |    40 |
      "
    `);
  });

  test("shows elements in single quotes as code and leaves apostrophes alone", () => {
    const one = finding({ message: "'users' isn't trimmed; the caller's 'a|b`c' neither" });
    const text = reportMarkdown({ ...sample, findings: [one] }, plain);
    expect(text).toContain("`users` isn't trimmed; the caller's ``a|b`c`` neither");
  });

  test("takes nothing from a scanned project as markup", () => {
    const one = finding({ location: at("a|b.py", 1, 1), message: "<img src=x> [link](http://x) *bold*" });
    const text = reportMarkdown({ ...sample, findings: [one] }, plain);
    expect(text).toContain(String.raw`\<img src=x\> \[link\](http://x) \*bold\*`);
    expect(text).toContain("| `a\\|b.py:1` |");
  });

  test("argues the first findings of a rule and lists the others", () => {
    const many = Array.from({ length: 300 }, (_, index) => finding({ location: at("a.py", index + 1, 1) }));
    const text = reportMarkdown({ ...sample, findings: many }, plain);
    expect(text.match(/^#### /gm)).toHaveLength(21);
    expect(text).toContain("#### 280 more of this rule");
    expect(text).toContain("*and 100 more*");
    expect(text).toContain("*and 250 more*");
  });

  test.each(["es", "pt"] as const)("is written in %s", (lang) => {
    const text = reportMarkdown(sample, { ...plain, lang });
    expect(text).toContain(lang === "es" ? "## Resumen ejecutivo" : "## Resumo executivo");
    expect(text).not.toContain("Executive summary");
  });
});
