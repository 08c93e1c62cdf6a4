import { testedValues } from "../../flow/tests.ts";
import { neverReturns, reachable } from "../../flow/reach.ts";
import { type CallSite, type FlowEvent, loopsAt } from "../../flow/event-graph.ts";
import { solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isModelledEnd } from "../ending-calls.ts";
import type { Site } from "../site.ts";
import { callMayThrow } from "../throwing.ts";
import { mentionedValues } from "../work/values.ts";
import { closuresIn } from "./cleanups.ts";
import { registeredFunctions } from "./functions.ts";
import type { Registration } from "./registration.ts";
import { nameOf } from "./sameness.ts";

/**
 * Whether a listener is there for the call that adds it: it works on what only that call has, or writes to a variable of the function, which the function reads further down
 * (`let gap = 5; settings.subscribe((next) => { gap = next.gap; }); for (…) await sleep(gap)`).
 */
export function servesCall(program: Program, registration: Registration): boolean {
  const { fn, call } = registration;
  const { end } = fn.call(call);
  const isWaited = (id: number): boolean => fn.file.variable(id).fn === fn.id && isReadAfter(program, fn, id, end);
  const isForAnswer = (id: number): boolean => isOwnObject(program, fn, id, call) && isAskedAfter(fn, id, end);
  // `observer.schedule(waiter, folder); return waiter.seen.wait(timeout)`
  if (!neverReturns(fn.graph) && fn.call(call).args.some(({ value }) => value.k === "var" && isForAnswer(value.id))) return true;
  return registeredFunctions(registration).some((listener) =>
    [listener, ...closuresIn(listener)].some(
      (one) => [...writtenBy(program, one)].some(isWaited) || (!neverReturns(fn.graph) && [...calledOn(one)].some(isForAnswer)),
    ),
  );
}

/** The variables of others that a function calls methods of. */
function* calledOn(fn: Fn): Iterable<number> {
  for (const { callee } of fn.graph.calls) if (callee.k === "field" && callee.of.k === "var" && fn.file.variable(callee.of.id).fn !== fn.id) yield callee.of.id;
}

/** Whether a variable has an object that the function makes, works on, and gives to nobody but the call that registers. */
function isOwnObject(program: Program, fn: Fn, id: number, registering: number): boolean {
  const { definitions, isParameter, fn: owner } = fn.file.variable(id);
  const [only, ...others] = definitions;
  if (isParameter || owner !== fn.id || others.length > 0 || only?.value.k !== "call" || only.fn !== fn.id) return false;
  const made = fn.call(only.value.id);
  const { constructs, library } = program.target(fn, only.value.id);
  if (!made.isNew && constructs === null && program.library(fn.file).type(library) === null) return false;
  const isIt = (value: Value): boolean => {
    const parts = new Set(mentionedValues(value).flatMap((one) => (one.k === "field" ? [one.of] : [])));
    return mentionedValues(value).some((one) => one.k === "var" && one.id === id && !parts.has(one));
  };
  if (fn.graph.calls.some(({ args }, call) => call !== registering && args.some(({ value }) => isIt(value)))) return false;
  return fn.graph.blocks.every(
    ({ events, end }) =>
      !(end.t === "return" && end.value !== null && isIt(end.value)) &&
      events.every((event) => event.e === "call" || !("value" in event) || event.value === null || !isIt(event.value)),
  );
}

/** The variables that a function sets, or whose collections and plain objects it changes; any other object may be there for more than the call. */
function* writtenBy(program: Program, fn: Fn): Iterable<number> {
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e === "set") yield event.var;
      if (event.e === "send" && event.channel.k === "var") yield event.channel.id;
      const into = event.e === "put" || event.e === "store" ? event.object : null;
      if (into?.k === "var" && (event.e === "put" || isLiteral(fn, into.id))) yield into.id;
    }
  }
  for (const [call, { callee }] of fn.graph.calls.entries()) {
    const grows = program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "grows"));
    if (grows && callee.k === "field" && callee.of.k === "var") yield callee.of.id;
  }
}

function isLiteral(fn: Fn, id: number): boolean {
  const { definitions } = fn.file.variable(id);
  return definitions.length > 0 && definitions.every(({ value }) => value.k === "coll");
}

/** Whether a function asks such an object for something further down: it uses what a method gives, waits for it, or for what has a part of it. */
function isAskedAfter(fn: Fn, id: number, after: number): boolean {
  const isOn = (value: Value): boolean => (value.k === "var" && value.id === id) || (value.k === "field" && isOn(value.of));
  return fn.graph.calls.some(({ callee, args, start, awaited, discarded }) => {
    if (start <= after) return false;
    const has = awaited && args.some(({ value }) => mentionedValues(value).some(isOn));
    return has || ((awaited || !discarded) && callee.k === "field" && isOn(callee.of));
  });
}

function isReadAfter(program: Program, fn: Fn, id: number, after: number): boolean {
  const reads = (value: Value): boolean => mentionedValues(value).some((one) => one.k === "var" && one.id === id);
  if (fn.graph.calls.some((site) => site.start > after && (reads(site.callee) || site.args.some((one) => reads(one.value))))) return true;
  // `await new Promise((resolve) => setTimeout(resolve, gap))`
  const runsNow = (call: number, argument: number): boolean => {
    const runs = program.calls.callbackModel({ fn, call, argument })?.runs;
    return runs === "once" || runs === "each";
  };
  const isInside = [...fn.graph.calls.entries()].some(
    ([call, { start, args }]) => start > after && args.some(({ value }, i) => value.k === "fn" && runsNow(call, i) && sees(fn.file.functions[value.id]!, id)),
  );
  if (isInside) return true;
  // `data := <-answer`, once: who takes all there is may do so until the process is told to stop.
  const isTaken = fn.graph.blocks.some(({ events }) =>
    events.some((event) => event.e === "receive" && event.at > after && reads(event.channel) && loopsAt(fn.graph, event.at).length === 0),
  );
  if (isTaken) return true;
  const isReturned = fn.graph.blocks.some(({ end }) => end.t === "return" && end.value !== null && end.at > after && reads(end.value));
  const isTested = fn.graph.blocks.some(({ end }) => end.t === "branch" && end.at > after && testedValues(end.test).some(reads));
  return isReturned || isTested;
}

/** Whether a closure has a variable, or one inside it. */
const sees = (closure: Fn, id: number): boolean => [closure, ...closuresIn(closure)].some((one) => one.fact.captures.includes(id));

/** Where something stays that is undone elsewhere. */
export interface Left {
  readonly at: number;
  /**
   * The function returns there, what is called there fails, the promise is settled there that it waits with, the undo there asks something first, or it is started
   * there again after a wait.
   */
  readonly how: "return" | "failure" | "answer" | "condition" | "restart";
}

/** How far a way has come: to the registration, and to its undo after that. */
interface Progress {
  readonly added: boolean;
  readonly undone: boolean;
}

/**
 * @param names what holds the handle: a way on which that is missing has not added anything
 * @returns where a function that undoes its own registration further down leaves without; null when it always comes by the undo, or never does after it
 */
export function leftBeforeUndo(program: Program, { fn, call }: Registration, undo: Site, names: ReadonlySet<string>): Left | null {
  const { start } = fn.call(call);
  const { blocks } = fn.graph;
  const blockOf = (at: number): number => blocks.findIndex(({ events }) => events.some((event) => event.e === "call" && fn.call(event.call).start === at));
  if (undo.fn !== fn || undo.at <= start || !reachable(fn.graph, blockOf(start)).has(blockOf(undo.at))) return null;
  // Of several undos (one per way out) the verdict names the first.
  const textOf = ({ callee, args }: CallSite): string => JSON.stringify([callee, args]);
  const texts = new Set(fn.graph.calls.filter((site) => site.start === undo.at).map(textOf));
  const undos = new Set([...fn.graph.calls.keys()].filter((id) => texts.has(textOf(fn.call(id)))));
  let left: number | null = null;
  let failed: number | null = null;
  // While the function waits, what it has set up goes on; a call that fails at once is over with what it has done.
  const mayFail = (event: FlowEvent): boolean => event.e === "call" && fn.call(event.call).awaited && callMayThrow(program, fn, event.call);
  const ends = (event: FlowEvent): boolean => event.e === "call" && isModelledEnd(program, fn, event.call);
  const complete = solve<Progress>(
    fn.graph,
    {
      entry: { added: false, undone: false },
      key: ({ added, undone }) => `${added} ${undone}`,
      throws: (event, state) => state.added && !state.undone && mayFail(event),
      event: (state, event) => {
        if (ends(event)) return null;
        if (event.e !== "call" && event.e !== "defer") return state;
        if (event.e === "call" && event.call === call) return { added: true, undone: false };
        return undos.has(event.call) ? { ...state, undone: true } : state;
      },
      branch: (state, test, taken) => {
        // `if err != nil { return err }`: nothing was added.
        if (state.added && test.test === "null" && !taken && isOtherResult(test.value, fn, call, names)) return null;
        const isHandle = (test.test === "truthy" || test.test === "null") && names.has(nameOf(test.value, fn) ?? "");
        return state.added && isHandle && taken === (test.test === "null") ? null : state;
      },
    },
    ({ exit, state, at }) => {
      if (!state.added || state.undone) return;
      if (exit === "return") left ??= at;
      else if (exit === "exception") failed ??= at;
    },
  );
  if (!complete) return null;
  if (left !== null) return { at: left, how: "return" };
  return failed === null ? null : { at: failed, how: "failure" };
}

/** Whether a variable has the last of several results of a call, beside the handle: its error. */
function isOtherResult(value: Value, fn: Fn, call: number, names: ReadonlySet<string>): boolean {
  if (value.k !== "var" || names.has(`v${value.id}`)) return false;
  return fn.file.variable(value.id).definitions.some(({ value: given }) => given.k === "item" && given.i > 0 && given.of.k === "call" && given.of.id === call);
}
