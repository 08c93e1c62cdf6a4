import type { EventGraph, FlowEvent, Test } from "../../flow/event-graph.ts";
import { neverComesBack } from "../ending-calls.ts";
import { isAlwaysNil } from "../never-failing.ts";
import { RepeatedTests } from "../../flow/repeated-tests.ts";
import type { FlowProblem } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { holds, makingCall, settled } from "../../program/arguments.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { Program } from "../../program/program.ts";
import type { CallModel } from "../../semantics/models/model.ts";
import { returnedFunctions } from "../returned-functions.ts";
import { isOverNeverClosed } from "../work/loops.ts";
import { mentionedValues, usedValues } from "../work/values.ts";
import { isReadToEnd, matches } from "./argument-flow.ts";
import type { Handlings } from "./handlings.ts";
import { among, amongTuples, carried, givesKeys, grownBy, inTuple, isCollected, isLocalCollection } from "./collected.ts";
import { failureOf } from "./failures.ts";
import { Conditions } from "./conditions.ts";
import { beneath, Holding, inside, subjectOf } from "./holding.ts";
import { Parent } from "./parent.ts";
import { type ResourceState, forget, hold, initialState, learn, pathOf, stateKey } from "./state.ts";
import { Throwers } from "./throwers.ts";
import { testedCalls, watchedVariables } from "./watched.ts";
import type { EntryOrigin, EscapeKind, Fate, Handling, Tracked } from "./tracked.ts";

type CallMode = "call" | "defer" | "spawn";

/** A place where it is lost to another, and the call whose exception a handler caught on the way there (-1 for none). */
export interface Overwriting {
  readonly at: number;
  readonly caught: number;
  readonly drained: boolean;
}

/** Follows one resource through one function: from where it is acquired to where it is released, escapes, or is forgotten. */
export class ResourceProblem implements FlowProblem<ResourceState> {
  readonly entry: ResourceState;
  /** Every way in which a path ended other than by an exit of the function. */
  readonly fates: Fate[] = [];
  /** Where the only variable holding it got another value, or it was acquired again, while it was open. */
  readonly overwritten: Overwriting[] = [];
  readonly #program: Program;
  readonly #handlings: Handlings;
  readonly #fn: Fn;
  readonly #graph: EventGraph;
  readonly tracked: Tracked;
  readonly #watched: ReadonlySet<number>;
  readonly holding: Holding;
  readonly #conditions: Conditions;
  /** Calls whose result decides a branch. */
  readonly #tested: ReadonlySet<number>;
  readonly #repeated: RepeatedTests;
  readonly #throwers: Throwers;
  readonly parent: Parent;
  readonly #isContextManager: boolean;
  readonly #lent: ReadonlySet<number>;

  /** @param lent calls of code that was not seen which only use the resource: the function itself releases it afterwards */
  constructor(program: Program, handlings: Handlings, fn: Fn, tracked: Tracked, lent: ReadonlySet<number> = new Set()) {
    this.#program = program;
    this.#handlings = handlings;
    this.#fn = fn;
    this.#graph = fn.graph;
    this.tracked = tracked;
    this.#lent = lent;
    this.#watched = watchedVariables(fn.graph);
    this.#tested = testedCalls(fn.graph);
    this.#repeated = new RepeatedTests(fn.graph, false, (call) => call === tracked.origin.call || isReleaseOf(tracked, fn, call));
    this.parent = new Parent(program, fn, tracked);
    this.#isContextManager = isContextManager(program, fn);
    this.holding = new Holding(program, handlings, fn, tracked);
    this.#throwers = new Throwers(program, handlings, fn, this.holding);
    this.#conditions = new Conditions(program, fn, this.holding, this.parent, this.#watched, this.#tested, (at) => this.#released("exhausted", at));
    const { origin } = tracked;
    this.entry = origin.from === "entry" ? entryState(origin) : initialState(false, new Map());
  }

  key(state: ResourceState): string {
    return stateKey(state);
  }

  throws(event: FlowEvent, state: ResourceState): boolean {
    // What fails inside the `with` is raised again here: https://docs.python.org/3/library/contextlib.html#contextlib.contextmanager
    if (event.e === "yield") return state.open && this.#isContextManager;
    return event.e === "call" && this.#throwers.has(event.call, state);
  }

  thrown(state: ResourceState, event: FlowEvent): ResourceState {
    return state.open && event.e === "call" ? { ...state, caught: event.call } : state;
  }

  event(before: ResourceState, event: FlowEvent): ResourceState | null {
    const outcomes = this.#repeated.event(before.outcomes, event);
    const state = outcomes === before.outcomes ? before : { ...before, outcomes };
    if (state.open && this.tracked.acquires.exhausted.length > 0) {
      const read = valuesOf(this.#graph, event).some((value) => this.holding.readsToEnd(value, state));
      if (read) return this.#released("exhausted", event.e === "call" ? this.#graph.calls[event.call]!.start : "at" in event ? event.at : 0);
    }
    switch (event.e) {
      case "call":
        return this.#call(state, event.call, "call");
      case "defer":
        return state.open ? this.#call(state, event.call, "defer") : this.#putOff(state, event.call);
      case "spawn":
        return state.open ? this.#call(state, event.call, "spawn") : state;
      case "set":
        return this.#set(state, event.var, event.value, event.at);
      case "store":
        if (state.open && this.#isReplaced(event.object, event.field, event.value, state)) {
          const holders = new Map([...state.holders].filter(([path]) => path !== `${pathOf(event.object)}.${event.field}`));
          // `const old = this.out; this.out = open(); old.end()`
          if (holders.size > 0) return { ...state, holders };
          this.overwritten.push({ at: event.at, caught: state.caught, drained: state.drained });
          return null;
        }
        return state.open && this.holding.contains(event.value, state) ? this.#escape("stored", event.at) : state;
      case "put": {
        if (!state.open || ![event.value, event.key].some((one) => one !== null && this.holding.contains(one, state))) return state;
        return this.holding.part(event.value, state) === "" ? this.#collected(state, event.object, event.at) : this.#escape("stored", event.at);
      }
      case "send":
        return state.open && this.holding.contains(event.value, state) ? this.#escape("sent", event.at) : state;
      case "enter":
        if (!state.open || this.holding.part(event.value, state) === null || !this.#endsWithScope(event.value)) return state;
        this.fates.push({ fate: "managed", at: event.at });
        return this.tracked.beyondScopes ? state : null;
      case "yield":
        // A context manager lends it to the scope, and goes on afterwards.
        if (this.#isContextManager || !state.open || event.value === null || !this.holding.contains(event.value, state)) return state;
        return this.#escape("yielded", event.at);
      case "escape":
        return state.open && event.values.some((value) => this.holding.contains(value, state)) ? this.#escape("not understood", event.at) : state;
      case "await":
        return state.open && this.holding.part(event.value, state) === "" && this.holding.releases("__await__") ? this.#released("call", event.at) : state;
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

  /** A field that held it at the entry gets another. */
  #isReplaced(object: Value, field: string, value: Value, state: ResourceState): boolean {
    const { origin } = this.tracked;
    const path = pathOf(object);
    return origin.from === "entry" && `${path}.${field}` === origin.path && value.k !== "const" && !this.holding.contains(value, state);
  }

  /** It is put into a collection: one that only this function has is followed on, any other keeps it. */
  #collected(state: ResourceState, collection: Value, at: number): ResourceState | null {
    const variable = collection.k === "var" && !this.tracked.beyondScopes ? collection.id : -1;
    if (variable < 0 || !isLocalCollection(this.#program, this.#fn, variable)) return this.#escape("stored", at);
    if (this.#isReleasedLater(state, variable, among, ["borrows", "returns"])) return this.#released("closure", at);
    if (this.#isAwaited(variable, among, at)) return this.#escape("captured", at);
    return hold(state, `v${variable}`, among);
  }

  #escape(how: EscapeKind, at: number, result = -1): null {
    this.fates.push({ fate: "escapes", how, at, result });
    return null;
  }

  #released(how: Extract<Fate, { fate: "released" }>["how"], at: number): null {
    this.fates.push({ fate: "released", how, at });
    return null;
  }

  #set(state: ResourceState, variable: number, value: Value, at: number): ResourceState | null {
    // A local struct that holds a client goes where the client goes.
    const part = this.holding.part(value, state) ?? (this.tracked.beyondScopes && value.k === "coll" && this.holding.contains(value, state) ? "" : null);
    const owner = this.#fn.file.variable(variable);
    // `done := func() { f.Close() }`: what it does counts where it is called.
    if (value.k === "fn" && owner.fn === this.#fn.id && isOnlyCalled(this.#fn, variable)) return state;
    if (part === null && state.open && value.k !== "var" && value.k !== "field" && this.holding.contains(value, state)) {
      const isList = value.k === "coll" && value.items.some((item) => this.holding.part(item, state) === "");
      return isList ? this.#collected(forget(state, variable), { k: "var", id: variable }, at) : this.#escape("stored", at);
    }
    // A variable of an enclosing function, or of the file, lives on.
    if (part !== null && (owner.fn !== this.#fn.id || owner.isStatic || this.#isOfModule(variable))) return this.#escape("outlives", at);
    if (part !== null && this.#isReleasedLater(state, variable, part)) return this.#released("defer", at);
    if (part !== null && this.#isAwaited(variable, part, at)) return this.#escape("captured", at);
    let next = forget(state, variable);
    // `unlock := mu.Unlock`
    const release = part === null && value.k === "field" && this.holding.isRelease(value, state) ? this.holding.calleePath(value, state) : null;
    if (part !== null) next = hold(next, `v${variable}`, part);
    else if (release !== null) next = hold(next, `v${variable}`, release);
    else if (state.open && state.named && next.holders.size === 0 && state.holders.size > 0) {
      if (value.k === "const" && value.v === null) return next;
      if (state.settled?.after === "success" || !state.opened) return null;
      this.overwritten.push({ at, caught: state.caught, drained: state.drained });
      return null;
    }
    // How the next one went says nothing of one that was collected before.
    const failure =
      isCollected(state) && this.tracked.origin.part !== among
        ? null
        : (failureOf(this.#program, this.#fn, this.tracked, value) ??
          this.holding.failureTold(value, state) ??
          this.#translated(value, state) ??
          asserted(value, state));
    if (failure !== null) next = { ...next, failures: new Map([...next.failures, [variable, failure]]) };
    // `handler, err := newHandler()`, which never gives an error.
    if ((value.k === "call" || value.k === "item") && isAlwaysNil(this.#program, this.#fn, value)) next = learn(next, variable, false);
    else if (this.#isSurelyOfType(value)) next = learn(next, variable, true);
    else if (this.#watched.has(variable)) {
      if (value.k === "const") next = learn(next, variable, Boolean(value.v));
      else if (value.k === "coll" || value.k === "fn" || part !== null) next = learn(next, variable, true);
    }
    return next;
  }

  /** `err = translate(err)`: an error in other words is one where there was one; null for other values, and where the resource itself is looked at. */
  #translated(value: Value, state: ResourceState): true | null {
    if (value.k !== "call" || !state.open) return null;
    const { args } = this.#graph.calls[value.id]!;
    const type = this.#program.types.calls.result(this.#fn, value.id, 0, 0);
    if (type?.t !== "named" || type.name !== "error" || args.some((one) => this.holding.contains(one.value, state))) return null;
    return args.some((one) => one.value.k === "var" && state.failures.get(one.value.id) === true) ? true : null;
  }

  /** `udp, ok := conn.(*net.UDPConn)`, where that is what was opened: https://go.dev/ref/spec#Type_assertions */
  #isSurelyOfType(value: Value): boolean {
    if (value.k !== "item" || value.i !== 1 || value.of.k !== "cast") return false;
    const asserted = this.#program.types.fromFact(value.of.type, this.#fn.file);
    const type = this.#program.typeOf(value.of.of, this.#fn);
    return asserted?.t === "named" && type?.t === "named" && asserted.name === type.name;
  }

  /** A variable of the file, which lives as long as the process, unless the file is a script of which only the top-level code uses it. */
  #isOfModule(variable: number): boolean {
    if (this.#fn.fact.kind !== "module") return false;
    const { file } = this.#fn;
    return this.#program.symbols.isImported(file) || file.functions.some((one) => one.fact.captures.includes(variable));
  }

  /** `defer func() { if f != nil { f.Close() } }()` before `f` is opened. */
  #putOff(state: ResourceState, id: number): ResourceState {
    return this.#graph.calls[id]!.callee.k === "fn" ? { ...state, deferred: new Set([...state.deferred, id]) } : state;
  }

  /**
   * `onStop(func() { stop() })`, and later `stop = cancel`: a closure that was passed on before releases what the variable gets. One that was passed to the
   * acquiring call has it first, and may hand it on: `const socket = net.connect(port, () => resolve(socket))`.
   */
  #isAwaited(variable: number, part: string, at: number): boolean {
    for (const [call, { start, args }] of this.#graph.calls.entries()) {
      const isOwn = call === this.tracked.origin.call;
      if (start >= at && !isOwn) continue;
      for (const { value } of args) {
        const closure = value.k === "fn" ? this.#fn.file.functions[value.id]! : null;
        if (!closure?.fact.captures.includes(variable)) continue;
        const handling = this.#handlings.of(closure, variable, this.tracked, part);
        if (handling === "releases" || (isOwn && handling !== "borrows")) return true;
      }
    }
    return false;
  }

  /** @param without what the closure may do with it that is no release */
  #isReleasedLater({ deferred }: ResourceState, variable: number, part: string, without: readonly Handling[] | null = null): boolean {
    for (const id of deferred) {
      const { callee } = this.#graph.calls[id]!;
      const closure = callee.k === "fn" ? this.#fn.file.functions[callee.id]! : null;
      if (!closure?.fact.captures.includes(variable)) continue;
      const handling = this.#handlings.of(closure, variable, this.tracked, part);
      // One that releases it on some ways only asks whether there was an error first.
      if (without === null ? handling === "releases" || (handling === "unknown" && !this.tracked.beyondScopes) : !without.includes(handling)) return true;
    }
    return false;
  }

  #call(state: ResourceState, id: number, mode: CallMode): ResourceState | null {
    const { origin } = this.tracked;
    if (mode === "call" && id === origin.call) return this.#acquired(state, id);
    if (!state.open) return state;
    const site = this.#graph.calls[id]!;
    const target = this.#program.target(this.#fn, id);
    if (neverComesBack(this.#program, this.#fn, id)) return null;
    const calleePart = this.holding.calleePath(site.callee, state);
    if (calleePart !== null && this.tracked.acquires.openedBy.includes(calleePart)) return this.#arguments({ ...state, opened: true }, id, mode);
    // What a loop collects is released with the function, together.
    if (mode === "defer" && isCollected(state) && calleePart !== null) return this.#escape("stored", site.start);
    if (calleePart !== null && this.holding.releases(calleePart, site.args)) return this.#released(mode === "defer" ? "defer" : "call", site.start);
    // `rows.Next()` says whether there is more; only its end releases.
    const isAsked = this.#tested.has(id) || target.rows.some((row) => /^bool/.test(row.results[0]?.name ?? ""));
    const { exhausted } = this.tracked.acquires;
    // `read()` reads to the end, `read(n)` does not.
    const isRead = calleePart !== null && (exhausted.includes(calleePart) || (site.args.length === 0 && exhausted.includes(`${calleePart}()`)));
    if (isRead && !isAsked) return this.#released("exhausted", site.start);
    if (this.#wrapperReleases(site.callee, target.rows, state)) return this.#released(mode === "defer" ? "defer" : "call", site.start);
    if (this.parent.releasedBy(id)) return this.#released(mode === "defer" ? "defer" : "callee", site.start);
    if (this.#siblingReleases(state, id) || this.#givenReleases(state, id)) return this.#released(mode === "defer" ? "defer" : "callee", site.start);
    if (site.callee.k === "fn" && this.holding.captures(site.callee.id, state) !== null) {
      const ended = this.#handled(this.holding.closure(site.callee.id, state), "closure", mode, id, state);
      if (ended !== undefined) return ended;
    }
    // `(&server{cancel: cancel}).serve()`
    const keeper = site.callee.k === "field" && calleePart === null && this.holding.contains(site.callee.of, state) ? site.callee.of : null;
    if (keeper !== null && this.#program.typeOf(keeper, this.#fn)?.t === "instance") return this.#escape("stored", site.start);
    // `await closeAll()`, a function written here that has it.
    const written = target.fns.find((fn) => fn.isInside(this.#fn) && this.holding.captures(fn.id, state) !== null);
    const called = written === undefined ? undefined : this.#handled(this.holding.closure(written.id, state), "closure", mode, id, state);
    return called === undefined ? this.#arguments(state, id, mode) : called;
  }

  #acquired(state: ResourceState, id: number): ResourceState | null {
    const { origin } = this.tracked;
    const { start } = this.#graph.calls[id]!;
    if (state.settled?.after === "success") return null;
    if (state.open && origin.from === "call") {
      // `[create_task(work(n)) for n in numbers]`: the collection holds each of them.
      if (this.tracked.beyondScopes && isOfComprehension(this.#graph, id)) return this.#escape("stored", start);
      if (isOfComprehension(this.#graph, id) || isCollected(state)) return state;
      // `last = process`, which the next step ends.
      if ([...state.holders.keys()].some((path) => !isSetBy(this.#fn, id, path) && this.#isEnded(path))) return this.#escape("stored", start);
      if (state.opened && (state.holders.size > 0 || !state.named)) this.overwritten.push({ at: start, caught: state.caught, drained: state.drained });
      return null;
    }
    if (this.parent.isScoped) {
      this.fates.push({ fate: "managed", at: start });
      return this.tracked.beyondScopes ? { ...state, open: true } : null;
    }
    const holders = origin.from === "path" ? new Map([[origin.path, origin.part]]) : new Map<string, string>();
    return {
      ...state,
      open: true,
      opened: this.tracked.acquires.openedBy.length === 0,
      holders,
      named: origin.from === "path",
      failures: new Map(),
      walked: new Set(),
      settled: null,
      caught: -1,
      drained: this.tracked.acquires.drained !== null && (isAnsweredWithoutBody(this.#program, this.#fn, id) || isCancelledWith(this.#program, this.#fn, id)),
    };
  }

  /** Whether the function releases what stands at a path anywhere. */
  #isEnded(path: string): boolean {
    const held = initialState(true, new Map([[path, ""]]));
    return this.#graph.calls.some(({ callee, args }) => {
      const part = this.holding.calleePath(callee, held);
      return part !== null && this.holding.releases(part, args);
    });
  }

  /** `this.finish()`, `fail(err)`: a method of the object whose field holds it releases it, or a function written in this one that sees it. */
  #siblingReleases(state: ResourceState, id: number): boolean {
    const { callee } = this.#graph.calls[id]!;
    const of = callee.k === "field" ? pathOf(callee.of) : null;
    if (of === null && callee.k !== "var") return false;
    const { fns } = this.#program.target(this.#fn, id);
    for (const [path, part] of state.holders) {
      const inside = of === null ? path : path.startsWith(`${of}.`) ? `this${path.slice(of.length)}` : null;
      if (inside === null) continue;
      const sees = (one: Fn): boolean => of !== null || one.isInside(this.#fn);
      if (fns.some((one) => sees(one) && this.#handlings.ofPath(one, inside, this.tracked, part) === "releases")) return true;
    }
    return false;
  }

  /** `queue, unlock, err := q.find(id); defer unlock()`: a function that another method of the object has given releases what the object's field holds. */
  #givenReleases({ holders }: ResourceState, id: number): boolean {
    const { callee } = this.#graph.calls[id]!;
    if (callee.k !== "var" || this.#program.target(this.#fn, id).fns.length > 0) return false;
    const given = this.#fn.file.variable(callee.id).definitions.flatMap(({ value, fn: by }) => {
      const [made, at] = value.k === "item" ? [value.of, value.i] : [value, 0];
      const maker = made.k === "call" && by === this.#fn.id ? this.#fn.call(made.id).callee : null;
      if (made.k !== "call" || maker?.k !== "field" || maker.of.k !== "this") return [];
      return this.#program.target(this.#fn, made.id).fns.flatMap((one) => [...returnedFunctions(one, at)]);
    });
    return [...holders].some(
      ([path, part]) => path.startsWith("this.") && given.some((one) => this.#handlings.ofPath(one, path, this.tracked, part) === "releases"),
    );
  }

  /** `os.fdopen(fd).close()`: what wraps the resource is released by a method of its own. */
  #wrapperReleases(callee: Value, rows: readonly CallModel[], state: ResourceState): boolean {
    // Closing a temporary file does not remove it.
    if (this.tracked.acquires.path || callee.k !== "field" || this.holding.part(callee.of, state) !== "") return false;
    return rows.some((row) => row.effects.some((effect) => effect.role === "releases" && effect.value.of === "receiver"));
  }

  #arguments(state: ResourceState, id: number, mode: CallMode): ResourceState | null {
    const site = this.#graph.calls[id]!;
    const given = this.#given(state, id, mode);
    let next: ResourceState | null = given === null ? null : this.#ofCollection(given, id, mode);
    for (const [i, argument] of site.args.entries()) {
      if (next === null) return null;
      const part = this.holding.part(argument.value, next);
      const { value } = argument;
      if (part === inTuple && this.#program.target(this.#fn, id).rows.length > 0) continue;
      const growing = part === "" ? this.#growing(id, i) : null;
      if (growing !== null) {
        next = this.#collected(next, growing, site.start);
        // `files = append(files, f)`
        if (next !== null && growing !== subjectOf(site, { of: "receiver" })) next = { ...next, holders: new Map([...next.holders, [`c${id}`, among]]) };
      } else if (part !== null) {
        const each: ResourceState | null = part === among ? this.#eachOf(next, id, i, mode) : next;
        if (each !== next) {
          next = each;
          continue;
        }
        const isSeen = this.#program.target(this.#fn, id).fns.length > 0;
        // `out.writelines(lines)`, `list(lines)`
        if (part === "" && this.tracked.acquires.exhausted.includes("__iter__") && isReadToEnd(this.#program, this.#fn, id, i))
          return this.#released("exhausted", site.start);
        if (part === this.tracked.acquires.drained && value.k !== "call" && isReadToEnd(this.#program, this.#fn, id, i)) next = { ...next, drained: true };
        const handling = part === beneath && !isSeen ? "borrows" : this.#handlings.argument(this.#fn, id, i, this.tracked, part);
        // Who gets another path than its own keeps nothing, and removes it only by finding the way back.
        if (part === beneath && handling !== "releases") continue;
        // `list(handles)`, `Object.values(handles)`
        if (part === among && handling === "borrows") next = this.#carrying(next, id, givesKeys(value, this.#fn) ? null : i);
        const ended = this.#handled(handling, "callee", mode, id, next, part);
        if (ended !== undefined) next = ended;
      } else if (value.k === "fn" && this.holding.captures(value.id, next) !== null) {
        const ended = this.#calledBack(this.#fn.file.functions[value.id]!, this.holding.held(value.id, next), id, i, mode, next);
        if (ended !== undefined) next = ended;
      } else if (value.k === "field" && this.holding.isRelease(value, next)) {
        const ended = this.#handled(this.#handlings.callback(this.#fn, id, "releases"), "closure", mode, id, next);
        if (ended !== undefined) next = ended;
      } else if (this.holding.contains(value, next) && this.#passedOn(next, id, i) === "borrows") continue;
      else if (this.holding.isAllResults(value, next) && this.#handlings.argument(this.#fn, id, i, this.tracked, "") === "returns") {
        const { origin } = this.tracked;
        if (origin.from === "call") next = { ...next, holders: new Map([...next.holders, [`c${id}#${origin.result}`, origin.part]]) };
      } else if (this.holding.contains(value, next) && !this.#isLent(value, id, i) && !this.#lent.has(id)) return this.#escape("passed", site.start);
    }
    return next;
  }

  /** The collection that a call adds its argument to, null for other calls. */
  #growing(id: number, argument: number): Value | null {
    const site = this.#graph.calls[id]!;
    for (const row of this.#program.target(this.#fn, id).rows) {
      const effect = grownBy(row);
      if (effect?.added?.position === argument) return subjectOf(site, effect.value);
    }
    return null;
  }

  /** `handles.forEach((handle) => …)`, `map(close, handles)`: what a callback does with each entry it does with this one. `over` null: of the receiver. */
  #eachOf(state: ResourceState, id: number, over: number | null, mode: CallMode): ResourceState | null {
    const { args } = this.#graph.calls[id]!;
    for (const { argument, runs, over: of } of this.#program.target(this.#fn, id).rows.flatMap((row) => row.callbacks)) {
      if (runs !== "each" || (of?.position ?? null) !== over) continue;
      const value = args[argument.position ?? -1]?.value;
      if (value === undefined) continue;
      const handling = value.k === "fn" ? this.#handlings.parameter(this.#fn.file.functions[value.id]!, 0, this.tracked, "") : "unknown";
      const ended = this.#handled(handling, "closure", mode, id, state);
      return ended === undefined ? state : ended;
    }
    return state;
  }

  /** What a method of a collection that has it gives: the entry that is taken out, or others in a new form (`handles.values()`). */
  #ofCollection(state: ResourceState, id: number, mode: CallMode): ResourceState | null {
    const { callee } = this.#graph.calls[id]!;
    const { rows } = this.#program.target(this.#fn, id);
    if (callee.k !== "field" || this.holding.part(callee.of, state) !== among || rows.length === 0) return state;
    const each = this.#eachOf(state, id, null, mode);
    if (each === null) return null;
    const isTaken = rows.some((row) => row.effects.some((effect) => effect.role === "shrinks"));
    return isTaken ? { ...each, holders: new Map([...each.holders, [`c${id}`, ""]]) } : this.#carrying(each, id, "receiver");
  }

  /** A call whose result has the entries of the collection that it is made on, or gets as an argument. */
  #carrying(state: ResourceState, id: number, from: "receiver" | number | null): ResourceState {
    const [parts] = from === null ? [] : this.#program.target(this.#fn, id).rows.map((row) => carried(row, from));
    if (parts === undefined) return state;
    const held = parts.flatMap((part, i): [string, string][] => (part === null ? [] : [[parts.length === 1 ? `c${id}` : `c${id}#${i}`, part]]));
    return held.length === 0 ? state : { ...state, holders: new Map([...state.holders, ...held]) };
  }

  /** `connect().then((connection) => …)`: a callback gets what it is called on stands for. */
  #given(state: ResourceState, id: number, mode: CallMode): ResourceState | null {
    const { callee, args } = this.#graph.calls[id]!;
    const part = callee.k === "field" ? this.holding.part(callee.of, state) : null;
    if (part === null) return state;
    for (const { argument, runs, params } of this.#program.target(this.#fn, id).rows.flatMap((row) => row.callbacks)) {
      const given = runs === "once" ? params.findIndex((param) => param?.name === "T0") : -1;
      const value = args[argument.position ?? -1]?.value;
      if (given < 0 || value === undefined) continue;
      const callback = value.k === "fn" ? this.#fn.file.functions[value.id]! : null;
      const handling = callback === null ? "unknown" : this.#handlings.parameter(callback, given, this.tracked, part);
      const variable = callback?.fact.params[given]?.variable ?? -1;
      if (callback !== null && variable >= 0 && (handling === "unknown" || handling === "borrows")) {
        // Where the promise fails there is no resource.
        return this.#continued(callback, `v${variable}`, part, id);
      }
      const ended = this.#handled(handling, "closure", mode, id, state, part);
      return ended === undefined ? state : ended;
    }
    return state;
  }

  /** What passing a closure that holds the resource to a call comes to; undefined when the resource is as before. */
  #calledBack(
    closure: Fn,
    { handling, path, part }: ReturnType<Holding["held"]>,
    id: number,
    argument: number,
    mode: CallMode,
    state: ResourceState,
  ): ResourceState | null | undefined {
    const model = this.#program.calls.callbackModel({ fn: this.#fn, call: id, argument });
    const passed = this.#handlings.callback(this.#fn, id, handling);
    if (mode !== "call" || model?.runs !== "once" || !path.startsWith("v")) return this.#handled(passed, "closure", mode, id, state);
    if (handling === "unknown" && (model.after !== null || !isUsedAfter(this.#fn, id, state))) {
      const ended = this.#continued(closure, path, part, id);
      return model.after === null ? ended : this.#dealtWith(state, model.after, id);
    }
    const ended = this.#handled(passed, "closure", mode, id, state);
    return ended === null && handling === "releases" && model.after !== null ? this.#dealtWith(state, model.after, id) : ended;
  }

  #continued(fn: Fn, path: string, part: string, id: number): null {
    this.fates.push({ fate: "continues", at: this.#graph.calls[id]!.start, continuation: { fn, path, part } });
    return null;
  }

  /** `query().then((rows) => { connection.release(); … })`: the other way in which the promise is settled is still open. */
  #dealtWith(state: ResourceState, after: "success" | "failure", id: number): ResourceState | null {
    if (state.settled !== null && state.settled.after !== after) return null;
    const { call, isAwaited } = promiseOf(this.#program, this.#fn, id);
    if (after === "failure") return { ...state, settled: { after, call } };
    // What is awaited fails here, with the exceptions.
    const { rows, fns } = call < 0 ? { rows: [], fns: [] } : this.#program.target(this.#fn, call);
    const canFail = rows.some((row) => row.throws && row.isAsync) || fns.some((fn) => fn.fact.isAsync);
    return isAwaited || !canFail ? null : { ...state, settled: { after, call } };
  }

  /** `Thread(target=serve, args=(connection,))`: what the function that is started does with it. */
  #passedOn(state: ResourceState, id: number, argument: number): Handling {
    const { args } = this.#graph.calls[id]!;
    const value = args[argument]!.value;
    for (const { argument: target, passes } of this.#program.target(this.#fn, id).rows.flatMap((row) => row.callbacks)) {
      const isIt = passes !== null && (args[argument]!.name === "" ? passes.position === argument : passes.name === args[argument]!.name);
      const given = args.find((one, i) => (one.name === "" ? target.position === i : target.name === one.name))?.value;
      const type = given === undefined || !isIt || value.k !== "coll" ? null : this.#program.typeOf(given, this.#fn);
      if (type?.t !== "function" || value.k !== "coll") continue;
      const position = value.items.findIndex((item) => this.holding.part(item, state) !== null);
      return position < 0 ? "unknown" : this.#handlings.parameter(type.fn, position, this.tracked, "");
    }
    return "unknown";
  }

  /** `insertOne(order, { session })`: a query only uses what its options name. */
  #isLent(value: Value, id: number, i: number): boolean {
    const { rows } = this.#program.target(this.#fn, id);
    const { name } = this.#graph.calls[id]!.args[i]!;
    // `post(url, files={"report": open(path, "rb")})`
    if (rows.some((row) => row.arguments.some(({ argument, flow }) => flow === "borrows" && matches(argument, i, name)))) return true;
    const effects = rows.flatMap((row) => row.effects);
    return (
      value.k === "coll" &&
      (value.kind === "object" || value.kind === "map") &&
      effects.some((effect) => effect.role === "queries") &&
      !effects.some((effect) => effect.role === "acquires")
    );
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
        if (how === "callee" && mode === "call" && (this.#isOfObject() || this.#lent.has(id))) return undefined;
        return this.#escape(how === "closure" ? "captured" : "passed", start);
      case "returns":
        // `await shield(task)`: what stands for the task is awaited.
        if (this.#graph.calls[id]!.awaited && this.holding.releases("__await__")) return this.#released("callee", start);
        // `os.fdopen(fd)`: what owns it from here on is followed itself.
        if (how === "callee" && this.#isFollowed(id)) return this.#escape("stored", start);
        // `Path(folder)` has methods of its own.
        return { ...state, holders: new Map([...state.holders, [`c${id}`, this.tracked.acquires.path && part === "" ? inside : part]]) };
      case "borrows":
        return undefined;
    }
  }

  /** Whether what a call gives is a resource of its own, of the same rule. */
  #isFollowed(id: number): boolean {
    const { acquires } = this.tracked;
    return this.#program
      .target(this.#fn, id)
      .rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && effect.value.of === "result" && effect.rule === acquires.rule));
  }

  /** Acquired on a field of the function's own object. */
  #isOfObject(): boolean {
    const { origin } = this.tracked;
    return origin.from === "path" && origin.call >= 0 && origin.path.startsWith("this.");
  }

  /** Iterating over the resource to its end releases it; where leaving the loop closes what it iterates over, entering it is enough. */
  each(state: ResourceState, loop: number, entered: boolean): ResourceState | null {
    const { iterable, start } = this.#graph.loops[loop]!;
    if (!entered && isOverNeverClosed(this.#program, this.#fn, this.#graph.loops[loop]!)) return null;
    // It is among the entries: the loop comes by it before it is done.
    if (state.open && iterable !== null && [among, amongTuples].includes(this.holding.part(iterable, state) ?? "")) {
      if (!entered) return state.walked.has(loop) ? state : null;
      return state.walked.has(loop) ? state : { ...state, walked: new Set([...state.walked, loop]) };
    }
    // `for _, p := range pairs{{a, b}, {b, a}}`: the steps have it.
    if (state.open && iterable?.k === "coll" && this.holding.contains(iterable, state)) return this.#escape("stored", start);
    if (!state.open || iterable === null || (entered && !profileOf(this.#fn.file.language).loopsClose)) return state;
    if (this.holding.part(iterable, state) !== "" || !this.tracked.acquires.exhausted.includes("__iter__")) return state;
    return this.#released("exhausted", start);
  }

  branch(state: ResourceState, test: Test, taken: boolean): ResourceState | null {
    const outcomes = this.#repeated.branch(state.outcomes, test, taken);
    return outcomes === null ? null : this.#conditions.branch(outcomes === state.outcomes ? state : { ...state, outcomes }, test, taken);
  }
}

/** `temporary, ok := err.(interface{ Temporary() bool })`: an error that is of a type is there, and so says `ok`. Null for other values. */
function asserted(value: Value, { failures }: ResourceState): true | null {
  if (value.k !== "item" || value.of.k !== "cast" || value.of.of.k !== "var") return null;
  return failures.get(value.of.of.id) === true ? true : null;
}

/** What an event uses, but for the method that is called itself. */
function valuesOf(graph: EventGraph, event: FlowEvent): readonly Value[] {
  if (event.e !== "call") return "value" in event && event.value !== null ? [event.value] : [];
  const { callee, args } = graph.calls[event.call]!;
  return [...(callee.k === "field" ? [callee.of] : []), ...args.map(({ value }) => value)];
}

/** Whether a path is a variable that gets what a call gives. */
function isSetBy({ graph }: Fn, call: number, path: string): boolean {
  const isIt = (value: Value): boolean =>
    (value.k === "call" && value.id === call) || ((value.k === "item" || value.k === "entered" || value.k === "cast") && isIt(value.of));
  return graph.blocks.some(({ events }) => events.some((event) => event.e === "set" && `v${event.var}` === path && isIt(event.value)));
}

/** Whether a method of that name releases what is followed. */
function isReleaseOf({ acquires }: Tracked, fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  return callee.k === "field" && acquires.releasedBy.some((name) => name === callee.name || name.endsWith(`.${callee.name}`));
}

function entryState({ path, part, error, release }: EntryOrigin): ResourceState {
  const held: [string, string][] = [[path, part]];
  if (release !== null) held.push([`v${release.variable}`, release.part]);
  const state = initialState(true, new Map(held));
  return error === null ? state : { ...state, failures: new Map([[error, true]]) };
}

/** The call that made the promise on which a callback is put (-1 when it is not known), and whether the chain of calls is awaited. */
function promiseOf(program: Program, fn: Fn, id: number): { readonly call: number; readonly isAwaited: boolean } {
  const { start, end, callee } = fn.call(id);
  let made = callee.k === "field" ? settled(callee.of, fn) : callee;
  while (made.k === "call") {
    const { callee: inner } = fn.call(made.id);
    const isLink = program.target(fn, made.id).rows.some((row) => row.callbacks.some((callback) => callback.after !== null));
    if (!isLink || inner.k !== "field") break;
    made = settled(inner.of, fn);
  }
  const isAwaited = fn.graph.calls.some((one) => one.awaited && one.start === start && one.end >= end);
  return { call: made.k === "call" ? made.id : -1, isAwaited };
}

/** Whether a function goes on to use what holds the resource after a call. */
function isUsedAfter(fn: Fn, id: number, { holders }: ResourceState): boolean {
  const { end } = fn.call(id);
  const holds = (value: Value): boolean =>
    value.k === "fn"
      ? fn.file.functions[value.id]!.fact.captures.some((variable) => holders.has(`v${variable}`))
      : mentionedValues(value).some((one) => holders.has(pathOf(one) ?? ""));
  if (fn.graph.calls.some((site) => site.end > end && (holds(site.callee) || site.args.some((one) => holds(one.value))))) return true;
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => "value" in event && "at" in event && event.at > end && event.value !== null && holds(event.value)),
  );
}

/** Whether a comprehension collects what a call gives. */
function isOfComprehension(graph: EventGraph, call: number): boolean {
  if (graph.loops[graph.calls[call]!.loop]?.kind !== "comprehension") return false;
  const holds = (value: Value): boolean =>
    value.k === "coll" &&
    value.items.some(
      (item) => (item.k === "call" && item.id === call) || (item.k === "either" && item.of.some((one) => one.k === "call" && one.id === call)) || holds(item),
    );
  return [...usedValues(graph)].some(holds);
}

/** `client.Do(request)` with a request that was made as HEAD. */
function isAnsweredWithoutBody(program: Program, fn: Fn, call: number): boolean {
  return fn.call(call).args.some(({ value }) => {
    const request = makingCall(value, fn);
    const effects = request < 0 ? [] : program.target(fn, request).rows.flatMap((row) => row.effects);
    return effects.some((effect) => effect.role === "bodyless" && holds(effect.when, fn.call(request).args, fn));
  });
}

/** A request whose context the function cancels when it ends: the transport drops the connection then. https://pkg.go.dev/net/http#NewRequestWithContext */
function isCancelledWith(program: Program, fn: Fn, call: number): boolean {
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

/** A generator whose decorator makes it a context manager. */
function isContextManager(program: Program, fn: Fn): boolean {
  return fn.fact.decorators.some((decorator) => {
    const type = program.typeOf(decorator, fn.parent ?? fn);
    const rows = type?.t === "external" ? program.library(fn.file).rows(type.name) : [];
    return rows.some((row) => row.effects.some((effect) => effect.role === "manages"));
  });
}

/** Whether a variable that holds a function is only ever called. */
function isOnlyCalled(fn: Fn, variable: number): boolean {
  const isIt = (value: Value): boolean => value.k === "var" && value.id === variable;
  if (fn.file.variable(variable).definitions.length !== 1 || fn.file.functions.some((one) => one !== fn && one.fact.captures.includes(variable))) return false;
  if (!fn.graph.calls.some(({ callee }) => isIt(callee))) return false;
  return (
    ![...usedValues(fn.graph)].some((value) => mentionedValues(value).some(isIt)) &&
    !fn.graph.blocks.some(({ events }) => events.some((event) => (event.e === "defer" || event.e === "spawn") && isIt(fn.call(event.call).callee)))
  );
}
