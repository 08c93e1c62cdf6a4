import { describeCall, describeFunction } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding } from "../src/analyses/finding.ts";
import type { Value } from "../src/flow/values.ts";
import type { Outcome } from "../src/findings/rule.ts";
import type { Fn } from "../src/program/entities.ts";
import type { Program } from "../src/program/program.ts";
import type { ArgumentRef } from "../src/semantics/models/model.ts";
import type { Analyses } from "../src/analyses/analyses.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import type { Lifetime, OpenExit } from "../src/analyses/resources/lifetimes.ts";
import { neverReturns } from "../src/flow/reach.ts";
import { subjectOf } from "../src/analyses/resources/holding.ts";
import type { Rule } from "../src/findings/rule.ts";

const id = "dropped-task";

export const droppedTask: Rule<Analyses> = {
  id,
  title: "Task is started and lost",
  category: "hazard",
  severity: "medium",
  impact: "availability",
  effort: 15,
  languages: ["python"],
  why: "The event loop keeps only a weak reference to a task. One that nothing else refers to may be collected in the middle of its work, and what it raises is never seen.",
  fix: "Await it, start it in a 'TaskGroup', or keep it in a set that it leaves when it is done ('task.add_done_callback(tasks.discard)').",
  silentWhen: [
    "the task is awaited, gathered, returned, stored or handed on",
    "something is called when it is done ('add_done_callback')",
    "it is started in a 'TaskGroup', which keeps and awaits it",
    "a task factory of the program keeps all tasks ('loop.set_task_factory')",
    "low confidence: it only waits ('asyncio.sleep')",
    "it is one of several that are waited for, unless one that never ends comes first",
  ],
  references: ["https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task"],
  *check(analyses) {
    if (areKept(analyses)) return yield* leftRunning(analyses);
    const dropped = droppedByMany(analyses);
    for (const lives of dropped.values()) yield byMany(analyses, lives);
    yield* lifetimeOutcomes(analyses, droppedTask, {
      without: (life) => isDropped(life) && dropped.has(originOf(life)),
      acquired: "started",
      released: "kept or awaited",
      releasing: "keeping it",
      thrown: runsForEver(analyses),
      doubtful: onlyWaits(analyses),
    });
    yield* leftRunning(analyses);
  },
};

/** Whether a function of the program makes all tasks, and puts them into a collection. */
function areKept({ program, callGraph }: Analyses): boolean {
  const keeps = (maker: Fn): boolean => callGraph.effects(maker).some(({ effect }) => effect.role === "grows");
  return [...program.functions()].some((fn) =>
    callGraph.effects(fn).some(({ call, effect }) => {
      const subject = effect.role === "made-by" && effect.rule === id ? subjectOf(fn.call(call), effect.value) : null;
      const type = subject === null ? null : program.typeOf(subject, fn);
      return type?.t === "function" && keeps(type.fn);
    }),
  );
}

/** From so many callers on, what they do not keep is one defect of the function that starts it. */
const many = 3;

/** The call that starts a task. */
const originOf = ({ site, through }: Lifetime): string => {
  const { fn, call } = through[0] ?? site;
  return `${fn.file.index} ${fn.id} ${call}`;
};

const isDropped = ({ fates, open }: Lifetime): boolean => fates.length === 0 && open.length > 0;

/** The tasks that a function hands to many callers which do not keep them, by where they are started. */
function droppedByMany({ lifetimes }: Analyses): ReadonlyMap<string, readonly Lifetime[]> {
  const found = new Map<string, Lifetime[]>();
  for (const life of lifetimes) {
    if (life.tracked.acquires.rule !== droppedTask.id || life.through.length === 0 || !isDropped(life)) continue;
    const known = found.get(originOf(life));
    if (known === undefined) found.set(originOf(life), [life]);
    else known.push(life);
  }
  return new Map([...found].filter(([, lives]) => lives.length >= many));
}

function byMany({ heat }: Analyses, lives: readonly Lifetime[]): Outcome {
  const { fn, call } = lives[0]!.through[0]!;
  return finding(fn, {
    location: callLocation(fn, call),
    message: `The task started by '${describeCall(fn, call)}' is returned by ${describeFunction(fn)}, and ${lives.length} of its callers neither keep nor await it.`,
    confidence: "high",
    heat: heat.at(fn, call),
    evidence: [callStep(fn, call, "started here"), ...lives.slice(0, 3).map((life) => callStep(life.fn, life.call, "dropped here"))],
  });
}

/** Whether a coroutine works until it is cancelled: it has no way out of its own. */
const isEndless = (program: Program, fn: Fn, value: Value): boolean =>
  value.k === "call" && program.target(fn, value.id).fns.some(({ graph }) => neverReturns(graph) && graph.blocks.every(({ end }) => end.t !== "throw"));

/**
 * `gather(read(), tick())` again and again: when one fails, the others go on, and one that works until it is cancelled goes on for ever.
 * https://docs.python.org/3/library/asyncio-task.html#asyncio.gather
 */
function* leftRunning({ program, callGraph, heat }: Analyses): Iterable<Outcome> {
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      const site = fn.call(call);
      const takesTasks = program.target(fn, call).rows.some((row) => row.arguments.some(({ argument, flow }) => flow === "releases" && isAny(argument)));
      if (effect.role !== "acquires" || effect.rule !== droppedTask.id || !takesTasks || !site.awaited) continue;
      if ((site.loop < 0 && heat.of(fn) !== "request") || site.args.some(({ name }) => name !== "")) continue;
      const [endless] = site.args.filter(({ value }) => isEndless(program, fn, value));
      if (endless === undefined || site.args.every(({ value }) => isEndless(program, fn, value)) || endless.value.k !== "call") continue;
      yield finding(fn, {
        location: callLocation(fn, call),
        message: `'${describeCall(fn, endless.value.id)}' works until it is cancelled, and nothing cancels it when another of those that '${describeCall(fn, call)}' waits for fails.`,
        confidence: "medium",
        growth: "one task per failure",
        heat: heat.at(fn, call),
        evidence: [callStep(fn, call, "gives up at the first failure"), callStep(fn, endless.value.id, "goes on then")],
      });
    }
  }
}

const isAny = ({ position, name }: ArgumentRef): boolean => position === null && name === "";

/** A task that works until it is cancelled goes on when a call cuts short the way to that; any other comes to its end. */
function runsForEver({ program }: Analyses): (life: Lifetime, exit: OpenExit) => boolean {
  return ({ site: { fn, call } }, exit) =>
    exit.call >= 0 && fn.call(call).args.some(({ value }) => value.k === "call" && program.target(fn, value.id).fns.some((work) => neverReturns(work.graph)));
}

/** `create_task(sleep(1))`: what only waits, and cannot fail, loses nothing by being collected. */
function onlyWaits({ program }: Analyses): (life: Lifetime) => boolean {
  const waits = (fn: Fn, value: Value): boolean => {
    const rows = value.k === "call" ? program.target(fn, value.id).rows : [];
    return (
      rows.length > 0 &&
      rows.every(({ isAsync, throws, effects }) => isAsync && !throws && effects.length > 0 && effects.every(({ role }) => role === "blocks"))
    );
  };
  return ({ site: { fn, call } }) => fn.call(call).args[0] !== undefined && waits(fn, fn.call(call).args[0]!.value);
}
