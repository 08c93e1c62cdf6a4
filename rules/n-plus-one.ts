import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, place, spanLocation, step, verified } from "../src/analyses/finding.ts";
import type { Repetition } from "../src/analyses/work/loops.ts";
import type { LazyLoad } from "../src/analyses/work/relations.ts";
import type { RepeatedWork } from "../src/analyses/work/repeated.ts";
import type { Evidence, Heat } from "../src/findings/finding.ts";
import type { Confidence } from "../src/findings/levels.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";
import type { Fn } from "../src/program/entities.ts";

export const nPlusOne: Rule<Analyses> = {
  id: "n-plus-one",
  title: "One query or request per element",
  category: "bottleneck",
  severity: "high",
  impact: "latency",
  effort: 60,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A query or request inside a loop pays a round trip for every element. Ten rows on a laptop are ten thousand in production: the time grows with the data, and the database's connections are busy with small questions that one could have answered.",
  fix: "Ask once for all elements: a join or eager loading, 'IN (…)', a bulk call or a pipeline with the collected keys, or a batch endpoint.",
  idioms: {
    python:
      "Ask once for all elements: 'selectinload'/'joinedload' or 'select_related'/'prefetch_related' for relations, 'in_(ids)', a bulk call or a pipeline for keys.",
    php: "Ask once for all elements: 'with(…)' for relations, 'whereIn' or 'IN (…)' with the collected keys, 'upsert'/'insert' with all rows for writes.",
  },
  silentWhen: [
    "the loop runs a small constant number of times",
    "each step handles a batch, or the call takes many rows at once",
    "the loop polls, retries, waits between its steps, or ends with the first success",
    "the call does not depend on the element",
    "the relation is loaded eagerly",
  ],
  references: [
    "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
    "https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related",
    "https://laravel.com/docs/eloquent-relationships#eager-loading",
  ],
  *check({ repeated, lazyLoads, heat }) {
    const seen = new Set<string>();
    const reported = new Set(repeated.filter((work) => work.excuse === null).map((work) => siteKey(work.fn, work.call)));
    for (const work of repeated) {
      const location = callLocation(work.fn, work.call);
      if (work.excuse !== null) {
        if (work.excuse !== "it does not depend on the element" && work.chain.length === 1)
          yield verified(location, `${work.effect.what} in a loop: ${work.excuse}`);
        continue;
      }
      // A loop around a loop that is reported: putting the inner one right is what helps.
      if (work.chain.slice(1).some((edge) => reported.has(siteKey(edge.fn, edge.call)))) continue;
      const key = `${location.file}:${location.line}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield reportWork(work, heat.of(work.fn));
    }
    for (const load of lazyLoads) {
      const location = spanLocation(load.fn, load.at, load.at + load.relation.length);
      if (load.eager >= 0) yield verified(location, `'${load.relation}' is loaded with the query by '${describeCall(load.query.fn, load.eager)}'`);
      else yield reportLoad(load, heat.of(load.fn));
    }
  },
};

const siteKey = (fn: Fn, call: number): string => `${fn.file.index} ${fn.id} ${call}`;

/** Each call on the way may be made under conditions that were not looked at: the longer the way, the less it proves. */
function confidenceOf(hops: number): Confidence {
  if (hops <= 3) return "high";
  return hops <= 5 ? "medium" : "low";
}

const elementsOf = (over: string): string => (over === "" ? "per step of the loop" : `per element of '${over}'`);

const loopStep = ({ fn, loop, over }: Repetition): Evidence => step(fn, loop.start, over === "" ? "the loop begins here" : `iterates over '${over}'`);

function reportWork(work: RepeatedWork, heat: Heat): Outcome {
  const { fn, call, chain, effect, repetition, concurrent } = work;
  const last = chain.at(-1)!;
  const noun = effect.role === "queries" ? "query" : "request";
  const through = chain.length > 1 ? ` through '${describeCall(last.fn, last.call)}' at ${place(fn, last.fn, last.fn.call(last.call).start)}` : "";
  const amount = elementsOf(repetition.over);
  return finding(fn, {
    location: callLocation(fn, call),
    message: `'${describeCall(fn, call)}' makes one ${noun} ${amount}${through}${concurrent ? ", all in flight together" : ""}.`,
    confidence: work.perTarget && chain.length === 1 ? "medium" : confidenceOf(chain.length),
    severity: heat === "startup" || work.perTarget ? "low" : effect.role === "requests" || effect.access === "write" ? "medium" : undefined,
    growth: `one ${effect.what || noun} ${amount}`,
    heat: heat === "unknown" ? "loop" : heat,
    evidence: [
      loopStep(repetition),
      ...chain.slice(0, -1).map((edge) => callStep(edge.fn, edge.call, `calls '${describeCall(edge.fn, edge.call)}'`)),
      callStep(last.fn, last.call, `${effect.what || noun}: '${describeCall(last.fn, last.call)}'`),
    ],
  });
}

function reportLoad(load: LazyLoad, heat: Heat): Outcome {
  const { fn, relation, cls, query, repetition, at } = load;
  const amount = elementsOf(repetition.over);
  return finding(fn, {
    location: spanLocation(fn, at, at + relation.length),
    message: `The relation '${relation}' of '${cls.fact.name}' is loaded ${amount}, one query each: the query at line ${query.fn.file.line(query.fn.call(query.call).start)} does not load it.`,
    confidence: "high",
    severity: heat === "startup" ? "low" : undefined,
    growth: `one query ${amount}`,
    fix: `Load '${relation}' with the query (eager loading), or join it there.`,
    heat: heat === "unknown" ? "loop" : heat,
    evidence: [
      callStep(query.fn, query.call, `the rows are queried here without '${relation}'`),
      loopStep(repetition),
      step(fn, at, `reads '${relation}', which queries again`),
    ],
  });
}
