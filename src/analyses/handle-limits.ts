import type { CallArgument } from "../flow/event-graph.ts";
import type { Value } from "../flow/values.ts";
import { holds, settled } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { BoundsCollection, Condition } from "../semantics/models/model.ts";
import type { CallGraph } from "./call-graph.ts";
import { givenTo, type HandleOrigins, type Origin } from "./handle-origins.ts";
import type { Site } from "./site.ts";

/** Wrappers of wrappers that are looked through for what they are given. */
const maxWrappers = 3;

/** A call that sets an option of a handle. */
interface Limit extends Site {
  /** Of which handle; null: of all of them. */
  readonly origin: Origin | null;
  /** Whether the option is surely the one that limits. */
  readonly isSure: boolean;
}

/** An argument, and the function that its value is to be read in: a wrapper's parameter is read where the wrapper is called. */
interface Given extends CallArgument {
  readonly fn: Fn;
}

/** Which handles the program gives a limit, anywhere. */
export class HandleLimits {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #origins: HandleOrigins;
  #limits: readonly Limit[] | null = null;

  constructor(program: Program, callGraph: CallGraph, origins: HandleOrigins) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#origins = origins;
  }

  /** @returns where the handle that comes from there is limited; `perhaps` where an option is set that is not known, null where nothing limits it */
  on(origin: Origin): Site | "perhaps" | null {
    this.#limits ??= [...this.#found()];
    const here = this.#limits.filter((limit) => limit.origin === null || isOf(limit.origin, origin));
    return here.find((limit) => limit.isSure) ?? (here.length > 0 ? "perhaps" : null);
  }

  *#found(): Iterable<Limit> {
    for (const fn of this.#program.functions()) {
      for (const [call, site] of fn.graph.calls.entries()) {
        for (const { effects } of this.#program.target(fn, call).rows) {
          const effect = effects.find((one) => one.role === "bounds");
          if (effect !== undefined && effect.value.of !== "result") yield* this.#limitsOf(effect, fn, call, site.start);
        }
      }
    }
  }

  *#limitsOf(effect: BoundsCollection, fn: Fn, call: number, at: number): Iterable<Limit> {
    const { args, callee } = fn.call(call);
    for (const given of this.#givenBy(fn, args)) {
      const outcomes = effect.when.map((condition) => outcomeOf(condition, given));
      if (outcomes.includes("no")) continue;
      const subject = subjectOf(effect, callee, fn, given);
      if (subject === null) continue;
      const value = settled(subject.value, subject.fn);
      const origin = value.k === "const" && value.v === null ? null : this.#origins.of(subject.value, subject.fn);
      if (origin === null || origin.causes.size > 0) yield { fn, at, origin, isSure: !outcomes.includes("perhaps") };
    }
  }

  /** The arguments of a call; where they are parameters of the function around it, what each of its callers gives. */
  *#givenBy(fn: Fn, args: readonly CallArgument[]): Iterable<readonly Given[]> {
    let all: readonly (readonly Given[])[] = [args.map((arg) => ({ ...arg, fn }))];
    for (let level = 0; level < maxWrappers; level++) all = all.flatMap((given) => this.#fromCallers(given));
    yield* all;
  }

  #fromCallers(given: readonly Given[]): readonly (readonly Given[])[] {
    const wrapper = given.find((arg) => parameterOf(arg) >= 0)?.fn;
    const edges =
      wrapper === undefined ? [] : this.#callGraph.callers(wrapper).filter((edge) => this.#program.target(edge.fn, edge.call).fns.includes(wrapper));
    if (wrapper === undefined || edges.length === 0) return [given];
    return edges.map((edge) =>
      given.map((arg) => {
        const position = arg.fn === wrapper ? parameterOf(arg) : -1;
        const value = position < 0 ? null : givenTo(this.#program, edge, wrapper, position);
        return value === null ? arg : { ...arg, value, fn: edge.fn };
      }),
    );
  }
}

/** Which parameter of its function an argument is, -1 for none. */
function parameterOf({ value, fn }: Given): number {
  const own = settled(value, fn);
  return own.k === "var" ? fn.fact.params.findIndex((param) => param.variable === own.id) : -1;
}

function subjectOf({ value }: BoundsCollection, callee: Value, fn: Fn, given: readonly Given[]): { readonly value: Value; readonly fn: Fn } | null {
  if (value.of === "argument") return given[value.argument.position ?? 0] ?? null;
  return value.of === "receiver" && callee.k === "field" ? { value: callee.of, fn } : null;
}

/** Whether a condition holds for what is given: what only runs show may be anything. */
function outcomeOf(condition: Condition, given: readonly Given[]): "yes" | "perhaps" | "no" {
  const { position, name } = condition.argument;
  const arg = given.find((one) => one.name !== "" && one.name === name) ?? given[position ?? 0];
  if (arg === undefined) return given.some((one) => one.spread) ? "perhaps" : "no";
  if (holds([condition], given, arg.fn)) return "yes";
  const { k } = settled(arg.value, arg.fn);
  return k === "const" || k === "ref" || k === "coll" ? "no" : "perhaps";
}

/** Whether one handle is the other: from the same call, by way of a place that is its own. */
function isOf(limited: Origin, handle: Origin): boolean {
  const makers = new Set([...limited.causes].flatMap((cause) => [...cause]));
  return [...limited.own].some((place) => handle.passed.has(place)) && [...handle.causes].some((cause) => [...cause].some((maker) => makers.has(maker)));
}
