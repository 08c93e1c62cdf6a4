import type { Value } from "../../flow/values.ts";
import { argumentOf, holds, settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { describe } from "../describe.ts";
import { closuresIn } from "../registrations/cleanups.ts";
import { subjectOf } from "../resources/holding.ts";

/** Something that is to be done when an object is freed holds that object, so that it never is. */
export interface HeldByFinalizer {
  readonly fn: Fn;
  readonly call: number;
  /** What is to be freed, as the code names it. */
  readonly object: string;
  /** Where the argument that holds it is written, for functions written there; otherwise the call. */
  readonly at: number;
  readonly by: "closure" | "method" | "value";
}

/** `runtime.SetFinalizer(b, func(*Buffer) { b.free() })`, `weakref.finalize(self, self.close)` */
export function heldByFinalizers(program: Program): readonly HeldByFinalizer[] {
  const found: HeldByFinalizer[] = [];
  for (const fn of program.functions()) {
    for (const [call, site] of fn.graph.calls.entries()) {
      for (const row of program.target(fn, call).rows) {
        for (const effect of row.effects) {
          if (effect.role !== "finalizes" || !holds(effect.when, site.args, fn)) continue;
          const object = subjectOf(site, effect.value);
          if (object?.k !== "var" && object?.k !== "this") continue;
          for (const ref of effect.held) {
            const held = argumentOf(site.args, ref, fn);
            const by = held.given === "yes" ? holding(program, held.value, object, fn) : null;
            if (by === null || held.given !== "yes") continue;
            const written = settled(held.value, fn);
            const at = written.k === "fn" ? fn.file.functions[written.id]!.fact.start : site.start;
            found.push({ fn, call, object: describe(object, fn), at, by });
            break;
          }
        }
      }
    }
  }
  return found;
}

/** How a value leads to an object; null when it does not, as far as can be told. */
function holding(program: Program, value: Value, object: Extract<Value, { k: "var" | "this" }>, fn: Fn): HeldByFinalizer["by"] | null {
  const isObject = (one: Value): boolean => (object.k === "this" ? one.k === "this" : one.k === "var" && one.id === object.id);
  if (isObject(value)) return "value";
  switch (value.k) {
    case "var": {
      const only = settled(value, fn);
      return only.k === "fn" || only.k === "coll" ? holding(program, only, object, fn) : null;
    }
    case "fn": {
      const closure = fn.file.functions[value.id]!;
      const captures = object.k === "var" && [closure, ...closuresIn(closure)].some((one) => one.fact.captures.includes(object.id));
      return captures || (object.k === "this" && closure.mentionsThis && !closure.fact.isStatic) ? "closure" : null;
    }
    case "field": {
      const type = isObject(value.of) ? program.typeOf(value, fn) : null;
      return type?.t === "function" && type.fn.fact.kind === "method" && !type.fn.fact.isStatic ? "method" : null;
    }
    case "coll":
      return value.items.some((item) => holding(program, item, object, fn) !== null) ? "value" : null;
    default:
      return null;
  }
}
