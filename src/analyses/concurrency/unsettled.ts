import { type FlowEvent, loopsAt } from "../../flow/event-graph.ts";
import { RepeatedTests, type TestOutcomes, noOutcomes } from "../../flow/repeated-tests.ts";
import { solve } from "../../flow/solver.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { isLimitedByCallers } from "../channels/limited.ts";
import { isUse } from "../channels/operations.ts";
import { Partners } from "../channels/partners.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import { callMayThrow, plainEvents } from "../throwing.ts";
import type { Blocked } from "./blocked.ts";

/** @returns waits until all that was put into a queue is done, where whoever takes from it does not say so on some way */
export function unsettledWaits(program: Program, callGraph: CallGraph, queues: readonly Channel[]): readonly Blocked[] {
  const found: Blocked[] = [];
  for (const channel of queues) {
    const { fn: home, uses, name } = channel;
    const wait = uses.find((use) => use.use === "awaits settled" && use.fn === home && !use.optional);
    if (channel.escapes || channel.variable === null || wait === undefined || isLimitedByCallers(program, callGraph, home)) continue;
    const partners = new Partners(program, home);
    const takers = new Set(uses.filter((use) => use.use === "receives").map((use) => use.fn));
    const settles = uses.filter((use) => use.use === "settles");
    // What one function takes and another marks is not followed; who empties the queue beside them wakes the wait.
    if (settles.some((use) => !takers.has(use.fn)) || [...takers].some((fn) => partners.runs(fn) !== "spawned")) continue;
    for (const fn of takers) {
      const own = uses.filter((use) => use.fn === fn);
      if (!own.some((use) => use.use === "settles") || takesSeveral(fn, own)) continue;
      const left = leftUnsettled(program, fn, own, !partners.isLinked(fn) && !partners.isInterrupted(fn));
      if (left === null) continue;
      found.push({ site: wait, name, why: left.fails ? "fails unsettled" : "not settled", other: { fn, at: left.at }, runner: partners.runnerOf(fn) });
      break;
    }
  }
  return found;
}

/** Whether a function takes several things before it marks them: it takes them in more than one place, or marks them in a loop of their own. */
function takesSeveral({ graph }: Fn, uses: readonly ChannelUse[]): boolean {
  const [taken, ...others] = uses.filter((use) => use.use === "receives");
  if (taken === undefined || others.length > 0) return true;
  const around = loopsAt(graph, taken.at);
  return uses.some((use) => use.use === "settles" && loopsAt(graph, use.at).some((loop) => !around.includes(loop)));
}

/** What a function holds that it took from the queue: where it took it; -1 for nothing. */
interface Taken {
  readonly at: number;
  readonly outcomes: TestOutcomes;
}

/** Where something is taken, or what fails before it is marked. */
interface Left {
  readonly at: number;
  readonly fails: boolean;
}

/**
 * A way on which the function comes back to take another thing before it marked the last one, or fails in between. To return in between is how a word to stop
 * is heard, for which nobody waits.
 */
function leftUnsettled(program: Program, fn: Fn, uses: readonly ChannelUse[], followFailures: boolean): Left | null {
  const isOf = (event: FlowEvent, use: ChannelUse["use"]): boolean => uses.some((one) => one.use === use && isUse(fn, event, one));
  const plain = plainEvents(fn);
  const tests = new RepeatedTests(fn.graph, true);
  let again = -1;
  let failing = -1;
  const complete = solve<Taken>(
    fn.graph,
    {
      entry: { at: -1, outcomes: noOutcomes },
      key: ({ at, outcomes }) => `${at} ${[...outcomes].map(([test, holds]) => `${test}${holds}`).join()}`,
      event: (state, event) => {
        const outcomes = tests.event(state.outcomes, event);
        if (isOf(event, "settles")) return { at: -1, outcomes };
        if (!isOf(event, "receives")) return outcomes === state.outcomes ? state : { ...state, outcomes };
        if (state.at >= 0) again = state.at;
        return { at: "call" in event ? fn.call(event.call).start : event.at, outcomes };
      },
      throws: (event) =>
        event.e === "call" && (plain.has(event) || isOf(event, "receives")) && !isOf(event, "settles") && callMayThrow(program, fn, event.call),
      branch: (state, test, holds) => {
        const outcomes = tests.branch(state.outcomes, test, holds);
        return outcomes === null ? null : { ...state, outcomes };
      },
    },
    ({ exit, state, at }) => {
      if (exit !== "return" && state.at >= 0 && failing < 0) failing = at;
    },
  );
  if (!complete) return null;
  if (again >= 0) return { at: again, fails: false };
  return followFailures && failing >= 0 ? { at: failing, fails: true } : null;
}
