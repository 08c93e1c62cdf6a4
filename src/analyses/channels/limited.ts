import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { boundedAt } from "../processes.ts";

/** @returns whether a caller of an asynchronous function limits how long that may take, or hands it to something that may */
export function isLimitedByCallers(program: Program, callGraph: CallGraph, fn: Fn): boolean {
  return fn.fact.isAsync && callGraph.callers(fn).some((edge) => boundedAt(program, edge.fn, edge.call) >= 0);
}

/** @returns whether the event loop of a task ends with the asynchronous function that started it, and cancels what still waits (`asyncio.run(main())`) */
export function endsItsLoop(program: Program, callGraph: CallGraph, fn: Fn): boolean {
  return callGraph.callers(fn).some(({ fn: caller, call }) =>
    caller.graph.calls.some(({ args }, runner) => {
      const runs = args.some(({ value }) => value.k === "call" && value.id === call);
      return runs && program.target(caller, runner).rows.some((row) => row.effects.some(({ role }) => role === "blocks"));
    }),
  );
}
