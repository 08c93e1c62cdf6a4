import type { Test } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { blockOfCall, isOnlyBy } from "../../flow/reach.ts";
import { holds } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallModel, Registers } from "../../semantics/models/model.ts";

/** A call that registers something which stays until it is undone. */
export interface Registration {
  readonly fn: Fn;
  readonly call: number;
  readonly effect: Registers;
  /** What it registers happens once, though it may be asked for again each time; `effect.once`: and is not. */
  readonly firesOnce: boolean;
  /** Registering gives back what the undo takes (a timer's handle); otherwise the undo takes the same arguments. */
  readonly hasHandle: boolean;
  /** That is the first of several results (`handle, err := informer.AddEventHandler(…)`). */
  readonly isFirstOfSeveral: boolean;
  /** Calls that give that handle again (`setInterval(…).unref()`). */
  readonly handles: readonly number[];
  /** The position of the argument that is called back, where the model names it. */
  readonly callback: number | null;
}

/** @returns the rows of a call; those of a method whose name says enough where nothing is known of what it is called on */
export function rowsOf(program: Program, fn: Fn, call: number): readonly CallModel[] {
  const { rows, fns, library } = program.target(fn, call);
  if (rows.length > 0 || fns.length > 0) return rows;
  const { callee } = fn.call(call);
  const name = callee.k === "field" ? callee.name : callee.k === "ref" && library === "" ? callee.name.slice(callee.name.lastIndexOf(".") + 1) : "";
  if (name === "") return [];
  // `const stop = monitor.addEventListener("drag", follow)`: who keeps the answer calls something else than what gives none.
  return program
    .library(fn.file)
    .telling(name)
    .filter(({ results }) => results.length > 0 || !isKept(fn, call));
}

/** Whether what a call gives is kept, by itself or in a list. */
function isKept({ graph }: Fn, call: number): boolean {
  const isIt = (value: Value): boolean => (value.k === "call" && value.id === call) || (value.k === "coll" && value.items.some(isIt));
  return graph.blocks.some(({ events }) => events.some((event) => (event.e === "set" || event.e === "store" || event.e === "put") && isIt(event.value)));
}

/** @returns what the calls of a function register */
export function registrationsIn(program: Program, fn: Fn): readonly Registration[] {
  const found: Registration[] = [];
  for (const [call, site] of fn.graph.calls.entries()) {
    for (const row of rowsOf(program, fn, call)) {
      for (const effect of row.effects)
        if (effect.role === "registers" && holds(effect.when, site.args, fn)) {
          const once = effect.once && !renewsItself(fn, call);
          found.push({
            fn,
            call,
            effect: { ...effect, once },
            firesOnce: effect.once,
            isFirstOfSeveral: row.results.length > 1,
            hasHandle: row.results[0] !== undefined && row.results[0].name !== "receiver",
            handles: givenAgain(program, fn, call),
            callback: row.callbacks[0]?.argument.position ?? null,
          });
        }
    }
  }
  return found;
}

/** Calls made on the result of a call that return what they are made on. */
function givenAgain(program: Program, fn: Fn, call: number): readonly number[] {
  const found: number[] = [];
  for (const [id, { callee }] of fn.graph.calls.entries()) {
    const of = callee.k === "field" && callee.of.k === "call" ? callee.of.id : -1;
    if ((of === call || found.includes(of)) && program.target(fn, id).rows.some((row) => row.results[0]?.name === "receiver")) found.push(id);
  }
  return found;
}

/**
 * `const tick = () => { …; requestAnimationFrame(tick) }`: what fires once is asked for again each time; not where a count or a time says for how long
 * (`if (progress < 1) requestAnimationFrame(tick)`).
 */
function renewsItself(fn: Fn, call: number): boolean {
  const given = fn.call(call).args[0]?.value;
  const definition = given?.k === "var" ? fn.file.variable(given.id).definitions[0]?.value : given;
  for (let one: Fn | null = fn; one !== null && definition?.k === "fn"; one = one.parent)
    if (one.id === definition.id) return comparisonsBefore(fn, call).length === 0;
  return false;
}

/** @returns the comparisons of sizes of which one answer only leads to a call: `if (count > 10) clearInterval(timer)` */
export function comparisonsBefore({ graph }: Fn, call: number): readonly Extract<Test, { test: "compare" }>[] {
  const home = blockOfCall(graph, call);
  if (home < 0) return [];
  return graph.blocks.flatMap(({ end }, from) => {
    if (end.t !== "branch" || end.test.test !== "compare" || !/^[<>]=?$/.test(end.test.operator)) return [];
    return [end.yes, end.no].some((to) => isOnlyBy(graph, { from, to }, home)) ? [end.test] : [];
  });
}
