import type { Analyses } from "../src/analyses/analyses.ts";
import { describe } from "../src/analyses/describe.ts";
import { finding, place, spanLocation, step, verified } from "../src/analyses/finding.ts";
import type { Drop } from "../src/analyses/owners/drops.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const droppedWithoutCleanup: Rule<Analyses> = {
  id: "dropped-without-cleanup",
  title: "An entry is removed, and what it holds goes on",
  category: "leak",
  severity: "high",
  impact: "memory",
  effort: 20,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "Taking an object out of a map drops the last way to what it holds, not what it started: its timer goes on firing, its socket stays connected, the goroutine that waits on its channel waits for ever. One more is left behind for every entry that comes and goes, and nothing can reach it any more.",
  fix: "Whoever removes the owner ends what it owns first: close its channels and connections, stop its timers, answer those who wait.",
  silentWhen: [
    "the function that removes it, one that it calls or one that calls it ends what it holds",
    "the entry is given back or handed on: its new owner must end what it holds",
    "it is removed by a callback that is told that it has ended, or after it was asked whether it has; an interval that sweeps out what is too old is told nothing",
    "who put a cancel function there calls it itself when it is done",
    "those who wait for the answer have a time limit or another way on, or it is they who remove the entry",
    "a filter asks only the entries themselves: those that it leaves out may have ended",
    "what it holds is freed with the last reference (CPython, PHP), unless the program ends it elsewhere; the object itself does so in several of its methods",
  ],
  references: ["https://go.dev/ref/spec#Receive_operator", "https://nodejs.org/api/timers.html#clearintervaltimeout"],
  *check({ drops, heat }) {
    for (const drop of drops) {
      if (drop.endedAt === null) yield report(drop, heat.of(drop.touch.fn));
      else yield verified(location(drop), `what it holds is ended at ${place(drop.touch.fn, drop.endedAt.fn, drop.endedAt.at)}`);
    }
  },
};

const location = ({ touch }: Drop): ReturnType<typeof spanLocation> => spanLocation(touch.fn, touch.at, touch.end);

function report(drop: Drop, heat: ReturnType<Analyses["heat"]["of"]>): Outcome {
  const { belonging, touch } = drop;
  const { ended, waiter, owes } = belonging;
  return finding(touch.fn, {
    location: location(drop),
    message: owes === "answers" ? unanswered(drop) : goingOn(drop),
    confidence: ended.length > 0 && owes === "ends" && !belonging.isFreed ? "high" : "medium",
    severity: belonging.isFreed ? "low" : belonging.reclaimed ? "medium" : undefined,
    growth: "one per entry that is removed",
    heat,
    evidence: [
      step(touch.fn, touch.at, owes === "ends" ? "removed here, without ending what it holds" : "removed here, without a word to those who wait"),
      ...ended
        .slice(0, 2)
        .map((site) =>
          step(site.fn, site.at, owes === "ends" ? "ended here, which this removal does not come by" : "the answer is sent to what is found in it"),
        ),
      ...(waiter === null ? [] : [step(waiter.fn, waiter.at, "goes on waiting")]),
    ],
  });
}

/** "This removes a 'Feed' from 'this.byUrl'", "This empties 'this.byUrl'", "This filters 'this.clients'". */
function removal(drop: Drop): string {
  if (drop.isFiltered) return `This filters '${nameOf(drop)}'`;
  if (drop.touch.touch === "clears") return `This empties '${nameOf(drop)}'`;
  return `This removes ${drop.owner === "" ? "an entry" : `a '${drop.owner}'`} from '${nameOf(drop)}'`;
}

function goingOn(drop: Drop): string {
  const { belonging, touch } = drop;
  const { ended, waiter, field, what } = belonging;
  const whose = drop.isFiltered ? " of what it leaves out" : touch.touch === "clears" ? " of each entry" : "";
  const left = field === "" ? `the ${what}${whose}` : `${whose === "" ? "its" : "the"} ${what} '${field}'${whose}`;
  const places = ended.slice(0, 2).map((site) => place(touch.fn, site.fn, site.at));
  const elsewhere =
    places.length === 0 ? "nothing in the program ends it" : `it is ended only at ${places.join(" and ")}${ended.length > 2 ? ", among others" : ""}`;
  const waits = waiter === null ? "" : `, and ${place(touch.fn, waiter.fn, waiter.at)} waits for that`;
  return `${removal(drop)} and leaves ${left} as it is; ${elsewhere}${waits}.`;
}

function unanswered(drop: Drop): string {
  const { belonging, touch } = drop;
  const waiter = belonging.waiter!;
  const answer = belonging.ended[0]!;
  const answered = place(touch.fn, answer.fn, answer.at);
  const waits = place(touch.fn, waiter.fn, waiter.at);
  if (belonging.made === null)
    return `${removal(drop)} with those who wait in its '${belonging.field}': ${waits} waits for an answer that ${answered} can no longer give.`;
  return `${removal(drop)} without an answer to those who wait: the ${belonging.what} of ${waits} is answered at ${answered}, which no longer finds it.`;
}

function nameOf({ holder, touch }: Drop): string {
  return holder.holder === "variable" ? holder.file.variable(holder.id).name : describe({ k: "field", of: { k: "this" }, name: holder.name }, touch.fn);
}
