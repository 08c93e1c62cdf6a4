import type { FlowEvent } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Effect } from "../../semantics/models/model.ts";
import type { CallGraph } from "../call-graph.ts";
import type { GivenFields } from "../given-fields.ts";
import { givenTo } from "../handle-origins.ts";
import type { HeatMap } from "../heat.ts";
import { returnedValues } from "../work/values.ts";
import { cancelOf } from "./cancels.ts";
import { isThrownAway, signalsEnd } from "./contexts.ts";

/** When a context ends: never, with the process (the first call of `main` returns, a signal tells it to stop), or whenever somebody likes. */
export type ContextEnd = "never" | "with the process" | "some time";

/** Contexts followed into one another. */
const maxDepth = 12;

const order: readonly ContextEnd[] = ["never", "with the process", "some time"];

/** Follows contexts back to what makes them, through variables, fields, parameters and what functions return, and tells when they end. */
export class ContextEnds {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #heat: HeatMap;
  readonly #fields: GivenFields;
  /** Of variables and fields, by their place; those that are being followed are not the earliest end of themselves. */
  readonly #known = new Map<string, ContextEnd>();

  constructor(program: Program, callGraph: CallGraph, heat: HeatMap, fields: GivenFields) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#heat = heat;
    this.#fields = fields;
  }

  /** @returns when the context ends whose `Done` an event waits for, as far as the program shows all its origins; null for other events */
  awaitedBy(event: FlowEvent, fn: Fn): ContextEnd | null {
    const channel = event.e === "receive" ? event.channel : null;
    const callee = channel?.k === "call" && signalsEnd(this.#program, fn, channel.id) ? fn.call(channel.id).callee : null;
    return callee?.k === "field" ? this.of(callee.of, fn) : null;
  }

  /** @returns when a context ends, as far as the program shows all its origins: some time, where it does not */
  of(value: Value, fn: Fn, depth = 0): ContextEnd {
    if (depth > maxDepth) return "some time";
    switch (value.k) {
      case "cast":
        return this.of(value.of, fn, depth + 1);
      case "either":
        return earliest(value.of.map((one) => this.of(one, fn, depth + 1)));
      case "item":
        return value.of.k === "call" ? this.#ofCall(value.of.id, value.i, fn, depth) : "some time";
      case "call":
        return this.#ofCall(value.id, 0, fn, depth);
      case "var":
        return this.#once(`v ${fn.file.index} ${value.id}`, () => this.#ofVariable(value.id, fn, depth));
      case "field": {
        const type = value.of.k === "this" ? this.#program.types.self(fn) : this.#program.typeOf(value.of, fn);
        if (type?.t !== "instance") return "some time";
        return this.#once(`f ${type.cls.file.index} ${type.cls.id} ${value.name}`, () => this.#ofField(type.cls, value.name, depth));
      }
      default:
        return "some time";
    }
  }

  #once(key: string, follow: () => ContextEnd): ContextEnd {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, "never");
    const end = follow();
    this.#known.set(key, end);
    return end;
  }

  #ofVariable(id: number, fn: Fn, depth: number): ContextEnd {
    const { definitions, fn: owner, isParameter } = fn.file.variable(id);
    const assigned = definitions.map((one) => this.of(one.value, fn.file.functions[one.fn]!, depth + 1));
    if (!isParameter) return assigned.length === 0 ? "some time" : earliest(assigned);
    const home = fn.file.functions[owner]!;
    const position = home.fact.params.findIndex(({ variable }) => variable === id);
    const callers = this.#callGraph.callers(home);
    if (position < 0 || callers.length === 0) return "some time";
    const given = callers.map((edge) => {
      const value = givenTo(this.#program, edge, home, position);
      return value === null ? "some time" : this.of(value, edge.fn, depth + 1);
    });
    return earliest([...assigned, ...given]);
  }

  #ofField(cls: Cls, name: string, depth: number): ContextEnd {
    const given = [...this.#program.hierarchy.ancestry(cls)].map((one) => this.#fields.of(one, name));
    const values = given.flatMap((all) => all ?? []);
    if (values.length === 0 || given.includes(null)) return "some time";
    return earliest(values.map((one) => this.of(one.value, one.fn, depth + 1)));
  }

  #ofCall(call: number, result: number, fn: Fn, depth: number): ContextEnd {
    const { fns, rows } = this.#program.target(fn, call);
    if (fns.length > 0) {
      const returned = fns.flatMap((one) =>
        returnedValues(one.graph).map((value) => {
          const part = value.k === "coll" && value.kind === "tuple" ? value.items[result] : value;
          return part === undefined ? "some time" : this.of(part, one, depth + 1);
        }),
      );
      return returned.length === 0 ? "some time" : earliest(returned);
    }
    const effects = rows.flatMap((row) => row.effects);
    const has = (role: Effect["role"]): boolean => effects.some((effect) => effect.role === role);
    if (has("unlimited")) return "never";
    const parent = fn.call(call).args[0]?.value;
    const inherited = (): ContextEnd => (parent === undefined ? "some time" : this.of(parent, fn, depth + 1));
    if (has("limited-as")) return inherited();
    if (has("handles-stop")) return earliest(["with the process", inherited()]);
    const isCancelled = effects.some((effect) => effect.role === "acquires" && effect.rule === "lost-cancel" && effect.reclaimed === "never");
    if (!isCancelled) return "some time";
    if (isThrownAway(fn, call)) return inherited();
    return this.#heat.runsOnce(fn) && isCancelledLast(this.#program, fn, call) ? earliest(["with the process", inherited()]) : "some time";
  }
}

/** The end that may come first. */
const earliest = (ends: readonly ContextEnd[]): ContextEnd => order[Math.max(...ends.map((end) => order.indexOf(end)))]!;

/** Whether what a call gives to cancel it is called only when its function returns, or by who waits for a signal to stop: `<-signals; cancel()`. */
function isCancelledLast(program: Program, fn: Fn, call: number): boolean {
  const cancel = cancelOf(fn, call);
  return cancel?.isOnlyDeferred === true && cancel.closures.every((one) => waitsForSignal(program, fn, one));
}

/** Whether a closure receives from a channel that its function has registered for the signals that tell the process to stop. */
function waitsForSignal(program: Program, home: Fn, closure: Fn): boolean {
  const registered = home.graph.calls.flatMap(({ args }, call) => {
    const handles = program.target(home, call).rows.some((row) => row.effects.some((effect) => effect.role === "handles-stop"));
    return handles ? args.flatMap(({ value }) => (value.k === "var" ? [value.id] : [])) : [];
  });
  return closure.graph.blocks.some(({ events }) =>
    events.some((event) => event.e === "receive" && event.channel.k === "var" && registered.includes(event.channel.id)),
  );
}
