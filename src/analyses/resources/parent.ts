import type { Value } from "../../flow/values.ts";
import { argumentOf, holds, settled } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isWithinScope } from "../scopes.ts";
import { pathOf } from "./state.ts";
import type { Tracked } from "./tracked.ts";

/** Most things that one was got from another. */
const maxAncestors = 4;

/** The calls of a function that make a value, or what its variable is given on several ways. */
export function makersOf(value: Value, fn: Fn): readonly number[] {
  const made = settled(value, fn);
  if (made.k === "call") return [made.id];
  if (made.k !== "var" || fn.file.variable(made.id).isParameter) return [];
  return fn.file.variable(made.id).definitions.flatMap((one) => {
    const given = one.fn === fn.id ? settled(one.value, fn) : null;
    return given?.k === "call" ? [given.id] : [];
  });
}

/** `ctx, _ = context.WithTimeout(ctx, limit)`: the call that gave the variable what it had before, by where they stand. */
function lastMakerOf(value: Value, fn: Fn, call: number): readonly number[] {
  if (value.k !== "var") return [];
  const makers = fn.file.variable(value.id).definitions.flatMap(({ value: given, fn: by, at }) => {
    const made = given.k === "item" ? given.of : given;
    return by === fn.id && at < fn.call(call).start && (made.k !== "call" || made.id !== call) ? [{ at, id: made.k === "call" ? made.id : -1 }] : [];
  });
  const last = makers.reduce((latest, one) => (one.at > latest.at ? one : latest), { at: -1, id: -1 });
  return last.id < 0 ? [] : [last.id];
}

/** What a resource was got from, where releasing that releases the resource too: a connection ends its cursors. */
export class Parent {
  readonly #program: Program;
  readonly #fn: Fn;
  /** By their paths, nearest first: a page's context, and the browser that the context was got from. */
  readonly #paths: readonly string[];
  /** The calls that make the parent in this function: one, or one of several ways. */
  readonly calls: readonly number[];
  /** The parent's own scope ends around the resource, or its release was put off before: `defer connection.Close()`. */
  readonly isScoped: boolean;
  /** The function makes the parent and keeps it in a field of its object: there is one for each parent, and it ends with that. */
  readonly isKept: boolean;

  constructor(program: Program, fn: Fn, tracked: Tracked) {
    this.#program = program;
    this.#fn = fn;
    const { origin, acquires } = tracked;
    const callee = acquires.owned && origin.from === "call" ? fn.call(origin.call).callee : null;
    const value = callee?.k === "field" ? callee.of : null;
    this.#paths = value === null ? [] : this.#ancestors(value);
    const given = acquires.endsWith === null || origin.from !== "call" ? undefined : argumentOf(fn.call(origin.call).args, acquires.endsWith, fn);
    this.calls = given?.given === "yes" ? lastMakerOf(given.value, fn, origin.call) : value === null ? [] : makersOf(value, fn);
    this.isKept = this.#isStoredBeside(origin.call);
    const scope = value === null || origin.call < 0 ? -1 : this.#scopeOf(value);
    this.isScoped = (scope >= 0 && isWithinScope(fn, scope, origin.call)) || (this.#paths.length > 0 && this.#isPutOffBefore(origin.call));
  }

  /** `self.browser = launch()` before `self.browser.new_context()`, once for each. */
  #isStoredBeside(acquiring: number): boolean {
    const [nearest] = this.#paths;
    if (nearest?.startsWith("this.") !== true || acquiring < 0) return false;
    const { blocks, calls } = this.#fn.graph;
    const { start, loop } = calls[acquiring]!;
    return blocks.some((block) =>
      block.events.some((event) => {
        if (event.e !== "store" || event.at > start || `${pathOf(event.object)}.${event.field}` !== nearest) return false;
        return settled(event.value, this.#fn).k === "call" && block.loop === loop;
      }),
    );
  }

  /** `defer func() { _ = client.Close() }()` above the call that gets the resource from the client. */
  #isPutOffBefore(acquiring: number): boolean {
    const { graph, file } = this.#fn;
    const { start } = graph.calls[acquiring]!;
    const deferred = graph.blocks.flatMap(({ events }) => events.flatMap((event) => (event.e === "defer" ? [event.call] : [])));
    return deferred.some((call) => {
      const { callee, start: at } = graph.calls[call]!;
      if (at > start) return false;
      const closure = callee.k === "fn" ? file.functions[callee.id]! : null;
      return closure === null ? this.releasedBy(call) : closure.graph.calls.some((_, inner) => this.#releases(closure, inner));
    });
  }

  #ancestors(nearest: Value): readonly string[] {
    const found: string[] = [];
    for (let value: Value | null = nearest; value !== null && found.length < maxAncestors; value = this.#ownerOf(value)) {
      const path = pathOf(value);
      if (path === null) break;
      found.push(path);
    }
    return found;
  }

  /** What a value was got from, where releasing that releases it. */
  #ownerOf(value: Value): Value | null {
    const made = settled(value, this.#fn);
    if (made.k !== "call") return null;
    const { callee } = this.#fn.call(made.id);
    const effects = this.#program.target(this.#fn, made.id).rows.flatMap((row) => row.effects);
    return callee.k === "field" && effects.some((effect) => effect.role === "acquires" && effect.owned) ? callee.of : null;
  }

  /** The call whose result opens the scope that binds the parent, -1 for none. */
  #scopeOf(parent: Value): number {
    const bound = settled(parent, this.#fn);
    const entered = bound.k === "entered" ? settled(bound.of, this.#fn) : bound;
    if (entered.k !== "call") return -1;
    const acquired = this.#program
      .target(this.#fn, entered.id)
      .rows.flatMap((row) => row.effects)
      .filter((effect) => effect.role === "acquires");
    return acquired.length === 0 || acquired.some((effect) => effect.scoped) ? entered.id : -1;
  }

  /** @returns whether a value is the parent: where that is missing, nothing was got from it */
  is(value: Value): boolean {
    return this.#paths.length > 0 && pathOf(value) === this.#paths[0];
  }

  /** @returns whether a call releases the parent */
  releasedBy(call: number): boolean {
    return this.#releases(this.#fn, call);
  }

  #releases(fn: Fn, call: number): boolean {
    const { callee, args } = fn.call(call);
    if (callee.k !== "field" || !this.#paths.includes(pathOf(callee.of) ?? "")) return false;
    return this.#program
      .target(fn, call)
      .rows.some((row) => row.effects.some((effect) => effect.role === "releases" && effect.value.of === "receiver" && holds(effect.when, args, fn)));
  }
}
