import { argumentOf } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { profileOf } from "../../semantics/language-profile.ts";
import type { CallModel } from "../../semantics/models/model.ts";
import { canThrow, isForLog, isHarmless, isPlainMethod } from "../throwing.ts";
import { among, isCollected } from "./collected.ts";
import type { Handlings } from "./handlings.ts";
import type { Holding } from "./holding.ts";
import type { ResourceState } from "./state.ts";

/** Tells which calls of a function may throw, as far as that matters to the followed resource. */
export class Throwers {
  readonly #program: Program;
  readonly #handlings: Handlings;
  readonly #fn: Fn;
  readonly #holding: Holding;
  readonly #throws: boolean;
  #forThrows: ReadonlySet<number> | null = null;

  constructor(program: Program, handlings: Handlings, fn: Fn, holding: Holding) {
    this.#program = program;
    this.#handlings = handlings;
    this.#fn = fn;
    this.#holding = holding;
    this.#throws = profileOf(fn.file.language).throws;
  }

  /** @returns whether control may leave by an exception of that call in that state */
  has(call: number, state: ResourceState): boolean {
    if (!this.#throws) return false;
    // What is opened in a handler is reached by what fails before.
    if (!state.open) return true;
    // What only makes the exception that is thrown right after is not what went wrong.
    if (this.#isForThrow(call)) return false;
    const { tracked } = this.#holding;
    const site = this.#fn.call(call);
    // One of several that are opened for a collection: whoever opened the others meant to release them together.
    if (call === tracked.origin.call || this.#isOnCollection(call, state)) return false;
    const { rows, fns } = this.#program.target(this.#fn, call);
    const { releasedByFailing } = tracked.acquires;
    if (releasedByFailing.length > 0 && releasedByFailing.includes(this.#holding.calleePath(site.callee, state) ?? "")) return false;
    // A promise that nobody waits for here fails elsewhere.
    if (!site.awaited && isAlwaysAsync(rows, fns)) return false;
    if (isHarmless(this.#fn, call) || isForLog(this.#fn, call) || this.#isCaught(rows, call)) return false;
    if (rows.length > 0)
      return rows.some((row) => row.throws) && !this.#isTakenOver(call, state) && !this.#isOnDescriptor(call) && !this.#isWrittenOver(rows, call, state);
    if (fns.length > 0) return fns.some((fn) => canThrow(this.#program, fn)) && !fns.some((fn) => this.#dealsWith(fn, state));
    if (isPlainMethod(this.#fn, call)) return false;
    // PHP's own functions answer with false.
    return site.callee.k !== "ref" || this.#fn.file.language !== "php";
  }

  /** `remove(path).catch(() => {})`: what fails before is dealt with, by a function that does not fail itself. */
  #isCaught(rows: readonly CallModel[], call: number): boolean {
    const { args } = this.#fn.call(call);
    return rows.some(({ callbacks }) =>
      callbacks.some(({ after, argument }) => {
        const value = after === "failure" && callbacks.length === 1 ? args[argument.position ?? -1]?.value : undefined;
        return value?.k === "fn" && !canThrow(this.#program, this.#fn.file.functions[value.id]!);
      }),
    );
  }

  /** `raise Failed(f"{pretty(path)}")` */
  #isForThrow(call: number): boolean {
    this.#forThrows ??= madeForThrows(this.#fn);
    return this.#forThrows.has(call);
  }

  /** `const closeAll = async () => { … }`: a function written here that ends it, or hands it on, is no way to lose it. */
  #dealsWith(closure: Fn, state: ResourceState): boolean {
    return closure.isInside(this.#fn) && this.#holding.captures(closure.id, state) !== null && this.#holding.closure(closure.id, state) !== "borrows";
  }

  /** `open(fd)`: there is nothing to look for. */
  #isOnDescriptor(call: number): boolean {
    const { args } = this.#fn.call(call);
    return this.#program.target(this.#fn, call).rows.some((row) =>
      row.arguments.some(({ argument, flow }) => {
        const given = flow === "adopts" ? argumentOf(args, argument, this.#fn) : null;
        const type = given?.given === "yes" ? this.#program.typeOf(given.value, this.#fn) : null;
        return type?.t === "named" && type.name === "builtins.int";
      }),
    );
  }

  /** `zipfile.ZipFile(file, "w")` over what is followed: nothing is read yet. */
  #isWrittenOver(rows: readonly CallModel[], call: number, state: ResourceState): boolean {
    const { args } = this.#fn.call(call);
    return rows.some((row) =>
      row.effects.some((effect) => {
        const { fromPath } = effect.role === "acquires" && effect.completes ? effect : { fromPath: null };
        const given = fromPath === null ? null : argumentOf(args, fromPath, this.#fn);
        return given?.given === "yes" && this.#holding.part(given.value, state) === "";
      }),
    );
  }

  /** `handles.pop()`: fails only where there is none. */
  #isOnCollection(call: number, state: ResourceState): boolean {
    const { callee } = this.#fn.call(call);
    // `for (const worker of workers) worker.start()`
    const opens = this.#holding.tracked.acquires.openedBy.includes(this.#holding.calleePath(callee, state) ?? "");
    return (opens && isCollected(state)) || (callee.k === "field" && this.#holding.part(callee.of, state) === among);
  }

  /** A library's call that gets the resource to own or wrap it fails only when it is used wrongly. */
  #isTakenOver(call: number, state: ResourceState): boolean {
    return this.#fn.call(call).args.some((argument, i) => {
      const part = this.#holding.isAllResults(argument.value, state) ? "" : this.#holding.part(argument.value, state);
      if (part === null) return false;
      const handling = this.#handlings.argument(this.#fn, call, i, this.#holding.tracked, part);
      return handling === "returns" || handling === "keeps";
    });
  }
}

/** The calls inside what is thrown. */
function madeForThrows({ graph }: Fn): ReadonlySet<number> {
  const thrown = graph.blocks.flatMap(({ events, end }) =>
    end.t === "throw" ? events.flatMap((event) => (event.e === "call" && graph.calls[event.call]!.start >= end.at ? [event.call] : [])) : [],
  );
  return new Set(thrown);
}

function isAlwaysAsync(rows: readonly CallModel[], fns: readonly Fn[]): boolean {
  return rows.length + fns.length > 0 && rows.every((row) => row.isAsync) && fns.every((fn) => fn.fact.isAsync);
}
