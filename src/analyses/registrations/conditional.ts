import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { mentionedValues } from "../work/values.ts";
import { type Guard, guardsOf } from "./guards.ts";
import type { Registration } from "./registration.ts";
import { nameOf, settledValue } from "./sameness.ts";
import { holdersOf, targetOf, undoing } from "./undoing.ts";

/**
 * A cleanup that undoes only where something holds that did not have to hold when its effect registered:
 * `addEventListener("click", close); return () => { if (!open) removeEventListener("click", close); }`. What the test reads has not changed in between.
 * @param cleanups the functions that the effect gives back
 * @returns where such a cleanup asks; null where it undoes whenever the effect has registered, or that cannot be told
 */
export function undoneOnlyIf(registration: Registration, cleanups: ReadonlySet<Fn>): { readonly fn: Fn; readonly at: number } | null {
  const { fn, call } = registration;
  const { names } = holdersOf(registration);
  const target = nameOf(targetOf(registration), fn);
  let found: { readonly fn: Fn; readonly at: number } | null = null;
  for (const cleanup of cleanups) {
    for (const [undo, { start }] of cleanup.graph.calls.entries()) {
      if (undoing(registration, names, { fn: cleanup, call: undo }).undoes === "no") continue;
      const own = guardsOf(fn.graph, call);
      const guards = guardsOf(cleanup.graph, undo);
      const isMore = guards.some((guard) => !own.some((one) => isSame(one, guard)));
      const isTold = guards.every((guard) => own.some((one) => isSame(one, guard)) || excludes(guard, own, cleanup, names, target));
      if (!isMore || !isTold) return null;
      found ??= { fn: cleanup, at: start };
    }
  }
  return found;

  function excludes(guard: Guard, own: readonly Guard[], cleanup: Fn, holders: ReadonlySet<string>, on: string | null): boolean {
    const values = testedValues(guard.test).flatMap(mentionedValues);
    if (!values.every((value) => isSteady(value, cleanup))) return false;
    if (testedValues(guard.test).every((value) => value.k === "const")) return false;
    // Whether there is anything to undo is asked of what holds it.
    if (guard.test.test !== "compare" && values.some((value) => isAbout(value, cleanup, holders, on))) return false;
    // Of two tests of the same things one may follow from the other.
    return own.every((one) => isOpposite(one, guard) || !sharesValue(one, guard));
  }
}

const textOf = ({ test }: Guard): string => JSON.stringify(test);

const isSame = (a: Guard, b: Guard): boolean => a.holds === b.holds && textOf(a) === textOf(b);

const isOpposite = (a: Guard, b: Guard): boolean => a.holds !== b.holds && textOf(a) === textOf(b);

function sharesValue(a: Guard, b: Guard): boolean {
  const variables = (guard: Guard): ReadonlySet<number> =>
    new Set(testedValues(guard.test).flatMap((value) => mentionedValues(value).flatMap((one) => (one.k === "var" ? [one.id] : []))));
  const others = variables(b);
  return [...variables(a)].some((id) => others.has(id));
}

/** What a test reads is the same when the cleanup runs: constants, variables that are set once, what the global object has. */
function isSteady(value: Value, fn: Fn): boolean {
  switch (value.k) {
    case "const":
      return true;
    case "ref":
      return value.module === null;
    case "var": {
      const { definitions, isParameter, fn: owner } = fn.file.variable(value.id);
      if (owner === fn.id) return false;
      const [only, ...others] = definitions;
      return isParameter ? definitions.length === 0 : others.length === 0 && only !== undefined && isRead(only.value);
    }
    default:
      return false;
  }
}

/** What a component was given, or a hook gave it; not what the effect itself made or found. */
const isRead = (value: Value): boolean =>
  value.k === "item" || (value.k === "field" && value.of.k === "var") || (value.k === "derived" && value.of.every((one) => one.k === "var"));

function isAbout(value: Value, fn: Fn, holders: ReadonlySet<string>, target: string | null): boolean {
  const name = nameOf(settledValue(value, fn), fn);
  return name !== null && (holders.has(name) || name === target);
}
