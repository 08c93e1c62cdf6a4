import { testedValues } from "../../flow/tests.ts";
import { walk, waysOn } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import { argumentOf, makingCall } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues } from "../work/values.ts";
import { closuresIn } from "./cleanups.ts";
import { writtenFunction } from "./functions.ts";
import { type Registration, rowsOf } from "./registration.ts";
import { nameOf } from "./sameness.ts";

/**
 * Whether a timer that starts itself again does so after a wait, without asking whether it should go on: while it waits there is no timer to clear, and the next one
 * is started when its owner has gone (`const poll = async () => { await load(); timer = setTimeout(poll, 3000); }`).
 * @param undoers the functions that run when the owner goes
 */
export function startsAgainAfterWait(program: Program, { fn, call, firesOnce, effect }: Registration, undoers: ReadonlySet<Fn>): boolean {
  if (!firesOnce || effect.what !== "timer") return false;
  const given = startedAgain(program, fn, call);
  if (given === null) return false;
  const chain: Fn[] = [];
  for (let one: Fn | null = fn; one !== null; one = one === given ? null : one.parent) chain.push(one);
  if (!waitsBefore(fn, call) && !(fn !== given && chain.slice(0, -1).some((one) => goesOnWithPromise(program, one)))) return false;
  return !chain.some((one) => asksWhatEnds(one, undoers)) && ![...undoers].some((one) => aborts(program, one));
}

/**
 * @returns the function around a call that is given to it, by name or in a function that calls it (`setTimeout(() => poll(), 1000)`), or that what it is made on was
 *   given (`Timer(60, self.poll).start()`); null where none is
 */
export function startedAgain(program: Program, fn: Fn, call: number): Fn | null {
  const value = fn.call(call).args[0]?.value ?? givenWhenMade(program, fn, call);
  const written = writtenFunction(value, fn);
  const type = value?.k === "field" ? program.typeOf(value, fn) : null;
  const given = written ?? (type?.t === "function" ? type.fn : null);
  if (given === null) return null;
  const called = given.fact.kind === "lambda" && written !== null ? [...given.graph.calls.keys()].flatMap((one) => program.target(given, one).fns) : [];
  return [given, ...called].find((one) => fn === one || fn.isInside(one)) ?? null;
}

/** What the call that made the receiver of another was given to call back. */
function givenWhenMade(program: Program, fn: Fn, call: number): Value | undefined {
  const { callee } = fn.call(call);
  const maker = callee.k === "field" ? makingCall(callee.of, fn) : -1;
  if (maker < 0) return undefined;
  for (const { argument } of program.target(fn, maker).rows.flatMap((row) => row.callbacks)) {
    const given = argumentOf(fn.call(maker).args, argument, fn);
    if (given.given === "yes") return given.value;
  }
  return undefined;
}

/** Whether a function may have waited for something when it makes a call. */
function waitsBefore(fn: Fn, call: number): boolean {
  const { graph } = fn;
  return graph.blocks.some(({ events }, block) => {
    const wait = events.findIndex((event) => event.e === "await" || (event.e === "call" && fn.call(event.call).awaited));
    if (wait < 0) return false;
    const isCall = (one: (typeof events)[number]): boolean => one.e === "call" && one.call === call;
    if (events.slice(wait + 1).some(isCall)) return true;
    const after = walk(block, (at) => waysOn(graph, at));
    return [...after].some((at) => at !== block && graph.blocks[at]!.events.some(isCall));
  });
}

/** `fetch(url).then(() => …)` */
function goesOnWithPromise(program: Program, fn: Fn): boolean {
  const use = program.calls.callbackUse(fn);
  if (use === null) return false;
  const { callee } = use.fn.call(use.call);
  return callee.k === "field" && /^(?:then|catch|finally)$/.test(callee.name);
}

/** Whether a function asks something that the functions which end it set: a flag, a field, the handle. */
export function asksWhatEnds(fn: Fn, undoers: ReadonlySet<Fn>): boolean {
  const set = new Set<string>();
  for (const one of undoers) {
    for (const { events } of one.graph.blocks) {
      for (const event of events) {
        if (event.e === "set") set.add(`v${event.var}`);
        if (event.e === "store") set.add(nameOf({ k: "field", of: event.object, name: event.field }, one) ?? "");
      }
    }
  }
  return [fn, ...closuresIn(fn)].some((one) =>
    one.graph.blocks.some(
      ({ end }) =>
        end.t === "branch" &&
        testedValues(end.test)
          .flatMap(mentionedValues)
          .some((value) => set.has(nameOf(value, one) ?? "?")),
    ),
  );
}

/** What is aborted fails where it waits, and does not go on. */
const aborts = (program: Program, fn: Fn): boolean =>
  fn.graph.calls.some(({ callee }, call) => {
    if (callee.k !== "field") return false;
    return rowsOf(program, fn, call).some((row) => row.effects.some(({ role }) => role === "unregisters")) && callee.name === "abort";
  });
