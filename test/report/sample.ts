import { summarize } from "../../src/engine/score.ts";
import type { Finding, Location } from "../../src/findings/finding.ts";
import type { RuleMetadata } from "../../src/findings/rule.ts";
import type { ScanResult } from "../../src/findings/scan-result.ts";
import type { ReportOptions } from "../../src/report/reporter.ts";

/** A place that ends on its own line, ten columns further. */
export function at(file: string, line: number, column: number): Location {
  return { file, line, column, endLine: line, endColumn: column + 10 };
}

/** A finding of which a test states only what matters to it. */
export function finding(change: Partial<Finding> = {}): Finding {
  return {
    rule: "unclosed-resource",
    severity: "high",
    confidence: "high",
    priority: 60,
    location: at("app/feeds.py", 12, 5),
    functionName: "Feeds.load",
    message: "The file opened here is not closed when 'parse' throws.",
    why: "A file that stays open holds a descriptor until the process ends.",
    growth: "one descriptor per feed that fails to parse",
    impact: "handles",
    effort: 15,
    fix: "Open it in a 'with' block.",
    evidence: [
      { location: at("app/feeds.py", 12, 5), text: "opened here" },
      { location: at("app/feeds.py", 14, 9), text: "'parse' may throw" },
      { location: at("lib/parser.py", 3, 1), text: "leaves without closing it" },
    ],
    fingerprint: "00112233445566aa",
    phase: "now",
    ...change,
  };
}

const rules: readonly RuleMetadata[] = [
  {
    id: "n-plus-one",
    title: "Query per iteration",
    category: "bottleneck",
    severity: "high",
    impact: "latency",
    effort: 60,
    languages: ["go", "python"],
    why: "A query per row multiplies the round trips with the data.",
    fix: "Load the rows in one query before the loop.",
    silentWhen: ["The loop runs a constant number of times."],
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html"],
  },
  {
    id: "unclosed-resource",
    title: "Resource not closed on every path",
    category: "leak",
    severity: "high",
    impact: "handles",
    effort: 15,
    languages: ["go", "php", "python", "typescript"],
    why: "A file that stays open holds a descriptor until the process ends. Under load the process runs out of them.",
    fix: "Close it on every path.",
    silentWhen: [],
    references: ["https://docs.python.org/3/library/functions.html#open"],
  },
  {
    id: "uncleared-timer",
    title: "Timer never stopped",
    category: "leak",
    severity: "medium",
    impact: "memory",
    effort: 10,
    languages: ["go", "typescript"],
    why: "A timer keeps what it captures alive.",
    fix: "Stop it.",
    silentWhen: [],
    references: [],
  },
  {
    id: "untimed-exec",
    title: "Process without a timeout",
    category: "hazard",
    severity: "high",
    impact: "availability",
    effort: 20,
    languages: ["php"],
    why: "A process that hangs blocks its caller.",
    fix: "Set a timeout.",
    silentWhen: [],
    references: [],
  },
];

const findings: readonly Finding[] = [
  finding(),
  finding({
    rule: "n-plus-one",
    severity: "high",
    confidence: "medium",
    priority: 30,
    location: { file: "app/tenants.py", line: 63, column: 9, endLine: 65, endColumn: 14 },
    functionName: "TenantService.load_all",
    message: "'row.tenant' runs a query for each row of 'rows'.",
    why: rules[0]?.why ?? "",
    growth: "one query per row of 'rows'",
    impact: "latency",
    effort: 75,
    fix: "Add 'selectinload(Identifier.tenant)' to the statement.",
    evidence: [],
    fingerprint: "8899aabbccddeeff",
    phase: "next",
  }),
  finding({
    severity: "low",
    confidence: "medium",
    priority: 8,
    location: at("cmd/report.go", 7, 2),
    functionName: "",
    message: "The file opened here is closed only when the process ends.",
    growth: "",
    fix: "Defer its 'Close'.",
    evidence: [{ location: at("cmd/report.go", 7, 2), text: "opened here" }],
    fingerprint: "0123456789abcdef",
    phase: "later",
  }),
];

/** A small scan with something in each of its parts. */
export const sample: ScanResult = {
  tool: { name: "leakhound", version: "1.2.3" },
  rules,
  findings,
  verified: [
    { rule: "uncleared-timer", location: at("worker/manager.go", 222, 2), reason: "ticker stopped by 'defer' at line 223" },
    { rule: "unclosed-resource", location: at("app/cache.py", 8, 5), reason: "closed by 'with'" },
    { rule: "unclosed-resource", location: at("app/store.py", 31, 5), reason: "closed in 'finally' at line 40" },
  ],
  suppressed: [
    {
      finding: finding({ location: at("app/legacy.py", 3, 1), evidence: [], fingerprint: "ffeeddccbbaa9988" }),
      suppressionKind: "inline",
      justification: "removed with the old importer",
    },
  ],
  skipped: [
    { file: "static/app.min.js", reason: "minified" },
    { file: "vendor/big.js", reason: "larger than 1 MB" },
    { file: "vendor/lib.min.js", reason: "minified" },
  ],
  diagnostics: [{ level: "warning", message: "partly parsed: unexpected 'end'", file: "app/broken.php", line: 19 }],
  summary: summarize(findings, 18_204),
  stats: {
    files: 214,
    lines: 18_204,
    functions: 1630,
    byLanguage: { go: { files: 60, lines: 9204 }, python: { files: 154, lines: 9000 } },
    calls: { resolved: 830, total: 1000 },
  },
};

/** A clean scan of one file. */
export const clean: ScanResult = {
  ...sample,
  findings: [],
  verified: [],
  suppressed: [],
  skipped: [],
  diagnostics: [],
  summary: summarize([], 40),
  stats: { files: 1, lines: 40, functions: 2, byLanguage: { go: { files: 1, lines: 40 } }, calls: { resolved: 0, total: 0 } },
};

const FEEDS = ["import io", ...new Array<string>(10).fill(""), "    handle = open(path)", "", "        parse(handle)", ""];
const texts: Readonly<Record<string, string>> = { "app/feeds.py": FEEDS.join("\n") };

/** Options without colour over the sample's one readable file. */
export const plain: ReportOptions = { color: false, verified: false, readText: (file) => texts[file] ?? null };
