import { noOutcomes, outcomesKey, type TestOutcomes } from "../../flow/repeated-tests.ts";

/** A lock that is held on a path. */
export interface HeldLock {
  /** Where it was taken. */
  readonly at: number;
  readonly release: string;
  readonly shared: boolean;
  /** The same lock field of all objects of a class; null when it is not known. */
  readonly key: string | null;
}

/** The locks of one path of a function. Never changed in place. */
export interface LockState {
  readonly held: ReadonlyMap<string, HeldLock>;
  /** Given back when the function returns. */
  readonly deferred: ReadonlySet<string>;
  /** Given back here without having been taken here: the caller's. */
  readonly freed: ReadonlySet<string>;
  /** Whether a parameter decided about the way here: the caller may know that it is never taken. */
  readonly chosen: boolean;
  /** How tests came out that the function makes again. */
  readonly outcomes: TestOutcomes;
}

export const noLocks: LockState = { held: new Map(), deferred: new Set(), freed: new Set(), chosen: false, outcomes: noOutcomes };

/** @returns the text under which equal states are joined */
export function lockKey({ held, deferred, freed, chosen, outcomes }: LockState): string {
  return `${[...held].map(([path, lock]) => `${path}/${lock.release}`).sort()}|${[...deferred].sort()}|${[...freed].sort()}|${chosen}|${outcomesKey(outcomes)}`;
}

export function taken(state: LockState, path: string, lock: HeldLock): LockState {
  return { ...state, held: new Map([...state.held, [path, lock]]) };
}

export function given(state: LockState, path: string): LockState {
  if (!state.held.has(path)) return { ...state, freed: new Set([...state.freed, path]) };
  return { ...state, held: new Map([...state.held].filter(([one]) => one !== path)) };
}

export function later(state: LockState, path: string): LockState {
  return { ...state, deferred: new Set([...state.deferred, path]) };
}

/** After the variable or field at a path has got another value, locks reached through it are others. */
export function renamed(state: LockState, path: string): LockState {
  const affected = [...state.held.keys()].some((one) => one === path || one.startsWith(`${path}.`));
  return affected ? { ...state, held: new Map([...state.held].filter(([one]) => one !== path && !one.startsWith(`${path}.`))) } : state;
}
