import type { Block, FlowEvent } from "../flow/event-graph.ts";
import { blockOfCall, successors, walk } from "../flow/reach.ts";
import type { FlowExit } from "../flow/solver.ts";
import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { profileOf } from "../semantics/language-profile.ts";
import type { CallEdge } from "./call-graph.ts";
import { neverComesBack } from "./ending-calls.ts";
import type { HeatMap } from "./heat.ts";
import { mentionedValues, returnedValues } from "./work/values.ts";

/** How far calls inside what is returned are looked into: `return nil, fmt.Errorf("…: %w", errors.Join(err))`. */
const maxNesting = 4;

/** Tells which functions end the process when they fail: all who call them exit then, or hand the failure on to where the process begins. */
export class ProcessEnds {
  readonly #program: Program;
  readonly #heat: HeatMap;
  readonly #known = new Map<Fn, boolean>();

  constructor(program: Program, heat: HeatMap) {
    this.#program = program;
    this.#heat = heat;
  }

  /** @returns whether a function fails where it is left: by an exception, or by returning an error that is there */
  fails(fn: Fn, exit: FlowExit<unknown>["exit"] | "overwritten", at: number): boolean {
    if (exit !== "return") return exit !== "overwritten";
    const end = fn.graph.blocks.find((block) => block.end.t === "return" && block.end.at === at)?.end;
    if (end?.t !== "return" || end.value === null) return false;
    const last = end.value.k === "coll" && end.value.kind === "tuple" ? end.value.items.at(-1) : end.value;
    const type = last === undefined ? null : this.#program.typeOf(last, fn);
    return type?.t === "named" && type.name === "error";
  }

  /** @returns whether the process ends when the function fails, by an error that it returns or an exception */
  byFailureOf(fn: Fn): boolean {
    const known = this.#known.get(fn);
    if (known !== undefined) return known;
    this.#known.set(fn, false);
    const callers = this.#heat.callers(fn).filter((edge) => !this.#isUncalled(edge.fn));
    const ends =
      this.#heat.isProcessStart(fn) || (callers.length > 0 && callers.every((edge) => !this.#heat.runsLater(edge, fn) && this.#endsByFailureOf(edge)));
    this.#known.set(fn, ends);
    return ends;
  }

  /** A function of a file that nobody calls: what it does with a failure says nothing. */
  #isUncalled(fn: Fn): boolean {
    const isHandler = this.#heat.isProcessStart(fn) || this.#heat.of(fn) === "request";
    return fn.cls === null && fn.fact.kind === "function" && !isHandler && this.#heat.callers(fn).length === 0;
  }

  /** Whether the process ends when a call fails: right there, or further out, where the failure leaves the caller. */
  #endsByFailureOf({ fn, call }: CallEdge): boolean {
    if (!profileOf(fn.file.language).throws) return this.#endsByError(fn, call);
    const block = fn.graph.blocks[blockOfCall(fn.graph, call)];
    if (block === undefined) return false;
    return block.handler < 0 ? this.byFailureOf(fn) : this.#endsFrom(fn, block.handler, () => false);
  }

  /** Go: the error is returned as it is, or tested and then returned. */
  #endsByError(fn: Fn, call: number): boolean {
    const { blocks } = fn.graph;
    const isResult = (value: Value): boolean => value.k === "call" && value.id === call;
    // `log.Fatal(run())`
    const isHandedToEnd = fn.graph.calls.some(({ args }, id) => args.some(({ value }) => isResult(value)) && neverComesBack(this.#program, fn, id));
    if (isHandedToEnd) return true;
    if (returnedValues(fn.graph).some((value) => this.#mentions(fn, value, isResult, 0))) return this.byFailureOf(fn);
    for (const [at, { events }] of blocks.entries()) {
      for (const event of events) {
        if (event.e !== "set" || !(isResult(event.value) || (event.value.k === "item" && isResult(event.value.of)))) continue;
        const isError = (value: Value): boolean => value.k === "var" && value.id === event.var;
        const failed = this.#failedAfter(fn, at, isError);
        const returns = (value: Value | null): boolean => (value === null ? fn.fact.namedResults.includes(event.var) : this.#mentions(fn, value, isError, 0));
        if (failed >= 0 && this.#endsFrom(fn, failed, returns)) return true;
      }
    }
    return false;
  }

  /** The block to which the first test of an error leads when there is one, -1 for none. */
  #failedAfter(fn: Fn, from: number, isError: (value: Value) => boolean): number {
    const { blocks } = fn.graph;
    const isTest = ({ end }: Block): boolean => end.t === "branch" && end.test.test === "null" && isError(end.test.value);
    for (const at of walk(from, (one) => (isTest(blocks[one]!) ? [] : successors(blocks[one]!.end)))) {
      const { end } = blocks[at]!;
      if (end.t === "branch" && isTest(blocks[at]!)) return end.no;
    }
    return -1;
  }

  /** Whether every way on from a block ends the process: in the function, or, where it throws or returns the error, further out. */
  #endsFrom(fn: Fn, from: number, returnsError: (value: Value | null) => boolean): boolean {
    const { blocks } = fn.graph;
    const ends = ({ events }: Block): boolean => events.some((event) => event.e === "call" && neverComesBack(this.#program, fn, event.call));
    const reached = walk(from, (at) => (ends(blocks[at]!) ? [] : successors(blocks[at]!.end)));
    return [...reached].every((at) => {
      const block = blocks[at]!;
      if (ends(block)) return true;
      if (block.end.t === "return") return this.#comesLast(fn) || (returnsError(block.end.value) && this.byFailureOf(fn));
      return block.end.t !== "throw" || block.end.to >= 0 || this.byFailureOf(fn);
    });
  }

  /** Whether the process ends when the function does: it is where that begins, or those who call it have nothing to do afterwards. */
  #comesLast(fn: Fn, depth = 0): boolean {
    if (this.#heat.isProcessStart(fn)) return true;
    const callers = this.#heat.callers(fn);
    if (callers.length === 0 || depth > maxNesting) return false;
    return callers.every(({ fn: caller, call }) => {
      const from = blockOfCall(caller.graph, call);
      if (from < 0 || caller.call(call).loop >= 0 || this.#heat.runsLater({ fn: caller, call }, fn)) return false;
      const after = [...walk(from, (at) => successors(caller.graph.blocks[at]!.end))].flatMap((at) => caller.graph.blocks[at]!.events);
      const isWork = (event: FlowEvent): boolean => (event.e === "call" || event.e === "spawn") && caller.call(event.call).start > caller.call(call).start;
      return !after.some(isWork) && this.#comesLast(caller, depth + 1);
    });
  }

  #mentions(fn: Fn, value: Value, isIt: (value: Value) => boolean, depth: number): boolean {
    return mentionedValues(value).some((one) => {
      if (isIt(one)) return true;
      if (one.k !== "call" || depth >= maxNesting) return false;
      const { callee, args } = fn.call(one.id);
      // `newFailure(err).Component("datastore").Error()`
      return (callee.k === "field" && this.#mentions(fn, callee.of, isIt, depth + 1)) || args.some((arg) => this.#mentions(fn, arg.value, isIt, depth + 1));
    });
  }
}
