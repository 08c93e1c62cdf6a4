import type { Test } from "../../flow/event-graph.ts";
import { walk, waysOn } from "../../flow/reach.ts";
import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Checks } from "../../semantics/models/model.ts";
import { testedValues } from "../../flow/tests.ts";
import { mentionedValues } from "../work/values.ts";
import { isAlwaysNil } from "../never-failing.ts";
import { among, isCollected } from "./collected.ts";
import { failureOf } from "./failures.ts";
import { type ReleaseGuards, releaseGuards, stateSubject } from "./guards.ts";
import { beneath, type Holding, subjectOf } from "./holding.ts";
import { optionalRemovals } from "./options.ts";
import type { Parent } from "./parent.ts";
import { heldOf } from "./ranges.ts";
import { type ResourceState, learn, pathOf } from "./state.ts";

/** What the branches of a function tell about the followed resource: a null one is none, an error means there is none. */
export class Conditions {
  readonly #program: Program;
  readonly #fn: Fn;
  readonly #holding: Holding;
  readonly #parent: Parent;
  readonly #watched: ReadonlySet<number>;
  readonly #tested: ReadonlySet<number>;
  /** Notes that the resource was read to its end, and ends the path. */
  readonly #exhausted: (at: number) => null;
  #guards: ReleaseGuards | null = null;
  #options: ReleaseGuards | null = null;

  /**
   * @param watched variables whose truth is remembered
   * @param tested calls whose result decides a branch
   */
  constructor(
    program: Program,
    fn: Fn,
    holding: Holding,
    parent: Parent,
    watched: ReadonlySet<number>,
    tested: ReadonlySet<number>,
    exhausted: (at: number) => null,
  ) {
    this.#program = program;
    this.#fn = fn;
    this.#holding = holding;
    this.#parent = parent;
    this.#watched = watched;
    this.#tested = tested;
    this.#exhausted = exhausted;
  }

  /** @returns the state after the branch, null when it cannot be taken or there is nothing left to release */
  branch(state: ResourceState, test: Test, taken: boolean): ResourceState | null {
    if (state.open && (this.#isKept(test, taken) || this.#isSpared(state, test, taken) || this.#asksCollection(state, test))) return null;
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

  /** `while (handles.length > 0)`: what follows from how many entries there are is not followed. */
  #asksCollection(state: ResourceState, test: Test): boolean {
    if (!isCollected(state)) return false;
    return testedValues(test).some((value) => {
      // `if (files[i] != nil) files[i].Close()` asks for the entry.
      if (value.k === "var" || (test.test === "null" && value.k === "index" && this.#holding.part(value, state) === "")) return false;
      const site = value.k === "call" ? this.#fn.graph.calls[value.id]! : null;
      const asked = site === null ? mentionedValues(value) : [...mentionedValues(site.callee), ...site.args.flatMap((one) => mentionedValues(one.value))];
      return asked.some((one) => this.#holding.part(one, state) === among);
    });
  }

  /** `if !keep { defer os.RemoveAll(dir) }`: whoever asks to keep a file keeps it. */
  #isKept(test: Test, taken: boolean): boolean {
    if (!this.#holding.tracked.acquires.path) return false;
    this.#options ??= optionalRemovals(this.#fn, (call) => this.#holding.isRemoval(call));
    return this.#options.get(test) === !taken;
  }

  /** `if (client.isOpen) client.quit()`: the resource itself is asked whether there is anything to release. */
  #isSpared(state: ResourceState, test: Test, taken: boolean): boolean {
    this.#guards ??= releaseGuards(this.#fn, this.#holding.tracked.acquires.releasedBy);
    if (this.#guards.get(test) !== !taken) return false;
    const subject = stateSubject(test, this.#fn.graph);
    return (subject !== null && this.#holding.part(subject, state) !== null) || this.#isOwnership(state, test);
  }

  /** `owned = session is None; session = session or ClientSession()`, and later `if owned: session.close()`: a flag tells whether it is the function's own. */
  #isOwnership({ holders }: ResourceState, test: Test): boolean {
    if (test.test !== "truthy" || test.value.k !== "var") return false;
    const { definitions, fn } = this.#fn.file.variable(test.value.id);
    const [only, ...others] = definitions;
    if (only === undefined || others.length > 0 || fn !== this.#fn.id) return false;
    return mentionedValues(only.value).some((one) => one.k === "var" && holders.has(pathOf(one)!) && this.#fn.file.variable(one.id).isParameter);
  }

  /** `value` is null (or not): a null resource is none, a non-null error means there is none. */
  #nullness(state: ResourceState, value: Value, isNull: boolean): ResourceState | null {
    if (!isNull && isAlwaysNil(this.#program, this.#fn, value)) return null;
    if (state.open) {
      const failure = this.#failure(value, state);
      if (failure !== null) return this.#told(state, failure, !isNull);
      if (this.#holding.part(value, state) !== null || this.#parent.is(value)) return isNull ? null : state;
    }
    if (value.k === "call" && !isNull && this.#isChecked(state, value.id, "null")) return null;
    return this.#assume(state, value, !isNull);
  }

  /** What a value tells of the acquiring call, by a variable or by the call itself: the truth value that means that nothing was acquired. */
  #failure(value: Value, state: ResourceState): boolean | null {
    if (value.k === "var") return state.failures.get(value.id) ?? null;
    return failureOf(this.#program, this.#fn, this.#holding.tracked, value) ?? this.#holding.failureTold(value, state);
  }

  /** An error that is there, or a companion that is missing, means that there is no resource. */
  #told(state: ResourceState, failure: boolean, isTrue: boolean): ResourceState | null {
    return isTrue === failure ? null : state;
  }

  #truth(state: ResourceState, value: Value, isTrue: boolean): ResourceState | null {
    if (isTrue && value.k === "call" && this.#givesNothing(value.id)) return null;
    if (!isTrue && this.#isNew(value)) return null;
    if (state.open) {
      if (this.#holding.part(value, state) !== null || this.#parent.is(value)) return isTrue ? state : null;
      const failure = this.#failure(value, state);
      if (failure !== null) return this.#told(state, failure, isTrue);
      if (value.k === "field" && this.#holding.part(value.of, state) !== null && /closed|destroyed|released/i.test(value.name)) return isTrue ? null : state;
      if (value.k === "call" && this.#tested.has(value.id)) {
        const asked = this.#holding.calleePath(this.#fn.graph.calls[value.id]!.callee, state);
        // `for rows.Next()`: its end, not each step of it, releases.
        if (!isTrue && asked !== null && this.#holding.tracked.acquires.exhausted.includes(asked))
          return this.#exhausted(this.#fn.graph.calls[value.id]!.start);
      }
      if (value.k === "call") return this.#predicate(state, value.id, isTrue);
    }
    return this.#assume(state, value, isTrue);
  }

  /** What `new` makes is always there. */
  #isNew(value: Value): boolean {
    const made = settled(value, this.#fn);
    if (made.k !== "call" || !this.#fn.call(made.id).isNew) return false;
    return value.k !== "var" || this.#isSetBefore(value);
  }

  /** Whether a variable has its value wherever the test of it is made: `let client; … if (!client) client = new Client()` asks before. */
  #isSetBefore(value: Extract<Value, { k: "var" }>): boolean {
    const { graph } = this.#fn;
    const { blocks } = graph;
    const sets = blocks.findIndex(({ events }) => events.some((event) => event.e === "set" && event.var === value.id));
    const tests = blocks.findIndex(({ end }) => end.t === "branch" && testedValues(end.test).includes(value));
    return sets >= 0 && tests >= 0 && (sets === tests || !walk(0, (block) => (block === sets ? [] : waysOn(graph, block))).has(tests));
  }

  /** `pipe.close() or process.wait()`: what only ends something answers with nothing. */
  #givesNothing(call: number): boolean {
    const { rows } = this.#program.target(this.#fn, call);
    return (
      rows.length > 0 &&
      rows.every(({ results, effects }) => results.length === 0 && effects.some((effect) => effect.role === "releases" && effect.value.of === "receiver"))
    );
  }

  /** `errors.Is(err, …)` and the like say that there is an error; `is_resource($f)` that there is a resource. */
  #predicate(state: ResourceState, id: number, isTrue: boolean): ResourceState | null {
    const site = this.#fn.graph.calls[id]!;
    const first = site.args[0]?.value;
    if (first?.k === "var" && state.failures.get(first.id) === true) return isTrue ? null : state;
    return this.#isChecked(state, id, isTrue ? "null" : "true") ? null : state;
  }

  /** Whether a call asks whether the resource is live, and says so with the other answer. */
  #isChecked(state: ResourceState, id: number, live: Checks["live"]): boolean {
    if (!state.open) return false;
    return this.#program.target(this.#fn, id).rows.some((row) =>
      row.effects.some((effect) => {
        const asked = effect.role === "checks" && effect.live === live ? subjectOf(this.#fn.graph.calls[id]!, effect.value) : null;
        const part = asked === null ? null : this.#holding.part(asked, state);
        return part !== null && part !== beneath;
      }),
    );
  }

  #comparison(state: ResourceState, test: Extract<Test, { test: "compare" }>, taken: boolean): ResourceState | null {
    const { left, right } = test;
    const { lowest } = this.#holding.tracked.acquires;
    const told = state.open && lowest !== null ? heldOf(test, lowest) : null;
    if (told !== null && this.#holding.part(told.value, state) === "") return taken === told.holds ? state : null;
    if (!state.open || test.operator !== "==") return state;
    if (taken && this.#isEmptyAt(state, left, right)) return null;
    if (right.k === "const" && (right.v === false || right.v === null || right.v === -1) && this.#holding.part(left, state) !== null)
      return taken ? null : state;
    // `if f is not sys.stdin`: what was opened here is no other object.
    if (right.k !== "const" && this.#holding.part(left, state) !== null && this.#holding.part(right, state) === null) return taken ? null : state;
    if (left.k === "var" && state.failures.get(left.id) === true) return taken ? null : state;
    if (right.k === "const" && typeof right.v === "boolean") return this.#assume(state, left, taken === right.v);
    return state;
  }

  /** `if resp.StatusCode == http.StatusNoContent`: there is no body. */
  #isEmptyAt(state: ResourceState, left: Value, right: Value): boolean {
    if (left.k !== "field" || this.#holding.part(left.of, state) !== "") return false;
    const type = this.#program.typeOf(left.of, this.#fn);
    const emptyAt = type?.t === "named" ? (this.#program.library(this.#fn.file).type(type.name)?.emptyAt ?? null) : null;
    const value = right.k === "const" ? String(right.v) : right.k === "ref" ? right.name : "";
    return emptyAt !== null && emptyAt.field === left.name && emptyAt.values.includes(value);
  }

  /** Remembers the outcome of a test on a variable that is tested again; a contradiction is a path that cannot be. */
  #assume(state: ResourceState, value: Value, isTrue: boolean): ResourceState | null {
    if (value.k !== "var") return state;
    const known = state.known.get(value.id);
    if (known !== undefined) return known === isTrue ? state : null;
    return !this.#watched.has(value.id) ? state : learn(state, value.id, isTrue);
  }
}
