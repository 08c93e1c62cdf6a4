import { blockOfCall } from "../../flow/reach.ts";
import type { LoopFact, Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { constantOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Effect } from "../../semantics/models/model.ts";
import type { Program } from "../../program/program.ts";
import { describe } from "../describe.ts";
import { derivedFrom, mentions } from "./dependence.ts";
import { mentionedValues } from "./values.ts";

/** A loop around a call, seen as what multiplies the call. */
export interface Repetition {
  /** The function in which the loop stands. */
  readonly fn: Fn;
  readonly loop: LoopFact;
  readonly index: number;
  /** What is iterated, in the code's words; empty when it has no name. */
  readonly over: string;
  /** Variables bound by each step. */
  readonly variables: readonly number[];
}

/** Most iterations that count as a constant few. */
const few = 16;

/** @returns the loops around a call, innermost first */
export function loopsAround(fn: Fn, call: number): Repetition[] {
  const found: Repetition[] = [];
  for (let index = fn.call(call).loop; index >= 0; index = fn.graph.loops[index]!.parent) {
    const loop = fn.graph.loops[index]!;
    found.push({ fn, loop, index, over: loop.iterable === null ? "" : describe(loop.iterable, fn), variables: stepVariables(fn, loop) });
  }
  return found;
}

/** @returns how often a callback runs, where it runs once per element of what the call works on; null otherwise */
export function callbackRepetition(program: Program, lambda: Fn): Repetition | null {
  const use = program.calls.callbackUse(lambda);
  if (use === null || program.calls.callbackModel(use)?.runs !== "each") return null;
  const { callee, args, start, end } = use.fn.call(use.call);
  const iterable = callee.k === "field" ? callee.of : (args.find((_, i) => i !== use.argument)?.value ?? null);
  const targets = lambda.fact.params.map((param) => param.variable);
  const loop: LoopFact = { kind: "each", parent: -1, iterable, targets, test: null, start, end, exits: false };
  return { fn: use.fn, loop, index: -1, over: iterable === null ? "" : describe(iterable, use.fn), variables: targets };
}

/** The variables that differ from step to step: bound by the loop, or counted up in a counting loop. */
function stepVariables(fn: Fn, loop: LoopFact): readonly number[] {
  if (loop.targets.length > 0 || loop.test === null) return loop.targets;
  const test = bare(loop.test);
  if (test.test === "compare") return [...mentions(test.left, fn)];
  if (test.test === "truthy" || test.test === "null") return [...mentions(test.value, fn)];
  return [];
}

/** @returns a test without its negations */
export function bare(test: Test): Test {
  let inner = test;
  while (inner.test === "not") inner = inner.of;
  return inner;
}

/** Whether a loop goes over a channel that nobody closes (`for range ticker.C`, `for range time.Tick(d)`): it ends only from within. */
export function isOverNeverClosed(program: Program, fn: Fn, { iterable }: LoopFact): boolean {
  const isUnending = (effect: Effect): boolean => effect.role === "acquires" && effect.releasedBy.length === 0;
  if (iterable?.k === "call")
    return program.target(fn, iterable.id).rows.some(({ results, effects }) => results[0]?.name === "chan" && effects.some(isUnending));
  if (iterable?.k !== "field") return false;
  const type = program.typeOf(iterable.of, fn);
  return type?.t === "named" && program.library(fn.file).type(type.name)?.neverClosed.includes(iterable.name) === true;
}

/** Whether a loop runs a fixed, small number of times whatever the data. */
export function isConstantFew(program: Program, fn: Fn, loop: LoopFact): boolean {
  // Iterating over a class goes through the members that it declares: an enum.
  if (loop.iterable !== null && program.typeOf(loop.iterable, fn)?.t === "class") return true;
  if (loop.iterable !== null) return isFewItems(program, loop.iterable, fn, 0);
  const { test } = loop;
  if (test?.test !== "compare") return false;
  const bound = constantOf(test.right, fn, program.symbols).value;
  return bound.k === "const" && typeof bound.v === "number" && bound.v <= few;
}

function isFewItems(program: Program, iterated: Value, from: Fn, depth: number): boolean {
  if (depth > 6) return false;
  const { value, fn } = constantOf(iterated, from, program.symbols);
  if (value.k === "const") return typeof value.v === "number" && value.v <= few;
  // An empty one is filled later.
  if (value.k === "coll") return value.size > 0 && value.size <= few && !value.items.some((item) => item.k === "unknown");
  if (value.k === "either") return value.of.every((one) => isFewItems(program, one, fn, depth + 1));
  if (value.k === "elem") return isListOfFew(program, value.of, fn, depth + 1);
  if (value.k === "var") {
    const { definitions, isParameter } = fn.file.variable(value.id);
    return !isParameter && definitions.length > 1 && definitions.every((one) => one.fn === fn.id && isFewItems(program, one.value, fn, depth + 1));
  }
  if (value.k !== "call") return false;
  if (returnsFew(program, fn, value.id, depth + 1)) return true;
  // range(3), enumerate(("a", "b")), Object.keys({ … }), .items() of a literal
  const { args, callee } = fn.call(value.id);
  const { rows } = program.target(fn, value.id);
  if (rows.length === 0 || rows.some((row) => row.isAsync || row.effects.length > 0)) return false;
  if (args.length > 0) return args.every((arg) => isFewItems(program, arg.value, fn, depth + 1));
  return callee.k === "field" && isFewItems(program, callee.of, fn, depth + 1);
}

/** `['posts' => ['title', 'text'], 'users' => ['name']]`: what the loop iterates over is itself an entry of a literal. */
function isListOfFew(program: Program, iterated: Value, from: Fn, depth: number): boolean {
  const { value, fn } = constantOf(iterated, from, program.symbols);
  return (
    value.k === "coll" &&
    value.items.length === value.size &&
    value.size > 0 &&
    value.items.every((item) => item.k === "coll" && isFewItems(program, item, fn, depth + 1))
  );
}

/** A function of the program that gives back a list it writes out: `return ['book' => $this->book, 'page' => $this->page]`. */
function returnsFew(program: Program, fn: Fn, call: number, depth: number): boolean {
  const { fns } = program.target(fn, call);
  return (
    fns.length > 0 &&
    fns.every((one) => {
      const returned = one.graph.blocks.flatMap(({ end }) => (end.t === "return" && !end.implicit ? [end.value] : []));
      return (
        returned.length > 0 &&
        returned.every((value) => value?.k === "coll" && value.items.every((item) => item.k !== "elem") && isFewItems(program, value, one, depth + 1))
      );
    })
  );
}

/** Whether each step handles a batch: the loop takes its elements in slices or chunks. */
export function isBatched(program: Program, repetition: Repetition): boolean {
  const { fn, loop, variables } = repetition;
  for (const id of variables) {
    const type = program.types.variable(fn.file, id);
    if (type?.t === "named" && type.name === "batch") return true;
  }
  if (repetition.index < 0 && getsBatches(program, repetition)) return true;
  if (loop.kind === "count" && (takesParts(program, repetition) || isPaged(repetition))) return true;
  return loopSlices(repetition) || (loop.iterable?.k === "call" && program.target(fn, loop.iterable.id).fns.some(yieldsSlices));
}

/** `query.chunk(100, callback)`: the call that runs the callback queries batches, and hands it a collection each time. */
function getsBatches(program: Program, { fn, loop, variables }: Repetition): boolean {
  const call = fn.graph.calls.findIndex((site) => site.start === loop.start && site.end === loop.end);
  if (call < 0 || !program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "queries" && effect.batch))) return false;
  const library = program.library(fn.file);
  return variables.some((id) => {
    const type = program.types.variable(fn.file, id);
    return type?.t === "named" && [...library.views(type.name, type.args)].some((view) => view.model.collection !== null);
  });
}

/** A function of the program that cuts its input into slices. */
function yieldsSlices(fn: Fn): boolean {
  const holdsSlice = (value: Value): boolean => value.k === "slice" || (value.k === "coll" && value.items.some(holdsSlice));
  return fn.graph.blocks.some(({ events, end }) => {
    if (end.t === "return" && end.value !== null && holdsSlice(end.value)) return true;
    return (
      events.some((event) => event.e === "yield" && event.value !== null && holdsSlice(event.value)) ||
      events.some((event) => event.e === "call" && fn.call(event.call).args.some((arg) => arg.value.k === "slice"))
    );
  });
}

/** `for i in range(0, len(ids), 100): query(ids[i:i+100])`: a slice is taken in the loop by its step variable. */
function loopSlices({ fn, loop, index, variables }: Repetition): boolean {
  const steps = new Set(loop.targets);
  const counters = new Set(variables);
  for (const block of fn.graph.blocks) {
    if (block.loop !== index) continue;
    for (const event of block.events) {
      if (event.e === "set" && (event.value.k === "slice" || (event.value.k === "coll" && event.value.items.some((item) => item.k === "slice")))) return true;
      if (event.e === "call" && (fn.call(event.call).args.some(({ value }) => value.k === "slice") || cutsFrom(counters, fn, event.call))) return true;
    }
  }
  return steps.size > 0 && loop.iterable?.k === "call" && fn.call(loop.iterable.id).args.length === 3;
}

/** `for (let i = 0; i < n; i += size)`, `ids.slice(i, i + size)`: the counter goes on by more than one, or a part is taken from it on. */
function takesParts(program: Program, { fn, loop, variables }: Repetition): boolean {
  const counters = new Set(variables);
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e !== "set" || !counters.has(event.var) || event.at < loop.start || event.at >= loop.end) continue;
      if (event.value.k === "derived" && event.value.of.length > 1) return true;
    }
  }
  const derived = derivedFrom(counters, fn);
  return fn.graph.calls.some((site, call) => {
    if (site.start < loop.start || site.end > loop.end || site.callee.k !== "field") return false;
    const bounds = site.args.filter(({ value }) => value.k === "derived" || value.k === "var");
    if (!bounds.some(({ value }) => [...mentions(value, fn)].some((id) => derived.has(id)))) return false;
    const receiver = program.typeOf(site.callee.of, fn);
    return program
      .target(fn, call)
      .rows.some((row) => row.results[0]?.name === "receiver" && receiver?.t === "named" && program.library(fn.file).element(receiver) !== null);
  });
}

/** `query({ skip: page * size })`: the counter picks no element and is only computed with, for an offset. */
function isPaged({ fn, loop, variables }: Repetition): boolean {
  const counters = new Set(variables);
  const counts = (value: Value): boolean => [...mentions(value, fn)].some((id) => counters.has(id));
  let offset = false;
  for (const site of fn.graph.calls) {
    if (site.start < loop.start || site.end > loop.end) continue;
    for (const given of [site.callee, ...site.args.map((arg) => arg.value)]) {
      for (const value of mentionedValues(given)) {
        if (value.k === "index" && value.key !== null && counts(value.key)) return false;
        if (value.k === "derived" && value.of.length > 1 && value.of.some((one) => one.k === "var" && counters.has(one.id))) offset = true;
      }
      if (given.k === "var" && counters.has(given.id)) return false;
    }
  }
  return offset && !picksElement(fn, loop, counts);
}

/** `const one = items[i]` in the loop. */
function picksElement(fn: Fn, loop: LoopFact, counts: (value: Value) => boolean): boolean {
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.e !== "set" || event.at < loop.start || event.at >= loop.end) return false;
      return [...mentionedValues(event.value)].some((value) => value.k === "index" && value.key !== null && counts(value.key));
    }),
  );
}

/** `ids.slice(i, i + 500)`, `array_slice($ids, $i, 500)`: the step variable, and then an end or a length. */
function cutsFrom(counters: ReadonlySet<number>, fn: Fn, call: number): boolean {
  const { args } = fn.call(call);
  return args.some(({ value }, i) => {
    const next = args[i + 1]?.value;
    if (value.k !== "var" || !counters.has(value.id) || next === undefined) return false;
    return next.k === "const"
      ? typeof next.v === "number" && next.v > 1
      : next.k === "derived" && next.of.some((one) => one.k === "var" && one.id === value.id);
  });
}

/** Whether the loop is left right after the call on every way on which it did not throw: the first success ends it. */
export function endsAfter(program: Program, fn: Fn, call: number, index: number): boolean {
  const home = blockOfCall(fn.graph, call);
  if (home < 0) return false;
  const seen = new Set<number>();
  const pending = [home];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const { end } = fn.graph.blocks[at]!;
    if (end.t === "each") {
      if (end.loop === index) return false;
      pending.push(end.body, end.done);
    } else if (end.t === "jump") pending.push(end.to);
    else if (end.t === "branch") pending.push(...afterSuccess(program, fn, call, end.test).map((holds) => (holds ? end.yes : end.no)));
    else if (end.t === "choose") pending.push(...end.to);
    if (at !== home && isHead(fn, at, index)) return false;
    for (const next of pending) if (next === home) return false;
  }
  return true;
}

/** The outcomes of a test with which a Go call may have succeeded: its error is nil, what it gives is not. */
function afterSuccess(program: Program, fn: Fn, call: number, test: Test): readonly boolean[] {
  if (test.test === "not") return afterSuccess(program, fn, call, test.of).map((holds) => !holds);
  if (fn.file.language !== "go" || test.test !== "null" || test.value.k !== "var") return [true, false];
  const sources = fn.file.variable(test.value.id).definitions.map(({ value }) => value);
  const results = sources.flatMap((value) =>
    value.k === "item" && value.of.k === "call" && value.of.id === call ? [value.i] : value.k === "call" && value.id === call ? [0] : [],
  );
  if (results.length !== sources.length || results.length === 0) return [true, false];
  const type = program.types.calls.result(fn, call, results[0]!, 0);
  return [type === null ? results[0]! > 0 : type.t === "named" && type.name === "error"];
}

/** Conditional loops come back to a block outside any `each`: the one their body jumps back to. */
function isHead(fn: Fn, block: number, index: number): boolean {
  const loop = fn.graph.loops[index]!;
  return loop.iterable === null && fn.graph.blocks[block]!.loop === index && fn.graph.blocks[block]!.end.t === "branch";
}

/** Whether the loop waits between its steps: polling and rate limiting are meant to be slow. */
export function waits(program: Program, repetition: Repetition): boolean {
  const { fn, loop } = repetition;
  return fn.graph.calls.some((site, call) => {
    return site.start >= loop.start && site.end <= loop.end && sleeps(program, fn, call, 0);
  });
}

/** A call that sleeps: by itself, in a helper of the program, or by waiting for a timer that is set inside it (`await new Promise((done) => setTimeout(done, 500))`). */
function sleeps(program: Program, fn: Fn, call: number, depth: number): boolean {
  const { rows, fns } = program.target(fn, call);
  if (rows.some((row) => row.effects.some((effect) => effect.role === "blocks" && effect.what === "sleep"))) return true;
  if (depth > 2) return false;
  const { args, isNew } = fn.call(call);
  const executor = isNew && args[0]?.value.k === "fn" ? fn.file.functions[args[0].value.id]! : null;
  if (executor?.graph.calls.some((_, inner) => setsTimer(program, executor, inner))) return true;
  return fns.some((helper) => helper.graph.blocks.length <= 2 && helper.graph.calls.some((_, inner) => sleeps(program, helper, inner, depth + 1)));
}

const setsTimer = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "registers" && effect.what === "timer" && effect.once));
