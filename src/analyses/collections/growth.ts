import type { Value } from "../../flow/values.ts";
import { anyArgument } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { CallGraph } from "../call-graph.ts";
import { describe } from "../describe.ts";
import type { HeatMap } from "../heat.ts";
import { undoneIn } from "../lifecycles.ts";
import { type Holder, HolderFinder, holderKey, homeOf, nameOf, typeOfHolder } from "./identity.ts";
import { isOwnKey, passedBy } from "./keys.ts";
import { containersWithKey } from "./present.ts";
import { lifetimeOf, type ObjectLifetime, type ObjectLifetimes } from "./lifetime.ts";
import type { Touch, TouchedHolder } from "./touches.ts";

/** What is known of a long-lived collection. */
export interface Growth {
  readonly holder: Holder;
  readonly name: string;
  /** Whether its owner surely lives as long as the process. */
  readonly lifetime: ObjectLifetime;
  /** The place that says most about how it grows, bounded or not. */
  readonly first: Touch;
  /** Where it grows from calls after start-up. */
  readonly grows: readonly Touch[];
  readonly verdict: "unbounded" | Bounded;
  /** What decides the entries: the key or element in the code's words; empty when it has no name. */
  readonly driver: string;
  readonly keyed: boolean;
  /** The growing function also looks its key up: a cache. */
  readonly isCache: boolean;
  /** It grows only as a field of parameters: whether it is the long-lived one, the callers know. */
  readonly given: boolean;
  /** Other code gets hold of the collection itself and may empty it. */
  readonly handedOver: boolean;
}

/** Why a collection is bounded. */
export interface Bounded {
  readonly because: "type" | "size check" | "removal" | "start-up" | "keys";
  readonly fn: Fn | null;
  readonly at: number;
}

/** Judges every long-lived collection that grows. */
export function growthOf(
  program: Program,
  callGraph: CallGraph,
  heat: HeatMap,
  lifetimes: ObjectLifetimes,
  touched: ReadonlyMap<string, TouchedHolder>,
): readonly Growth[] {
  const found: Growth[] = [];
  const finder = new HolderFinder(program);
  for (const { holder, touches } of touched.values()) {
    // A new key says more than a longer entry under a key.
    const all = touches.filter((touch) => touch.touch === "grows").sort((a, b) => Number(a.nested) - Number(b.nested));
    if (all.length === 0) continue;
    const lifetime = lifetimeOf(holder, lifetimes);
    if (lifetime === "call") continue;
    const type = typeOfHolder(program, holder);
    if (!isCollection(program, type, holder)) continue;
    const fromCalls = all.filter((touch) => !runsAtStart(program, touch.fn, heat) && !isOwnKey(program, holder, touch));
    const growing = fromCalls.filter((touch) => !hasFiniteKeys(program, callGraph, touch) && !hasKeyOfFixed(finder, touched, touch));
    const first = growing[0] ?? fromCalls[0] ?? all[0]!;
    found.push({
      holder,
      lifetime,
      name: nameOf(holder),
      first,
      grows: growing,
      verdict: verdictOf(program, holder, type, touches, fromCalls, growing),
      driver: driverOf(first),
      keyed: first.key !== null,
      isCache: isCache(first, touches),
      given: growing.length > 0 && growing.every((touch) => touch.given),
      handedOver: touches.some((touch) => touch.touch === "hands over"),
    });
  }
  return found;
}

function verdictOf(
  program: Program,
  holder: Holder,
  type: Type | null,
  touches: readonly Touch[],
  fromCalls: readonly Touch[],
  growing: readonly Touch[],
): Growth["verdict"] {
  const none = { fn: null, at: 0 };
  if (fromCalls.length === 0) return { because: "start-up", ...none };
  if (isBoundedType(program, type, holder)) return { because: "type", ...none };
  // A check of what hangs below an entry says nothing of the number of entries.
  const reachesGrowth = (touch: Touch): boolean => !touch.nested || growing.every((grow) => grow.nested);
  const measured = touches.find((touch) => touch.touch === "measures" && reachesGrowth(touch));
  if (measured !== undefined) return { because: "size check", fn: measured.fn, at: measured.at };
  const removed = touches.find((touch) => (touch.touch === "shrinks" || touch.touch === "clears") && reachesGrowth(touch));
  if (removed !== undefined) return { because: "removal", fn: removed.fn, at: removed.at };
  if (growing.length === 0) return { because: "keys", fn: fromCalls[0]!.fn, at: fromCalls[0]!.at };
  return "unbounded";
}

/** Only what is known to hold entries counts: a type the models call a collection, or a literal object, list or map. */
function isCollection(program: Program, type: Type | null, holder: Holder): boolean {
  if (type?.t === "shape") return true;
  if (type?.t !== "named") return false;
  const { file } = homeOf(holder);
  for (const view of program.library(file).views(type.name, type.args)) if (view.model.collection !== null) return true;
  return type.name === "array" || type.name === "map" || type.name === "list";
}

/** Whether what a type holds is limited by the type itself: it drops entries when it is full. */
export function isBoundedType(program: Program, type: Type | null, holder: Holder): boolean {
  if (type?.t !== "named") return false;
  const { file } = homeOf(holder);
  for (const view of program.library(file).views(type.name, type.args)) {
    const { collection } = view.model;
    if (collection === null) continue;
    if (collection.weak || collection.bounded === "always") return true;
    if (collection.bounded === "never") return false;
    const limits = collection.bounded;
    const definitions = holder.holder === "variable" ? file.variable(holder.id).definitions : (holder.cls.field(holder.name)?.definitions ?? []);
    return definitions.some(
      ({ value, fn }) => value.k === "call" && anyArgument(file.functions[fn]!.call(value.id).args, limits, file.functions[fn]!).given !== "no",
    );
  }
  return false;
}

/** Top-level code, constructors of what is made once, what a library calls once for each object, decorators, and functions that only those call. */
function runsAtStart(program: Program, fn: Fn, heat: HeatMap): boolean {
  const runner = whoRuns(program, fn);
  const { kind } = runner.fact;
  return kind === "module" || kind === "initializer" || kind === "constructor" || heat.of(fn) === "startup" || undoneIn(program, runner).length > 0;
}

/** The function on whose behalf a callback runs at once (`names.forEach(…)`). */
function whoRuns(program: Program, fn: Fn): Fn {
  const use = fn.fact.kind === "lambda" ? program.calls.callbackUse(fn) : null;
  const runs = use === null ? undefined : program.calls.callbackModel(use)?.runs;
  return use !== null && (runs === "each" || runs === "once") ? whoRuns(program, use.fn) : fn;
}

/** Keys of which there are only so many: constants, enum members, classes and their names. */
function hasFiniteKeys(program: Program, callGraph: CallGraph, touch: Touch): boolean {
  const { key, fn } = touch;
  if (key === null) return false;
  // `records[id]["seen"] = now`: there is only so much below an entry; PHP makes the entry itself by that.
  if (touch.nested) return fn.file.language !== "php" && key.k === "const";
  if (isOneOfFew(program, key, fn, 0)) return true;
  return passedBy(program, callGraph, key, fn)?.every((one) => isOneOfFew(program, one.value, one.fn, 0)) ?? false;
}

/** `if (tag in RENAMED) seen.add(tag)`: one of the keys of a collection that nothing adds to once it is written out. */
function hasKeyOfFixed(finder: HolderFinder, touched: ReadonlyMap<string, TouchedHolder>, { key, fn, block, nested }: Touch): boolean {
  if (key === null || nested) return false;
  return containersWithKey(fn, block, key).some((container) => {
    const reached = finder.find(container, fn);
    return (
      reached !== null &&
      !reached.nested &&
      reached.holder.holder === "variable" &&
      reached.holder.file.variable(reached.holder.id).definitions.every((one) => one.value.k === "coll") &&
      !(touched.get(holderKey(reached.holder))?.touches.some(({ touch, fn: by }) => touch === "grows" && by.fact.kind !== "module") ?? false)
    );
  });
}

function isOneOfFew(program: Program, key: Value, fn: Fn, depth: number): boolean {
  if (depth > 4) return false;
  switch (key.k) {
    case "const":
      return true;
    case "class":
      return true;
    case "fn":
      // Written inside a function it is a new one each time.
      return fn.file.functions[key.id]!.fact.parent <= 0;
    case "field":
      if (/^(?:__name__|__qualname__|__module__|__class__|class)$/.test(key.name)) return true;
      break;
    case "either":
      return key.of.every((one) => isOneOfFew(program, one, fn, depth + 1));
    case "derived":
      return key.of.length === 0 || key.of.every((one) => isOneOfFew(program, one, fn, depth + 1));
    case "var": {
      const { definitions, isParameter } = fn.file.variable(key.id);
      if (!isParameter && definitions.length > 0 && definitions.every((one) => one.fn === fn.id && isOneOfFew(program, one.value, fn, depth + 1))) return true;
      break;
    }
    case "call": {
      // `reflect.TypeOf(v).String()`, `value.getClass().getName()`
      const { callee, args } = fn.call(key.id);
      if (callee.k === "field" && args.length === 0 && isTypeObject(program.typeOf(callee.of, fn))) return true;
      break;
    }
    default:
      break;
  }
  return isTypeObject(program.typeOf(key, fn));
}

/** Classes, their descriptions, and enum members: a program has only so many. */
function isTypeObject(type: Type | null): boolean {
  return (
    type?.t === "class" ||
    (type?.t === "instance" && type.cls.fact.kind === "enum") ||
    (type?.t === "named" && /(?:^|\.)(?:bool|boolean|type|Type|ReflectionClass)$/.test(type.name))
  );
}

function driverOf(touch: Touch): string {
  const value = touch.key ?? touch.added;
  if (value === null) return "";
  const direct = describe(value, touch.fn);
  if (direct !== "") return direct;
  if (value.k !== "derived" && value.k !== "coll" && value.k !== "either") return "";
  const parts = value.k === "coll" ? value.items : value.of;
  return parts
    .map((part) => describe(part, touch.fn))
    .filter((name) => name !== "")
    .slice(0, 2)
    .join(" and ");
}

function isCache(grow: Touch, touches: readonly Touch[]): boolean {
  return grow.key !== null && touches.some((touch) => touch.touch === "reads" && touch.fn === grow.fn && touch.key !== null);
}
