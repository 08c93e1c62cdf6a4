import type { Analyses } from "../src/analyses/analyses.ts";
import { owedOutcomes } from "./shared/registrations.ts";
import type { Rule } from "../src/findings/rule.ts";

const id = "unremoved-listener";

export const unremovedListener: Rule<Analyses> = {
  id,
  title: "Listener or observer is never removed",
  category: "leak",
  severity: "medium",
  impact: "memory",
  effort: 15,
  languages: ["python", "php", "typescript", "javascript"],
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
  ],
  references: [
    "https://developer.mozilla.org/en-US/docs/Web/API/EventTarget/removeEventListener",
    "https://react.dev/reference/react/useEffect",
    "https://nodejs.org/api/events.html#emitterremovelistenereventname-listener",
  ],
  check: (analyses) => owedOutcomes(analyses, id),
};
