import type { Value } from "../../flow/values.ts";
import { mentionedValues } from "../work/values.ts";
import type { Fn } from "../../program/entities.ts";

/** Whether two values of one program run are the same: three answers, of which `maybe` silences. */
export type Same = "yes" | "no" | "maybe";

/** Names of the global object itself. */
const globalObject = /^(?:window|globalThis|self)(?:\.|$)/;

/** What a value is, through variables that are set once: `const el = ref.current` is `ref.current`. */
export function settledValue(value: Value, fn: Fn, depth = 0): Value {
  if (value.k === "cast") return settledValue(value.of, fn, depth);
  if (value.k !== "var" || depth > 4) return value;
  const variable = fn.file.variable(value.id);
  const only = variable.definitions[0];
  if (variable.isParameter || variable.definitions.length !== 1 || only === undefined) return value;
  const { k } = only.value;
  return k === "var" || k === "field" || k === "ref" || k === "const" || k === "cast"
    ? settledValue(only.value, fn.file.functions[only.fn]!, depth + 1)
    : value;
}

/** @returns a text for what a value names, the same for the same place; null when it names none */
export function nameOf(value: Value, fn: Fn): string | null {
  const one = settledValue(value, fn);
  switch (one.k) {
    case "var":
      return `v${one.id}`;
    case "fn":
      return `f${one.id}`;
    case "this":
      return "this";
    case "const":
      return `=${String(one.v)}`;
    case "ref":
      return `${one.module ?? ""}:${one.name.replace(globalObject, "")}`;
    case "field": {
      const of = nameOf(one.of, fn);
      return of === null ? null : of === ":" ? `:${one.name}` : `${of}.${one.name}`;
    }
    default:
      return null;
  }
}

/** Whether two values name the same object. */
export function sameObject(a: Value, b: Value, fnA: Fn, fnB: Fn): Same {
  // `addEventListener([Events::postPersist], $auditor)`: lists of the same names say the same.
  if (a.k === "coll" && b.k === "coll") return areSameNames(a, b, fnA, fnB) ? "yes" : "maybe";
  const left = nameOf(a, fnA);
  const right = nameOf(b, fnB);
  if (left === null || right === null) return "maybe";
  if (left === right) return "yes";
  if (isMadeOnce(a, fnA) && isMadeOnce(b, fnB)) return "no";
  // Two literals, two globals or two members of one object differ; variables may hold the same.
  if (left.startsWith("=") && right.startsWith("=")) return "no";
  return left.startsWith("v") || right.startsWith("v") || left.startsWith("this") !== right.startsWith("this") ? "maybe" : "no";
}

function areSameNames(a: Extract<Value, { k: "coll" }>, b: Extract<Value, { k: "coll" }>, fnA: Fn, fnB: Fn): boolean {
  // Constants are left out of the items.
  if (a.size !== b.size || a.items.length !== a.size || b.items.length !== b.size) return false;
  return a.items.every((item, i) => sameObject(item, b.items[i]!, fnA, fnB) === "yes");
}

/** A variable that only ever holds what its own `new` made. */
function isMadeOnce(value: Value, fn: Fn): boolean {
  const one = settledValue(value, fn);
  if (one.k !== "var") return false;
  const { definitions, isParameter } = fn.file.variable(one.id);
  const [only, ...others] = definitions;
  return !isParameter && others.length === 0 && only?.value.k === "call" && fn.file.functions[only.fn]!.call(only.value.id).isNew;
}

/** Whether two values are the same function: one written or made anew in each place is another. */
export function sameFunction(a: Value, b: Value, fnA: Fn, fnB: Fn): Same {
  if (a.k === "fn" || b.k === "fn") return a.k === "fn" && b.k === "fn" && a.id === b.id && isDeclared(a.id, fnA) ? "yes" : "no";
  if (isMadeAnew(a) || isMadeAnew(b)) return "no";
  const left = nameOf(a, fnA);
  const right = nameOf(b, fnB);
  if (left === null || right === null) return "maybe";
  if (left === right) return "yes";
  if (isKnownFunction(a, fnA) && isKnownFunction(b, fnB)) return "no";
  return isOnlyPassed(a, fnA) && settledValue(b, fnB).k === "field" ? "no" : "maybe";
}

/** A function of this one that is kept nowhere: no field can hold it. */
function isOnlyPassed(value: Value, fn: Fn): boolean {
  if (value.k !== "var") return false;
  const { definitions, fn: owner } = fn.file.variable(value.id);
  const [only, ...others] = definitions;
  if (owner !== fn.id || others.length > 0 || only?.value.k !== "fn") return false;
  let passed = 0;
  for (const one of fn.file.functions) {
    for (const { events } of one.graph.blocks)
      for (const event of events) if (event.e !== "call" && "value" in event && event.value !== null && mentions(event.value, value.id)) return false;
    for (const { args } of one.graph.calls) passed += args.filter((argument) => mentions(argument.value, value.id)).length;
  }
  return passed === 1;
}

const mentions = (value: Value, id: number): boolean => [...mentionedValues(value)].some((one) => one.k === "var" && one.id === id);

/** `onResize.bind(this)`, `debounce(onResize)`: the result is another function each time. */
const isMadeAnew = (value: Value): boolean => value.k === "call";

/** A function declaration is one function, however often it is named. */
const isDeclared = (id: number, fn: Fn): boolean => fn.file.functions[id]!.fact.name !== "";

function isKnownFunction(value: Value, fn: Fn): boolean {
  const one = settledValue(value, fn);
  if (one.k === "field") return one.of.k === "this";
  return one.k === "var" && fn.file.variable(one.id).definitions.some((definition) => definition.value.k === "fn" || definition.value.k === "call");
}
