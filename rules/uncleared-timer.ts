import type { Analyses } from "../src/analyses/analyses.ts";
import { owedOutcomes } from "./shared/registrations.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import { describeCall } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, step } from "../src/analyses/finding.ts";
import type { HeatMap } from "../src/analyses/heat.ts";
import type { LeftTimer } from "../src/analyses/registrations/left-timers.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

const id = "uncleared-timer";

export const unclearedTimer: Rule<Analyses> = {
  id,
  title: "Timer is never stopped",
  category: "leak",
  severity: "medium",
  impact: "memory",
  effort: 10,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A repeating timer runs until it is stopped, and keeps its function and all that refers to alive. One more for each component, object or request, and they pile up: memory grows, and the work they do is done many times over.",
  fix: "Keep what starting it returns, and stop it where its owner ends.",
  idioms: {
    go: "Put 'defer ticker.Stop()' right after it is made; in a loop make one timer with 'time.NewTimer' before it, and 'Reset' that.",
    typescript: "Return a function from the effect that clears it, or clear it in the method that ends the object.",
    javascript: "Return a function from the effect that clears it, or clear it in the method that ends the object.",
  },
  silentWhen: [
    "it is started once, at start-up, at the top level of a module, or behind a guard that lets it through once for the process",
    "it fires once, and does nothing where what it works on has gone (the 'current' of a React ref)",
    "a timer that fires once stops it",
    "it starts itself again after a wait, and asks before that what its owner sets when it goes, or its owner aborts what is waited for",
    "what starting it returned is stored, returned or handed on: its new owner must stop it",
    "the run-time collects it when nothing refers to it (Go since 1.23)",
  ],
  references: [
    "https://developer.mozilla.org/en-US/docs/Web/API/Window/clearInterval",
    "https://pkg.go.dev/time#NewTicker",
    "https://react.dev/reference/react/useEffect",
  ],
  *check(analyses) {
    yield* lifetimeOutcomes(analyses, unclearedTimer, { acquired: "started", released: "stopped", releasing: "stopping it" });
    yield* owedOutcomes(analyses, id);
    for (const one of analyses.leftTimers) yield left(one, analyses.heat);
  },
};

function left({ fn, call, at, isShort }: LeftTimer, heat: HeatMap): Outcome {
  return finding(fn, {
    location: callLocation(fn, call),
    message: `The timer started by '${describeCall(fn, call)}' stays in memory until it fires: each step of the loop that goes on by another case leaves one behind (Go before 1.23).`,
    confidence: isShort ? "low" : "medium",
    severity: "low",
    growth: "one timer per step of the loop, until it fires",
    heat: heat.at(fn, call),
    evidence: [step(fn, at, "another case of this may come first"), callStep(fn, call, "and the timer of this one is left behind")],
  });
}
