import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallModel } from "../../semantics/models/model.ts";
import { returnedFunctions } from "../returned-functions.ts";
import type { Handlings } from "./handlings.ts";
import type { Holding } from "./holding.ts";
import { type ResourceState, initialState, pathOf } from "./state.ts";
import type { Handling, Tracked } from "./tracked.ts";

/** Finds what releases a followed resource without being called on it: closures, other methods of the object, functions that were given, wrappers. */
export class ReleasesElsewhere {
  readonly #program: Program;
  readonly #handlings: Handlings;
  readonly #fn: Fn;
  readonly #tracked: Tracked;
  readonly #holding: Holding;

  constructor(program: Program, handlings: Handlings, fn: Fn, tracked: Tracked, holding: Holding) {
    this.#program = program;
    this.#handlings = handlings;
    this.#fn = fn;
    this.#tracked = tracked;
    this.#holding = holding;
  }

  /**
   * `onStop(func() { stop() })`, and later `stop = cancel`: a closure that was passed on before releases what the variable gets. One that was passed to the
   * acquiring call has it first, and may hand it on: `const socket = net.connect(port, () => resolve(socket))`.
   */
  isAwaited(variable: number, part: string, at: number): boolean {
    const { origin } = this.#tracked;
    const acquired = origin.from === "call" ? this.#fn.call(origin.call).start : -1;
    for (const [call, { start, args }] of this.#fn.graph.calls.entries()) {
      // `const socket = connect(port).on("connect", () => socket.end())`
      const isOwn = call === this.#tracked.origin.call || start === acquired;
      if (start >= at && !isOwn) continue;
      for (const { value } of args) {
        const closure = value.k === "fn" ? this.#fn.file.functions[value.id]! : null;
        if (!closure?.fact.captures.includes(variable)) continue;
        const handling = this.#handlings.of(closure, variable, this.#tracked, part);
        if (handling === "releases" || (isOwn && handling !== "borrows")) return true;
      }
    }
    return false;
  }

  /** Whether a closure that was put off before releases it: `defer func() { if f != nil { f.Close() } }()`. @param without what it may do that is no release */
  later({ deferred }: ResourceState, variable: number, part: string, without: readonly Handling[] | null = null): boolean {
    for (const id of deferred) {
      const { callee } = this.#fn.graph.calls[id]!;
      const closure = callee.k === "fn" ? this.#fn.file.functions[callee.id]! : null;
      if (!closure?.fact.captures.includes(variable)) continue;
      const handling = this.#handlings.of(closure, variable, this.#tracked, part);
      // One that releases it on some ways only asks whether there was an error first.
      if (without === null ? handling === "releases" || (handling === "unknown" && !this.#tracked.beyondScopes) : !without.includes(handling)) return true;
    }
    return false;
  }

  /** Whether the function releases what stands at a path anywhere. */
  isEnded(path: string): boolean {
    const held = initialState(true, new Map([[path, ""]]));
    return this.#fn.graph.calls.some(({ callee, args }) => {
      const part = this.#holding.calleePath(callee, held);
      return part !== null && this.#holding.releases(part, args);
    });
  }

  /** `this.finish()`, `fail(err)`: a method of the object whose field holds it releases it, or a function written in this one that sees it. */
  bySibling(state: ResourceState, id: number): boolean {
    const { callee } = this.#fn.graph.calls[id]!;
    const of = callee.k === "field" ? pathOf(callee.of) : null;
    if (of === null && callee.k !== "var") return false;
    const { fns } = this.#program.target(this.#fn, id);
    for (const [path, part] of state.holders) {
      const inside = of === null ? path : path.startsWith(`${of}.`) ? `this${path.slice(of.length)}` : null;
      if (inside === null) continue;
      const sees = (one: Fn): boolean => of !== null || one.isInside(this.#fn);
      if (fns.some((one) => sees(one) && this.#handlings.ofPath(one, inside, this.#tracked, part) === "releases")) return true;
    }
    return false;
  }

  /** `queue, unlock, err := q.find(id); defer unlock()`: a function that another method of the object has given releases what the object's field holds. */
  byGiven({ holders }: ResourceState, id: number): boolean {
    const { callee } = this.#fn.graph.calls[id]!;
    if (callee.k !== "var" || this.#program.target(this.#fn, id).fns.length > 0) return false;
    const given = this.#fn.file.variable(callee.id).definitions.flatMap(({ value, fn: by }) => {
      const [made, at] = value.k === "item" ? [value.of, value.i] : [value, 0];
      const maker = made.k === "call" && by === this.#fn.id ? this.#fn.call(made.id).callee : null;
      if (made.k !== "call" || maker?.k !== "field" || maker.of.k !== "this") return [];
      return this.#program.target(this.#fn, made.id).fns.flatMap((one) => [...returnedFunctions(one, at)]);
    });
    return [...holders].some(
      ([path, part]) => path.startsWith("this.") && given.some((one) => this.#handlings.ofPath(one, path, this.#tracked, part) === "releases"),
    );
  }

  /** `os.fdopen(fd).close()`: what wraps the resource is released by a method of its own. */
  byWrapper(callee: Value, rows: readonly CallModel[], state: ResourceState): boolean {
    // Closing a temporary file does not remove it.
    if (this.#tracked.acquires.path || callee.k !== "field" || this.#holding.part(callee.of, state) !== "") return false;
    return rows.some((row) => row.effects.some((effect) => effect.role === "releases" && effect.value.of === "receiver"));
  }
}
