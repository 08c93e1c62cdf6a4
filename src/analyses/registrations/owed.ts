import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { ObjectLifetimes } from "../collections/lifetime.ts";
import type { Site } from "../site.ts";
import type { HeatMap } from "../heat.ts";
import { cleanupOf, closuresIn, reachedBy } from "./cleanups.ts";
import { type Registration, registrationsIn, rowsOf } from "./registration.ts";
import { endsByItself } from "./self-ending.ts";
import { nameOf, settledValue } from "./sameness.ts";
import { holdersOf, type Mismatch, signalOf, targetOf, undoing } from "./undoing.ts";

/** What sets up, and so owes the undo: an effect of a component, a method called when an object comes to life, each object, each request. */
export type OwedBy = "effect" | "lifecycle" | "object" | "request";

/** A registration whose undo somebody owes, and whether it is there. */
export interface Owed {
  readonly registration: Registration;
  readonly by: OwedBy;
  /** Where it is undone; null when it is not. */
  readonly undone: Site | null;
  /** The call that looks like the undo, and why it is none. */
  readonly near: { readonly fn: Fn; readonly at: number; readonly because: Mismatch } | null;
}

/** Judges the registrations of a program whose owner is known. */
export class OwedUndos {
  readonly found: Owed[] = [];
  readonly #program: Program;
  readonly #heat: HeatMap;
  readonly #objects: ObjectLifetimes;
  readonly #seen = new Set<string>();

  constructor(program: Program, heat: HeatMap, objects: ObjectLifetimes) {
    this.#program = program;
    this.#heat = heat;
    this.#objects = objects;
    for (const fn of program.functions()) for (const effect of this.#effectsIn(fn)) this.#effect(effect);
    for (const fn of program.functions()) this.#method(fn);
    for (const fn of program.functions()) this.#request(fn);
  }

  /** The callbacks that a function passes on to be undone by what they return. */
  #effectsIn(fn: Fn): readonly Fn[] {
    const found: Fn[] = [];
    for (const [call, site] of fn.graph.calls.entries()) {
      for (const callback of this.#program.target(fn, call).rows.flatMap((row) => row.callbacks)) {
        const value = callback.cleanup ? site.args[callback.argument.position ?? -1]?.value : undefined;
        const settled = value?.k === "var" ? fn.file.variable(value.id).definitions[0]?.value : value;
        if (settled?.k === "fn") found.push(fn.file.functions[settled.id]!);
      }
    }
    return found;
  }

  #effect(effect: Fn): void {
    const cleanup = cleanupOf(this.#program, effect);
    const undoers = reachedBy(this.#program, cleanup.fns);
    const component = effect.parent ?? effect;
    for (const fn of [effect, ...closuresIn(effect)]) {
      if (undoers.has(fn)) continue;
      for (const registration of registrationsIn(this.#program, fn)) {
        // What a handler sets up, another handler may undo.
        const direct = fn === effect || this.#runsDirectly(fn, effect);
        if (!direct && registration.effect.once) continue;
        const { names } = holdersOf(registration);
        const isOutside = [...names].some((name) => name.includes(".") || !isLocalTo(name, effect));
        const candidates =
          direct && !isOutside ? undoers : new Set([component, ...closuresIn(component)].filter((one) => isOutside || undoers.has(one) || one !== effect));
        this.#judge(registration, "effect", candidates, cleanup.values);
      }
    }
  }

  /** A callback of a loop or a promise inside the effect: part of what it sets up. */
  #runsDirectly(fn: Fn, effect: Fn): boolean {
    for (let one: Fn | null = fn; one !== null && one !== effect; one = one.parent) {
      const use = this.#program.calls.callbackUse(one);
      const runs = use === null ? undefined : this.#program.calls.callbackModel(use)?.runs;
      if (runs !== "each" && runs !== "once") return false;
    }
    return true;
  }

  /** Methods that a library calls when an object comes to life; constructors of objects that come and go. */
  #method(fn: Fn): void {
    const { cls } = fn;
    if (cls === null || fn.parent?.fact.kind !== "module") return;
    const undoneIn = this.#undoneIn(fn);
    const isObject = undoneIn.length === 0 && fn.fact.kind === "constructor";
    if (undoneIn.length === 0 && !(isObject && this.#objects.of(cls) === "call")) return;
    const family = [...this.#program.hierarchy.ancestry(cls), ...this.#program.hierarchy.subclasses(cls)];
    const methods = family.flatMap((one) => [...this.#program.hierarchy.ownMethods(one).values()]);
    const undoers = isObject ? methods : methods.filter((one) => undoneIn.includes(one.fact.name));
    const candidates = reachedBy(this.#program, undoers);
    for (const one of [fn, ...closuresIn(fn)]) {
      for (const registration of registrationsIn(this.#program, one)) {
        if (one !== fn && registration.effect.once) continue;
        if (isObject && (registration.effect.once || !this.#outlives(registration, fn))) continue;
        this.#judge(registration, isObject ? "object" : "lifecycle", one === fn ? candidates : new Set([...candidates, ...closuresIn(fn)]), []);
      }
    }
  }

  #undoneIn(fn: Fn): readonly string[] {
    if (fn.cls === null || fn.fact.kind !== "method") return [];
    const found: string[] = [];
    for (const base of this.#program.hierarchy.libraryBases(fn.cls)) {
      for (const row of this.#program.library(fn.file).method(base, fn.fact.name)?.rows ?? []) {
        for (const effect of row.effects) if (effect.role === "undone-in") found.push(...effect.methods);
      }
    }
    return found;
  }

  /** Per request: on something that outlives it. */
  #request(fn: Fn): void {
    if (this.#heat.of(fn) !== "request") return;
    for (const registration of registrationsIn(this.#program, fn)) {
      if (registration.effect.once || !this.#outlives(registration, fn)) continue;
      const owner = outermost(fn);
      const methods = fn.cls === null ? [] : [...this.#program.hierarchy.ownMethods(fn.cls).values()];
      const candidates = reachedBy(this.#program, [owner, ...closuresIn(owner), ...methods]);
      this.#judge(registration, "request", candidates, []);
    }
  }

  /** Whether what is registered on outlives the function: the process, the page, a module's variable; timers outlive everything. */
  #outlives({ fn, call, effect }: Registration, owner: Fn): boolean {
    const site = fn.call(call);
    if (site.callee.k === "ref" && effect.undo.length > 0 && effect.resultUndo.length > 0) return true;
    const target = settledValue(targetOf(fn, call), fn);
    if (target.k === "ref") return target.module === null || this.#isValue(target, fn);
    if (target.k === "var") return fn.file.variable(target.id).fn === 0 && !fn.file.variable(target.id).isParameter && owner.fact.kind !== "module";
    return false;
  }

  /** An imported name that is an object of the program, not a function or class. */
  #isValue(target: Extract<Value, { k: "ref" }>, fn: Fn): boolean {
    return this.#program.symbol(target, fn).s === "value";
  }

  #judge(registration: Registration, by: OwedBy, candidates: ReadonlySet<Fn>, values: readonly Value[]): void {
    const key = `${registration.fn.file.index} ${registration.fn.id} ${registration.call} ${registration.effect.rule}`;
    if (this.#seen.has(key) || endsByItself(this.#program, registration)) return;
    this.#seen.add(key);
    const verdict = this.#verdict(registration, candidates, values);
    if (verdict !== null) this.found.push({ registration, by, ...verdict });
  }

  /** Whether one of the candidates undoes the registration; null when that cannot be told. */
  #verdict(registration: Registration, candidates: ReadonlySet<Fn>, values: readonly Value[]): Pick<Owed, "undone" | "near"> | null {
    const { names, goesOn } = holdersOf(registration);
    const { resultUndo } = registration.effect;
    // Returned itself, or its method is.
    const isResult = (value: Value): boolean => (value.k === "call" && value.id === registration.call) || (value.k === "var" && names.has(`v${value.id}`));
    const byValue = values.some((value) => (resultUndo.includes("()") && isResult(value)) || isMethodOf(value, names, registration));
    const signal = signalOf(registration);
    let near: Owed["near"] = null;
    let unclear = goesOn && !(byValue && resultUndo.includes("()"));
    for (const fn of candidates) {
      for (const [call, site] of fn.graph.calls.entries()) {
        if (fn === registration.fn && call === registration.call) continue;
        const answer = undoing(registration, names, { fn, call });
        if (answer.undoes === "yes" || (signal !== null && this.#isAbort(signal, registration, fn, call)))
          return { undone: { fn, at: site.start }, near: null };
        // `targets.forEach(off)`, `cleanup.push(off)`: handed on.
        const isHandedOn = site.args.some(({ value }) => value.k === "var" && names.has(`v${value.id}`)) && this.#program.target(fn, call).rows.length === 0;
        if (answer.undoes === "maybe" || isHandedOn) unclear = true;
        if (answer.undoes === "no" && (answer.because === "another function" || answer.because === "other options"))
          near ??= { fn, at: site.start, because: answer.because };
      }
    }
    if (byValue) return { undone: { fn: registration.fn, at: registration.fn.call(registration.call).start }, near: null };
    const isUnknown = unclear || (signal !== null && !isOwnController(signal, registration)) || isUnknownCleanup(values);
    return isUnknown ? null : { undone: null, near };
  }

  /** `controller.abort()` for the controller whose signal was given. */
  #isAbort(signal: Value, registration: Registration, fn: Fn, call: number): boolean {
    const { callee } = fn.call(call);
    const settled = settledValue(signal, registration.fn);
    if (callee.k !== "field" || settled.k !== "field" || nameOf(callee.of, fn) !== nameOf(settled.of, registration.fn)) return false;
    return rowsOf(this.#program, fn, call).some((row) => row.effects.some((effect) => effect.role === "unregisters" && effect.value.of === "receiver"));
  }
}

/** The cleanup comes from code that was not seen. */
const isUnknownCleanup = (values: readonly Value[]): boolean => values.some((value) => value.k === "unknown" || value.k === "index");

/** `return sub.unsubscribe`, `return observer.disconnect`. */
function isMethodOf(value: Value, names: ReadonlySet<string>, { fn, effect }: Registration): boolean {
  if (value.k !== "field" || ![...effect.resultUndo, ...effect.undo].includes(value.name)) return false;
  const of = value.of.k === "var" ? `v${value.of.id}` : nameOf(value.of, fn);
  return of !== null && (names.has(of) || names.size === 0);
}

/** The controller is made in the same function: nobody else aborts it. */
function isOwnController(signal: Value, { fn }: Registration): boolean {
  const settled = settledValue(signal, fn);
  return settled.k === "field" && settled.of.k === "var" && fn.file.variable(settled.of.id).fn === fn.id && !fn.file.variable(settled.of.id).isParameter;
}

function isLocalTo(name: string, effect: Fn): boolean {
  const id = /^v(\d+)$/.exec(name)?.[1];
  if (id === undefined) return false;
  const owner = effect.file.functions[effect.file.variable(Number(id)).fn]!;
  return owner === effect || owner.isInside(effect);
}

function outermost(fn: Fn): Fn {
  let one = fn;
  while (one.parent !== null && one.parent.fact.kind !== "module") one = one.parent;
  return one;
}
