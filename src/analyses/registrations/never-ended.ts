import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallGraph } from "../call-graph.ts";
import type { ObjectLifetimes } from "../collections/lifetime.ts";

/** Tells which objects a program makes and never ends, though they have a method for that: they are there as long as the process or the page. */
export class NeverEnded {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #objects: ObjectLifetimes;
  #names: ReadonlySet<string> | null = null;

  constructor(program: Program, callGraph: CallGraph, objects: ObjectLifetimes) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#objects = objects;
  }

  /** @returns whether objects of a class are made, and none of the methods that end them is called or handed on, other than by one of them */
  has(cls: Cls, endings: readonly Fn[]): boolean {
    if (!this.#objects.isMade(cls)) return false;
    return endings.every((one) => !this.#isCalled(one, endings));
  }

  /** By others than the endings themselves: `teardown() { super.teardown(); }` of a derived class is one more. */
  #isCalled(ending: Fn, endings: readonly Fn[]): boolean {
    if (this.#unknownNames().has(ending.fact.name)) return true;
    const others = this.#callGraph.callers(ending).filter(({ fn }) => !endings.includes(fn));
    return others.some(({ fn }) => fn.cls === null || fn.fact.name !== ending.fact.name || this.#isCalled(fn, [...endings, fn]));
  }

  /** What is called or handed on by its name only, where nothing is known of the object. */
  #unknownNames(): ReadonlySet<string> {
    if (this.#names !== null) return this.#names;
    const names = new Set<string>();
    for (const fn of this.#program.functions()) {
      for (const [call, { callee, args }] of fn.graph.calls.entries()) {
        if (callee.k === "field" && this.#isUnknown(fn, call)) names.add(callee.name);
        for (const { value } of args) note(value, names);
      }
      for (const { events } of fn.graph.blocks) for (const event of events) if ("value" in event && event.value !== null) note(event.value, names);
    }
    this.#names = names;
    return names;
  }

  #isUnknown(fn: Fn, call: number): boolean {
    const { fns, rows, library, constructs } = this.#program.target(fn, call);
    return fns.length === 0 && rows.length === 0 && library === "" && constructs === null;
  }
}

function note(value: Value, names: Set<string>): void {
  if (value.k === "field") names.add(value.name);
}
