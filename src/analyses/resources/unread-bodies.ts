import { holds, makingCall } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

/** @returns whether there is no body to read: `client.Do(request)` with a request that was made as HEAD. */
export function isAnsweredWithoutBody(program: Program, fn: Fn, call: number): boolean {
  return fn.call(call).args.some(({ value }) => {
    const request = makingCall(value, fn);
    const effects = request < 0 ? [] : program.target(fn, request).rows.flatMap((row) => row.effects);
    return effects.some((effect) => effect.role === "bodyless" && holds(effect.when, fn.call(request).args, fn));
  });
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
