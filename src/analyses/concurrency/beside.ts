import type { CallArgument } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { holds } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { ArgumentRef } from "../../semantics/models/model.ts";

/** A function that a call starts and does not wait for. */
export interface Beside {
  readonly fn: Fn;
  /** What stands for it in the call: its `this` is the object of which it is a method. */
  readonly called: Value;
  /** What it gets, as far as that is known. */
  readonly args: readonly CallArgument[];
}

/**
 * Whether a call runs the function before it comes back, as far as the caller goes on only then. What a coroutine function gives may only be made here:
 * it runs when it is awaited, itself or through what awaits it (`await gather(f(), g())`, `asyncio.run(f())`), and a limit in time ends that wait.
 */
export function runsInCaller(program: Program, fn: Fn, call: number, callee: Fn): boolean {
  const { isAsync, isGenerator } = callee.fact;
  // The steps of an asynchronous generator run in the loop over it.
  return !isAsync || isGenerator || !profileOf(callee.file.language).coroutinesWait || isAwaited(program, fn, call);
}

function isAwaited(program: Program, fn: Fn, call: number): boolean {
  if (fn.call(call).awaited) return true;
  return fn.graph.calls.some(({ args }, user) => {
    const argument = args.findIndex(({ value }) => isAmong(value, call));
    return argument >= 0 && isWaitedFor(program, fn, user, argument);
  });
}

const isAmong = (value: Value, call: number): boolean =>
  value.k === "call" ? value.id === call : value.k === "coll" && value.items.some((item) => isAmong(item, call));

/** Whether a call comes back only when what is passed to it has run, however long that takes. */
function isWaitedFor(program: Program, fn: Fn, call: number, argument: number): boolean {
  const { args } = fn.call(call);
  const { rows } = program.target(fn, call);
  const isIt = (ref: ArgumentRef): boolean => (ref.position === null && ref.name === "") || ref.position === argument;
  const effects = rows.flatMap((row) => row.effects).filter((effect) => holds(effect.when, args, fn));
  if (effects.some((effect) => effect.role === "bounds" && effect.value.of === "argument" && isIt(effect.value.argument))) return false;
  const ends = rows.some((row) => row.arguments.some((flow) => (flow.flow === "releases" || flow.flow === "wraps") && isIt(flow.argument)));
  return ends && (effects.some((effect) => effect.role === "blocks") || isAwaited(program, fn, call));
}

/** @returns what a call hands to another goroutine, thread or task: a coroutine that it only makes, and functions that a library runs beside it */
export function besideOf(program: Program, fn: Fn, call: number): readonly Beside[] {
  const { callee, args } = fn.call(call);
  const { rows, fns } = program.target(fn, call);
  const found: Beside[] = fns.length === 1 && !runsInCaller(program, fn, call, fns[0]!) ? [{ fn: fns[0]!, called: callee, args }] : [];
  if (!rows.some((row) => row.callbacks.some(({ runs }) => runs === "spawned"))) return found;
  for (const [argument, { value }] of args.entries()) {
    if (program.calls.callbackModel({ fn, call, argument })?.runs !== "spawned") continue;
    const type = program.typeOf(value, fn);
    if (type?.t === "function") found.push({ fn: type.fn, called: value, args: [] });
  }
  return found;
}

/** @returns the calls whose coroutine or task a variable stands for that is awaited: `task = create_task(self.run()); await task` */
export function awaitedCoroutines(program: Program, fn: Fn, value: Value): readonly number[] {
  const { fn: home, definitions } = value.k === "var" ? fn.file.variable(value.id) : { fn: -1, definitions: [] };
  const [only, ...others] = definitions;
  if (home !== fn.id || only === undefined || others.length > 0 || only.fn !== fn.id || only.value.k !== "call") return [];
  const made = only.value.id;
  const isTask = program.target(fn, made).rows.some((row) => row.effects.some((effect) => effect.role === "spawns"));
  return isTask ? fn.call(made).args.flatMap(({ value: given }) => (given.k === "call" ? [given.id] : [])) : [made];
}
