import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { mentionedValues } from "../work/values.ts";
import { testedValues } from "../../flow/tests.ts";
import type { Registration } from "./registration.ts";
import { nameOf } from "./sameness.ts";

/** The function that a value is, written there or held by a variable. */
export function writtenFunction(value: Value | undefined, fn: Fn): Fn | null {
  const settled = value?.k === "var" ? fn.file.variable(value.id).definitions[0]?.value : value;
  return settled?.k === "fn" ? fn.file.functions[settled.id]! : null;
}

/** Whether the listener is a function that is written in another one, so another one each time that runs. */
export function isWrittenIn({ fn, call }: Registration, around: Fn): boolean {
  return fn.call(call).args.some(({ value }) => writtenFunction(value, fn)?.isInside(around) === true);
}

/** The functions written out, or named, that a registering call is given, also in a literal (`cache.ResourceEventHandlerFuncs{AddFunc: …}`). */
export function registeredFunctions({ fn, call }: Registration): readonly Fn[] {
  return fn.call(call).args.flatMap(({ value }) => (value.k === "coll" ? value.items : [value]).flatMap((one) => writtenFunction(one, fn) ?? []));
}

/** Whether a function asks about one of those names before it goes on: `if (timer) return`. */
export function asksAbout(fn: Fn, names: ReadonlySet<string>): boolean {
  const asked = (value: Value): boolean => [...mentionedValues(value)].some((one) => names.has(nameOf(one, fn) ?? ""));
  return fn.graph.blocks.some(({ end }) => end.t === "branch" && testedValues(end.test).some(asked));
}

/** Whether a name is that of a variable of a function, or of one inside it. */
export function isLocalTo(name: string, effect: Fn): boolean {
  const id = /^v(\d+)$/.exec(name)?.[1];
  if (id === undefined) return false;
  const owner = effect.file.functions[effect.file.variable(Number(id)).fn]!;
  return owner === effect || owner.isInside(effect);
}
