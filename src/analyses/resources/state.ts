import { noOutcomes, outcomesKey, type TestOutcomes } from "../../flow/repeated-tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Likelihood } from "./likelihood.ts";

/** What is known of one resource at one place of a path. Never changed in place. */
export interface ResourceState {
  /** Whether it has been acquired and not yet released. */
  readonly open: boolean;
  /** Whether there is something to release already: a client that has not connected holds nothing. */
  readonly opened: boolean;
  /** Places that hold it: the path of a variable or field, and which part of the resource it is ("" for the whole). */
  readonly holders: ReadonlyMap<string, string>;
  /** Whether a variable has held it. */
  readonly named: boolean;
  /** Variables that tell how the acquiring call went, each with the truth value that means that nothing was acquired (an error: true). */
  readonly failures: ReadonlyMap<number, boolean>;
  /** Variables known to be true or false (null counts as false). */
  readonly known: ReadonlyMap<number, boolean>;
  /** Closures that run when the function returns, put off before it was acquired: by the index of their call. */
  readonly deferred: ReadonlySet<number>;
  /** Another was opened by the same call since it was put into a collection. */
  readonly again: boolean;
  /** Loops that have gone through a collection which has it. */
  readonly walked: ReadonlySet<number>;
  /** How what is waited for went, where the resource is dealt with already (`query().then((rows) => { connection.release(); … })`); null: nowhere. */
  readonly settled: SettledWay | null;
  /** The call whose exception a handler has caught since it was acquired, -1 for none. */
  readonly caught: number;
  /** How likely that exception is: ways into a handler that are more or less likely are kept apart. */
  readonly caughtAs: Likelihood;
  /** It was read to its end, and so holds next to nothing. */
  readonly drained: boolean;
  /** How other tests came out that the function makes again. */
  readonly outcomes: TestOutcomes;
}

/** One of the two ways in which a promise is settled, with the call that made the promise (-1 where that is not known). */
export interface SettledWay {
  readonly after: "success" | "failure";
  readonly call: number;
}

export function initialState(open: boolean, holders: ReadonlyMap<string, string>): ResourceState {
  return {
    open,
    opened: true,
    holders,
    named: false,
    failures: new Map(),
    known: new Map(),
    deferred: new Set(),
    again: false,
    walked: new Set(),
    settled: null,
    caught: -1,
    caughtAs: "ends",
    drained: false,
    outcomes: noOutcomes,
  };
}

/** @returns the text under which equal states are joined */
export function stateKey(state: ResourceState): string {
  const holders = [...state.holders]
    .map(([path, part]) => `${path}:${part}`)
    .sort()
    .join(",");
  const known = [...state.known]
    .map(([id, value]) => `${id}${value ? "+" : "-"}`)
    .sort()
    .join(",");
  return `${state.open ? 1 : 0}${state.opened ? 1 : 0}${state.named ? 1 : 0}${state.drained ? 1 : 0}${state.again ? 1 : 0}|${holders}|${[...state.failures]
    .map(([id, value]) => `${id}${value ? "+" : "-"}`)
    .sort()
    .join(
      ",",
    )}|${known}|${[...state.deferred].join(",")}|${[...state.walked].join(",")}|${state.settled?.after ?? ""}|${state.caught < 0 ? "" : `!${state.caughtAs}`}|${outcomesKey(state.outcomes)}`;
}

/** @returns the path of a variable or field; null for values that have none */
export function pathOf(value: Value): string | null {
  switch (value.k) {
    case "var":
      return `v${value.id}`;
    case "this":
      return "this";
    case "field": {
      const of = pathOf(value.of);
      return of === null ? null : `${of}.${value.name}`;
    }
    case "ref":
      return `${value.module ?? ""}:${value.name}`;
    case "cast":
    case "entered":
      return pathOf(value.of);
    default:
      return null;
  }
}

/** @returns the state after a variable has got another value: it holds nothing that it held before */
export function forget(state: ResourceState, variable: number): ResourceState {
  const path = `v${variable}`;
  const affected = [...state.holders.keys()].some((holder) => holder === path || holder.startsWith(`${path}.`));
  if (!affected && !state.failures.has(variable) && !state.known.has(variable)) return state;
  const holders = affected ? new Map([...state.holders].filter(([holder]) => holder !== path && !holder.startsWith(`${path}.`))) : state.holders;
  const failures = state.failures.has(variable) ? new Map([...state.failures].filter(([id]) => id !== variable)) : state.failures;
  const known = state.known.has(variable) ? new Map([...state.known].filter(([id]) => id !== variable)) : state.known;
  return { ...state, holders, failures, known };
}

export function hold(state: ResourceState, path: string, part: string): ResourceState {
  return { ...state, holders: new Map([...state.holders, [path, part]]), named: true };
}

export function learn(state: ResourceState, variable: number, value: boolean): ResourceState {
  return state.known.get(variable) === value ? state : { ...state, known: new Map([...state.known, [variable, value]]) };
}
