import type { Confidence } from "../findings/levels.ts";
import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { HeatMap } from "./heat.ts";

/**
 * What the claim rests on that a request has no limit: a client that was made elsewhere may carry one, and code that serves nobody
 * (a page beside a server in another language) hangs for one person only.
 */
export function requestConfidence(fn: Fn, call: number, heat: HeatMap): Confidence {
  const { callee } = fn.call(call);
  if (callee.k === "field" && !isMadePlain(callee.of, fn)) return "low";
  if (heat.of(fn) === "request") return "high";
  return !heat.hasHandlers || heat.entriesOf("request").some((entry) => entry.file.language === fn.file.language) ? "medium" : "low";
}

/** A client that is made in this very function, by a call whose arguments are all written out and none of which is a limit by its name. */
function isMadePlain(client: Value, fn: Fn): boolean {
  if (client.k !== "var" || fn.file.variable(client.id).fn !== fn.id || fn.file.variable(client.id).isParameter) return false;
  return fn.file.variable(client.id).definitions.every(({ value, fn: at }) => {
    const args = value.k === "call" ? fn.file.functions[at]!.call(value.id).args : [];
    const isPlain = (name: string | null): boolean => name !== null && !/timeout|deadline|signal/i.test(name);
    return args.every(({ value: given, name, spread }) => {
      if (spread || !isPlain(name)) return false;
      return given.k === "coll" ? given.keys.every(isPlain) : given.k === "const" || given.k === "ref";
    });
  });
}
