import type { EventGraph, FlowEvent, Test } from "../../flow/event-graph.ts";
import type { FlowProblem } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { Program } from "../../program/program.ts";
import type { CallModel } from "../../semantics/models/model.ts";
import type { Handlings } from "./handlings.ts";
import { failureOf } from "./failures.ts";
import { type ReleaseGuards, releaseGuards, stateSubject } from "./guards.ts";
import { Parent } from "./parent.ts";
import { type ResourceState, forget, hold, initialState, learn, pathOf, stateKey } from "./state.ts";
import type { EscapeKind, Fate, Handling, Tracked } from "./tracked.ts";

type CallMode = "call" | "defer" | "spawn";

/** Follows one resource through one function: from where it is acquired to where it is released, escapes, or is forgotten. */
export class ResourceProblem implements FlowProblem<ResourceState> {
  readonly entry: ResourceState;
  /** Every way in which a path ended other than by an exit of the function. */
  readonly fates: Fate[] = [];
  /** Offsets at which the only variable holding it got another value, or it was acquired again, while it was open. */
  readonly overwritten: number[] = [];
  readonly #program: Program;
  readonly #handlings: Handlings;
  readonly #fn: Fn;
  readonly #graph: EventGraph;
  readonly tracked: Tracked;
  readonly #watched: ReadonlySet<number>;
  /** Calls whose result decides a branch. */
  readonly #tested: ReadonlySet<number>;
  readonly #throws: boolean;
  #guards: ReleaseGuards | null = null;
  readonly #parent: Parent;

  constructor(program: Program, handlings: Handlings, fn: Fn, tracked: Tracked, watched: ReadonlySet<number>) {
    this.#program = program;
    this.#handlings = handlings;
    this.#fn = fn;
    this.#graph = fn.graph;
    this.tracked = tracked;
    this.#watched = watched;
    this.#tested = testedCalls(fn.graph);
    this.#throws = fn.file.language !== "go";
    this.#parent = new Parent(program, fn, tracked);
    const { origin } = tracked;
    const given = origin.from === "path" && origin.call < 0;
    this.entry = initialState(given, given ? new Map([[origin.path, origin.part]]) : new Map());
  }

  key(state: ResourceState): string {
    return stateKey(state);
  }

  throws(event: FlowEvent, state: ResourceState): boolean {
    if (!this.#throws || !state.open || event.e !== "call") return false;
    const { rows, fns } = this.#program.target(this.#fn, event.call);
    // A promise that nobody waits for here fails elsewhere.
    if (!this.#graph.calls[event.call]!.awaited && isAlwaysAsync(rows, fns)) return false;
    if (rows.length === 0) return true;
    return rows.some((row) => row.throws) && !this.#isTakenOver(event.call, state);
  }

  /** A library's call that gets the resource to own or wrap it fails only when it is used wrongly. */
  #isTakenOver(call: number, state: ResourceState): boolean {
    return this.#graph.calls[call]!.args.some((argument, i) => {
      const part = this.part(argument.value, state);
      if (part === null) return false;
      const handling = this.#handlings.argument(this.#fn, call, i, this.tracked, part);
      return handling === "returns" || handling === "keeps";
    });
  }

  event(state: ResourceState, event: FlowEvent): ResourceState | null {
    switch (event.e) {
      case "call":
        return this.#call(state, event.call, "call");
      case "defer":
        return state.open ? this.#call(state, event.call, "defer") : state;
      case "spawn":
        return state.open ? this.#call(state, event.call, "spawn") : state;
      case "set":
        return this.#set(state, event.var, event.value, event.at);
      case "store":
      case "put":
        return state.open && this.contains(event.value, state) ? this.#escape("stored", event.at) : state;
      case "send":
        return state.open && this.contains(event.value, state) ? this.#escape("sent", event.at) : state;
      case "enter":
        if (!state.open || this.part(event.value, state) === null || !this.#endsWithScope(event.value)) return state;
        this.fates.push({ fate: "managed", at: event.at });
        return this.tracked.beyondScopes ? state : null;
      case "yield":
        return state.open && event.value !== null && this.contains(event.value, state) ? this.#escape("yielded", event.at) : state;
      case "escape":
        return state.open && event.values.some((value) => this.contains(value, state)) ? this.#escape("not understood", event.at) : state;
      case "delete":
      case "receive":
      case "leave":
        return state;
    }
  }

  /** `with sqlite3.connect(…)` ends a transaction, not the connection; `with closing(…)` and the scopes of other languages are there to release. */
  #endsWithScope(value: Value): boolean {
    if (this.tracked.acquires.scoped || this.#fn.file.language !== "python") return true;
    const { origin } = this.tracked;
    return value.k === "call" && !(origin.from === "call" && value.id === origin.call);
  }

  #escape(how: EscapeKind, at: number, result = -1): null {
    this.fates.push({ fate: "escapes", how, at, result });
    return null;
  }

  #released(how: Extract<Fate, { fate: "released" }>["how"], at: number): null {
    this.fates.push({ fate: "released", how, at });
    return null;
  }

  /** @returns which part of the resource a value is ("" for the whole), null when it is none */
  part(value: Value, state: ResourceState): string | null {
    if (!state.open) return null;
    const { origin, parts } = this.tracked;
    switch (value.k) {
      case "call":
        if (origin.from === "call" && value.id === origin.call && origin.result === 0) return origin.part;
        return state.holders.get(`c${value.id}`) ?? this.#chained(value.id, state);
      case "item":
        // `c, ok := x.(T)`
        if (value.of.k === "cast") return value.i === 0 ? this.part(value.of.of, state) : null;
        if (value.of.k !== "call") return null;
        if (origin.from === "call" && value.of.id === origin.call) return value.i === origin.result ? origin.part : null;
        return value.i === 0 ? (state.holders.get(`c${value.of.id}`) ?? null) : null;
      case "var":
      case "this":
      case "ref":
        return state.holders.get(pathOf(value)!) ?? null;
      case "field": {
        const path = pathOf(value);
        const held = path === null ? undefined : state.holders.get(path);
        if (held !== undefined) return held;
        const of = this.part(value.of, state);
        if (of === null) return null;
        const part = of === "" ? value.name : `${of}.${value.name}`;
        return parts.includes(part) ? part : null;
      }
      case "coll":
        return origin.from === "call" && value.made === origin.call ? origin.part : null;
      case "cast":
      case "entered":
        return this.part(value.of, state);
      case "either":
        for (const one of value.of) {
          const part = this.part(one, state);
          if (part !== null) return part;
        }
        return null;
      default:
        return null;
    }
  }

  /** `createClient().on("error", log)`: methods that return what they are called on. */
  #chained(call: number, state: ResourceState): string | null {
    const { callee } = this.#graph.calls[call]!;
    if (callee.k !== "field" || !this.#program.target(this.#fn, call).rows.some((row) => row.results[0]?.name === "receiver")) return null;
    return this.part(callee.of, state);
  }

  /** Whether a value is the resource or holds it somewhere inside. */
  contains(value: Value, state: ResourceState): boolean {
    if (this.part(value, state) !== null) return true;
    switch (value.k) {
      case "coll":
        return value.items.some((item) => this.contains(item, state));
      case "either":
      case "unknown":
        return value.of.some((item) => this.contains(item, state));
      case "cast":
        return this.contains(value.of, state);
      case "item":
      case "slice":
        return value.of.k === "var" && this.contains(value.of, state);
      case "fn":
        return this.#captures(value.id, state) !== null && this.#closure(value.id, state) !== "borrows";
      default:
        return false;
    }
  }

  #set(state: ResourceState, variable: number, value: Value, at: number): ResourceState | null {
    // A local struct that holds a client goes where the client goes.
    const part = this.part(value, state) ?? (this.tracked.beyondScopes && value.k === "coll" && this.contains(value, state) ? "" : null);
    const owner = this.#fn.file.variable(variable);
    if (part === null && state.open && value.k !== "var" && this.contains(value, state)) return this.#escape("stored", at);
    // A variable of an enclosing function, or of the file, lives on.
    if (part !== null && (owner.fn !== this.#fn.id || owner.isStatic || this.#fn.fact.kind === "module")) return this.#escape("outlives", at);
    let next = forget(state, variable);
    if (part !== null) next = hold(next, `v${variable}`, part);
    else if (state.open && state.named && next.holders.size === 0 && state.holders.size > 0) {
      if (value.k === "const" && value.v === null) return next;
      this.overwritten.push(at);
      return null;
    }
    const failure = failureOf(this.#program, this.#fn, this.tracked, value);
    if (failure !== null) next = { ...next, failures: new Map([...next.failures, [variable, failure]]) };
    if (this.#watched.has(variable)) {
      if (value.k === "const") next = learn(next, variable, Boolean(value.v));
      else if (value.k === "coll" || value.k === "fn" || part !== null) next = learn(next, variable, true);
    }
    return next;
  }

  #call(state: ResourceState, id: number, mode: CallMode): ResourceState | null {
    const { origin } = this.tracked;
    if (mode === "call" && id === origin.call) return this.#acquired(state, id);
    if (!state.open) return state;
    const site = this.#graph.calls[id]!;
    const target = this.#program.target(this.#fn, id);
    if (target.rows.some((row) => row.noReturn)) return null;
    const calleePart = this.#calleePath(site.callee, state);
    if (calleePart !== null && this.#releases(calleePart)) return this.#released(mode === "defer" ? "defer" : "call", site.start);
    if (calleePart !== null && this.tracked.acquires.exhausted.includes(calleePart) && !this.#tested.has(id)) return this.#released("exhausted", site.start);
    if (this.#wrapperReleases(site.callee, target.rows, state)) return this.#released(mode === "defer" ? "defer" : "call", site.start);
    if (this.#parent.releasedBy(id)) return this.#released(mode === "defer" ? "defer" : "callee", site.start);
    if (this.#siblingReleases(state, id)) return this.#released(mode === "defer" ? "defer" : "callee", site.start);
    if (site.callee.k === "fn" && this.#captures(site.callee.id, state) !== null) {
      const ended = this.#handled(this.#closure(site.callee.id, state), "closure", mode, id, state);
      if (ended !== undefined) return ended;
    }
    return this.#arguments(state, id, mode);
  }

  #acquired(state: ResourceState, id: number): ResourceState | null {
    const { origin } = this.tracked;
    const { start } = this.#graph.calls[id]!;
    if (state.open && origin.from === "call") {
      if (state.holders.size > 0 || !state.named) this.overwritten.push(start);
      return null;
    }
    if (this.#parent.isScoped) {
      this.fates.push({ fate: "managed", at: start });
      return this.tracked.beyondScopes ? { ...state, open: true } : null;
    }
    const holders = origin.from === "path" ? new Map([[origin.path, origin.part]]) : new Map<string, string>();
    return { ...state, open: true, holders, named: origin.from === "path", failures: new Map() };
  }

  /** `this.finish()` where the resource is `this.connection`: a method of the same object releases what its fields hold. */
  #siblingReleases(state: ResourceState, id: number): boolean {
    const { callee } = this.#graph.calls[id]!;
    if (callee.k !== "field" || callee.of.k !== "this") return false;
    const { fns } = this.#program.target(this.#fn, id);
    for (const [path, part] of state.holders) {
      if (path.startsWith("this.") && fns.some((one) => this.#handlings.ofPath(one, path, this.tracked, part) === "releases")) return true;
    }
    return false;
  }

  /** `os.fdopen(fd).close()`: what wraps the resource is released by a method of its own. */
  #wrapperReleases(callee: Value, rows: readonly CallModel[], state: ResourceState): boolean {
    if (callee.k !== "field" || this.part(callee.of, state) !== "") return false;
    return rows.some((row) => row.effects.some((effect) => effect.role === "releases" && effect.value.of === "receiver"));
  }

  #releases(path: string): boolean {
    return this.tracked.acquires.releasedBy.includes(path === "" ? "()" : path);
  }

  /** `atexit.register(handle.close)`: the method that releases it, not called yet. */
  #isRelease(value: Value, state: ResourceState): boolean {
    const path = this.#calleePath(value, state);
    return path !== null && path !== "" && this.#releases(path);
  }

  /** The path from the resource to what is called: `Close`, `Body.Close`, "" when the value itself is called. */
  #calleePath(callee: Value, state: ResourceState): string | null {
    const own = this.part(callee, state);
    if (own !== null) return own;
    if (callee.k === "ref") {
      const held = ownerOf(callee);
      return held !== null && this.part(held, state) === "" ? callee.name.slice(held.name.length + 1) : null;
    }
    if (callee.k !== "field") return null;
    const of = this.part(callee.of, state);
    if (of !== null) return of === "" ? callee.name : `${of}.${callee.name}`;
    // `x.stdin.close`: a release that goes through a field that is no part of the resource.
    if (callee.of.k !== "field") return null;
    const outer = this.part(callee.of.of, state);
    return outer === "" ? `${callee.of.name}.${callee.name}` : null;
  }

  #arguments(state: ResourceState, id: number, mode: CallMode): ResourceState | null {
    const site = this.#graph.calls[id]!;
    let next: ResourceState | null = state;
    for (const [i, argument] of site.args.entries()) {
      if (next === null) return null;
      const part = this.part(argument.value, next);
      const { value } = argument;
      if (part !== null) {
        const handling = this.#handlings.argument(this.#fn, id, i, this.tracked, part);
        const ended = this.#handled(handling, "callee", mode, id, next, part);
        if (ended !== undefined) next = ended;
      } else if (value.k === "fn" && this.#captures(value.id, next) !== null) {
        const ended = this.#handled(this.#handlings.callback(this.#fn, id, this.#closure(value.id, next)), "closure", mode, id, next);
        if (ended !== undefined) next = ended;
      } else if (value.k === "field" && this.#isRelease(value, next)) {
        const ended = this.#handled(this.#handlings.callback(this.#fn, id, "releases"), "closure", mode, id, next);
        if (ended !== undefined) next = ended;
      } else if (this.contains(value, next) && !this.#isLent(value, id)) return this.#escape("passed", site.start);
    }
    return next;
  }

  /** `insertOne(order, { session })`: a query only uses what its options name. */
  #isLent(value: Value, id: number): boolean {
    const { rows } = this.#program.target(this.#fn, id);
    const effects = rows.flatMap((row) => row.effects);
    return value.k === "coll" && (value.kind === "object" || value.kind === "map") && effects.some((effect) => effect.role === "queries") && !effects.some((effect) => effect.role === "acquires");
  }

  /** What a callee's handling means here; undefined when the resource is as before. */
  #handled(handling: Handling, how: "callee" | "closure", mode: CallMode, id: number, state: ResourceState, part = ""): ResourceState | null | undefined {
    const { start } = this.#graph.calls[id]!;
    switch (handling) {
      case "releases":
        return this.#released(mode === "defer" ? "defer" : how, start);
      case "keeps":
        return this.#escape(how === "closure" ? "captured" : "stored", start);
      case "unknown":
        // A connection that the object keeps is lent for the time of the call: who began its transaction ends it.
        if (how === "callee" && mode === "call" && this.#isOfObject()) return undefined;
        return this.#escape(how === "closure" ? "captured" : "passed", start);
      case "returns":
        return { ...state, holders: new Map([...state.holders, [`c${id}`, part]]) };
      case "borrows":
        return mode === "spawn" ? this.#escape("captured", start) : undefined;
    }
  }

  /** Acquired on a field of the function's own object. */
  #isOfObject(): boolean {
    const { origin } = this.tracked;
    return origin.from === "path" && origin.call >= 0 && origin.path.startsWith("this.");
  }

  /** @returns the captured variable through which a closure holds the resource, with its part */
  #captures(fn: number, state: ResourceState): { readonly variable: number; readonly part: string } | null {
    for (const variable of this.#fn.file.functions[fn]!.fact.captures) {
      const part = state.holders.get(`v${variable}`);
      if (part !== undefined) return { variable, part };
    }
    return null;
  }

  #closure(fn: number, state: ResourceState): Handling {
    const captured = this.#captures(fn, state)!;
    return this.#handlings.of(this.#fn.file.functions[fn]!, captured.variable, this.tracked, captured.part);
  }

  /** Iterating over the resource to its end releases it; where leaving the loop closes what it iterates over, entering it is enough. */
  each(state: ResourceState, loop: number, entered: boolean): ResourceState | null {
    const { iterable, start } = this.#graph.loops[loop]!;
    if (!state.open || iterable === null || (entered && !profileOf(this.#fn.file.language).loopsClose)) return state;
    if (this.part(iterable, state) !== "" || !this.tracked.acquires.exhausted.includes("__iter__")) return state;
    return this.#released("exhausted", start);
  }

  branch(state: ResourceState, test: Test, taken: boolean): ResourceState | null {
    if (state.open && this.#isSpared(state, test, taken)) return null;
    switch (test.test) {
      case "null":
        return this.#nullness(state, test.value, taken);
      case "truthy":
        return this.#truth(state, test.value, taken);
      case "compare":
        return this.#comparison(state, test, taken);
      default:
        return state;
    }
  }

  /** `if (client.isOpen) client.quit()`: the resource itself is asked whether there is anything to release. */
  #isSpared(state: ResourceState, test: Test, taken: boolean): boolean {
    this.#guards ??= releaseGuards(this.#graph, this.tracked.acquires.releasedBy);
    if (this.#guards.get(test) !== !taken) return false;
    const subject = stateSubject(test, this.#graph);
    return subject !== null && this.part(subject, state) !== null;
  }

  /** `value` is null (or not): a null resource is none, a non-null error means there is none. */
  #nullness(state: ResourceState, value: Value, isNull: boolean): ResourceState | null {
    if (state.open) {
      if (this.part(value, state) !== null || this.#parent.is(value)) return isNull ? null : state;
      const failure = this.#failure(value, state);
      if (failure !== null) return this.#told(state, failure, !isNull);
    }
    return this.#assume(state, value, !isNull);
  }

  /** What a value tells of the acquiring call, by a variable or by the call itself: the truth value that means that nothing was acquired. */
  #failure(value: Value, state: ResourceState): boolean | null {
    return value.k === "var" ? (state.failures.get(value.id) ?? null) : failureOf(this.#program, this.#fn, this.tracked, value);
  }

  /** An error that is there, or a companion that is missing, means that there is no resource. */
  #told(state: ResourceState, failure: boolean, isTrue: boolean): ResourceState | null {
    return isTrue === failure ? null : state;
  }

  #truth(state: ResourceState, value: Value, isTrue: boolean): ResourceState | null {
    if (state.open) {
      if (this.part(value, state) !== null || this.#parent.is(value)) return isTrue ? state : null;
      const failure = this.#failure(value, state);
      if (failure !== null) return this.#told(state, failure, isTrue);
      if (value.k === "field" && this.part(value.of, state) !== null && /closed|destroyed|released/i.test(value.name)) return isTrue ? null : state;
      if (value.k === "call" && this.#tested.has(value.id)) {
        const asked = this.#calleePath(this.#graph.calls[value.id]!.callee, state);
        // `for rows.Next()`: its end, not each step of it, releases.
        if (!isTrue && asked !== null && this.tracked.acquires.exhausted.includes(asked)) return this.#released("exhausted", this.#graph.calls[value.id]!.start);
      }
      if (value.k === "call") return this.#predicate(state, value.id, isTrue);
    }
    return this.#assume(state, value, isTrue);
  }

  /** `errors.Is(err, …)` and the like say that there is an error; `is_resource($f)` that there is a resource. */
  #predicate(state: ResourceState, id: number, isTrue: boolean): ResourceState | null {
    const first = this.#graph.calls[id]!.args[0]?.value;
    if (first === undefined) return state;
    if (first.k === "var" && state.failures.get(first.id) === true) return isTrue ? null : state;
    if (isTrue || this.part(first, state) === null) return state;
    return this.#program.target(this.#fn, id).rows.some((row) => row.effects.some((effect) => effect.role === "checks")) ? null : state;
  }

  #comparison(state: ResourceState, test: Extract<Test, { test: "compare" }>, taken: boolean): ResourceState | null {
    if (!state.open || test.operator !== "==") return state;
    const { left, right } = test;
    if (right.k === "const" && (right.v === false || right.v === null || right.v === -1) && this.part(left, state) !== null) return taken ? null : state;
    if (left.k === "var" && state.failures.get(left.id) === true) return taken ? null : state;
    if (right.k === "const" && typeof right.v === "boolean") return this.#assume(state, left, taken === right.v);
    return state;
  }

  /** Remembers the outcome of a test on a variable that is tested again; a contradiction is a path that cannot be. */
  #assume(state: ResourceState, value: Value, isTrue: boolean): ResourceState | null {
    if (value.k !== "var" || !this.#watched.has(value.id)) return state;
    const known = state.known.get(value.id);
    if (known !== undefined) return known === isTrue ? state : null;
    return learn(state, value.id, isTrue);
  }
}

/** @returns the class or module whose function a reference names (`DB` of `DB.commit`), null for none */
export function ownerOf(callee: Extract<Value, { k: "ref" }>): Extract<Value, { k: "ref" }> | null {
  const dot = callee.name.lastIndexOf(".");
  return dot < 0 ? null : { ...callee, name: callee.name.slice(0, dot) };
}

function testedCalls(graph: EventGraph): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { end } of graph.blocks) if (end.t === "branch" && end.test.test === "truthy" && end.test.value.k === "call") found.add(end.test.value.id);
  return found;
}

function isAlwaysAsync(rows: readonly CallModel[], fns: readonly Fn[]): boolean {
  return rows.length + fns.length > 0 && rows.every((row) => row.isAsync) && fns.every((fn) => fn.fact.isAsync);
}

/** @returns the variables whose truth is worth remembering: tested more than once, or tested and set to a constant */
export function watchedVariables(graph: EventGraph): ReadonlySet<number> {
  const tests = new Map<number, number>();
  const count = (value: Value, weight: number): void => {
    if (value.k === "var") tests.set(value.id, (tests.get(value.id) ?? 0) + weight);
  };
  const constants = new Set<number>();
  for (const block of graph.blocks) {
    for (const event of block.events) if (event.e === "set" && event.value.k === "const") constants.add(event.var);
    if (block.end.t !== "branch") continue;
    const { test } = block.end;
    if (test.test === "null" || test.test === "truthy") count(test.value, 1);
    else if (test.test === "compare" && test.right.k === "const" && typeof test.right.v === "boolean") count(test.left, 1);
  }
  const watched = [...tests].filter(([id, n]) => n > 1 || constants.has(id)).map(([id]) => id);
  return new Set(watched.slice(0, 8));
}

/** @returns what a `return` hands out: one value, or several in Go and with tuples */
export function resultsOf(value: Value): readonly Value[] {
  return value.k === "coll" && value.kind === "tuple" ? value.items : [value];
}
