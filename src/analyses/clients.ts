import type { Value } from "../flow/values.ts";
import { anyArgument } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { CreatesClient } from "../semantics/models/model.ts";
import type { CallGraph } from "./call-graph.ts";
import { derivedFrom, mentions } from "./work/dependence.ts";
import { Handlings } from "./resources/handlings.ts";
import { keeperOf } from "./resources/keeper.ts";
import type { EscapeKind, Fate } from "./resources/tracked.ts";

/** A client that is built, and where it goes. */
export interface SharedClient {
  readonly fn: Fn;
  readonly call: number;
  readonly effect: CreatesClient;
  /** How it outlives the function that builds it; null when it does not. */
  readonly kept: EscapeKind | null;
  /** Offset of that, or of the call. */
  readonly at: number;
  /** It shares something costly that is handed in (a transport, a connector). */
  readonly cheap: boolean;
  /** It is used inside a loop that begins after it was built, or by a call that goes through elements itself: one client serves many requests. */
  readonly reused: boolean;
  /** What it connects to comes from the caller: each call may mean another server. */
  readonly chosenByCaller: boolean;
}

/** Follows every client that the models know to where it is kept or forgotten. */
export function clientsOf(program: Program, callGraph: CallGraph): readonly SharedClient[] {
  const handlings = new Handlings(program);
  const found: SharedClient[] = [];
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "creates-client") continue;
      const fate = keeperOf(program, handlings, fn, call) ?? keptThroughPart(program, fn, call);
      const cheap = effect.cheapWith.length > 0 && anyArgument(fn.call(call).args, effect.cheapWith, fn).given !== "no";
      found.push({
        fn,
        call,
        effect,
        kept: fate?.how ?? null,
        at: fate?.at ?? fn.call(call).start,
        cheap,
        reused: isReused(program, fn, call),
        chosenByCaller: isChosenByCaller(fn, call),
      });
    }
  }
  return found;
}

/** `this.files = new Storage(…).bucket(name)`: a part of the client is kept, and with it the client. */
function keptThroughPart(program: Program, fn: Fn, call: number): Extract<Fate, { fate: "escapes" }> | null {
  const holders = holdersOf(fn, call);
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e !== "store") continue;
      const of = wholeOf(program, fn, event.value);
      if (of === null) continue;
      if ((of.k === "call" && of.id === call) || (of.k === "var" && holders.has(of.id))) return { fate: "escapes", how: "stored", at: event.at, result: 0 };
    }
  }
  return null;
}

/** @returns what a value is a part of: `client` for `client.connection` and `client.bucket(name)`; null for what a call brings from outside */
function wholeOf(program: Program, fn: Fn, value: Value): Value | null {
  if (value.k === "field") return value.of;
  if (value.k !== "call") return null;
  const { callee, awaited } = fn.call(value.id);
  if (callee.k !== "field" || awaited || program.target(fn, value.id).rows.some((row) => row.isAsync)) return null;
  return callee.of;
}

/** Whether an argument of the constructor comes from a parameter of the function, or of one around it. */
function isChosenByCaller(fn: Fn, call: number): boolean {
  const given: number[] = [];
  for (let one: Fn | null = fn; one !== null; one = one.parent) given.push(...one.fact.params.map((param) => param.variable));
  const derived = derivedFrom(given, fn);
  return fn.call(call).args.some(({ value }) => [...mentions(value, fn)].some((id) => derived.has(id)));
}

/** Whether a value is what the call makes, or a literal that holds it. */
function isMadeBy(value: Value, call: number): boolean {
  if (value.k === "coll") return value.made === call || value.items.some((item) => isMadeBy(item, call));
  return value.k === "call" && value.id === call;
}

/** The variables that a call's result is put into. */
function holdersOf(fn: Fn, call: number): ReadonlySet<number> {
  const holders = new Set<number>();
  for (const block of fn.graph.blocks) {
    for (const event of block.events) {
      if (event.e !== "set") continue;
      const value = event.value.k === "entered" ? event.value.of : event.value;
      if (isMadeBy(value, call)) holders.add(event.var);
    }
  }
  return holders;
}

function isReused(program: Program, fn: Fn, call: number): boolean {
  const holders = holdersOf(fn, call);
  const home = fn.call(call).loop;
  return fn.graph.calls.some((site, id) => {
    const perElement = (): boolean => program.target(fn, id).rows.some((row) => row.callbacks.some(({ runs, over }) => runs === "each" || over !== null));
    if (site.loop === home ? !perElement() : site.loop < 0 || site.start < fn.call(call).start) return false;
    const { callee } = site;
    const uses = [...(callee.k === "field" ? [callee.of] : []), ...site.args.map((argument) => argument.value)];
    return uses.some((value) => value.k === "var" && holders.has(value.id));
  });
}
