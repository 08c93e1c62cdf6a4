import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import { solve } from "../../flow/solver.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { callMayThrow } from "../throwing.ts";
import { executorAround } from "./answers.ts";
import { closuresIn, reachedBy } from "./cleanups.ts";
import { registeredFunctions, writtenFunction } from "./functions.ts";
import { type Registration, registrationsIn, rowsOf } from "./registration.ts";
import { sameObject } from "./sameness.ts";
import { holdersOf, signalOf, targetOf, undoing } from "./undoing.ts";

/** How far calls between the functions of an executor are followed. */
const maxDepth = 4;

/** How far a way has come. */
interface Progress {
  readonly settled: number;
  readonly undone: boolean;
}

/**
 * What is set up in the executor of a promise to wait for its answer, and is undone there on one way to an answer, may stay on another: when the time is over, or
 * when something fails (`const onDone = () => { bus.off("done", onDone); resolve(); }; bus.on("done", onDone); setTimeout(reject, 1000)`).
 * @param candidates all functions that may undo it
 * @param isLasting whether what it is registered on goes on when one of its own events settles the promise
 * @returns where the promise is settled while the registration stays; null where it never is, or where nothing or something outside the executor undoes it
 */
export function settledWithoutUndo(program: Program, registration: Registration, candidates: ReadonlySet<Fn>, isLasting: boolean): number | null {
  const around = executorAround(program, registration.fn);
  if (around === null || around.executor !== registration.fn || signalOf(registration) !== null) return null;
  const { names, goesOn } = holdersOf(registration);
  if (goesOn) return null;
  const inside = new Set([registration.fn, ...closuresIn(registration.fn)]);
  const undos = new Map<Fn, Set<number>>();
  for (const fn of new Set([...candidates, ...inside])) {
    for (const call of fn.graph.calls.keys()) {
      if (fn === registration.fn && call === registration.call) continue;
      const { undoes } = undoing(registration, names, { fn, call });
      if (undoes === "maybe" || (undoes === "yes" && !inside.has(fn))) return null;
      if (undoes === "yes") undos.set(fn, (undos.get(fn) ?? new Set()).add(call));
    }
  }
  if (undos.size === 0) return null;
  const ways = new Ways(program, around.settlers, inside, undos);
  for (const root of rootsOf(program, registration, inside, isLasting)) {
    const left = "fn" in root ? ways.leftBy(root.fn) : around.settlers.has(root.variable) ? root.at : null;
    if (left !== null) return left;
  }
  return null;
}

/** What a timer or listener of the executor calls when its moment has come: a function written there, or one of those that settle. */
type Root = { readonly fn: Fn } | { readonly variable: number; readonly at: number };

/** What runs on its own later: functions of timers and listeners, and those that go on with a promise. */
function* rootsOf(program: Program, registration: Registration, inside: ReadonlySet<Fn>, isLasting: boolean): Iterable<Root> {
  // An event that comes once leaves nothing to come.
  const comesOnce = rowsOf(program, registration.fn, registration.call).some((row) => row.callbacks.some(({ runs }) => runs === "once"));
  if (!comesOnce) for (const fn of registeredFunctions(registration)) if (inside.has(fn)) yield { fn };
  for (const fn of inside) {
    const others = new Map(registrationsIn(program, fn).map((one) => [one.call, one]));
    for (const [call, site] of fn.graph.calls.entries()) {
      if (fn === registration.fn && call === registration.call) continue;
      const other = others.get(call);
      // What is listened to may be over with that event.
      const isListener = other !== undefined && other.effect.what !== "timer";
      // A timer that looks for something may see what happened as well, and stop.
      const isOver = isListener && (registration.effect.what === "timer" || (!isLasting && isOnSame(registration, other)));
      if (isOver || program.target(fn, call).fns.length > 0) continue;
      const isTaken = other !== undefined || rowsOf(program, fn, call).some((row) => row.callbacks.some(({ runs }) => runs === "later" || runs === "once"));
      if (!isTaken) continue;
      for (const { value } of site.args) {
        const given = writtenFunction(value, fn);
        if (given !== null && inside.has(given)) yield { fn: given };
        else if (value.k === "var" && other?.effect.what === "timer" && !isInsideRoot(fn, registration)) yield { variable: value.id, at: site.start };
      }
    }
  }
}

/** Whether a timer is started by something that runs later itself: whether the registration is still there then is not known. */
const isInsideRoot = (fn: Fn, registration: Registration): boolean => fn !== registration.fn;

const isOnSame = (a: Registration, b: Registration): boolean => sameObject(targetOf(a), targetOf(b), a.fn, b.fn) !== "no";

/** The ways through the functions of one executor. */
class Ways {
  readonly #program: Program;
  readonly #settlers: ReadonlySet<number>;
  readonly #inside: ReadonlySet<Fn>;
  readonly #undos: ReadonlyMap<Fn, ReadonlySet<number>>;

  constructor(program: Program, settlers: ReadonlySet<number>, inside: ReadonlySet<Fn>, undos: ReadonlyMap<Fn, ReadonlySet<number>>) {
    this.#program = program;
    this.#settlers = settlers;
    this.#inside = inside;
    this.#undos = undos;
  }

  /** @returns where a function settles the promise on a way that does not come by an undo */
  leftBy(fn: Fn, depth = 0): number | null {
    if (depth > maxDepth) return null;
    let left: number | null = null;
    const complete = solve<Progress>(
      fn.graph,
      {
        entry: { settled: -1, undone: false },
        key: ({ settled, undone }) => `${settled >= 0} ${undone}`,
        throws: (event) => event.e === "call" && fn.call(event.call).guarded && callMayThrow(this.#program, fn, event.call),
        branch: (state, test, taken) => (this.#asksForTarget(fn, test, taken) ? null : state),
        event: (state, event) => (state.undone ? state : this.#after(state, fn, event, depth)),
      },
      ({ exit, state }) => {
        if (exit === "return" && state.settled >= 0 && !state.undone) left ??= state.settled;
      },
    );
    return complete ? left : null;
  }

  /** `if (this.browser) this.browser.off("created", onCreated)`: where there is no emitter, nothing stays on it. */
  #asksForTarget(fn: Fn, test: Test, taken: boolean): boolean {
    if (test.test !== "null" && test.test !== "truthy") return false;
    const asked = JSON.stringify(test.value);
    const isMissing = test.test === "null" ? taken : !taken;
    return (
      isMissing &&
      [...(this.#undos.get(fn) ?? [])].some((call) => {
        const { callee } = fn.call(call);
        return callee.k === "field" && JSON.stringify(callee.of) === asked;
      })
    );
  }

  #after(state: Progress, fn: Fn, event: FlowEvent, depth: number): Progress {
    if (event.e !== "call") return state;
    const { callee, args, start } = fn.call(event.call);
    if (this.#undos.get(fn)?.has(event.call)) return { ...state, undone: true };
    if (callee.k === "var" && this.#settlers.has(callee.id)) return { ...state, settled: start };
    const { fns } = this.#program.target(fn, event.call);
    const given = args.flatMap(({ value }) => writtenFunction(value, fn) ?? []);
    // Whoever is handed what undoes, or calls it, is taken to do so.
    if ([...reachedBy(this.#program, [...fns, ...given])].some((one) => this.#undos.has(one))) return { ...state, undone: true };
    const called = fns.filter((one) => this.#inside.has(one) && one !== fn);
    return called.some((one) => this.leftBy(one, depth + 1) !== null) ? { ...state, settled: start } : state;
  }
}
