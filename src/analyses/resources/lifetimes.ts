import { type FlowExit, solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Acquires } from "../../semantics/models/model.ts";
import { holds } from "../../program/arguments.ts";
import { type LanguageProfile, profileOf } from "../../semantics/language-profile.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { among } from "./collected.ts";
import { Handlings } from "./handlings.ts";
import { beneath, type Holding, resultsOf, subjectOf } from "./holding.ts";
import { type Flag, flagsOf, isRuledOut } from "./flags.ts";
import { isOfBase } from "../base-constructors.ts";
import { FailureWays } from "./failure-ways.ts";
import { opensPath } from "./from-path.ts";
import { type Likelihood, rarer, rarity } from "./likelihood.ts";
import { OwnerClasses } from "./owners.ts";
import { makersOf } from "./parent.ts";
import { isHeldByScope, isSharedBefore, isUnseenLock, localOf } from "./shared.ts";
import { fieldOfHolder } from "./receivers.ts";
import { partsOf, partsOfType } from "./parts.ts";
import { ResourceProblem } from "./problem.ts";
import { type ResourceState, initialState, pathOf } from "./state.ts";
import { mentionedValues } from "../work/values.ts";
import { blockOfCall, reachable, successors, walk } from "../../flow/reach.ts";
import type { EventGraph, FlowEvent, Terminator } from "../../flow/event-graph.ts";
import type { Continuation, EntryOrigin, Fate, Origin, Tracked } from "./tracked.ts";

/** An exit of the function that is reached with the resource still open. */
export interface OpenExit {
  readonly exit: FlowExit<ResourceState>["exit"] | "overwritten";
  /** The way to it comes by an exception, which a handler of the function may have caught: `except ValueError: return None`. */
  readonly byException: boolean;
  /** Offset of the return, throw, throwing call or overwriting assignment. */
  readonly at: number;
  readonly implicit: boolean;
  readonly decisions: FlowExit<ResourceState>["decisions"];
  /** Where the way comes by an exception: the call that throws, -1 where no single one is known. */
  readonly call: number;
  /** How likely it is that the function is left by it. */
  readonly likelihood: Likelihood;
  /** Something speaks for that call throwing: what it does, or a handler of the function. */
  readonly known: boolean;
  /** It is the resource itself that throws. */
  readonly own: boolean;
  /** It was read to its end before. */
  readonly drained: boolean;
}

/** The life of one acquired resource in the function that acquires it (or receives it from a callee that returns it open). */
export interface Lifetime {
  readonly fn: Fn;
  /** The acquiring call; -1 when it stands in another function, which passed this one on as a callback. */
  readonly call: number;
  /** Where it was acquired: the acquiring call in its function. */
  readonly site: CallEdge;
  readonly tracked: Tracked;
  /** The calls that acquire what releases this one too, in the same function: several where ways differ. */
  readonly parents: readonly number[];
  /** Functions through which an open resource came back, innermost last; empty when a library call acquires it here. */
  readonly through: readonly { readonly fn: Fn; readonly call: number }[];
  /** It was acquired on something that the function did not make (`sem_acquire($this->semaphore)`): nothing frees it when the function returns. */
  readonly isOfOther: boolean;
  readonly fates: readonly Fate[];
  readonly open: readonly OpenExit[];
  /** Who closes it with the last reference to it: https://docs.python.org/3/reference/datamodel.html#objects-values-and-types */
  readonly freedBy: LanguageProfile["countsReferences"];
  /**
   * Who looks for those that were forgotten when the next one is made: `_cleanup` of https://github.com/python/cpython/blob/main/Lib/subprocess.py, of the
   * processes whose objects have gone with the last reference to them.
   */
  readonly sweptBy: LanguageProfile["countsReferences"];
  /** False when the function was too large to be followed to the end. */
  readonly complete: boolean;
}

/** Most functions through which an open resource is followed. */
const maxThrough = 5;

/**
 * Follows every resource that the models know, and hands those that functions return on to their callers.
 * @param memoised functions that remember what they answered
 */
export function lifetimesOf(program: Program, callGraph: CallGraph, memoised: ReadonlySet<Fn>): readonly Lifetime[] {
  const handlings = new Handlings(program);
  const owners = new OwnerClasses(program, handlings);
  const found: Lifetime[] = [];
  const pending: Pending[] = [];
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "acquires") continue;
      const start = effect.value.of === "callback" ? givenTo(program, fn, call, effect, effect.value.parameter) : acquiredIn(program, fn, call, effect);
      if (start !== null) pending.push(start);
    }
  }
  const seen = new Set<string>();
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { origin } = next.tracked;
    const which = origin.from === "entry" ? `${origin.path} ${next.site.fn.id} ${next.site.call}` : next.call;
    const key = `${next.fn.file.index} ${next.fn.id} ${which} ${next.tracked.acquires.resource} ${next.tracked.acquires.rule}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const first = follow(program, handlings, next, new Set());
    const lent = lentCalls(program, handlings, next, first.lifetime);
    const { lifetime, results } = lent.size === 0 ? first : follow(program, handlings, next, lent);
    found.push(lifetime);
    if (next.through.length > maxThrough) continue;
    for (const fate of lifetime.fates) if (fate.fate === "continues") pending.push(continued(next, fate.continuation));
    const given = owners.given(next.fn, next.tracked, lifetime.fates);
    for (const { fn, call, tracked } of [...owners.made(next.fn, next.tracked, lifetime.fates), ...(given === null ? [] : [given])])
      pending.push({ fn, call, site: { fn, call }, tracked, through: [...next.through, next.site] });
    // Whoever remembers its answers gives the same one to all.
    if (mayHaveEnded(lifetime) || memoised.has(next.fn)) continue;
    for (const [result, { part, opened, ways }] of results) {
      for (const caller of callGraph.callers(next.fn)) {
        if ([...ways.values()].every((flags) => isRuledOut(flags, next.fn, caller))) continue;
        // A closure that is passed on gives its result to whoever calls it.
        if (!program.target(caller.fn, caller.call).fns.includes(next.fn)) {
          if (part === "" && collectsResults(program, caller, next.fn)) {
            const origin: Origin = { from: "call", call: caller.call, result: 0, part: among };
            pending.push({ ...caller, site: next.site, tracked: { ...next.tracked, origin }, through: next.through });
          }
          continue;
        }
        // Nothing runs before a coroutine is awaited: https://docs.python.org/3/library/asyncio-task.html#coroutines
        if (next.fn.fact.isAsync && profileOf(next.fn.file.language).coroutinesWait && !caller.fn.call(caller.call).awaited) continue;
        // `await shielded(work())`, where a plain function returns the task: over when it is there.
        if (!next.fn.fact.isAsync && caller.fn.call(caller.call).awaited && next.tracked.acquires.releasedBy.includes("__await__")) continue;
        if (mayGiveBack(handlings, next.tracked, caller)) continue;
        // `_, protocol = await self.connect()`, where the one returned beside it has it too.
        if (next.tracked.acquires.carriedBy !== null && takesOthers(caller.fn, caller.call, result)) continue;
        const acquires = opened ? { ...next.tracked.acquires, openedBy: [] } : next.tracked.acquires;
        const origin: Origin = { from: "call", call: caller.call, result, part };
        pending.push({ ...caller, site: caller, tracked: { ...next.tracked, acquires, origin }, through: [...next.through, next.site] });
      }
    }
  }
  return found;
}

/** `connection = self.checked(connection)` gives the one that it gets, or another where that was lost: who calls it has one already. */
function mayGiveBack(handlings: Handlings, tracked: Tracked, { fn, call }: CallEdge): boolean {
  return fn.call(call).args.some(({ value }, i) => value.k === "var" && handlings.argument(fn, call, i, tracked, "") === "returns");
}

/** `paths.map((path) => open(path))`: whether the result of a call has what its callback gives for each entry. */
function collectsResults(program: Program, { fn, call }: CallEdge, callback: Fn): boolean {
  const argument = fn.call(call).args.findIndex(({ value }) => value.k === "fn" && value.id === callback.id);
  if (argument < 0 || fn.file !== callback.file || program.calls.callbackModel({ fn, call, argument })?.runs !== "each") return false;
  return program.target(fn, call).rows.some((row) => row.results[0]?.args.some(({ name }) => name === `result:${argument}`));
}

/** What a function hands on to its callers: which part of the resource, and whether there is something to release already. */
interface Handed {
  readonly part: string;
  readonly opened: boolean;
  /** For each block that returns it: what parameters have to be. */
  readonly ways: ReadonlyMap<number, readonly Flag[]>;
}

/** Something to follow: a resource from where it comes into a function on. */
interface Pending {
  readonly fn: Fn;
  /** The acquiring call in that function, -1 for a callback that is given the resource. */
  readonly call: number;
  readonly site: CallEdge;
  readonly tracked: Tracked;
  readonly through: Lifetime["through"];
}

/** What a callback goes on with. */
function continued({ site, tracked, through }: Pending, { fn, path, part }: Continuation): Pending {
  return { fn, call: -1, site, tracked: { ...tracked, origin: { from: "entry", path, call: -1, part, error: null, release: null } }, through };
}

/** The callback that a call gives the resource to; null when it was not seen, or does not take it. */
function givenTo(program: Program, fn: Fn, call: number, acquires: Acquires, parameter: number): Pending | null {
  const { args } = fn.call(call);
  if (!holds(acquires.when, args, fn)) return null;
  const types = args.map(({ value }) => (value.k === "fn" || value.k === "var" || value.k === "ref" ? program.typeOf(value, fn) : null));
  const type = types.findLast((one) => one?.t === "function");
  if (type?.t !== "function") return null;
  const { params, hasBody } = type.fn.fact;
  const variable = params[parameter]?.variable ?? -1;
  if (variable < 0 || !hasBody || type.fn.fact.captures.includes(variable)) return null;
  const releaser = acquires.releaser === null ? -1 : (params[acquires.releaser]?.variable ?? -1);
  const origin: EntryOrigin = {
    from: "entry",
    path: `v${variable}`,
    call: -1,
    part: "",
    error: parameter > 0 && params[0]!.variable >= 0 ? params[0]!.variable : null,
    release: releaser < 0 ? null : { variable: releaser, part: acquires.releasedBy[0] ?? "" },
  };
  const argument = types.lastIndexOf(type);
  const given = program.calls.callbackModel({ fn, call, argument })?.params[parameter];
  const parts = given === undefined ? [] : partsOfType(program, type.fn, { t: "named", name: given.name, args: [] });
  return { fn: type.fn, call: -1, site: { fn, call }, tracked: { acquires, parts, origin, beyondScopes: false }, through: [] };
}

function acquiredIn(program: Program, fn: Fn, call: number, acquires: Acquires): Pending | null {
  // What the constructor of a base class opens is the object itself.
  if (acquires.value.of === "result" && isOfBase(fn.call(call).callee)) return null;
  const isOverStream = opensPath(program, fn, call, acquires) === "no";
  const tracked = isOverStream && !acquires.completes ? null : trackedFor(program, fn, call, acquires);
  return tracked === null ? null : { fn, call, site: { fn, call }, tracked, through: [] };
}

/**
 * Whether the function may return what it has released or passed on before (`decode(resp, into); return resp, err`): then nobody can tell from outside whether
 * it is still open.
 */
function mayHaveEnded({ fn, call, fates }: Lifetime): boolean {
  const { blocks } = fn.graph;
  const returned = (end: Terminator): readonly string[] =>
    end.t !== "return" || end.value === null ? [] : resultsOf(end.value).flatMap((value) => (value.k === "var" ? [pathOf(value)!] : []));
  const names = new Set(
    fates.flatMap((fate) => {
      if (fate.fate !== "escapes" || fate.how !== "returned") return [];
      const end = blocks.find((block) => block.end.t === "return" && block.end.at === fate.at)?.end;
      const all = end === undefined ? [] : returned(end);
      // `return resp, err`: of several results the one that is the resource.
      const value = end?.t === "return" && end.value !== null ? resultsOf(end.value)[fate.result] : undefined;
      return value === undefined ? all : value.k === "var" ? [pathOf(value)!] : [];
    }),
  );
  const acquiring = blockOfCall(fn.graph, call);
  return fates.some((fate) => {
    const ended = fate.fate === "released" ? fate.how !== "defer" : fate.fate === "escapes" && (fate.how === "passed" || fate.how === "not understood");
    if (!ended) return false;
    const from = blocks.findIndex(({ events }) => events.some((event) => event.e === "call" && fn.call(event.call).start === fate.at));
    if (from < 0) return false;
    const after = walk(from, (at) => (at === acquiring && at !== from ? [] : successors(blocks[at]!.end)));
    return [...after].some((at) => at !== acquiring && returned(blocks[at]!.end).some((name) => names.has(name)));
  });
}

/**
 * Calls of code that was not seen which get the path of a temporary file or folder that the function removes afterwards: those only use it, and a way out
 * after them without the removal is one too many. For other resources whoever gets them may keep them (`NewClient(conn)`).
 */
function lentCalls(program: Program, handlings: Handlings, pending: Pending, { fn, tracked, fates }: Lifetime): ReadonlySet<number> {
  const lent = new Set<number>();
  const passed = fates.flatMap((fate) => (fate.fate === "escapes" && fate.how === "passed" ? [fate.at] : []));
  if (!tracked.acquires.path || passed.length === 0) return lent;
  const all = new Set(fn.graph.calls.keys());
  const releases = follow(program, handlings, pending, all).lifetime.fates.flatMap((fate) => (fate.fate === "released" ? [fate.at] : []));
  const blockOf = (at: number): number =>
    fn.graph.blocks.findIndex(({ events }) => events.some((event) => (event.e === "call" || event.e === "defer") && fn.call(event.call).start === at));
  for (const [id, { start }] of fn.graph.calls.entries()) {
    const from = passed.includes(start) ? blockOf(start) : -1;
    if (from < 0) continue;
    const after = walk(from, (at) => successors(fn.graph.blocks[at]!.end));
    if (releases.some((at) => at > start && after.has(blockOf(at)))) lent.add(id);
  }
  return lent;
}

/** Whether a way out says more than one to the same place that was found before: it is likelier, or comes by fewer decisions. */
function isBetter({ likelihood, decisions }: Pick<OpenExit, "likelihood" | "decisions">, than: OpenExit): boolean {
  const [mine, other] = [rarity(likelihood), rarity(than.likelihood)];
  return mine === other ? decisions.length < than.decisions.length : mine < other;
}

/** How likely a way out is. `thrower`: the call that throws on it, -1 for none. */
function likelihoodOf({ causes, tracked }: ResourceProblem, failures: FailureWays, exit: FlowExit<ResourceState>, thrower: number): Likelihood {
  const { caught, caughtAs } = exit.state;
  // What a handler throws takes the exception that led there first.
  const thrown = thrower < 0 || thrower === caught ? caughtAs : rarer(causes.thrown(thrower, exit.state), caughtAs);
  if (exit.exit !== "exception") return rarer(thrown, failures.likelihood(exit, tracked.origin.call));
  // What the function itself throws, or whoever uses what it yields.
  return thrower < 0 ? "refuses" : thrown;
}

/** How a modelled acquisition is followed; null when the value it is about cannot be named. */
function trackedFor(program: Program, fn: Fn, call: number, acquires: Acquires): Tracked | null {
  const site = fn.call(call);
  if (!holds(acquires.when, site.args, fn)) return null;
  // `await gather(…)`: over when it is there.
  if (site.awaited && acquires.releasedBy.includes("__await__")) return null;
  const { value } = acquires;
  if (value.of === "result" && acquires.carriedBy !== null && !takesResult(fn, call, value.index) && takesResult(fn, call, acquires.carriedBy)) return null;
  if (value.of === "result")
    return { acquires, parts: partsOf(program, fn, call, value.index), origin: { from: "call", call, result: value.index, part: "" }, beyondScopes: false };
  const subject = subjectOf(site, value);
  const path = subject === null ? null : pathOf(subject);
  return path === null ? null : { acquires, parts: [], origin: { from: "path", path, call, part: "" }, beyondScopes: false };
}

/** Whether a variable or field is given one of several results of a call. */
const takesResult = (fn: Fn, call: number, index: number): boolean => resultsTaken(fn, call).includes(index);

/** Whether variables or fields are given other results of a call, and not that one. */
function takesOthers(fn: Fn, call: number, index: number): boolean {
  const taken = resultsTaken(fn, call);
  return taken.length > 0 && !taken.includes(index);
}

/** Which of several results of a call variables and fields are given; by custom `_` takes nothing. */
function resultsTaken(fn: Fn, call: number): readonly number[] {
  return fn.graph.blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      const isTaken = (event.e === "set" && fn.file.variable(event.var).name !== "_") || event.e === "store";
      return isTaken && event.value.k === "item" && event.value.of.k === "call" && event.value.of.id === call ? [event.value.i] : [];
    }),
  );
}

function follow(
  program: Program,
  handlings: Handlings,
  { fn, call, site, tracked, through }: Pending,
  lent: ReadonlySet<number>,
): { readonly lifetime: Lifetime; readonly results: ReadonlyMap<number, Handed> } {
  const problem = new ResourceProblem(program, handlings, fn, tracked, lent);
  const failures = new FailureWays(program, fn, problem.causes);
  const open = new Map<string, OpenExit>();
  const results = new Map<number, Handed>();
  const complete = solve(fn.graph, problem, (exit) => {
    if (!exit.state.open) return;
    const result = exit.exit === "return" ? returnedAs(fn, exit, problem) : null;
    if (result !== null) {
      if (result.part !== null) {
        const before = results.get(result.at)?.ways ?? new Map<number, readonly Flag[]>();
        const ways = before.has(exit.block) ? before : new Map([...before, [exit.block, flagsOf(fn, exit.block)] as const]);
        results.set(result.at, { part: result.part, opened: exit.state.opened, ways });
      }
      problem.fates.push({ fate: "escapes", how: "returned", at: exit.at, result: result.at });
      return;
    }
    if (!exit.state.opened) return;
    if (exit.exit === "return" && readsReturned(fn, exit, problem)) {
      problem.fates.push({ fate: "released", how: "exhausted", at: exit.at });
      return;
    }
    const { settled: way } = exit.state;
    if (way?.after === "success" && exit.exit !== "return") return;
    // What a callback of a library throws ends the process: https://nodejs.org/api/process.html#event-uncaughtexception
    if (tracked.origin.from === "entry" && exit.exit !== "return" && !fn.fact.isAsync) return;
    const { caught } = exit.state;
    const byException = exit.exit === "exception" || caught >= 0 || way?.after === "success";
    const key = `${byException ? "exception" : exit.exit} ${exit.at}`;
    const known = open.get(key);
    const { drained } = exit.state;
    const thrower = way?.after === "success" ? way.call : exit.event?.e === "call" ? exit.event.call : caught;
    const { at, implicit, decisions } = exit;
    const likelihood = likelihoodOf(problem, failures, exit, thrower);
    // One way on which it was not read is enough; of several calls that may throw the likeliest counts.
    if (known !== undefined && !(known.drained === drained ? isBetter({ likelihood, decisions }, known) : known.drained)) return;
    const own = thrower >= 0 && problem.causes.isOwn(thrower, exit.state);
    open.set(key, {
      exit: exit.exit,
      byException,
      at,
      implicit,
      decisions,
      drained,
      call: thrower,
      likelihood,
      known: thrower < 0 || thrower === caught || problem.causes.thrown(thrower, exit.state) !== "unseen",
      own,
    });
  });
  if ((isOfOther(fn, tracked) || isSharedBefore(handlings, fn, tracked)) && problem.fates.every((fate) => fate.fate === "escapes")) open.clear();
  if (open.size > 0 && isUnseenLock(program, fn, tracked)) open.clear();
  if (open.size > 0 && isGivenBackElsewhere(program, fn, problem.holding)) open.clear();
  // One that is acquired and never given back here is handed to the caller, also one of each of many.
  const isHandedOver = tracked.origin.from === "path" && problem.fates.every((fate) => fate.fate === "escapes");
  const isHeld = open.size > 0 && isHeldByScope(program, handlings, fn, tracked);
  for (const [key, { exit, at, byException }] of open)
    if (exit === "return" && isHeld) open.delete(key);
    else if (exit === "return" && (isTold(program, fn, tracked, at) || (!byException && isPlaceOfObject(program, fn, tracked)))) open.delete(key);
  for (const { at, caught, caughtAs, drained } of isHandedOver ? [] : problem.overwritten) {
    const key = `overwritten ${at}`;
    // One way without an exception is enough.
    if (open.has(key) && caught >= 0) continue;
    open.set(key, {
      exit: "overwritten",
      byException: caught >= 0,
      at,
      implicit: false,
      decisions: [],
      drained,
      call: caught,
      likelihood: caughtAs,
      known: true,
      own: false,
    });
  }
  const lifetime = {
    fn,
    call,
    site,
    parents: problem.parent.calls.length > 0 ? problem.parent.calls : madeBy(fn, tracked),
    tracked,
    through,
    isOfOther: isOfOther(fn, tracked),
    freedBy: tracked.acquires.reclaimed === "references" ? profileOf(fn.file.language).countsReferences : null,
    sweptBy: tracked.acquires.reclaimed === "next" ? profileOf(fn.file.language).countsReferences : null,
    fates: problem.fates,
    open: [...open.values()].sort((a, b) => a.at - b.at),
    complete,
  };
  return { lifetime, results };
}

/** The calls that make what a resource is acquired on (`connection.begin()`). */
function madeBy(fn: Fn, { origin }: Tracked): readonly number[] {
  const callee = origin.from === "path" && origin.call >= 0 ? fn.call(origin.call).callee : null;
  return callee?.k === "field" ? makersOf(callee.of, fn) : [];
}

/** Acquired on something that outlives the function (`this.connection.begin()`): a function that never releases it leaves that to the owner. */
function isOfOther(fn: Fn, { origin }: Tracked): boolean {
  if (origin.from !== "path") return false;
  const id = localOf(origin.path);
  if (id === null) return true;
  const { fn: home, isParameter, definitions } = fn.file.variable(id);
  return home !== fn.id || isParameter || (definitions.length > 0 && definitions.every((one) => isEntry(one.value)));
}

/** `info, ok := m.infos[id]`: another name for what something else holds. */
function isEntry(value: Value): boolean {
  if (value.k === "item" || value.k === "cast") return isEntry(value.of);
  return value.k === "index" || value.k === "elem" || value.k === "field";
}

/**
 * Whether what is acquired on something is given back by a `defer` that ran before, or was held by the caller: given back first, acquired again, and left so
 * (`mu.Unlock(); wait(); mu.Lock()`).
 */
function isGivenBackElsewhere(program: Program, fn: Fn, holding: Holding): boolean {
  const { origin } = holding.tracked;
  if (origin.from !== "path" || origin.call < 0) return false;
  const { blocks, calls } = fn.graph;
  const held = initialState(true, new Map([[origin.path, origin.part]]));
  const releases = (call: number): boolean => {
    const { callee } = calls[call]!;
    const part = holding.calleePath(callee, held);
    if (part !== null && holding.releases(part)) return true;
    return callee.k === "fn" && holding.captures(callee.id, held) !== null && holding.closure(callee.id, held) !== "borrows";
  };
  const acquires = (event: FlowEvent): boolean => {
    if (event.e !== "call") return false;
    const { callee } = calls[event.call]!;
    const isIt = callee.k === "field" && pathOf(callee.of) === origin.path;
    return isIt && program.target(fn, event.call).rows.some((row) => row.effects.some((effect) => effect.role === "acquires"));
  };
  /** Whether some of a block's events give it back, and the acquisition may come after that. */
  const givesBack = (at: number, events: readonly FlowEvent[]): boolean =>
    events.some((event) => (event.e === "call" || event.e === "defer") && releases(event.call)) && comesTo(fn.graph, at, origin.call);
  const firstAcquired = blocks.map(({ events }) => events.findIndex(acquires));
  const before = walk(0, (at) => (firstAcquired[at]! < 0 ? successors(blocks[at]!.end) : []));
  if ([...before].some((at) => givesBack(at, firstAcquired[at]! < 0 ? blocks[at]!.events : blocks[at]!.events.slice(0, firstAcquired[at])))) return true;
  // `mu.Lock(); defer mu.Unlock()`, and then given back and acquired again.
  const { start } = calls[origin.call]!;
  return blocks.some(({ events }, at) =>
    givesBack(
      at,
      events.filter((event) => event.e === "defer" && calls[event.call]!.start < start),
    ),
  );
}

const comesTo = (graph: EventGraph, block: number, call: number): boolean =>
  [...reachable(graph, block)].some((at) => graph.blocks[at]!.events.some((event) => event.e === "call" && event.call === call));

/**
 * Whether a function tells its caller by its result that it holds the lock, which another method of the object gives back (`tryAcquire`, `release`).
 * @param at where it returns and holds it
 */
function isTold(program: Program, fn: Fn, { origin, acquires }: Tracked, at: number): boolean {
  if (origin.from !== "path" || fn.cls === null || localOf(origin.path) !== null) return false;
  const tells = fn.graph.blocks.every(({ end }) => {
    if (end.t !== "return") return true;
    return end.value?.k === "const" && end.value.v === (end.at === at);
  });
  if (!tells) return false;
  return [...program.hierarchy.ownMethods(fn.cls).values()].some((method) => {
    const operations = method.graph.calls.flatMap(({ callee }) => (callee.k === "field" && pathOf(callee.of) === origin.path ? [callee.name] : []));
    return method !== fn && operations.length > 0 && operations.every((name) => acquires.releasedBy.includes(name));
  });
}

/**
 * Whether a place in a semaphore of the object is kept with what the function gives, until another method gives it back: one that takes none itself
 * (`connect` takes a place for each connection of a pool, `close` gives it back).
 */
function isPlaceOfObject(program: Program, fn: Fn, { origin, acquires }: Tracked): boolean {
  if (origin.from !== "path" || fn.cls === null || acquires.resource !== "semaphore" || !origin.path.startsWith("this.")) return false;
  const calls = (one: Fn, name: string): boolean =>
    one.graph.calls.some(({ callee }) => callee.k === "field" && pathOf(callee.of) === origin.path && callee.name === name);
  const taken = fn.call(origin.call).callee;
  return [...program.hierarchy.ownMethods(fn.cls).values()].some(
    (one) => one !== fn && acquires.releasedBy.some((name) => calls(one, name)) && !(taken.k === "field" && calls(one, taken.name)),
  );
}

/** `return response.text` */
function readsReturned(fn: Fn, { block, state }: FlowExit<ResourceState>, { holding }: ResourceProblem): boolean {
  const { end } = fn.graph.blocks[block]!;
  return end.t === "return" && end.value !== null && holding.readsToEnd(end.value, state);
}

/** Where a resource is returned: its position among the results, and which part of it; no part when it is inside something else. */
interface Returned {
  readonly at: number;
  readonly part: string | null;
}

function returnedAs(fn: Fn, exit: FlowExit<ResourceState>, problem: ResourceProblem): Returned | null {
  const { end } = fn.graph.blocks[exit.block]!;
  if (end.t !== "return") return null;
  const { value } = end;
  const results: readonly Value[] = value === null ? fn.fact.namedResults.map((id) => ({ k: "var", id })) : resultsOf(value);
  // `return join(dir, "a"), dir, nil`: the folder itself, and not a path below it.
  const parts = results.map((one) => problem.holding.part(one, exit.state));
  const held = parts.findIndex((part) => part !== null && part !== beneath);
  const at = held < 0 ? parts.findIndex((part) => part !== null) : held;
  // An object that has it is no part of it.
  if (at >= 0) return { at, part: fieldOfHolder(parts[at]!) === null ? parts[at]! : null };
  // `return os.Open(path)` hands on all results of the acquiring call.
  const { origin } = problem.tracked;
  if (value?.k === "call" && origin.from === "call" && value.id === origin.call) return { at: origin.result, part: origin.part };
  // `entry.mu.Lock(); return entry`, `mu := entry.mu; mu.Lock(); return entry`: whoever gets the object has its lock.
  const owner = ownerOfLocal(fn, origin);
  if (owner !== null && results.some((one) => mentionedValues(one).some((part) => part.k === "var" && part.id === owner))) return { at: -1, part: null };
  // `return dataset["temperature"]`: a part that is of use only as long as the whole is open.
  if (value?.k === "index" && problem.holding.part(value.of, exit.state) === "") return { at: -1, part: null };
  // Inside something else it is the caller's to know, and not followed further.
  return value !== null && problem.holding.contains(value, exit.state) ? { at: -1, part: null } : null;
}

/** The variable that has what a resource was acquired on as a field (`entry.mu`), or whose field the local is another name for; null for any other. */
function ownerOfLocal(fn: Fn, origin: Origin): number | null {
  const field = origin.from === "path" ? /^v(\d+)\./.exec(origin.path)?.[1] : undefined;
  if (field !== undefined) return Number(field);
  const id = origin.from === "path" ? localOf(origin.path) : null;
  const [only, ...others] = id === null ? [] : fn.file.variable(id).definitions;
  return only !== undefined && others.length === 0 && only.value.k === "field" && only.value.of.k === "var" ? only.value.of.id : null;
}
