import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, place, step, verified } from "../src/analyses/finding.ts";
import type { Lifetime, OpenExit } from "../src/analyses/resources/lifetimes.ts";
import type { Evidence } from "../src/findings/finding.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

const id = "unclosed-resource";

export const unclosedResource: Rule<Analyses> = {
  id,
  title: "Resource is not released on every path",
  category: "leak",
  severity: "high",
  impact: "handles",
  effort: 20,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A file, socket, response body, cursor or connection that is not released keeps its descriptor or pool slot until the process ends or a garbage collector happens to run. Under load the descriptors or the pool run out, and then every request fails, not only the one that leaked.",
  fix: "Release it on every way out of the function, also when something fails in between.",
  idioms: {
    python: "Open it in a 'with' statement, or close it in 'finally'.",
    go: "Put 'defer' with the close right after the error check, before the next return.",
    php: "Close it in 'finally'.",
    typescript: "Close it in 'finally', or declare it with 'await using' where the library supports it.",
    javascript: "Close it in 'finally'.",
  },
  silentWhen: [
    "the resource is returned, stored, captured or handed to code that keeps it: its new owner must release it",
    "a callee releases it, in whatever file it stands",
    "the language releases it when the last reference goes at the end of the function (PHP)",
    "the process ends right after (top-level code, 'main')",
  ],
  references: [
    "https://docs.python.org/3/reference/compound_stmts.html#with",
    "https://pkg.go.dev/net/http#Response",
    "https://nodejs.org/api/fs.html#class-filehandle",
  ],
  *check({ lifetimes, heat }) {
    for (const life of lifetimes) {
      if (life.tracked.acquires.rule !== id || !life.complete) continue;
      const open = heat.isProcessStart(life.fn) ? [] : life.open;
      if (open.length === 0) yield* confirmed(life);
      else if (life.tracked.acquires.reclaimed === "scope") {
        yield verified(
          callLocation(life.fn, life.call),
          `the ${life.tracked.acquires.resource} is held only by a local and closed when '${life.fn.name}' returns`,
        );
      } else yield report(life, open, heat.at(life.fn, life.call));
    }
  },
};

function report(life: Lifetime, open: readonly OpenExit[], heat: ReturnType<Analyses["heat"]["at"]>): Outcome {
  const { fn, call } = life;
  const { acquires } = life.tracked;
  const certain = open.filter((exit) => exit.exit !== "exception");
  // A call that is known to fail says more than one nobody knows.
  const worst = certain[0] ?? open.find((exit) => exit.known) ?? open[0]!;
  const onlyThrown = certain.length === 0;
  const passed = life.fates.some((fate) => fate.fate === "escapes" && (fate.how === "passed" || fate.how === "not understood"));
  return finding(fn, {
    location: callLocation(fn, call),
    message: messageOf(life, worst, onlyThrown),
    confidence: onlyThrown && !worst.known ? "low" : passed || onlyThrown ? "medium" : "high",
    severity: onlyThrown ? (acquires.reclaimed === "never" ? "medium" : "low") : (acquires.severity ?? undefined),
    evidence: evidenceOf(life, worst),
    heat,
  });
}

function messageOf(life: Lifetime, exit: OpenExit, onlyThrown: boolean): string {
  const { fn, call, fates } = life;
  const what = `The ${life.tracked.acquires.resource} opened by '${describeCall(fn, call)}'`;
  if (onlyThrown)
    return `${what} ${be(life)} not closed when ${exit.call < 0 ? "an exception is thrown" : `'${describeCall(fn, exit.call)}' throws`} at line ${fn.file.line(exit.at)}.`;
  if (exit.exit === "overwritten") return `${what} ${be(life)} lost at line ${fn.file.line(exit.at)}, where another takes its place before that.`;
  if (fates.length === 0) return `${what} ${be(life)} never closed in '${fn.name}'.`;
  return `${what} ${be(life)} not closed when '${fn.name}' ${exit.exit === "throw" ? "throws" : exit.implicit ? "ends" : "returns"} at line ${fn.file.line(exit.at)}.`;
}

/** "The database rows … are", "the file handle … is". */
const be = (life: Lifetime): string => (/[^s]s$/.test(life.tracked.acquires.resource) ? "are" : "is");

function evidenceOf(life: Lifetime, exit: OpenExit): readonly Evidence[] {
  const { fn, call, through } = life;
  const steps: Evidence[] = [];
  for (const inner of through) steps.push(callStep(inner.fn, inner.call, `opened here and returned open by '${inner.fn.name}'`));
  steps.push(callStep(fn, call, through.length === 0 ? "opened here" : "received open here"));
  const { start } = fn.call(call);
  for (const decision of exit.decisions.filter((one) => one.at > start && one.what === "branch").slice(-3)) {
    steps.push(step(fn, decision.at, decision.taken ? "this condition holds" : "this condition does not hold"));
  }
  if (exit.exit === "exception" && exit.call >= 0)
    steps.push(callStep(fn, exit.call, `'${describeCall(fn, exit.call)}' throws, and nothing closes it on the way out`));
  else if (exit.exit === "overwritten") steps.push(step(fn, exit.at, "replaced while still open"));
  else steps.push(step(fn, exit.at, `'${fn.name}' is left without closing it`));
  return steps;
}

/** Says why a resource that was followed to the end of every path is right. */
function* confirmed(life: Lifetime): Iterable<Outcome> {
  const { fn, call, fates } = life;
  const fate = fates.find((one) => one.fate !== "escapes");
  if (fate === undefined || life.open.some((exit) => exit.exit !== "exception")) return;
  const where = place(fn, fn, fate.at);
  const how =
    fate.fate === "managed"
      ? `released by the scope that begins at ${where}`
      : {
          call: `released at ${where} on every path`,
          defer: `released by 'defer' at ${where}`,
          callee: `released by '${calleeAt(life, fate.at)}' at ${where}`,
          closure: `released by the callback at ${where}`,
          exhausted: `read to the end at ${where}, which releases it`,
        }[fate.how];
  yield verified(callLocation(fn, call), `${life.tracked.acquires.resource} ${how}`);
}

function calleeAt(life: Lifetime, at: number): string {
  const call = life.fn.graph.calls.findIndex((site) => site.start === at);
  return call < 0 ? "the callee" : describeCall(life.fn, call);
}
