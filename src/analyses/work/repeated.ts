import { blockOfCall, isOnlyBy } from "../../flow/reach.ts";
import { callsOnlyEndless } from "../ending-calls.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Performs } from "../../semantics/models/model.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { describe } from "../describe.ts";
import { derivedFrom, mentions } from "./dependence.ts";
import { type Repetition, bare, callbackRepetition, endsAfter, isBatched, isConstantFew, loopsAround, waits } from "./loops.ts";
import { feasibleWork } from "./feasible.ts";
import type { Performed, PerformedWork } from "./performed.ts";
import { isService } from "./services.ts";

/** Costly work that happens once per step of a loop. */
export interface RepeatedWork {
  /** Where the loop stands. */
  readonly repetition: Repetition;
  /** The call in the loop. */
  readonly fn: Fn;
  readonly call: number;
  readonly effect: Performs;
  /** From the call in the loop to the call that does the work. */
  readonly chain: readonly CallEdge[];
  /** Why this is nothing to worry about; null when it is. */
  readonly excuse: string | null;
  /** The element itself is who is asked: a request per target cannot be one for all. */
  readonly perTarget: boolean;
  /** The calls of all steps are started together (`Promise.all(items.map(…))`). */
  readonly concurrent: boolean;
}

/** Finds queries and requests that are made per step of a loop, in the loop itself or through calls. */
export function repeatedWork(program: Program, callGraph: CallGraph, performed: PerformedWork): readonly RepeatedWork[] {
  const found: RepeatedWork[] = [];
  for (const fn of program.functions()) {
    const own = callGraph.effects(fn);
    const candidates = new Map<number, { readonly effect: Performs; readonly chain: readonly CallEdge[] }>();
    for (const { call, effect } of own) {
      if ((effect.role === "queries" || effect.role === "requests") && !effect.batch && !effect.deferred)
        candidates.set(call, { effect, chain: [{ fn, call }] });
    }
    for (const { call, fn: callee } of callGraph.callees(fn)) {
      if (candidates.has(call) || !performed.runsWithCall({ fn, call }, callee) || performed.isMemoised(callee)) continue;
      const done = (role: "queries" | "requests"): Performed | null => {
        const work = performed.of(callee, role);
        return work === null ? null : feasibleWork(callGraph, performed, { fn, call }, callee, work, role);
      };
      const work = done("queries") ?? done("requests") ?? (isOnStep(program, fn, call) ? performed.firstTime(callee, "queries") : null);
      if (work !== null) candidates.set(call, { effect: work.effect, chain: [{ fn, call }, ...work.chain] });
    }
    const later = startedCalls(fn);
    for (const [call, { effect, chain }] of candidates) {
      if (later.has(call) || performed.isOnFailure(fn, call)) continue;
      const repetition = repetitionOf(program, fn, call);
      if (repetition === null) continue;
      const excuse =
        effect.gathered && chain.length === 1 && repetition.concurrent && isOfFirstTick(fn, call)
          ? "the library sends those that start together in one go"
          : excuseFor(program, fn, call, repetition.repetition, chain.length === 1 && effect.access === "write");
      found.push({ ...repetition, fn, call, effect, chain, excuse, perTarget: effect.role === "requests" && asksElement(fn, call, repetition.repetition) });
    }
    found.push(...namedCallbacks(program, fn, performed));
  }
  return found;
}

/** `ids.map(findOrder)`: a function of the program, passed by its name, runs once per element. */
function* namedCallbacks(program: Program, fn: Fn, performed: PerformedWork): Iterable<RepeatedWork> {
  for (const [call, { callee, args, start, end }] of fn.graph.calls.entries()) {
    for (const [argument, { value }] of args.entries()) {
      if (value.k !== "ref" && value.k !== "field" && value.k !== "var") continue;
      if (program.calls.callbackModel({ fn, call, argument })?.runs !== "each") continue;
      const type = program.typeOf(value, fn);
      const work = type?.t !== "function" || performed.isMemoised(type.fn) ? null : (performed.of(type.fn, "queries") ?? performed.of(type.fn, "requests"));
      if (work === null || type?.t !== "function") continue;
      const iterable = callee.k === "field" ? callee.of : (args.find((_, i) => i !== argument)?.value ?? null);
      const loop = { kind: "each", parent: -1, iterable, targets: [], test: null, start, end, exits: false } as const;
      const excuse = isConstantFew(program, fn, loop) ? "over a constant few" : null;
      const repetition = { fn, loop, index: -1, over: iterable === null ? "" : describe(iterable, fn), variables: [] };
      yield { repetition, fn, call, effect: work.effect, chain: [{ fn, call }, ...work.chain], excuse, perTarget: false, concurrent: type.fn.fact.isAsync };
    }
  }
}

/** Whether a method is called on what the step of the loop brings: another object each time. */
function isOnStep(program: Program, fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  const repetition = callee.k === "field" ? repetitionOf(program, fn, call) : null;
  if (callee.k !== "field" || repetition === null) return false;
  const steps = derivedFrom(repetition.repetition.variables, fn);
  return [...mentions(callee.of, fn)].some((id) => steps.has(id));
}

/** Names of fields that say who is asked, not what. */
const addressNames = /ur[il]$|href$|endpoint$|address$|host(?:name)?$/i;

/** `for url in hooks: post(url)`, `post(hook.url)`: the address is the element or a field of it, not something asked of one server about the element. */
function asksElement(fn: Fn, call: number, { variables }: Repetition): boolean {
  const address = fn.call(call).args[0]?.value;
  const from = address?.k === "field" && addressNames.test(address.name) ? address.of : address;
  return from?.k === "var" && variables.includes(from.id);
}

/** Calls that the function only starts or leaves for its end: what they do is not done here. */
function startedCalls(fn: Fn): ReadonlySet<number> {
  const found = new Set<number>();
  for (const block of fn.graph.blocks) for (const event of block.events) if (event.e === "spawn" || event.e === "defer") found.add(event.call);
  return found;
}

/** The innermost thing that repeats a call: a loop around it, or a callback that runs once per element. */
function repetitionOf(program: Program, fn: Fn, call: number): { readonly repetition: Repetition; readonly concurrent: boolean } | null {
  for (const repetition of loopsAround(fn, call)) if (drivenByData(program, repetition)) return { repetition, concurrent: false };
  const repetition = fn.fact.kind === "lambda" ? callbackRepetition(program, fn) : null;
  return repetition === null ? null : { repetition, concurrent: startsTogether(program, fn, call) };
}

/** Callbacks that wait for something return at once, so that all of them run together; one that is handed the result so far comes after the one before. */
function startsTogether(program: Program, fn: Fn, call: number): boolean {
  const use = program.calls.callbackUse(fn);
  const first = use === null ? undefined : program.calls.callbackModel(use)?.params[0];
  if (first?.name.startsWith("argument:")) return false;
  const { rows, fns } = program.target(fn, call);
  return fn.fact.isAsync || rows.some((row) => row.isAsync) || fns.some((one) => one.fact.isAsync);
}

/** Whether a callback waits for nothing before it makes a call, so that the callbacks of all elements make it in the same tick. */
function isOfFirstTick(fn: Fn, call: number): boolean {
  const { start } = fn.call(call);
  const waitsBefore = fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "await" && event.at < start));
  return !waitsBefore && !fn.graph.calls.some((other, id) => id !== call && other.awaited && other.start < start);
}

/** Endless loops and loops that wait for a condition are not driven by data: they poll, retry or serve. */
function drivenByData(program: Program, { loop, fn }: Repetition): boolean {
  // A loop over a channel works off what others send, each when it comes.
  const over = loop.kind === "each" && loop.iterable !== null ? program.typeOf(loop.iterable, fn) : null;
  if (over?.t === "named" && over.name === "chan") return false;
  if (loop.kind === "each" || loop.kind === "comprehension" || loop.kind === "count") return true;
  if (loop.kind === "forever" || loop.test === null) return false;
  // `while (row = stmt.fetch())`, `for rows.Next()`: the condition itself takes the next element.
  // `for ctx.Err() == nil`: as long as nothing came, there was no element.
  if (loop.test.test === "null") return false;
  const test = bare(loop.test);
  const subject = test.test === "truthy" || test.test === "null" ? test.value : test.test === "compare" ? test.left : null;
  if (subject === null) return false;
  const step = subject.k === "var" ? fn.file.variable(subject.id).definitions.find((one) => one.at >= loop.start && one.at < loop.end)?.value : subject;
  if (step?.k !== "call" || fn.call(step.id).callee.k !== "field") return false;
  // `while exists(random())`: the condition asks again until the answer fits.
  const { rows, fns } = program.target(fn, step.id);
  return rows.length > 0 && fns.length === 0 && !rows.some((row) => row.effects.some((effect) => effect.role === "queries" || effect.role === "requests"));
}

/** @param writes the call itself writes: it does so once per step, whatever it is told */
function excuseFor(program: Program, fn: Fn, call: number, repetition: Repetition, writes: boolean): string | null {
  const { loop } = repetition;
  if (isConstantFew(program, repetition.fn, loop)) return "over a constant few";
  if (isBatched(program, repetition)) return "each step handles a batch";
  if (repetition.index >= 0 && waits(program, repetition)) return "the loop waits between its steps";
  if (repetition.index >= 0 && endsAfter(program, fn, call, repetition.index)) return "the first success ends the loop";
  if (callsOnlyEndless(program, fn, call)) return "the call never comes back";
  const steps = derivedFrom(repetition.variables, fn);
  if (asksForMany(program, fn, call, steps)) return "each step asks for many at once";
  if (isCallOnService(program, fn, call, repetition.variables)) return "the elements are parts of the program, not data";
  const site = fn.call(call);
  const used = mentions(site.callee, fn);
  for (const { value } of site.args) mentions(value, fn, used);
  if ([...used].some((id) => steps.has(id))) return null;
  if ((writes || isFed(fn, call, repetition, steps)) && !runsNowAndThen(fn, call, repetition)) return null;
  return "it does not depend on the element";
}

/** `if ($i % 50 === 0) flush()`, `if (count($batch) >= 50) flush()`: the steps are counted, and the call is made for many of them. */
function runsNowAndThen(fn: Fn, call: number, { loop }: Repetition): boolean {
  const home = blockOfCall(fn.graph, call);
  return fn.graph.blocks.some(({ end }, from) => {
    if (end.t !== "branch" || end.at < loop.start || end.at >= loop.end) return false;
    const test = bare(end.test);
    const counted = test.test === "compare" ? (test.right.k === "derived" ? test.right : test.left) : test.test === "truthy" ? test.value : null;
    if (counted === null || (counted.k !== "derived" && counted.k !== "call")) return false;
    return [end.yes, end.no].some((to) => isOnlyBy(fn.graph, { from, to }, home));
  });
}

/** `$statement->bindValue(1, $id); $statement->execute()`: what the call is made on was told of the element before. */
function isFed(fn: Fn, call: number, { loop, index }: Repetition, steps: ReadonlySet<number>): boolean {
  const { callee } = fn.call(call);
  if (callee.k !== "field" || callee.of.k !== "var" || index < 0) return false;
  // A service that is handed in is asked many things that have nothing to do with each other.
  const receiver = callee.of.id;
  if (fn.file.variable(receiver).isParameter) return false;
  return fn.graph.calls.some((site, other) => {
    if (other === call || site.start < loop.start || site.end > loop.end || site.callee.k !== "field") return false;
    return site.callee.of.k === "var" && site.callee.of.id === receiver && site.args.some(({ value }) => [...mentions(value, fn)].some((id) => steps.has(id)));
  });
}

/** `foreach ($this->handlers as $handler) $handler->handle($order)`: there are as many steps as the program has handlers. */
function isCallOnService(program: Program, fn: Fn, call: number, elements: readonly number[]): boolean {
  const { callee } = fn.call(call);
  if (callee.k !== "field" || callee.of.k !== "var" || !elements.includes(callee.of.id)) return false;
  const type = program.types.variable(fn.file, callee.of.id);
  return type?.t === "instance" && isService(program, type.cls);
}

/** `query.whereIn("id", ids).get()`: a call further up the chain takes many keys, which the step of the loop brings. */
function asksForMany(program: Program, fn: Fn, call: number, steps: ReadonlySet<number>): boolean {
  let { callee } = fn.call(call);
  while (callee.k === "field" && callee.of.k === "call") {
    const inner = callee.of.id;
    const takesMany = program.target(fn, inner).rows.some((row) => row.effects.some((effect) => effect.role === "queries" && effect.batch));
    if (takesMany && fn.call(inner).args.some(({ value }) => [...mentions(value, fn)].some((id) => steps.has(id)))) return true;
    ({ callee } = fn.call(inner));
  }
  return false;
}
