import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { CallGraph } from "../call-graph.ts";
import type { HeatMap } from "../heat.ts";
import type { Growth } from "./growth.ts";
import { mentionedValues, returnedValues, usedValues } from "../work/values.ts";
import { type Passed, passedBy } from "./keys.ts";
import type { ObjectLifetimes } from "./lifetime.ts";
import type { Touch } from "./touches.ts";

/** A function that holds its object goes into a collection that outlives the object. */
export interface Capture {
  readonly growth: Growth;
  /** Where the collection grows by it. */
  readonly touch: Touch;
  /** The method that hands it over, and where. */
  readonly fn: Fn;
  readonly at: number;
  readonly cls: Cls;
  /** A function written there, or a method of the object that is handed over as it is. */
  readonly by: "closure" | "method";
  /** The registry takes entries out by what registering gave back, and nobody keeps that here. */
  readonly forgotten: boolean;
  /** Only this destructor takes the entry out, and it does not run as long as the registry holds the object; null where there is another way. */
  readonly destructor: Fn | null;
  /** Objects of the class are surely made again and again. */
  readonly certain: boolean;
}

/** Finds them among the collections that grow with the life of the process. */
export function capturesOf(program: Program, callGraph: CallGraph, heat: HeatMap, objects: ObjectLifetimes, growth: readonly Growth[]): readonly Capture[] {
  const found: Capture[] = [];
  for (const one of growth) {
    if (one.lifetime !== "process") continue;
    for (const touch of one.grows) {
      for (const { value, fn, at } of addedTo(program, callGraph, touch)) {
        if (hasFixedKey(program, callGraph, touch, fn, at)) continue;
        const held = holdsThis(program, value, fn, at);
        const cls = ownerOf(program, fn);
        if (held === null || cls === null || heat.of(fn) === "startup") continue;
        const lifetime = objects.of(cls);
        if (lifetime !== "process")
          found.push({
            growth: one,
            touch,
            fn,
            ...held,
            cls,
            certain: lifetime === "call",
            forgotten: isForgotten(program, touch.fn, fn, value),
            destructor: destructorThatUndoes(program, touch.fn, fn, cls, value),
          });
      }
    }
  }
  return found;
}

/** Whether a function drops what registering a value gave back. */
function isForgotten(program: Program, registry: Fn, fn: Fn, value: Value): boolean {
  const gives = returnedValues(registry.graph).length > 0;
  const call = registeringCall(program, registry, fn, value);
  if (!gives || call < 0) return false;
  const isIt = (one: Value): boolean => one.k === "call" && one.id === call;
  return ![...usedValues(fn.graph)].some((one) => isIt(one) || mentionedValues(one).some(isIt));
}

/** The call that hands a value over to the registry, -1 for none. */
const registeringCall = (program: Program, registry: Fn, fn: Fn, value: Value): number =>
  fn.graph.calls.findIndex(({ args }, id) => args.some((arg) => arg.value === value) && program.target(fn, id).fns.includes(registry));

/** `$this->id = Bus::on(…)`, where only `__destruct` asks for `$this->id`: the destructor that does. */
function destructorThatUndoes(program: Program, registry: Fn, fn: Fn, cls: Cls, value: Value): Fn | null {
  const call = registeringCall(program, registry, fn, value);
  const stored = fn.graph.blocks
    .flatMap(({ events }) => events)
    .find((event) => event.e === "store" && event.object.k === "this" && event.value.k === "call" && event.value.id === call);
  if (call < 0 || stored?.e !== "store") return null;
  const family = new Set([...program.hierarchy.ancestry(cls), ...program.hierarchy.subclasses(cls)]);
  const readers = cls.file.functions.filter((one) => one.cls !== null && family.has(one.cls) && reads(one, stored.field));
  const [reader, ...others] = readers;
  return reader?.fact.kind === "destructor" && others.length === 0 ? reader : null;
}

/** Whether a function asks for a field of its object. */
function reads({ graph }: Fn, field: string): boolean {
  const isIt = (value: Value): boolean => mentionedValues(value).some((one) => one.k === "field" && one.of.k === "this" && one.name === field);
  const isTested = graph.blocks.some(({ end }) => end.t === "branch" && testedValues(end.test).some(isIt));
  return isTested || graph.calls.some(({ callee }) => isIt(callee)) || [...usedValues(graph)].some(isIt);
}

/** What a growth adds: the value written there, or what callers pass for it. */
function addedTo(program: Program, callGraph: CallGraph, { added, fn, at }: Touch): readonly Passed[] {
  const first = added === null ? [] : (passedBy(program, callGraph, added, fn) ?? [{ value: added, fn, at }]);
  return first.flatMap((one) => passedBy(program, callGraph, one.value, one.fn) ?? [one]);
}

/** `Collection::macro('load', $closure)`, which keeps one by name: under a name that is written out there is never more than one. */
function hasFixedKey(program: Program, callGraph: CallGraph, { key, nested, fn: registry }: Touch, fn: Fn, at: number): boolean {
  if (key === null || nested) return false;
  const passed = passedBy(program, callGraph, key, registry) ?? [];
  return passed.some((one) => one.fn === fn && one.at === at && one.value.k === "const");
}

function ownerOf(program: Program, fn: Fn): Cls | null {
  const self = program.types.self(fn);
  return self?.t === "instance" && !isStatic(fn) ? self.cls : null;
}

/** Whether the function, or a method around it, has no object. */
function isStatic(fn: Fn): boolean {
  return fn.fact.isStatic || (fn.fact.kind === "lambda" && fn.parent !== null && isStatic(fn.parent));
}

/** How a value that is handed over at some place holds the object of the function in which it is written; null when it does not. */
function holdsThis(program: Program, value: Value, fn: Fn, at: number, depth = 0): Pick<Capture, "by" | "at"> | null {
  if (depth > 3) return null;
  switch (value.k) {
    case "fn": {
      const closure = fn.file.functions[value.id]!;
      return closure.mentionsThis && !closure.fact.isStatic ? { by: "closure", at: closure.fact.start } : null;
    }
    case "var": {
      const { definitions, isParameter } = fn.file.variable(value.id);
      const only = definitions[0];
      if (isParameter || definitions.length !== 1 || only === undefined || only.value.k === "var") return null;
      return holdsThis(program, only.value, fn.file.functions[only.fn]!, at, depth + 1);
    }
    case "field": {
      const isMethod = value.of.k === "this" && profileOf(fn.file.language).bindsMethods && program.typeOf(value, fn)?.t === "function";
      return isMethod ? { by: "method", at } : null;
    }
    case "coll": {
      // PHP: `[$this, 'handle']`; elsewhere a literal that holds the function.
      if (value.kind === "list" && value.items.length === 1 && value.size === 2 && value.items[0]!.k === "this") return { by: "method", at };
      for (const item of value.items) {
        const held = holdsThis(program, item, fn, at, depth + 1);
        if (held !== null) return held;
      }
      return null;
    }
    case "call": {
      // `this.handle.bind(this)`: a method of a function that is given the object.
      const { args, callee } = fn.call(value.id);
      const ofFunction = callee.k === "field" && program.typeOf(callee.of, fn)?.t === "function";
      return ofFunction && args[0]?.value.k === "this" ? { by: "method", at } : null;
    }
    default:
      return null;
  }
}
