import type { FlowEvent, Test } from "../../flow/event-graph.ts";
import { RepeatedTests } from "../../flow/repeated-tests.ts";
import { type FlowProblem, solve } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type HolderFinder, holderKey } from "../collections/identity.ts";
import { pathOf } from "../resources/state.ts";
import type { ModelLanguage } from "../../semantics/models/model.ts";
import type { Site } from "../site.ts";
import { type Beside, awaitedCoroutines, besideOf, runsInCaller } from "./beside.ts";
import { lockOperation, pathInCaller, scopedLock } from "./lock-operations.ts";
import { type HeldLock, type LockState, given, later, lockKey, noLocks, renamed, taken } from "./lock-state.ts";

/** A lock that a function takes, itself or through what it calls. */
export interface Taking {
  /** By its path in the function; null when it has no name there. */
  readonly path: string | null;
  readonly lock: HeldLock;
  /** From the function's own call down to where the lock is taken. */
  readonly chain: readonly Site[];
  /** Whether a parameter decides about it. */
  readonly chosen: boolean;
  /** The lock of one of many: of an element of a loop. */
  readonly ofMany: boolean;
  /** Paths of locks of the caller that were given back before. */
  readonly after: ReadonlySet<string>;
}

/** A lock is taken while the same goroutine holds it. */
export interface DoubleLock extends Site {
  readonly first: HeldLock;
  readonly path: string;
  readonly shared: boolean;
  readonly chain: readonly Site[];
}

/** A lock is taken while another is held. */
export interface Nesting extends Site {
  readonly outer: string;
  readonly inner: string;
  readonly outerAt: number;
  /** From that call down to where the inner one is taken. */
  readonly chain: readonly Site[];
  /** Neither keeps the other side out. */
  readonly shared: boolean;
  /** The call that takes the inner one, itself or through what it calls. */
  readonly call: number;
  /** One of them is the lock of one of many objects, which may be others than those of the other side. */
  readonly ofMany: boolean;
}

/** What a function does with locks, as far as its callers have to know. */
interface Summary {
  readonly takes: readonly Taking[];
  /** Held when it returns. */
  readonly leaves: ReadonlyMap<string, HeldLock>;
  /** Given back though it was not taken here, with its class and field: the caller's. */
  readonly frees: ReadonlyMap<string, string | null>;
  /** Where it waits: channel operations and waits of its own and of what it calls. */
  readonly waits: readonly Site[];
  /** Held where it calls a function that it was passed, by the position of that parameter. */
  readonly lent: ReadonlyMap<number, ReadonlyMap<string, HeldLock>>;
}

/** What is found out about one function while its paths are followed. */
interface Notes {
  readonly takes: Map<string, Taking>;
  readonly waits: Map<string, Site>;
  /** The class and field of each lock that is given back, by its path. */
  readonly keys: Map<string, string | null>;
  readonly around: Map<number, Surroundings>;
  readonly lent: Map<number, ReadonlyMap<string, HeldLock>>;
}

/** Locks around a call. */
interface Surroundings {
  /** Held on every path to it, by class and field. */
  readonly held: ReadonlySet<string>;
  /** Paths of those that the caller held, and that may have been given back before it. */
  readonly freed: ReadonlySet<string>;
}

const nothing: Summary = { takes: [], leaves: new Map(), frees: new Map(), waits: [], lent: new Map() };
/** Most entries of one summary, and calls followed into one another. */
const maxEntries = 60;
const maxDepth = 10;

/** Follows which locks each function holds where, through the calls it makes. */
export class HeldLocks {
  readonly doubles: DoubleLock[] = [];
  readonly nestings: Nesting[] = [];
  /** Locks held where a function waits, by file, function and offset. */
  readonly #held = new Map<string, Set<string>>();
  /** By function and index of the call. */
  readonly #around = new Map<Fn, ReadonlyMap<number, Surroundings>>();
  readonly #program: Program;
  readonly #finder: HolderFinder;
  readonly #summaries = new Map<Fn, Summary>();
  readonly #seen = new Set<string>();
  #handed: ReadonlySet<string> | null = null;
  #depth = 0;

  constructor(program: Program, finder: HolderFinder) {
    this.#program = program;
    this.#finder = finder;
  }

  /** Follows all functions of the languages in which anybody takes a lock: in the others none is ever held. */
  followAll(): void {
    const locking = new Set<ModelLanguage>();
    for (const fn of this.#program.functions()) if (!locking.has(fn.file.language) && this.#takesLock(fn)) locking.add(fn.file.language);
    for (const fn of this.#program.functions()) if (locking.has(fn.file.language)) this.summary(fn);
  }

  #takesLock(fn: Fn): boolean {
    if (fn.graph.calls.some((_, call) => lockOperation(this.#program, fn, call)?.operation === "lock")) return true;
    return fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "enter" && scopedLock(this.#program, fn, event.value) !== null));
  }

  /** @returns what is known of the function, following it when it is asked for the first time */
  summary(fn: Fn): Summary {
    const known = this.#summaries.get(fn);
    if (known !== undefined) return known;
    if (this.#depth >= maxDepth) return nothing;
    this.#summaries.set(fn, nothing);
    this.#depth++;
    const summary = this.#follow(fn);
    this.#depth--;
    this.#summaries.set(fn, summary);
    return summary;
  }

  /** @returns the locks (by class and field) that may be held at a place where a function waits */
  heldAt({ fn, at }: Site): ReadonlySet<string> {
    return this.#held.get(siteKey(fn, at)) ?? new Set();
  }

  /**
   * @returns the locks (by class and field) that are held around a call of a function on every path, also those that its caller must hold because
   *   it gives them back afterwards; none around what it only starts or defers
   */
  heldAround(fn: Fn, call: number): ReadonlySet<string> {
    const around = this.#around.get(fn)?.get(call);
    if (around === undefined) return new Set();
    const given = [...this.summary(fn).frees].flatMap(([path, key]) => (key === null || around.freed.has(path) ? [] : [key]));
    return new Set([...around.held, ...given]);
  }

  #follow(fn: Fn): Summary {
    const notes: Notes = { takes: new Map(), waits: new Map(), keys: new Map(), around: new Map(), lent: new Map() };
    const { takes, waits, lent } = notes;
    const frees = new Map<string, string | null>();
    let leaves: Map<string, HeldLock> | null = null;
    const tests = new RepeatedTests(fn.graph, true, (call) => lockOperation(this.#program, fn, call) !== null);
    const problem: FlowProblem<LockState> = {
      entry: noLocks,
      key: lockKey,
      throws: () => false,
      branch: (state, test, holds) => {
        const outcomes = tests.branch(state.outcomes, test, holds);
        return outcomes === null ? null : { ...state, outcomes, chosen: state.chosen || decidedByParameter(fn, test) };
      },
      event: (state, event) => {
        const outcomes = tests.event(state.outcomes, event);
        return this.#event(fn, outcomes === state.outcomes ? state : { ...state, outcomes }, event, notes);
      },
    };
    const complete = solve(fn.graph, problem, ({ state }) => {
      for (const path of [...state.freed, ...state.deferred]) if (!state.held.has(path)) frees.set(path, notes.keys.get(path) ?? null);
      const left = new Map([...state.held].filter(([path]) => !state.deferred.has(path)));
      leaves = leaves === null ? left : new Map([...leaves].filter(([path]) => left.has(path)));
    });
    if (!complete) return nothing;
    this.#around.set(fn, notes.around);
    return { takes: [...takes.values()].slice(0, maxEntries), leaves: leaves ?? new Map(), frees, waits: [...waits.values()].slice(0, maxEntries), lent };
  }

  #event(fn: Fn, state: LockState, event: FlowEvent, notes: Notes): LockState {
    switch (event.e) {
      case "call":
        return this.#call(fn, state, event.call, notes);
      case "spawn":
        return this.#started(fn, state, event.call);
      case "await":
        return this.#awaited(fn, state, event.value, notes);
      case "defer":
        return this.#deferred(fn, state, event.call, notes);
      case "send":
      case "receive":
        this.#wait({ fn, at: event.at }, state, notes.waits);
        return state;
      case "enter":
        return this.#scope(fn, state, event.value, event.at, notes);
      case "leave": {
        const lock = scopedLock(this.#program, fn, event.value);
        return lock === null ? state : given(state, lock.path);
      }
      case "set":
        return renamed(state, `v${event.var}`);
      case "store": {
        const of = pathOf(event.object);
        return of === null ? state : renamed(state, `${of}.${event.field}`);
      }
      default:
        return state;
    }
  }

  #deferred(fn: Fn, state: LockState, call: number, { keys }: Notes): LockState {
    const own = lockOperation(this.#program, fn, call);
    if (own?.operation === "unlock") {
      keys.set(own.path, this.#keyOf(own.value, fn));
      return later(state, own.path);
    }
    const first = own === null ? undefined : state.held.get(own.path);
    if (own !== null && first !== undefined) {
      const at = fn.call(call).start;
      this.#once(`double ${siteKey(fn, at)} ${own.path}`, () =>
        this.doubles.push({ fn, at, first, path: own.path, shared: first.shared && own.shared, chain: [{ fn, at }] }),
      );
    }
    const callee = this.#callee(fn, call);
    if (callee === null) return state;
    let next = state;
    for (const [path, key] of this.summary(callee).frees) {
      const here = pathInCaller(this.#program, path, fn, fn.call(call), callee);
      if (here === null) continue;
      keys.set(here, key);
      next = later(next, here);
    }
    return next;
  }

  #scope(fn: Fn, state: LockState, value: Value, at: number, notes: Notes): LockState {
    const own = scopedLock(this.#program, fn, value);
    if (own === null) return state;
    const lock = { at, release: own.release, shared: own.shared, key: this.#keyOf(own.value, fn) };
    const taking = { path: own.path, lock, chain: [{ fn, at }], chosen: state.chosen, ofMany: isOfElement(fn, own.path), after: awayFrom(state) };
    this.#take(fn, state, { call: -1, at }, taking, notes.takes);
    return taken(state, own.path, lock);
  }

  #call(fn: Fn, state: LockState, call: number, notes: Notes): LockState {
    const { start } = fn.call(call);
    const { takes, waits, keys } = notes;
    const beside = besideOf(this.#program, fn, call);
    if (beside.length === 0) notes.around.set(call, surroundings(notes.around.get(call), state));
    const own = lockOperation(this.#program, fn, call);
    if (own?.operation === "unlock") {
      const taker = state.held.get(own.path);
      if (taker !== undefined && taker.release !== own.release) return state;
      keys.set(own.path, this.#keyOf(own.value, fn));
      return given(state, own.path);
    }
    if (own !== null) {
      const lock = { at: start, release: own.release, shared: own.shared, key: this.#keyOf(own.value, fn) };
      const taking = { path: own.path, lock, chain: [{ fn, at: start }], chosen: state.chosen, ofMany: isOfElement(fn, own.path), after: awayFrom(state) };
      this.#take(fn, state, { call, at: start }, taking, takes);
      return taken(state, own.path, lock);
    }
    if (this.#program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "awaits"))) this.#wait({ fn, at: start }, state, waits);
    let next = state;
    for (const one of beside) next = this.#handedOver(fn, next, one);
    this.#lends(fn, state, call, notes);
    const callee = this.#callee(fn, call);
    if (callee === null || !runsInCaller(this.#program, fn, call, callee)) return next;
    this.#calledBack(fn, call, callee);
    return this.#run(fn, next, { call, at: start }, callee, notes);
  }

  /** `each(visit)`: a function that was passed is called with these locks held. */
  #lends(fn: Fn, { held }: LockState, call: number, { lent }: Notes): void {
    const { callee } = fn.call(call);
    const position = callee.k === "var" ? fn.fact.params.findIndex((param) => param.variable === callee.id) : -1;
    if (position >= 0 && held.size > 0) lent.set(position, new Map([...(lent.get(position) ?? []), ...held]));
  }

  /** `pool.each(func(e) { pool.remove(e) })`: what is passed takes a lock that is held where it is called. */
  #calledBack(fn: Fn, call: number, callee: Fn): void {
    const site = fn.call(call);
    for (const [position, held] of this.summary(callee).lent) {
      const passed = site.args[position]?.value;
      if (passed?.k !== "fn") continue;
      for (const { path, lock, chain, chosen } of this.summary(fn.file.functions[passed.id]!).takes) {
        for (const [name, first] of chosen ? [] : held) {
          if (path === null || pathInCaller(this.#program, name, fn, site, callee) !== path) continue;
          const at = site.start;
          this.#once(`double ${siteKey(fn, at)} ${path}`, () =>
            this.doubles.push({ fn, at, first: { ...first, at }, path, shared: first.shared && lock.shared, chain: [{ fn, at }, ...chain] }),
          );
        }
      }
    }
  }

  /** What a function of the program does when it runs at a place of another. */
  #run(fn: Fn, state: LockState, { call, at }: { readonly call: number; readonly at: number }, callee: Fn, { takes, waits, keys }: Notes): LockState {
    const { takes: inner, waits: innerWaits, frees, leaves } = this.summary(callee);
    const inCaller = (path: string): string | null => pathInCaller(this.#program, path, fn, fn.call(call), callee);
    for (const one of inner) {
      if (one.chain.length >= maxDepth) continue;
      const path = one.path === null ? null : inCaller(one.path);
      const after = new Set([...[...one.after].flatMap((given) => inCaller(given) ?? []), ...awayFrom(state)]);
      this.#take(fn, state, { call, at }, { ...one, path, chain: [{ fn, at }, ...one.chain], after }, takes);
    }
    for (const site of innerWaits) this.#wait(site, state, waits);
    let next = state;
    for (const [path, key] of frees) {
      const here = inCaller(path);
      if (here === null) continue;
      keys.set(here, key);
      next = given(next, here);
    }
    for (const [path, lock] of leaves) {
      if (lock.key !== null && this.#freedBeside().has(lock.key)) continue;
      const here = call >= 0 && this.#givesGuard(fn, call) ? null : inCaller(path);
      if (here !== null) next = taken(next, here, { ...lock, at });
    }
    return next;
  }

  /** `guard := cache.acquire(); defer guard.release()`: what comes back has a method that gives a lock back, under a name of its own. */
  #givesGuard(fn: Fn, call: number): boolean {
    const type = this.#program.types.calls.result(fn, call, 0, 0);
    if (type?.t !== "instance") return false;
    return [...this.#program.hierarchy.ownMethods(type.cls).values()].some((method) => this.summary(method).frees.size > 0);
  }

  /** `mu.Lock(); go func() { defer mu.Unlock(); … }()`: what is started gives back what it was handed, whatever the caller does. */
  #started(fn: Fn, state: LockState, call: number): LockState {
    const callee = this.#callee(fn, call);
    const { callee: called, args } = fn.call(call);
    return callee === null ? state : this.#handedOver(fn, state, { fn: callee, called, args });
  }

  #handedOver(fn: Fn, state: LockState, { fn: callee, called, args }: Beside): LockState {
    if (state.held.size === 0) return state;
    let next = state;
    for (const path of this.summary(callee).frees.keys()) {
      const here = pathInCaller(this.#program, path, fn, { callee: called, args }, callee);
      if (here !== null && next.held.has(here)) next = given(next, here);
    }
    return next;
  }

  /**
   * The locks that goroutines give back though they do not take them: `mu.Lock(); tasks <- task` leaves one held that goes with the task, to
   * `go func() { for task := range tasks { task.run(); mu.Unlock() } }()`.
   */
  #freedBeside(): ReadonlySet<string> {
    if (this.#handed !== null) return this.#handed;
    const handed = new Set<string>();
    for (const fn of this.#program.functions()) {
      for (const { events } of fn.graph.blocks) {
        for (const event of events) {
          const started = event.e === "spawn" ? this.#callee(fn, event.call) : null;
          if (started !== null) for (const key of this.#givenBackOnly(started)) handed.add(key);
        }
      }
    }
    this.#handed = handed;
    return handed;
  }

  #givenBackOnly(fn: Fn): ReadonlySet<string> {
    const given = new Set<string>();
    const taken = new Set<string>();
    for (const call of fn.graph.calls.keys()) {
      const own = lockOperation(this.#program, fn, call);
      const key = own === null ? null : this.#keyOf(own.value, fn);
      if (key !== null) (own!.operation === "lock" ? taken : given).add(key);
    }
    return new Set([...given].filter((key) => !taken.has(key)));
  }

  /** `await task`: what the task takes is waited for here. */
  #awaited(fn: Fn, state: LockState, value: Value, notes: Notes): LockState {
    let next = state;
    for (const call of awaitedCoroutines(this.#program, fn, value)) {
      const callee = this.#callee(fn, call);
      if (callee !== null && !runsInCaller(this.#program, fn, call, callee)) next = this.#run(fn, next, { call, at: fn.call(call).start }, callee, notes);
    }
    return next;
  }

  /** Notes a lock that is taken: again, inside others, or for the caller to know. */
  #take(fn: Fn, state: LockState, { call, at }: { readonly call: number; readonly at: number }, taking: Taking, takes: Map<string, Taking>): void {
    const { path, lock, chain } = taking;
    const first = path === null ? undefined : state.held.get(path);
    // Around again in a loop: that it was not given back is the finding, unless it is only when the function returns.
    if (path !== null && first !== undefined && first.at === at) {
      if (state.deferred.has(path) && !first.shared)
        this.#once(`double ${siteKey(fn, at)} ${path}`, () => this.doubles.push({ fn, at, first, path, shared: false, chain }));
      return;
    }
    if (path !== null && first !== undefined && (chain.length === 1 || !taking.chosen)) {
      // One report for each time it is held, however often it is taken again.
      this.#once(`double ${siteKey(fn, first.at)} ${path}`, () => this.doubles.push({ fn, at, first, path, shared: first.shared && lock.shared, chain }));
      return;
    }
    for (const [held, outer] of state.held) {
      // Only the caller of a function knows whether it takes what a parameter decides about.
      if (taking.after.has(held) || (chain.length > 1 && taking.chosen)) continue;
      if (outer.key === null || lock.key === null || outer.key === lock.key) continue;
      this.#once(`nested ${siteKey(fn, at)} ${outer.key} ${lock.key}`, () =>
        this.nestings.push({
          fn,
          at,
          call,
          outer: outer.key!,
          inner: lock.key!,
          outerAt: outer.at,
          chain,
          shared: outer.shared && lock.shared,
          ofMany: taking.ofMany,
        }),
      );
    }
    if (path !== null && state.freed.has(path)) return;
    const key = `${path} ${lock.key} ${lock.release}`;
    const known = takes.get(key);
    if (known === undefined || (known.chosen && !taking.chosen)) takes.set(key, taking);
  }

  #wait(site: Site, state: LockState, waits: Map<string, Site>): void {
    const key = siteKey(site.fn, site.at);
    waits.set(key, site);
    for (const { key: lock } of state.held.values()) {
      if (lock === null) continue;
      const held = this.#held.get(key);
      if (held === undefined) this.#held.set(key, new Set([lock]));
      else held.add(lock);
    }
  }

  #once(key: string, note: () => void): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    note();
  }

  /** The one function of the program that a call runs. */
  #callee(fn: Fn, call: number): Fn | null {
    const { callee } = fn.call(call);
    if (callee.k === "fn") return fn.file.functions[callee.id]!;
    const { fns } = this.#program.target(fn, call);
    return fns.length === 1 ? fns[0]! : null;
  }

  #keyOf(value: Value, fn: Fn): string | null {
    const reached = this.#finder.find(value, fn);
    if (reached !== null) return reached.nested ? null : holderKey(reached.holder);
    const type = value.k === "this" ? this.#program.types.self(fn) : this.#program.typeOf(value, fn);
    return type?.t === "instance" ? `c ${type.cls.file.index} ${type.cls.id}` : null;
  }
}

/** Locks of the caller that are not held just now. */
const awayFrom = ({ freed, held }: LockState): ReadonlySet<string> => new Set([...freed].filter((path) => !held.has(path)));

/** What is around a call on one more path to it. */
function surroundings(before: Surroundings | undefined, state: LockState): Surroundings {
  const held = [...state.held.values()].flatMap(({ key }) => (key === null ? [] : [key]));
  if (before === undefined) return { held: new Set(held), freed: state.freed };
  return { held: new Set(held.filter((key) => before.held.has(key))), freed: new Set([...before.freed, ...state.freed]) };
}

const siteKey = (fn: Fn, at: number): string => `${fn.file.index} ${fn.id} ${at}`;

function decidedByParameter(fn: Fn, test: Test): boolean {
  return test.test === "truthy" && test.value.k === "var" && fn.file.variable(test.value.id).isParameter;
}

/** Whether a path begins with what a loop goes through. */
function isOfElement(fn: Fn, path: string): boolean {
  const id = /^v(\d+)/.exec(path)?.[1];
  return id !== undefined && fn.graph.loops.some((loop) => loop.targets.includes(Number(id)));
}
