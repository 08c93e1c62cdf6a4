import type { CallArgument } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { holds, makingCall } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** How many functions a method is followed through to the request that is made with it. */
const maxWrappers = 3;

/** What the parameters of a function are given, where that is written out. */
type Given = ReadonlyMap<number, Value>;

/** @returns whether there is no body to read: `client.Do(request)` with a request that was made as HEAD, also by a function that is told so (`c.send("HEAD", path)`). */
export function isAnsweredWithoutBody(program: Program, fn: Fn, call: number, given: Given = new Map(), depth = 0): boolean {
  const args = argumentsOf(fn, call, given);
  const asksNothing = args.some(({ value }) => {
    const request = makingCall(value, fn);
    const effects = request < 0 ? [] : program.target(fn, request).rows.flatMap((row) => row.effects);
    return effects.some((effect) => effect.role === "bodyless" && holds(effect.when, argumentsOf(fn, request, given), fn));
  });
  const { fns } = program.target(fn, call);
  if (asksNothing || fns.length === 0 || depth === maxWrappers) return asksNothing;
  return fns.every((callee) => {
    const told = new Map(callee.fact.params.flatMap(({ variable }, i) => (isWritten(args[i]?.value) ? [[variable, args[i]!.value] as const] : [])));
    if (told.size === 0) return false;
    const answers = callee.graph.calls.flatMap((_, one) => (givesBody(program, callee, one) ? [one] : []));
    return answers.length > 0 && answers.every((one) => isAnsweredWithoutBody(program, callee, one, told, depth + 1));
  });
}

/** The arguments of a call, with what the function was given itself in the place of its parameters. */
const argumentsOf = (fn: Fn, call: number, given: Given): readonly CallArgument[] =>
  fn.call(call).args.map((one) => (one.value.k === "var" && given.has(one.value.id) ? { ...one, value: given.get(one.value.id)! } : one));

const isWritten = (value: Value | undefined): boolean => value?.k === "const" || (value?.k === "ref" && value.module !== null);

/** Whether a call answers with something that has a body, or a function of the program that it runs does. */
function givesBody(program: Program, fn: Fn, call: number, depth = 0): boolean {
  const { rows, fns } = program.target(fn, call);
  if (rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && effect.drained !== null))) return true;
  return depth < maxWrappers && fns.some((callee) => callee !== fn && callee.graph.calls.some((_, one) => givesBody(program, callee, one, depth + 1)));
}

/** @returns whether it is a request whose context the function cancels when it ends: the transport drops the connection then. https://pkg.go.dev/net/http#NewRequestWithContext */
export function isCancelledWith(program: Program, fn: Fn, call: number): boolean {
  const cancels = (context: number): boolean =>
    fn.graph.blocks.some(({ events }) =>
      events.some((event) => {
        const callee = event.e === "defer" ? fn.call(event.call).callee : null;
        return callee?.k === "var" && makingCall(callee, fn) === context;
      }),
    );
  return fn.call(call).args.some(({ value }) => {
    const request = makingCall(value, fn);
    const effects = request < 0 ? [] : program.target(fn, request).rows.flatMap((row) => row.effects);
    return effects.some((effect) => {
      const given =
        effect.role === "limited-as" && effect.value.of === "argument" ? fn.call(request).args[effect.value.argument.position ?? -1]?.value : undefined;
      const context = given === undefined ? -1 : makingCall(given, fn);
      return context >= 0 && cancels(context);
    });
  });
}
