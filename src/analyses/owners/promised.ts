import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallEdge } from "../call-graph.ts";
import type { Touch } from "../collections/touches.ts";
import { boundedAt } from "../processes.ts";
import { closuresIn } from "../registrations/cleanups.ts";
import { rowsOf } from "../registrations/registration.ts";
import type { Site } from "../site.ts";
import { mentionedValues } from "../work/values.ts";

/** Something that others wait for, by what answers them: `resolve` of a promise, a future that is given its result. */
export interface Promised {
  /** The human name: "promise", "future". */
  readonly what: string;
  /** The call that makes it. */
  readonly made: CallEdge;
  /** The methods that answer; null where the value is a function that answers when it is called. */
  readonly by: readonly string[] | null;
  /** The variables that answer when they are called: the parameters of a promise's executor. */
  readonly settlers: ReadonlySet<number>;
}

/** @returns what a value answers when it is called, or when one of its methods is */
export function promisedBy(program: Program, value: Value, fn: Fn, depth = 0): readonly Promised[] {
  if (depth > 3) return [];
  switch (value.k) {
    case "var": {
      const { definitions, isParameter, fn: owner } = fn.file.variable(value.id);
      if (isParameter) return ofExecutor(program, fn.file.functions[owner]!, value.id);
      if (owner === 0 || definitions.length > 3) return [];
      return definitions.flatMap((one) => promisedBy(program, one.value, fn.file.functions[one.fn]!, depth + 1));
    }
    case "fn":
      return throughClosure(program, fn.file.functions[value.id]!);
    case "field": {
      // `const { promise, resolve } = Promise.withResolvers()`
      const of = settled(value.of, fn);
      return of.k === "call"
        ? ofCall(program, fn, of.id)
            .filter(({ by }) => by!.includes(value.name))
            .map((one) => ({ ...one, by: null }))
        : [];
    }
    case "call":
      return ofCall(program, fn, value.id);
    default:
      return [];
  }
}

/** `new Promise((resolve) => …)`: what the parameters of the executor settle. */
function ofExecutor(program: Program, executor: Fn, variable: number): readonly Promised[] {
  const use = program.calls.callbackUse(executor);
  if (use === null || program.calls.callbackModel(use)?.settles !== true) return [];
  const settlers = executor.fact.params.map((param) => param.variable);
  return settlers.includes(variable) ? [{ what: "promise", made: { fn: use.fn, call: use.call }, by: null, settlers: new Set(settlers) }] : [];
}

/** `pending.set(id, (answer) => { clearTimeout(timer); resolve(answer); })` */
function throughClosure(program: Program, closure: Fn): readonly Promised[] {
  for (const { callee } of closure.graph.calls) {
    if (callee.k !== "var" || !closure.file.variable(callee.id).isParameter) continue;
    const owner = closure.file.functions[closure.file.variable(callee.id).fn]!;
    const found = closure.isInside(owner) ? ofExecutor(program, owner, callee.id) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** `loop.create_future()` */
function ofCall(program: Program, fn: Fn, call: number): readonly Promised[] {
  return program
    .target(fn, call)
    .rows.flatMap((row) =>
      row.effects.flatMap((effect) =>
        effect.role === "promises" ? [{ what: effect.what, made: { fn, call }, by: effect.answeredBy, settlers: new Set<number>() }] : [],
      ),
    );
}

/** Whether a value is what was promised, as the function that made it has it. */
function isMade(value: Value, fn: Fn, { made }: Promised): boolean {
  const isCall = (one: Value, at: Fn): boolean => one.k === "call" && one.id === made.call && at === made.fn;
  return isCall(value, fn) || (value.k === "var" && fn.file.variable(value.id).definitions.some((one) => isCall(one.value, fn.file.functions[one.fn]!)));
}

/** @returns where the function that makes it, or one inside that, answers by itself */
export function answeredBeside(promised: Promised): readonly Site[] {
  const { made, settlers, by } = promised;
  const isSettler = (value: Value): boolean => value.k === "var" && settlers.has(value.id);
  return [made.fn, ...closuresIn(made.fn)].flatMap((fn) =>
    fn.graph.calls.flatMap(({ callee, start }) => {
      const isMethod = callee.k === "field" && by?.includes(callee.name) === true && isMade(callee.of, fn, promised);
      return isSettler(callee) || isMethod ? [{ fn, at: start }] : [];
    }),
  );
}

/** A place where something is put into a collection. */
export type Addition = Pick<Touch, "fn" | "added">;

/**
 * Whether those who wait have another way on: a timer or another event answers too, or what they wait for is handed to something that may give up
 * (`Promise.race`, `wait_for`).
 * @param answers where it is answered
 */
export function mayGiveUp(program: Program, promised: Promised, additions: readonly Addition[], answers: readonly Site[]): boolean {
  const { made, settlers } = promised;
  if (boundedAt(program, made.fn, made.call) >= 0) return true;
  const makers = new Set([made.fn, ...additions.map(({ fn }) => fn)]);
  const registers = (fn: Fn, call: number): boolean => rowsOf(program, fn, call).some((row) => row.effects.some((effect) => effect.role === "registers"));
  // `setTimeout(() => reject(new Error("too late")), 1000)`
  const isOnEvent = (fn: Fn): boolean => {
    const use = program.calls.callbackUse(fn);
    return (use !== null && registers(use.fn, use.call)) || (fn.parent !== null && !makers.has(fn) && isOnEvent(fn.parent));
  };
  if (answers.some(({ fn }) => [...makers].some((maker) => fn.isInside(maker)) && isOnEvent(fn))) return true;
  const isIt = (value: Value, fn: Fn): boolean =>
    isMade(value, fn, promised) || additions.some((one) => one.fn === fn && one.added?.k === "var" && value.k === "var" && one.added.id === value.id);
  return [...makers].some((maker) =>
    [maker, ...closuresIn(maker)].some((fn) =>
      fn.graph.calls.some(({ args }, call) => {
        // `setTimeout(reject, 1000)`
        if (args.some(({ value }) => value.k === "var" && settlers.has(value.id)) && registers(fn, call)) return true;
        const isHandedOn = args.some(({ value }) => mentionedValues(value).some((one) => isIt(one, fn)));
        return isHandedOn && !(fn === made.fn && call === made.call) && !keeps(program, fn, call, makers);
      }),
    ),
  );
}

/** Whether a call only keeps what it is given: it adds to a collection, or is a function of the program that does. */
function keeps(program: Program, fn: Fn, call: number, makers: ReadonlySet<Fn>): boolean {
  const { rows, fns } = program.target(fn, call);
  return rows.some((row) => row.effects.some((effect) => effect.role === "grows")) || fns.some((one) => makers.has(one));
}
