import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, step, verified } from "../src/analyses/finding.ts";
import type { Scan } from "../src/analyses/work/scans.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const unboundedScan: Rule<Analyses> = {
  id: "unbounded-scan",
  title: "Keyspace scan without a limit",
  category: "bottleneck",
  severity: "medium",
  impact: "latency",
  effort: 30,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "KEYS visits every key of the database in one command and blocks all other clients meanwhile; a SCAN loop does the same in steps. COUNT is only a hint for one step and bounds nothing in total, so the time, and the memory of whoever gathers the result, grow with the whole keyspace.",
  fix: "Keep an index of what you look for (a set or sorted set), or bound the loop by results or steps and go on later from the cursor.",
  silentWhen: ["the loop checks a count of results or steps", "the scan ends at the first match", "it runs only at start-up or in a script"],
  references: ["https://redis.io/docs/latest/commands/scan/", "https://redis.io/docs/latest/commands/keys/"],
  *check({ scans, heat }) {
    for (const scan of scans) {
      const location = callLocation(scan.fn, scan.call);
      const where = heat.of(scan.fn);
      if (scan.bound !== null) yield verified(location, boundText(scan));
      else if (where === "startup") yield verified(location, "runs only at start-up or in a script");
      else if (scan.effect.form !== "page" || scan.loop !== null) yield report(scan, where);
    }
  },
};

function boundText(scan: Scan): string {
  if (scan.bound!.how === "argument") return "bounded by its argument";
  const line = scan.fn.file.line(scan.bound!.at);
  return scan.bound!.how === "check" ? `bounded by the check at line ${line}` : `the loop at line ${line} can end before the scan does`;
}

function report(scan: Scan, heat: ReturnType<Analyses["heat"]["of"]>): Outcome {
  const { fn, call, effect, loop, gathers } = scan;
  const name = describeCall(fn, call);
  const kept = gathers ? ", and everything found is kept in memory" : "";
  const message =
    effect.form === "all"
      ? `'${name}' visits every key in one command and blocks the server meanwhile.`
      : `The scan by '${name}' goes on to the end of the keyspace, however many keys match${kept}.`;
  return finding(fn, {
    location: callLocation(fn, call),
    message,
    confidence: "high",
    severity: effect.form === "all" ? "high" : gathers ? undefined : "low",
    growth: `with the number of keys in the database${gathers ? "; memory with the number that match" : ""}`,
    heat,
    evidence: [...(loop === null ? [] : [step(fn, loop.start, "this loop ends only when the scan is complete")]), callStep(fn, call, `scans: ${effect.what}`)],
  });
}
