import type { EventGraph, FlowEvent, Test } from "../../flow/event-graph.ts";
import { neverComesBack } from "../ending-calls.ts";
import { isAlwaysNil } from "../never-failing.ts";
import { RepeatedTests } from "../../flow/repeated-tests.ts";
import type { FlowProblem } from "../../flow/solver.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { Program } from "../../program/program.ts";
import { isSurelyOfType } from "./asserted-types.ts";
import { Causes, givesUp } from "./causes.ts";
import { isOverNeverClosed } from "../work/loops.ts";
import { mentionedValues, usedValues } from "../work/values.ts";
import { isReadToEnd } from "./argument-flow.ts";
import type { Handlings } from "./handlings.ts";
import { among, amongTuples, countedReleases, givesKeys, inTuple, isCollected, isLocalCollection } from "./collected.ts";
import { collectionGrown, carrying, isOfComprehension } from "./collecting.ts";
import { failureAssigned } from "./failures.ts";
import { isFollowed, isLent, passedOn } from "./passing.ts";
import { isUsedAfter, promiseOf } from "./promises.ts";
import { ReleasesElsewhere } from "./releases-elsewhere.ts";
import { isAnsweredWithoutBody, isCancelledWith } from "./unread-bodies.ts";
import { Conditions } from "./conditions.ts";
import { beneath, Holding, inside, subjectOf } from "./holding.ts";
import type { Likelihood } from "./likelihood.ts";
import { Parent } from "./parent.ts";
import { fieldOfHolder, type Receiver, receiverOf } from "./receivers.ts";
import { type ResourceState, forget, hold, initialState, learn, pathOf, stateKey } from "./state.ts";
import { Throwers } from "./throwers.ts";
import { testedCalls, watchedVariables } from "./watched.ts";
import type { EntryOrigin, EscapeKind, Fate, Handling, Tracked } from "./tracked.ts";

type CallMode = "call" | "defer" | "spawn";

/** A place where it is lost to another, and the call whose exception a handler caught on the way there (-1 for none). */
export interface Overwriting {
  readonly at: number;
  readonly caught: number;
  readonly caughtAs: Likelihood;
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
  readonly #countedBy: ReadonlySet<string>;
  readonly holding: Holding;
  readonly causes: Causes;
  readonly #conditions: Conditions;
  /** Calls whose result decides a branch. */
  readonly #tested: ReadonlySet<number>;
  readonly #repeated: RepeatedTests;
  readonly #throwers: Throwers;
  readonly #elsewhere: ReleasesElsewhere;
  readonly parent: Parent;
  readonly #receiver: Receiver | null;
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
    this.#countedBy = countedReleases(fn.graph, (call) => isReleaseOf(tracked, fn, call));
    this.#repeated = new RepeatedTests(fn.graph, false, (call) => call === tracked.origin.call || isReleaseOf(tracked, fn, call));
    this.parent = new Parent(program, fn, tracked);
    this.#receiver = receiverOf(program, handlings, fn, tracked);
    this.#isContextManager = isContextManager(program, fn);
    this.holding = new Holding(program, handlings, fn, tracked);
    this.causes = new Causes(program, fn, this.holding);
    this.#elsewhere = new ReleasesElsewhere(program, handlings, fn, tracked, this.holding);
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

  /** What gives up waiting has not ended it. */
  stays(event: FlowEvent, state: ResourceState): boolean {
    if (event.e !== "call" || !state.open) return false;
    const { callee, args } = this.#graph.calls[event.call]!;
    const part = this.holding.calleePath(callee, state);
    return part !== null && this.holding.releases(part, args) && givesUp(this.#program, this.#fn, event.call);
  }

  thrown(state: ResourceState, event: FlowEvent): ResourceState {
    if (!state.open || event.e !== "call") return state;
    return { ...state, caught: event.call, caughtAs: this.causes.thrown(event.call, state) };
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
          this.overwritten.push({ at: event.at, caught: state.caught, caughtAs: state.caughtAs, drained: state.drained });
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
    if (this.#elsewhere.later(state, variable, among, ["borrows", "returns"])) return this.#released("closure", at);
    if (this.#elsewhere.isAwaited(variable, among, at)) return this.#escape("captured", at);
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
      const lists = value.k === "derived" ? value.of : [value];
      const isList = lists.some((list) => list.k === "coll" && list.items.some((item) => this.holding.part(item, state) === ""));
      return isList ? this.#collected(forget(state, variable), { k: "var", id: variable }, at) : this.#escape("stored", at);
    }
    // A variable of an enclosing function, or of the file, lives on.
    if (part !== null && (owner.fn !== this.#fn.id || owner.isStatic || this.#isOfModule(variable))) return this.#escape("outlives", at);
    if (part !== null && this.#elsewhere.later(state, variable, part)) return this.#released("defer", at);
    if (part !== null && this.#elsewhere.isAwaited(variable, part, at)) return this.#escape("captured", at);
    let next = forget(state, variable);
    // `unlock := mu.Unlock`
    const release = part === null && value.k === "field" && this.holding.isRelease(value, state) ? this.holding.calleePath(value, state) : null;
    if (part !== null) next = hold(next, `v${variable}`, part);
    else if (release !== null) next = hold(next, `v${variable}`, release);
    else if (state.open && state.named && next.holders.size === 0 && state.holders.size > 0) {
      if (value.k === "const" && value.v === null) return next;
      if (state.settled?.after === "success" || !state.opened) return null;
      this.overwritten.push({ at, caught: state.caught, caughtAs: state.caughtAs, drained: state.drained });
      return null;
    }
    // How the next one went says nothing of one that was collected before.
    const failure =
      state.again && isCollected(state) && this.tracked.origin.part !== among ? null : failureAssigned(this.#program, this.#fn, this.holding, value, state);
    if (failure !== null) next = { ...next, failures: new Map([...next.failures, [variable, failure]]) };
    // `handler, err := newHandler()`, which never gives an error.
    if ((value.k === "call" || value.k === "item") && isAlwaysNil(this.#program, this.#fn, value)) next = learn(next, variable, false);
    else if (isSurelyOfType(this.#program, this.#fn, this.holding, value, state)) next = learn(next, variable, true);
    else if (this.#watched.has(variable)) {
      if (value.k === "const") next = learn(next, variable, Boolean(value.v));
      else if (value.k === "coll" || value.k === "fn" || part !== null) next = learn(next, variable, true);
    }
    return next;
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
    if (this.#elsewhere.byWrapper(site.callee, target.rows, state)) return this.#released(mode === "defer" ? "defer" : "call", site.start);
    if (this.parent.releasedBy(id)) return this.#released(mode === "defer" ? "defer" : "callee", site.start);
    if (this.#elsewhere.bySibling(state, id) || this.#elsewhere.byGiven(state, id)) return this.#released(mode === "defer" ? "defer" : "callee", site.start);
    const byHolder = this.#ofHolder(state, id, mode);
    if (byHolder !== undefined) return byHolder;
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

  /** `protocol.close()`: what a method of an object that has the resource in a field does with it; undefined when the resource is as before. */
  #ofHolder(state: ResourceState, id: number, mode: CallMode): ResourceState | null | undefined {
    const { callee } = this.#graph.calls[id]!;
    const part = callee.k === "field" ? this.holding.part(callee.of, state) : null;
    if (part === null || fieldOfHolder(part) === null) return undefined;
    for (const method of this.#program.target(this.#fn, id).fns) {
      const ended = this.#handled(this.#handlings.ofPath(method, "this", this.tracked, part), "callee", mode, id, state, part);
      if (ended !== undefined) return ended;
    }
    return undefined;
  }

  #acquired(state: ResourceState, id: number): ResourceState | null {
    const { origin } = this.tracked;
    const { start } = this.#graph.calls[id]!;
    if (state.settled?.after === "success") return null;
    if (state.open && origin.from === "call") {
      // `[create_task(work(n)) for n in numbers]`: the collection holds each of them.
      if (this.tracked.beyondScopes && isOfComprehension(this.#graph, id)) return this.#escape("stored", start);
      if (isOfComprehension(this.#graph, id)) return state;
      if (isCollected(state)) return { ...state, again: true };
      // `connection = self.checked(connection)` gives the same, or another where that was lost.
      if (this.#isGivenBack(state, id)) return { ...state, holders: new Map([...state.holders, [`c${id}`, ""]]) };
      // `last = process`, which the next step ends.
      if ([...state.holders.keys()].some((path) => !isSetBy(this.#fn, id, path) && this.#elsewhere.isEnded(path))) return this.#escape("stored", start);
      if (state.opened && (state.holders.size > 0 || !state.named))
        this.overwritten.push({ at: start, caught: state.caught, caughtAs: state.caughtAs, drained: state.drained });
      return null;
    }
    if (this.parent.isScoped) {
      this.fates.push({ fate: "managed", at: start });
      return this.tracked.beyondScopes ? { ...state, open: true } : null;
    }
    if (this.parent.isKept || this.#receiver?.isKept === true) return this.#escape("stored", start);
    const held = origin.from === "path" ? origin : this.#receiver;
    const holders = new Map<string, string>(held === null ? [] : [[held.path, held.part]]);
    return {
      ...state,
      open: true,
      opened: this.tracked.acquires.openedBy.length === 0,
      holders,
      named: held !== null,
      failures: new Map(),
      again: false,
      walked: new Set(),
      settled: null,
      caught: -1,
      caughtAs: "ends",
      drained: this.tracked.acquires.drained !== null && (isAnsweredWithoutBody(this.#program, this.#fn, id) || isCancelledWith(this.#program, this.#fn, id)),
    };
  }

  /** Whether a call gets the resource and may return it. */
  #isGivenBack(state: ResourceState, id: number): boolean {
    const isIt = (value: Value, i: number): boolean =>
      this.holding.part(value, state) === "" && this.#handlings.argument(this.#fn, id, i, this.tracked, "") === "returns";
    return this.#graph.calls[id]!.args.some(({ value }, i) => isIt(value, i));
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
      const grown = part === "" ? collectionGrown(this.#program, this.#fn, id, i) : null;
      if (grown !== null) {
        next = this.#collected(next, grown, site.start);
        // `files = append(files, f)`
        if (next !== null && grown !== subjectOf(site, { of: "receiver" })) next = { ...next, holders: new Map([...next.holders, [`c${id}`, among]]) };
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
        const { drained } = this.tracked.acquires;
        const isRead =
          part === drained
            ? isReadToEnd(this.#program, this.#fn, id, i)
            : drained !== null && part === "" && isReadToEnd(this.#program, this.#fn, id, i, drained);
        if (isRead && value.k !== "call") next = { ...next, drained: true };
        const handling = part === beneath && !isSeen ? "borrows" : this.#handlings.argument(this.#fn, id, i, this.tracked, part);
        // Who gets another path than its own keeps nothing, and removes it only by finding the way back.
        if (part === beneath && handling !== "releases") continue;
        // `list(handles)`, `Object.values(handles)`
        if (part === among && handling === "borrows") next = carrying(this.#program, this.#fn, next, id, givesKeys(value, this.#fn) ? null : i);
        const ended = this.#handled(handling, "callee", mode, id, next, part);
        if (ended !== undefined) next = ended;
      } else if (value.k === "fn" && this.holding.captures(value.id, next) !== null) {
        const ended = this.#calledBack(this.#fn.file.functions[value.id]!, this.holding.held(value.id, next), id, i, mode, next);
        if (ended !== undefined) next = ended;
      } else if (value.k === "field" && this.holding.isRelease(value, next)) {
        const ended = this.#handled(this.#handlings.callback(this.#fn, id, "releases"), "closure", mode, id, next);
        if (ended !== undefined) next = ended;
      } else if (this.holding.contains(value, next) && passedOn(this.#program, this.#handlings, this.#fn, this.holding, next, id, i) === "borrows") continue;
      else if (this.holding.isAllResults(value, next) && this.#handlings.argument(this.#fn, id, i, this.tracked, "") === "returns") {
        const { origin } = this.tracked;
        if (origin.from === "call") next = { ...next, holders: new Map([...next.holders, [`c${id}#${origin.result}`, origin.part]]) };
      } else if (this.holding.contains(value, next) && !isLent(this.#program, this.#fn, value, id, i) && !this.#lent.has(id))
        return this.#escape("passed", site.start);
    }
    return next;
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
    return isTaken ? { ...each, holders: new Map([...each.holders, [`c${id}`, ""]]) } : carrying(this.#program, this.#fn, each, id, "receiver");
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
        if (how === "callee" && isFollowed(this.#program, this.#fn, this.tracked, id)) return this.#escape("stored", start);
        // `Path(folder)` has methods of its own.
        return { ...state, holders: new Map([...state.holders, [`c${id}`, this.tracked.acquires.path && part === "" ? inside : part]]) };
      case "borrows":
        return undefined;
    }
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
    // The loop comes by each entry before it is done.
    if (!taken && state.open && isCollected(state) && this.#countedBy.has(JSON.stringify(test))) return null;
    const outcomes = this.#repeated.branch(state.outcomes, test, taken);
    return outcomes === null ? null : this.#conditions.branch(outcomes === state.outcomes ? state : { ...state, outcomes }, test, taken);
  }
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
