import { describeFunction } from "../src/analyses/describe.ts";
import type { Analyses } from "../src/analyses/analyses.ts";
import type { Bounded, Growth } from "../src/analyses/collections/growth.ts";
import type { ProcessLife, ProcessLives } from "../src/analyses/process-life.ts";
import { finding, place, spanLocation, step, verified } from "../src/analyses/finding.ts";
import type { Heat } from "../src/findings/finding.ts";
import type { Confidence } from "../src/findings/levels.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const unboundedCollection: Rule<Analyses> = {
  id: "unbounded-collection",
  title: "Long-lived collection grows without bound",
  category: "leak",
  severity: "high",
  impact: "memory",
  effort: 60,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A map, list or set that lives as long as the process and only ever gains entries is a memory leak with a slow fuse: it passes every test and every load test of an hour, and takes the process down after days, at the time of highest traffic.",
  fix: "Bound it: an LRU or TTL cache with a maximum, removal when the owner of the entry goes, or a weak map when the key is an object.",
  silentWhen: [
    "entries are removed, or the whole is emptied or replaced, somewhere in the program",
    "its size is checked, or its type is bounded or weak",
    "it is filled only at start-up, or by registration at the top of files",
    "the keys are constants, enum members or classes: there are only so many",
    "its owner does not outlive a call",
    "the process ends with the request, and no worker runs the code (low confidence)",
  ],
  references: [
    "https://docs.python.org/3/library/functools.html#functools.lru_cache",
    "https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/WeakMap",
  ],
  *check({ growth, heat, callGraph, processes }) {
    for (const one of growth) {
      if (one.verdict === "unbounded") {
        const { fn } = one.grows[0]!;
        yield report(one, heat.of(fn), callGraph.callers(fn).length > 0, processes);
      } else yield confirmed(one, one.verdict);
    }
  },
};

function report(one: Growth, heat: Heat, called: boolean, processes: ProcessLives): Outcome {
  const grow = one.grows[0]!;
  const { fn, at, end } = grow;
  const entries =
    one.driver === "" ? "one entry per call" : one.keyed ? `one entry per distinct '${one.driver}'` : `one entry per '${one.driver}' that is added`;
  return finding(fn, {
    location: spanLocation(fn, at, end),
    message: `'${one.name}' lives as long as the ${one.lifetime === "unknown" ? "object that holds it" : "process"} and grows here by ${entries}; nothing in the program removes entries or bounds it.`,
    confidence: confidenceOf(one, heat, called, processes.of(fn)),
    severity: processes.startsAfresh(fn) ? "medium" : undefined,
    growth: entries,
    heat,
    evidence: [declaration(one), ...one.grows.slice(0, 4).map((touch) => step(touch.fn, touch.at, `grows in ${describeFunction(touch.fn)}`))],
  });
}

/** A path from a request, or a cache that is looked up and filled, is proof; an owner or caller that was not seen is not. */
function confidenceOf(one: Growth, heat: Heat, called: boolean, life: ProcessLife): Confidence {
  if (life === "request") return "low";
  if (one.handedOver || (one.given && (one.lifetime === "unknown" || heat !== "request"))) return "low";
  if (one.lifetime === "unknown") return one.isCache || heat === "request" ? "medium" : "low";
  if (heat === "request") return life === "many" ? "high" : "medium";
  return called || one.isCache || one.keyed || isStatic(one) ? "medium" : "low";
}

function declaration(one: Growth): ReturnType<typeof step> {
  const { holder } = one;
  if (holder.holder === "variable") return step(holder.file.functions[0]!, holder.file.variable(holder.id).at, "made once, with the process");
  const field = holder.cls.field(holder.name)!;
  return step(
    holder.cls.file.functions[0]!,
    field.at,
    field.isStatic
      ? "made once, with the class"
      : one.lifetime === "unknown"
        ? "made with an object that was not seen to end"
        : "made with an object that lives as long as the process",
  );
}

function isStatic({ holder }: Growth): boolean {
  return holder.holder === "variable" || holder.cls.field(holder.name)?.isStatic === true;
}

function confirmed(one: Growth, why: Bounded): Outcome {
  const { location } = declaration(one);
  const where = why.fn === null ? "" : place(one.first.fn, why.fn, why.at);
  const reason = {
    type: "its type bounds it",
    "size check": `its size is checked at ${where}`,
    removal: `entries are removed at ${where}`,
    "start-up": "filled only at start-up",
    keys: `its keys are a fixed few (${where})`,
  }[why.because];
  return verified(location, reason);
}
