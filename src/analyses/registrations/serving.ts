import { testedValues } from "../../flow/tests.ts";
import { reachable } from "../../flow/reach.ts";
import { type CallSite, type FlowEvent, loopsAt } from "../../flow/event-graph.ts";
import { solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isModelledEnd } from "../ending-calls.ts";
import type { Site } from "../site.ts";
import { mentionedValues } from "../work/values.ts";
import { closuresIn } from "./cleanups.ts";
import { registeredFunctions } from "./functions.ts";
import type { Registration } from "./registration.ts";
import { nameOf } from "./sameness.ts";

/**
 * Whether a listener is there for the call that adds it: it writes to a variable of the function, which the function reads further down
 * (`let gap = 5; settings.subscribe((next) => { gap = next.gap; }); for (…) await sleep(gap)`).
 */
export function servesCall(program: Program, registration: Registration): boolean {
  const { fn, call } = registration;
  const { end } = fn.call(call);
  return registeredFunctions(registration).some((listener) =>
    [listener, ...closuresIn(listener)].some((one) =>
      [...writtenBy(program, one)].some((id) => fn.file.variable(id).fn === fn.id && isReadAfter(program, fn, id, end)),
    ),
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

/** How far a way has come: to the registration, and to its undo after that. */
interface Progress {
  readonly added: boolean;
  readonly undone: boolean;
}

/**
 * @param names what holds the handle: a way on which that is missing has not added anything
 * @returns where a function that undoes its own registration further down leaves without; null when it always comes by the undo, or never does after it
 */
export function leftBeforeUndo(program: Program, { fn, call }: Registration, undo: Site, names: ReadonlySet<string>): number | null {
  const { start } = fn.call(call);
  const { blocks } = fn.graph;
  const blockOf = (at: number): number => blocks.findIndex(({ events }) => events.some((event) => event.e === "call" && fn.call(event.call).start === at));
  if (undo.fn !== fn || undo.at <= start || !reachable(fn.graph, blockOf(start)).has(blockOf(undo.at))) return null;
  // Of several undos (one per way out) the verdict names the first.
  const textOf = ({ callee, args }: CallSite): string => JSON.stringify([callee, args]);
  const texts = new Set(fn.graph.calls.filter((site) => site.start === undo.at).map(textOf));
  const undos = new Set([...fn.graph.calls.keys()].filter((id) => texts.has(textOf(fn.call(id)))));
  let left: number | null = null;
  const ends = (event: FlowEvent): boolean => event.e === "call" && isModelledEnd(program, fn, event.call);
  const complete = solve<Progress>(
    fn.graph,
    {
      entry: { added: false, undone: false },
      key: ({ added, undone }) => `${added} ${undone}`,
      throws: () => false,
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
      if (exit === "return" && state.added && !state.undone) left ??= at;
    },
  );
  return complete ? left : null;
}

/** Whether a variable has the last of several results of a call, beside the handle: its error. */
function isOtherResult(value: Value, fn: Fn, call: number, names: ReadonlySet<string>): boolean {
  if (value.k !== "var" || names.has(`v${value.id}`)) return false;
  return fn.file.variable(value.id).definitions.some(({ value: given }) => given.k === "item" && given.i > 0 && given.of.k === "call" && given.of.id === call);
}
