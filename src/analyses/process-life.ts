import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { profileOf } from "../semantics/language-profile.ts";
import type { CallGraph } from "./call-graph.ts";
import type { HeatMap } from "./heat.ts";

/** How long the process that runs some code lives: for one request only, for many, or nobody knows. */
export type ProcessLife = "request" | "many" | "unknown";

/** Tells, in languages whose web servers start afresh for each request, which code a process runs that outlives it: a worker's, a server's of its own. */
export class ProcessLives {
  readonly #serves: boolean;
  readonly #readsRequest: boolean;
  readonly #worked: ReadonlySet<Fn>;

  constructor(program: Program, callGraph: CallGraph, heat: HeatMap) {
    const fns = [...program.functions()].filter((fn) => this.startsAfresh(fn));
    this.#serves = fns.some((fn) => serves(program, callGraph, fn));
    this.#readsRequest = program.files.some(({ language, facts }) => {
      const names = profileOf(language).requestVariables;
      return facts.unit.variables.some((variable) => names.includes(variable.name));
    });
    this.#worked = callGraph.reachedFrom([...heat.entriesOf("job"), ...fns.filter((fn) => fn.graph.loops.some((loop) => loop.kind === "forever"))]);
  }

  /** @returns whether web servers of the function's language start afresh for each request, unless it is a worker that runs it */
  startsAfresh(fn: Fn): boolean {
    return profileOf(fn.file.language).requestVariables.length > 0;
  }

  /** @returns how long a process that runs the function lives */
  of(fn: Fn): ProcessLife {
    if (!this.startsAfresh(fn)) return "many";
    if (this.#serves || this.#worked.has(fn)) return "many";
    return this.#readsRequest ? "request" : "unknown";
  }
}

/** @returns whether a function itself waits for requests for as long as the process serves them */
export function waitsForRequests(callGraph: CallGraph, fn: Fn): boolean {
  return callGraph.effects(fn).some(({ effect }) => effect.role === "blocks" && (effect.what.endsWith("server") || effect.what === "next request"));
}

/** Waits for requests in the process itself: as a server, or in a loop that takes the next one. */
function serves(program: Program, callGraph: CallGraph, fn: Fn): boolean {
  if (waitsForRequests(callGraph, fn)) return true;
  const use = fn.fact.kind === "lambda" ? program.calls.callbackUse(fn) : null;
  const model = use === null ? null : program.calls.callbackModel(use);
  // The closure of a route runs in whatever process the web server starts for it.
  return model?.runs === "request" && model.runner === "worker";
}
