import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall, describeFunction } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, step, verified } from "../src/analyses/finding.ts";
import type { Deferral } from "../src/analyses/resources/deferrals.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const deferredInLoop: Rule<Analyses> = {
  id: "deferred-in-loop",
  title: "Releases put off inside a loop pile up",
  category: "leak",
  severity: "medium",
  impact: "handles",
  effort: 10,
  languages: ["go", "python"],
  why: "A deferred release runs when the function ends, not with the step of the loop. Each step opens one more, so a loop over many files or rows holds them all at once, and runs out of descriptors or connections on the day when there are more of them.",
  fix: "Release it at the end of the step.",
  idioms: {
    go: "Move the body of the loop into a function, so that 'defer' runs once per step.",
    python: "Open it in a 'with' statement inside the loop instead of entering it into a stack around the loop.",
  },
  silentWhen: [
    "the loop runs a fixed, small number of times",
    "the loop is left right after the release is put off",
    "a closure or function per step defers it",
    "a stack is given what the function goes on to use after the step",
  ],
  references: ["https://go.dev/ref/spec#Defer_statements", "https://docs.python.org/3/library/contextlib.html#contextlib.ExitStack"],
  *check({ deferrals, heat }) {
    for (const one of deferrals) {
      if (one.bounded === null) yield report(one, heat.isProcessStart(one.life.fn) || heat.runsOnce(one.life.fn), heat.at(one.life.fn, one.call));
      else {
        const why = {
          "few steps": "the loop runs a fixed, small number of times",
          "last step": "the loop is left after that",
          "when missing": "only where there is none yet",
        }[one.bounded];
        yield verified(callLocation(one.life.fn, one.call), `put off inside a loop, but ${why}`);
      }
    }
  },
};

function report({ life, call, loop, isReadOut }: Deferral, atStart: boolean, heat: ReturnType<Analyses["heat"]["at"]>): Outcome {
  const { fn, tracked } = life;
  const { resource } = tracked.acquires;
  const scope = fn.fact.kind === "lambda" ? `the function at line ${fn.file.line(fn.fact.start)}` : describeFunction(fn);
  const endless = loop.loop.kind === "forever" && !loop.loop.exits;
  const each = loop.over === "" ? "step" : `element of '${loop.over}'`;
  const piling = tracked.acquires.path ? `keeps one per ${each} until then` : `holds one per ${each} open at once`;
  return finding(fn, {
    location: callLocation(fn, call),
    message: endless
      ? `The ${resource} from '${describeCall(fn, life.call)}' is released only when ${scope} ends, and the loop at line ${fn.file.line(loop.loop.start)} never does: each step leaves one more open.`
      : isReadOut
        ? `The release of the ${resource} from '${describeCall(fn, life.call)}' is put off in each step of the loop at line ${fn.file.line(loop.loop.start)} until ${scope} ends: each is read to its end before, but one more waits per ${each}.`
        : `The ${resource} from '${describeCall(fn, life.call)}' is released only when ${scope} ends: the loop at line ${fn.file.line(loop.loop.start)} ${piling}.`,
    // The process ends with the function.
    confidence: atStart && !endless ? "low" : "high",
    severity: endless ? "high" : atStart || isReadOut || tracked.acquires.severity === "low" ? "low" : undefined,
    growth: loop.over === "" ? "one per step of the loop" : `one per element of '${loop.over}'`,
    heat,
    evidence: [
      step(fn, loop.loop.start, "each step of this loop"),
      callStep(fn, life.call, "opens another"),
      callStep(fn, call, "and puts its release off until the function ends"),
    ],
  });
}
