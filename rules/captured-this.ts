import { describeFunction } from "../src/analyses/describe.ts";
import type { Analyses } from "../src/analyses/analyses.ts";
import type { Capture } from "../src/analyses/collections/captures.ts";
import type { HeldByFinalizer } from "../src/analyses/collections/finalizers.ts";
import { callStep, finding, place, spanLocation, step, verified } from "../src/analyses/finding.ts";
import type { ProcessLife } from "../src/analyses/process-life.ts";
import type { Heat } from "../src/findings/finding.ts";
import type { Confidence } from "../src/findings/levels.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const capturedThis: Rule<Analyses> = {
  id: "captured-this",
  title: "A registry that outlives the object keeps it through a closure",
  category: "leak",
  severity: "high",
  impact: "memory",
  effort: 20,
  languages: ["php", "python", "go", "typescript", "javascript"],
  why: "A closure that uses its object holds it, with everything the object refers to. Put into a static or global registry that nobody empties, it keeps every object that ever registered, and calls them all again on each event.",
  fix: "Remove the closure when the object is done, or register something that does not hold the object.",
  idioms: {
    php: "Remove the listener when the object is done; hold the object by a 'WeakReference' in a 'static function', or pass the values that are needed with 'use'.",
    python: "Remove the listener when the object is done, or register a 'weakref.WeakMethod'.",
  },
  silentWhen: [
    "the closure does not use its object, or is static",
    "entries are removed from the registry",
    "the object lives as long as the registry",
    "it is registered only when the process starts",
  ],
  references: [
    "https://docs.python.org/3/library/weakref.html#weakref.finalize",
    "https://pkg.go.dev/runtime#AddCleanup",
    "https://www.php.net/manual/en/functions.anonymous.php",
    "https://docs.python.org/3/library/weakref.html#weakref.WeakMethod",
  ],
  *check({ captures, heldByFinalizers, heat, processes }) {
    for (const one of heldByFinalizers) yield neverFreed(one, heat.of(one.fn));
    for (const one of captures) {
      const { verdict } = one.growth;
      if (verdict === "unbounded" || (verdict.because === "removal" && (one.forgotten || one.destructor !== null)))
        yield report(one, heat.of(one.fn), processes.of(one.fn));
      else if (verdict.fn !== null) yield verified(location(one), `entries are removed or counted at ${place(one.fn, verdict.fn, verdict.at)}`);
    }
  },
};

/** What is to run when the object is freed leads to it. */
function neverFreed({ fn, call, object, at, by }: HeldByFinalizer, heat: Heat): Outcome {
  const what = { closure: "The function that is to run when", method: "The method that is to run when", value: "What is handed over for the time when" }[by];
  const holds = { closure: "uses it", method: "is bound to it", value: "leads to it" }[by];
  return finding(fn, {
    location: spanLocation(fn, fn.call(call).start, fn.call(call).end),
    message: `${what} '${object}' is freed ${holds}: the runtime keeps that, so '${object}' never is, and it never runs.`,
    confidence: heat === "startup" ? "low" : "high",
    growth: `one '${object}' per call of ${describeFunction(fn)}`,
    heat,
    evidence: [callStep(fn, call, "asks for it"), step(fn, at, `${holds}, so that it stays reachable`)],
  });
}

/** Where the closure is written, or the object's method handed over. */
const location = ({ fn, at }: Capture): ReturnType<typeof spanLocation> => spanLocation(fn, at, at);

function report(one: Capture, heat: Heat, life: ProcessLife): Outcome {
  const { fn, cls, by, growth, touch } = one;
  const what = by === "closure" ? "This closure uses its object" : "This method is bound to its object";
  return finding(fn, {
    location: location(one),
    message: `${what}, and '${growth.name}', which lives as long as the process, keeps it: every '${cls.fact.name}' that comes by here stays in memory.`,
    confidence: confidenceOf(one, heat, life),
    severity: life === "many" && heat === "request" ? undefined : "medium",
    growth: `one '${cls.fact.name}' per call of ${describeFunction(fn)}`,
    heat,
    evidence: [
      step(fn, one.at, by === "closure" ? `holds the object of ${describeFunction(fn)}` : "holds its object"),
      step(touch.fn, touch.at, `kept in '${growth.name}', from which ${one.destructor === null ? "nothing" : "only the destructor"} removes it`),
      ...(one.destructor === null ? [] : [step(one.destructor, one.destructor.fact.nameAt, "does not run as long as the object is held")]),
    ],
  });
}

function confidenceOf({ certain, fn, touch }: Capture, heat: Heat, life: ProcessLife): Confidence {
  // Who registers when it is made may be made once (a plugin, a service).
  if (life === "request" || (!certain && fn.fact.kind === "constructor")) return "low";
  // What is kept under a name takes the place of the one before under that name.
  if (!certain && touch.key !== null) return "low";
  return certain && heat === "request" && life === "many" ? "high" : "medium";
}
