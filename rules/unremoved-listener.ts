import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall, describeFunction } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, place, step, verified } from "../src/analyses/finding.ts";
import type { OwnSubscription } from "../src/analyses/registrations/own-registries.ts";
import { owedOutcomes } from "./shared/registrations.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

const id = "unremoved-listener";

export const unremovedListener: Rule<Analyses> = {
  id,
  title: "Listener or observer is never removed",
  category: "leak",
  severity: "medium",
  impact: "memory",
  effort: 15,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "What listens stays referenced by what it listens to, with everything its function refers to. Added again for each component, object or request and never removed, listeners pile up: memory grows, and each event calls all of them.",
  fix: "Remove it where its owner ends, with the same event, the same function and the same 'capture'.",
  idioms: {
    typescript: "Return a function from the effect that removes it, or give 'signal' and abort its controller there.",
    javascript: "Return a function from the effect that removes it, or give 'signal' and abort its controller there.",
  },
  silentWhen: [
    "it is added once, at start-up, at the top level of a module, or behind a guard that lets it through once for the process",
    "it removes itself after one event",
    "it listens to something that is made in the same place, or given with an event, and goes with it",
    "the function that adds it is called from code that was not seen, unless it waits for one answer, serves only that call, or its class has a method that ends the object",
    "it is an exit handler, and the method that ends its object, or its class has one object only",
    "the process ends with the request, and it is added once for that",
    "its cleanup asks something that follows from what the effect has asked, or that may have changed",
    "its remover is stored, returned or handed on: its new owner must call it",
    "a broker of the program takes out by itself who does not listen any more",
  ],
  references: [
    "https://developer.mozilla.org/en-US/docs/Web/API/EventTarget/removeEventListener",
    "https://react.dev/reference/react/useEffect",
    "https://nodejs.org/api/events.html#emitterremovelistenereventname-listener",
  ],
  *check(analyses) {
    yield* owedOutcomes(analyses, id);
    for (const one of analyses.ownSubscriptions) yield subscriptionOutcome(one, analyses);
  },
};

/** A request subscribes to something of the program itself, and leaves the subscription behind. */
function subscriptionOutcome({ fn, call, add, remove, keptAt, undone }: OwnSubscription, { heat, processes }: Analyses): Outcome {
  const location = callLocation(fn, call);
  if (undone !== null) return verified(location, `subscription undone at ${place(fn, undone.fn, undone.at)}`);
  const name = describeCall(fn, call);
  const undo = remove.isInside(add) ? `the function that it gives back for that is not kept` : `${describeFunction(remove)}, which takes it out, is not called`;
  return finding(fn, {
    location,
    message: `Each request subscribes by '${name}' and leaves the subscription behind when it ends: ${undo}.`,
    confidence: processes.of(fn) === "request" ? "low" : "medium",
    growth: "one per request",
    heat: heat.of(fn),
    evidence: [callStep(fn, call, "subscribes here"), step(keptAt.fn, keptAt.at, "kept here"), step(remove, remove.fact.nameAt, "would take it out")],
  });
}
