import { argumentOf } from "../program/arguments.ts";
import type { Cls, Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { CallGraph } from "./call-graph.ts";
import type { HeatMap } from "./heat.ts";
import { mentionedValues } from "./work/values.ts";

/**
 * @returns the components that are drawn once, as roots of a page: functions and classes that the top level, or what runs only at the start, hands to a call that
 *   `mounts` them, with those written inside the same element (`render(<Theme><App /></Theme>, …)`)
 */
export function mountedComponents(program: Program, callGraph: CallGraph, heat: HeatMap): ReadonlySet<Fn | Cls> {
  const found = new Set<Fn | Cls>();
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "mounts" || effect.value.of !== "argument" || heat.of(fn) !== "startup" || fn.call(call).loop >= 0) continue;
      const given = argumentOf(fn.call(call).args, effect.value.argument, fn);
      if (given.given !== "yes") continue;
      for (const value of mentionedValues(given.value)) {
        const type = program.typeOf(value, fn);
        if (type?.t === "function") found.add(type.fn);
        else if (type?.t === "class") found.add(type.cls);
      }
    }
  }
  return found;
}
