import type { FlowEvent } from "../../flow/event-graph.ts";
import { reachable, successors, walk } from "../../flow/reach.ts";
import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import { neverComesBack } from "../ending-calls.ts";
import type { ChannelUse } from "../channels/uses.ts";
import type { Channel } from "../channels/waiting.ts";
import type { Site } from "../site.ts";
import { mentionedValues, returnedValues } from "../work/values.ts";
import type { HeldLocks } from "./held-locks.ts";
import { lockOperation } from "./lock-operations.ts";

/**
 * What keeps an operation from coming after its other side was told to end: nothing, a flag that is asked before (which somebody may set in between), or one
 * that is asked and set under the same lock.
 */
export type Guard = "none" | "flag" | "locked flag";

/** How many callers up a question is looked for that is asked before. */
const maxCallers = 2;

/** Finds the flags that say that the other side of a channel is still there. */
export class Guards {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #locks: HeldLocks;
  readonly #channels: readonly Channel[];

  constructor(program: Program, callGraph: CallGraph, locks: HeldLocks, channels: readonly Channel[]) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#locks = locks;
    this.#channels = channels;
  }

  /**
   * @param told what the other side receives that tells it to end
   * @param ender the function that receives it
   */
  of(blocked: Site, told: FlowEvent, ender: Fn): Guard {
    if (told.e !== "receive") return "none";
    const channel = this.#channels.find(({ uses }) => uses.some((use) => use.fn === ender && use.at === told.at));
    const signals = channel?.uses.filter((use) => use.use === "closes" || use.use === "sends") ?? [];
    const [first, ...others] = signals.map((use) => this.#flagsSetBefore(use));
    if (first === undefined) return "none";
    const flags = new Set([...first].filter((flag) => others.every((one) => one.has(flag))));
    if (flags.size === 0 || !this.#isAsked(blocked, flags, false, 0)) return "none";
    const held = [...this.#locks.heldAt(blocked)];
    const isLocked = held.some((key) => signals.every((use) => this.#heldAtSignal(use).has(key)));
    return isLocked && this.#isAsked(blocked, flags, true, 0) ? "locked flag" : "flag";
  }

  #heldAtSignal(use: ChannelUse): ReadonlySet<string> {
    const call = use.fn.graph.calls.findIndex(({ start }) => start === use.at);
    return call < 0 ? this.#locks.heldAt(use) : this.#locks.heldAround(use.fn, call);
  }

  /** The fields that a function sets before it tells the other side to end. */
  #flagsSetBefore({ fn, at }: ChannelUse): ReadonlySet<string> {
    const events = fn.graph.blocks.flatMap((block) => block.events);
    return new Set(events.flatMap((event) => (event.e === "store" && event.at < at ? this.#keysOf(event.object, event.field, fn) : [])));
  }

  #keysOf(object: Value, field: string, fn: Fn): readonly string[] {
    const type = object.k === "this" ? this.#program.types.self(fn) : this.#program.typeOf(object, fn);
    return type?.t === "instance" ? [...this.#program.hierarchy.ancestry(type.cls)].map((cls) => `${cls.file.index} ${cls.id} ${field}`) : [];
  }

  /**
   * Whether no way leads to a place but by a question about one of the flags after which the function may not come to it.
   * @param underLock whether it has to be asked after the function has taken a lock
   */
  #isAsked({ fn, at }: Site, flags: ReadonlySet<string>, underLock: boolean, depth: number): boolean {
    const { blocks } = fn.graph;
    const target = blocks.findIndex(({ events }) => events.some((event) => this.#isAt(fn, event, at)));
    if (target < 0) return false;
    const locked = underLock ? firstLock(this.#program, fn) : -1;
    for (const [index, { end, events }] of blocks.entries()) {
      if (index !== target && walk(0, (block) => (block === index ? [] : successors(blocks[block]!.end))).has(target)) continue;
      const asks =
        end.t === "branch" &&
        index !== target &&
        end.at > locked &&
        testedValues(end.test).some((value) => this.#isAbout(value, fn, flags)) &&
        ![end.yes, end.no].every((way) => reachable(fn.graph, way).has(target));
      const asserts = events.some(
        (event) => event.e === "call" && fn.call(event.call).start < at && fn.call(event.call).start > locked && this.#asserts(fn, event.call, flags),
      );
      if (asks || asserts) return true;
    }
    const callers = this.#callGraph.callers(fn);
    if (underLock || depth >= maxCallers || callers.length === 0) return false;
    return callers.every((edge) => this.#isAsked({ fn: edge.fn, at: edge.fn.call(edge.call).start }, flags, underLock, depth + 1));
  }

  #isAt(fn: Fn, event: FlowEvent, at: number): boolean {
    return "at" in event ? (event.e === "send" || event.e === "receive") && event.at === at : event.e === "call" && fn.call(event.call).start === at;
  }

  /** Whether a value is one of the flags, or what a function gives that returns one. */
  #isAbout(value: Value, fn: Fn, flags: ReadonlySet<string>): boolean {
    return mentionedValues(value).some((one) => {
      if (one.k === "field") return this.#keysOf(one.of, one.name, fn).some((key) => flags.has(key));
      if (one.k !== "call") return false;
      return this.#program.target(fn, one.id).fns.some((callee) => returnedValues(callee.graph).some((given) => this.#isFlag(given, callee, flags)));
    });
  }

  #isFlag(value: Value, fn: Fn, flags: ReadonlySet<string>): boolean {
    return mentionedValues(value).some((one) => one.k === "field" && this.#keysOf(one.of, one.name, fn).some((key) => flags.has(key)));
  }

  /** Whether a call does not come back when one of the flags says so: `w.assertOpen()`, which throws. */
  #asserts(fn: Fn, call: number, flags: ReadonlySet<string>): boolean {
    return this.#program.target(fn, call).fns.some((callee) =>
      callee.graph.blocks.some(({ end }) => {
        if (end.t !== "branch" || !testedValues(end.test).some((value) => this.#isFlag(value, callee, flags))) return false;
        return [end.yes, end.no].some((way) => !this.#comesBack(callee, way));
      }),
    );
  }

  /** Whether a function may return from a block on: calls of what never returns do not lead on. */
  #comesBack(fn: Fn, from: number): boolean {
    const { blocks } = fn.graph;
    const ends = (block: number): boolean => blocks[block]!.events.some((event) => event.e === "call" && neverComesBack(this.#program, fn, event.call));
    const ways = walk(from, (block) => (ends(block) ? [] : successors(blocks[block]!.end)));
    return [...ways].some((block) => blocks[block]!.end.t === "return" && !ends(block));
  }
}

/** Where a function first takes a lock; nowhere, it is the end of the file. */
function firstLock(program: Program, fn: Fn): number {
  const taken = fn.graph.calls.flatMap(({ start }, call) => (lockOperation(program, fn, call)?.operation === "lock" ? [start] : []));
  return Math.min(...taken, Number.MAX_SAFE_INTEGER);
}
