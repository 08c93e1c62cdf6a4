import { comesByAlways } from "../src/analyses/concurrency/deadlocks.ts";
import type { Analyses } from "../src/analyses/analyses.ts";
import type { Site } from "../src/analyses/site.ts";
import { finding, place, spanLocation, step } from "../src/analyses/finding.ts";
import { abandonedMessage, abandonedSteps, blockedConfidence, blockedMessage, blockedSteps } from "./shared/blocking.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import { waitsForRequests } from "../src/analyses/process-life.ts";
import type { Evidence } from "../src/findings/finding.ts";
import type { Confidence } from "../src/findings/levels.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

const id = "goroutine-leak";

/** Calls between two locks through which an inversion is still plain to see. */
const maxChain = 3;

/** The calls that lead to a lock, and what happens at the last. */
function chainSteps(chain: readonly Site[], last: string): readonly Evidence[] {
  return chain.map((site) => step(site.fn, site.at, site === chain.at(-1) ? last : "through this call"));
}

export const goroutineLeak: Rule<Analyses> = {
  id,
  title: "Goroutine or lock blocks for ever",
  category: "leak",
  severity: "high",
  impact: "memory",
  effort: 30,
  languages: ["python", "go"],
  why: "A goroutine that waits for something that cannot happen any more stays for ever, with its stack and all it refers to, and one more is added for every call that goes that way. When it holds a lock, everybody who needs that lock waits with it, and the service stops answering.",
  fix: "Give every wait a way to end: room in the channel for each value that may be sent, a 'select' with 'ctx.Done()', 'defer' for unlocks and 'Done', one order for locks.",
  idioms: {
    python:
      "Hold a lock by 'with', or release it in 'finally'. Give a wait at a queue a 'timeout', or send the last word ('None') and 'task_done' in 'finally'; take from a queue of processes before 'join'.",
  },
  silentWhen: [
    "'__enter__' takes the lock and '__exit__' gives it back",
    "the channel has room for everything that may be sent, or the operation stands in a 'select' with another way on",
    "the channel or queue is handed to code that was not seen",
    "a wait at a queue has a time limit, follows the question whether the queue is empty, or is that of a daemon thread or of a task that somebody cancels",
    "a lock is handed over to the caller: a function that takes it and gives it back on no path, or that tells by its result whether it holds it",
    "a parameter decides whether the lock is taken again",
    "a lock that is made in the function and that nobody else has when the function is left",
    "the other side ends only by a context that nobody can end, only after a flag was set that is asked under the same lock, or starts anew in an endless loop (with low confidence: only by a context that ends with the process, or after a flag without a lock)",
    "the lock is taken again, or given back, by what the function only starts: another goroutine, thread or task, or a coroutine that it does not await",
  ],
  references: [
    "https://go.dev/ref/spec#Send_statements",
    "https://pkg.go.dev/sync#Mutex",
    "https://pkg.go.dev/sync#WaitGroup",
    "https://go.dev/blog/pipelines",
    "https://docs.python.org/3/library/queue.html",
    "https://docs.python.org/3/library/multiprocessing.html#programming-guidelines",
  ],
  *check(analyses) {
    const { stuck } = analyses;
    yield* lifetimeOutcomes(analyses, goroutineLeak, { acquired: "taken", released: "released", releasing: "releasing it" });
    const report = (at: Site, message: string, confidence: Confidence, evidence: readonly Evidence[]): Outcome =>
      finding(at.fn, { location: spanLocation(at.fn, at.at, at.at), message, confidence, evidence, heat: analyses.heat.of(at.fn) });
    for (const one of stuck.abandoned) {
      // What happens once ends with the process; a single file is an excerpt, and tells nothing of how often. A goroutine that serves is there once, too.
      const isOnce = (!analyses.heat.isExcerpt && analyses.heat.of(one.channel.fn) === "startup") || waitsForRequests(analyses.callGraph, one.blocked.fn);
      yield report(one.blocked, abandonedMessage(one), isOnce ? "low" : one.certain ? "high" : "medium", abandonedSteps(one));
    }
    for (const wait of stuck.earlyWaits) {
      yield report(wait, "Waits for all goroutines inside the loop that starts them: the first round waits for those that were not started yet.", "medium", [
        step(wait.fn, wait.at, "waits here in every round"),
      ]);
    }
    for (const { channel, blocked, other, waits } of stuck.crossed) {
      yield report(
        blocked,
        `'${channel.name}' and '${other.name}' are used in opposite orders: this waits for the goroutine, which waits for '${other.name}' at ${place(blocked.fn, waits.fn, waits.at)}.`,
        "high",
        [step(blocked.fn, blocked.at, "blocks here"), step(waits.fn, waits.at, "the goroutine blocks here first")],
      );
    }
    for (const { fn, at, first, path, shared, chain } of stuck.doubles) {
      const where = chain.length === 1 ? "" : ` by the call at ${place(fn, fn, at)}`;
      // What is called may return before it comes to the lock.
      const isSure = chain.slice(1).every(comesByAlways);
      yield report(
        { fn, at },
        shared
          ? `The read lock taken at ${place(fn, fn, first.at)} is taken again${where} while it is held: with a writer waiting in between, neither goes on.`
          : `The lock taken at ${place(fn, fn, first.at)} ${isSure ? "is" : "may be"} taken again${where} while it is held: it is not reentrant, and blocks for ever${isSure ? "" : " then"}.`,
        !isSure ? "low" : shared ? "medium" : "high",
        [step(fn, first.at, "taken here"), ...chainSteps(chain, `taken again here (${path.startsWith("v") ? "the same variable" : "the same field"})`)],
      );
    }
    for (const { one, other } of stuck.inversions) {
      const isFar = one.chain.length > maxChain || other.chain.length > maxChain;
      yield report(
        one,
        `Two locks are taken in this order here and in the other at ${place(one.fn, other.fn, other.at)}: two goroutines can wait for each other.`,
        one.ofMany || other.ofMany || isFar ? "low" : "medium",
        [
          step(one.fn, one.outerAt, "the first lock is taken here"),
          ...chainSteps(one.chain, "the second while it is held"),
          step(other.fn, other.outerAt, "elsewhere the second is taken first"),
          ...chainSteps(other.chain, "and then the first"),
        ],
      );
    }
    for (const { channel, blocked, other } of stuck.lockedOperations) {
      yield report(
        blocked,
        `'${channel.name}' is waited on here under a lock that the other side needs first (${place(blocked.fn, other.fn, other.at)}).`,
        "medium",
        [step(blocked.fn, blocked.at, "blocks here while the lock is held"), step(other.fn, other.at, "the other side takes that lock before it can answer")],
      );
    }
    for (const { wait, other } of stuck.lockedWaits) {
      yield report(wait, `Waits under a lock that the goroutine it waits for needs first (${place(wait.fn, other.fn, other.at)}).`, "high", [
        step(wait.fn, wait.at, "waits here while the lock is held"),
        step(other.fn, other.at, "the goroutine takes that lock before it is done"),
      ]);
    }
    for (const { fn, call, left } of stuck.uncounted) {
      yield report(
        { fn, at: fn.call(call).start },
        `This can be left at ${place(fn, fn, left)} without this 'Done': whoever waits for the group waits for ever.`,
        "high",
        [step(fn, left, "left here without counting down"), step(fn, fn.call(call).start, "counted down here on other paths")],
      );
    }
    for (const one of stuck.blocked) yield report(one.site, blockedMessage(one), blockedConfidence(one), blockedSteps(one));
  },
};
