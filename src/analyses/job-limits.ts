import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { ModelLanguage } from "../semantics/models/model.ts";
import type { CallGraph } from "./call-graph.ts";
import type { HeatMap } from "./heat.ts";

/** Tells what is bounded by the limits that a program gives its jobs: `@shared_task(soft_time_limit=60)`, `CELERY_TASK_TIME_LIMIT = 300`. */
export class JobLimits {
  readonly #limited = new Set<ModelLanguage>();
  readonly #served: ReadonlySet<Fn>;

  constructor(program: Program, callGraph: CallGraph, heat: HeatMap) {
    const packages = new Set(program.files.flatMap(({ facts }) => facts.unit.imports.map(({ module }) => module.split(".")[0]!)));
    for (const file of program.files) {
      const names = program.library(file).jobLimits(packages);
      if (names.size > 0 && file.functions.some((fn) => setsLimit(fn, names))) this.#limited.add(file.language);
    }
    this.#served = this.#limited.size === 0 ? new Set() : callGraph.reachedFrom(heat.entriesOf("request"));
  }

  /** @returns whether what a function waits for is cut off with its job: jobs have limits, and no request comes to it as far as is seen */
  bounds(fn: Fn): boolean {
    return this.#limited.has(fn.file.language) && !this.#served.has(fn);
  }
}

/** Whether a function gives a job a limit by an argument or setting of one of these names, or sets one for all. */
function setsLimit(fn: Fn, names: ReadonlySet<string>): boolean {
  if (fn.graph.calls.some(({ args }) => args.some(({ name, value }) => names.has(name) && !(value.k === "const" && value.v === null)))) return true;
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => (event.e === "set" && names.has(fn.file.variable(event.var).name)) || (event.e === "store" && names.has(event.field))),
  );
}
