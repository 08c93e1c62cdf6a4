import type { LoopFact } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { mentionedValues } from "../work/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { ObjectLifetimes } from "../collections/lifetime.ts";
import type { Site } from "../site.ts";
import type { HeatMap } from "../heat.ts";
import { cleanupOf, closuresIn, reachedBy } from "./cleanups.ts";
import { type Registration, registrationsIn, rowsOf } from "./registration.ts";
import { readsOfCall, waitsForAnswer } from "./answers.ts";
import { droppedUndos, isStopped, keptForLater, leftWithoutCleanup, valuesOf } from "./effects.ts";
import { endsByItself } from "./self-ending.ts";
import { nameOf, settledValue } from "./sameness.ts";
import { holdersOf, type Mismatch, signalOf, targetOf, undoing } from "./undoing.ts";

/**
 * What sets up, and so owes the undo: an effect of a component, a method called when an object comes to life, each object, each request, each time a
 * component is drawn, each step of a loop, each wait for an answer, each event that starts it again, a class that has a method to end its objects.
 */
export type OwedBy = "effect" | "lifecycle" | "object" | "request" | "render" | "component" | "loop" | "answer" | "event" | "ended";

/** A registration whose undo somebody owes, and whether it is there. */
export interface Owed {
  readonly registration: Registration;
  readonly by: OwedBy;
  /** Where it is undone; null when it is not. */
  readonly undone: Site | null;
  /** The call that looks like the undo, and why it is none. */
  readonly near: { readonly fn: Fn; readonly at: number; readonly because: Mismatch } | null;
  /** Where the effect is left without handing out the undo that it hands out elsewhere; null where it is not. */
  readonly left: number | null;
}

/** A function that is passed on to set something up. */
interface Effect {
  readonly fn: Fn;
  /** What undoes it beside what it returns; null when nothing else can. */
  readonly undoers: readonly Fn[] | null;
  /** When it runs again: each time the component is drawn, when something changes that was given to the component, or not as far as is known. */
  readonly again: "each" | "changes" | "unknown" | "never";
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
    for (const fn of program.functions()) this.#event(fn);
    for (const fn of program.functions()) for (const effect of this.#effectsIn(fn)) this.#effect(effect);
    for (const fn of program.functions()) this.#render(fn);
    for (const fn of program.functions()) this.#handlers(fn);
    for (const fn of program.functions()) this.#method(fn);
    for (const fn of program.functions()) this.#request(fn);
    for (const fn of program.functions()) this.#loop(fn);
    for (const fn of program.functions()) this.#answer(fn);
    for (const fn of program.functions()) this.#ended(fn);
  }

  /** The callbacks that a function passes on to be undone by what they return, or by other callbacks that it passes on. */
  #effectsIn(fn: Fn): readonly Effect[] {
    const found: Effect[] = [];
    for (const [call, site] of fn.graph.calls.entries()) {
      for (const callback of this.#program.target(fn, call).rows.flatMap((row) => row.callbacks)) {
        if (!callback.cleanup && callback.undoneBy.length === 0) continue;
        const effect = writtenFunction(site.args[callback.argument.position ?? -1]?.value, fn);
        if (effect === null) continue;
        if (callback.undoneBy.length > 0) found.push({ fn: effect, undoers: this.#passedTo(callback.undoneBy, effect), again: "unknown" });
        else found.push({ fn: effect, undoers: null, again: againOf(site.args[(callback.argument.position ?? 0) + 1]?.value, fn) });
      }
    }
    return found;
  }

  /** The body of a React component or hook runs each time the component is drawn: https://react.dev/reference/rules/components-and-hooks-must-be-pure */
  #render(fn: Fn): void {
    if (!this.#usesHooks(fn)) return;
    // What an effect undoes that does not run each time is only what its own time added.
    const seldom = this.#effectsIn(fn).filter((one) => one.undoers === null && one.again !== "each");
    const candidates = closuresIn(fn).filter((one) => !seldom.some((effect) => one === effect.fn || one.isInside(effect.fn)));
    for (const registration of registrationsIn(this.#program, fn)) {
      if (registration.effect.once || !this.#outlives(registration, fn)) continue;
      this.#judge(registration, "render", new Set([fn, ...candidates]), []);
    }
  }

  /**
   * Intervals that handlers of a React component start: only a cleanup of one of its effects runs when the component goes away. Listeners that they add to
   * the page may be removed by any of its functions.
   */
  #handlers(fn: Fn): void {
    const effects = this.#usesHooks(fn) ? [...this.#effectsIn(fn)] : [];
    if (effects.length === 0 && !this.#usesHooks(fn)) return;
    const undoers = reachedBy(
      this.#program,
      effects.flatMap((one) => [...cleanupOf(this.#program, one.fn).fns]),
    );
    for (const one of closuresIn(fn)) {
      if (effects.some((effect) => effect.fn === one || one.isInside(effect.fn))) continue;
      for (const registration of registrationsIn(this.#program, one)) {
        if (registration.effect.once) continue;
        if (registration.effect.rule === "uncleared-timer") this.#judge(registration, "component", undoers, []);
        else if (registration.effect.what === "listener" && this.#outlives(registration, one) && isOwnFunction(registration))
          this.#judge(registration, "component", new Set([...closuresIn(fn), ...undoers]), []);
      }
    }
  }

  #usesHooks(fn: Fn): boolean {
    return fn.graph.calls.some((_, call) => {
      const { rows, library } = this.#program.target(fn, call);
      return library.startsWith("react.use") || rows.some((row) => row.callbacks.some((callback) => callback.cleanup && callback.undoneBy.length === 0));
    });
  }

  /** Functions passed to those calls in an effect or beside it, and to a parameter of the effect (`onCleanup(() => …)`). */
  #passedTo(names: readonly string[], effect: Fn): readonly Fn[] {
    const found: Fn[] = [];
    for (const fn of [effect, ...(effect.parent === null ? [] : [effect.parent])]) {
      for (const [call, { callee, args }] of fn.graph.calls.entries()) {
        const isGiven = fn === effect && callee.k === "var" && effect.fact.params.some((param) => param.variable === callee.id);
        if (!isGiven && !this.#program.target(fn, call).rows.some((row) => names.includes(row.name))) continue;
        const undoer = writtenFunction(args[0]?.value, fn);
        if (undoer !== null) found.push(undoer);
      }
    }
    return found;
  }

  #effect({ fn: effect, undoers: others, again }: Effect): void {
    const cleanup = cleanupOf(this.#program, effect);
    const component = effect.parent ?? effect;
    // Where other callbacks undo, they may be passed on by helpers that were not seen.
    const beside = others === null ? [] : [...others, ...closuresIn(component).filter((one) => one !== effect && !one.isInside(effect))];
    const undoers = reachedBy(this.#program, [...cleanup.fns, ...beside, ...keptForLater(this.#program, effect)]);
    const within = this.#runBy(effect);
    // What runs when the component goes away undoes only what was set up last.
    const last = again !== "changes" || component === effect ? [] : this.#effectsIn(component).filter((one) => one.again === "never");
    const isLate = (fn: Fn): boolean => last.some((one) => fn === one.fn || fn.isInside(one.fn));
    for (const fn of [effect, ...closuresIn(effect)]) {
      if (undoers.has(fn)) continue;
      const direct = within.has(fn);
      for (const registration of registrationsIn(this.#program, fn)) {
        // What a handler sets up, another handler may undo.
        if (!direct && registration.effect.once) continue;
        const { names } = holdersOf(registration);
        const isOutside = [...names].some((name) => name.includes(".") || !isLocalTo(name, effect));
        const candidates =
          direct && !isOutside
            ? undoers
            : new Set([component, ...closuresIn(component)].filter((one) => (isOutside || undoers.has(one) || one !== effect) && !isLate(one)));
        if (isStopped(registration, undoers)) continue;
        this.#judge(
          registration,
          "effect",
          isRenewed(registration, component) ? new Set() : candidates,
          cleanup.values,
          fn === effect && others === null ? leftWithoutCleanup(this.#program, registration) : null,
        );
      }
      if (direct) for (const registration of droppedUndos(this.#program, fn)) this.#judge(registration, "effect", undoers, cleanup.values, null);
    }
  }

  /** The effect, and the functions written in it that it runs itself: called by name, or as callbacks of a loop or a promise. */
  #runBy(effect: Fn): ReadonlySet<Fn> {
    const found = new Set([effect]);
    for (const fn of found) {
      for (const [call, { callee, args }] of fn.graph.calls.entries()) {
        const called = [...this.#program.target(fn, call).fns, ...(callee.k === "fn" ? [fn.file.functions[callee.id]!] : [])];
        for (const one of called) if (one.isInside(effect)) found.add(one);
        for (const { value } of args) {
          const callback = writtenFunction(value, fn);
          const use = callback === null ? null : this.#program.calls.callbackUse(callback);
          const runs = use === null ? undefined : this.#program.calls.callbackModel(use)?.runs;
          if (callback?.isInside(effect) && (runs === "each" || (runs === "once" && !isTimer(this.#program, fn, call)))) found.add(callback);
        }
      }
    }
    return found;
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
    const candidates = reachedBy(this.#program, [...undoers, ...keptForLater(this.#program, fn)]);
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
      this.#judge(registration, "request", this.#aroundOf(outermost(fn)), []);
    }
  }

  /** Per step of a loop: on something that is there before the loop, for the same event each time. */
  #loop(fn: Fn): void {
    if (fn.fact.kind === "module" || this.#heat.of(fn) === "startup") return;
    for (const registration of registrationsIn(this.#program, fn)) {
      const { call, effect } = registration;
      const site = fn.call(call);
      const loop = fn.graph.loops[site.loop];
      if (loop === undefined || effect.once || effect.rule !== "unremoved-listener" || effect.what === "observer") continue;
      const target = targetOf(fn, call);
      const isSame = (value: Value): boolean => mentionedValues(value).every((one) => one.k !== "call" && (one.k !== "var" || isSetOutside(fn, one.id, loop)));
      const events = site.args.filter(({ value }) => value.k !== "fn").map(({ value }) => value);
      if (target.k === "call" || !isSame(target) || !events.every(isSame)) continue;
      const owner = outermost(fn);
      this.#judge(registration, "loop", reachedBy(this.#program, [owner, ...closuresIn(owner)]), []);
    }
  }

  /** Per wait: on something that stays, for one answer. */
  #answer(fn: Fn): void {
    const owner = outermost(fn);
    if (fn.fact.kind === "module" || this.#heat.of(owner) === "startup") return;
    for (const registration of registrationsIn(this.#program, fn)) {
      if (!waitsForAnswer(this.#program, registration)) continue;
      if (this.#outlives(registration, fn) || this.#isShared(registration)) this.#judge(registration, "answer", this.#aroundOf(owner), []);
    }
  }

  /** Per event: an interval that a listener starts, over the one that it started before. */
  #event(fn: Fn): void {
    if (fn.fact.kind !== "lambda" || fn.parent === null || !this.#isListener(fn)) return;
    for (const registration of registrationsIn(this.#program, fn)) {
      const { names, goesOn } = holdersOf(registration);
      if (registration.effect.once || registration.effect.rule !== "uncleared-timer" || goesOn || names.size === 0) continue;
      if (asksAbout(fn, names)) continue;
      // Nobody calls what a listener gives back.
      const returned = cleanupOf(this.#program, fn).fns;
      if ([...names].some((name) => isLocalTo(name, fn)) && returned.size === 0) continue;
      // Undone there, it may still be left when its owner ends.
      const verdict = this.#verdict(registration, new Set([...reachedBy(this.#program, [fn])].filter((one) => !returned.has(one))), []);
      if (verdict?.undone === null) this.#judge(registration, "event", new Set(), []);
    }
  }

  /** Whether a function is added as a listener, which is called for each event. */
  #isListener(fn: Fn): boolean {
    const parent = fn.parent!;
    return registrationsIn(this.#program, parent).some(
      ({ call, effect }) => !effect.once && effect.what === "listener" && parent.call(call).args.some(({ value }) => writtenFunction(value, parent) === fn),
    );
  }

  /** A class that has a method to end its objects: what they add in other methods, to what outlives them, is to be undone there. */
  #ended(fn: Fn): void {
    const { cls } = fn;
    if (cls === null || fn.parent?.fact.kind !== "module" || isEnding(fn)) return;
    const methods = [...this.#program.hierarchy.ancestry(cls)].flatMap((one) => [...this.#program.hierarchy.ownMethods(one).values()]);
    const endings = methods.filter(isEnding);
    if (endings.length === 0) return;
    for (const registration of registrationsIn(this.#program, fn)) {
      if (registration.effect.once || !this.#outlives(registration, fn)) continue;
      // What an object of the process, or of the page, adds when it is made may be what ends it then.
      const called = reachedBy(this.#program, registeredFunctions(registration));
      if (fn.fact.kind === "constructor" && endings.some((one) => called.has(one))) continue;
      this.#judge(registration, "ended", reachedBy(this.#program, methods), []);
    }
  }

  /** Registered on what an object or a collection of the module holds, by a function that tells its own answer from those of others. */
  #isShared(registration: Registration): boolean {
    const { fn, call } = registration;
    if (!registeredFunctions(registration).some(readsOfCall)) return false;
    const target = settledValue(targetOf(fn, call), fn);
    if (target.k === "field") return target.of.k === "this" && outermost(fn).fact.kind !== "constructor";
    if (target.k !== "var") return false;
    const [only, ...others] = fn.file.variable(target.id).definitions;
    return others.length === 0 && only?.value.k === "index" && only.value.of.k === "var" && fn.file.variable(only.value.of.id).fn === 0;
  }

  /** A function with what is written in it, what it calls, and the other methods of its class. */
  #aroundOf(owner: Fn): ReadonlySet<Fn> {
    const methods = owner.cls === null ? [] : [...this.#program.hierarchy.ownMethods(owner.cls).values()];
    return reachedBy(this.#program, [owner, ...closuresIn(owner), ...methods]);
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

  #judge(registration: Registration, by: OwedBy, candidates: ReadonlySet<Fn>, values: readonly Value[], left: number | null = null): void {
    const key = `${registration.fn.file.index} ${registration.fn.id} ${registration.call} ${registration.effect.rule}`;
    if (this.#seen.has(key) || endsByItself(this.#program, registration)) return;
    this.#seen.add(key);
    const verdict =
      isOverwritten(registration) || (by === "effect" && this.#isOverwrittenByStep(registration))
        ? { undone: null, near: null }
        : this.#verdict(registration, candidates, values);
    if (verdict === null) return;
    // What is added to the object itself goes with it; a removal that misses says that it was meant not to.
    const isOwn = settledValue(targetOf(registration.fn, registration.call), registration.fn).k === "this";
    if (isOwn && verdict.undone === null && verdict.near === null && registration.effect.what === "listener") return;
    if (verdict.undone !== null && left !== null) this.found.push({ registration, by, undone: null, near: null, left });
    else this.found.push({ registration, by, ...verdict, left: null });
  }

  /** `jobs.forEach((job) => { timer = setInterval(job) })`: what undoes that of one step is gone with the next. */
  #isOverwrittenByStep(registration: Registration): boolean {
    const { fn } = registration;
    const { names, goesOn } = holdersOf(registration);
    if (goesOn || names.size === 0 || registration.effect.rule !== "uncleared-timer") return false;
    const use = this.#program.calls.callbackUse(fn);
    const isStep = use !== null && this.#program.calls.callbackModel(use)?.runs === "each";
    if (!isStep || [...names].some((name) => isLocalTo(name, fn)) || asksAbout(fn, names)) return false;
    return this.#verdict(registration, new Set([fn]), [])?.undone === null;
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
    const hasResult = registration.hasHandle || resultUndo.length > 0;
    let unclear = hasResult && goesOn && !(byValue && resultUndo.includes("()"));
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

/** `this.sub = a.subscribe(f); this.sub = b.subscribe(g)`: what undoes the first is gone with the second. */
function isOverwritten(registration: Registration): boolean {
  const { fn, call, effect } = registration;
  if (!registration.hasHandle || effect.resultUndo.length === 0) return false;
  const { blocks } = fn.graph;
  for (const { events } of blocks) {
    const kept = events.findIndex((event) => event.e === "store" && event.value.k === "call" && event.value.id === call);
    const first = events[kept];
    if (first?.e !== "store") continue;
    const name = nameOf({ k: "field", of: first.object, name: first.field }, fn);
    // In the same block nothing stands in between but what is written there.
    const next = events.slice(kept + 1);
    const again = next.findIndex(
      (event) => event.e === "store" && event.value.k === "call" && nameOf({ k: "field", of: event.object, name: event.field }, fn) === name,
    );
    const between = again < 0 ? [] : next.slice(0, again);
    const isUndone = between.some((event) => {
      const callee = event.e === "call" ? fn.call(event.call).callee : null;
      return callee?.k === "field" && effect.resultUndo.includes(callee.name);
    });
    if (again >= 0 && name !== null && !isUndone) return true;
  }
  return false;
}

/** Whether a variable keeps its value in a loop. */
function isSetOutside(fn: Fn, id: number, loop: LoopFact): boolean {
  const { definitions } = fn.file.variable(id);
  return !loop.targets.includes(id) && definitions.every(({ at, fn: by }) => by !== fn.id || at < loop.start || at >= loop.end);
}

/** The function that a value is, written there or held by a variable. */
function writtenFunction(value: Value | undefined, fn: Fn): Fn | null {
  const settled = value?.k === "var" ? fn.file.variable(value.id).definitions[0]?.value : value;
  return settled?.k === "fn" ? fn.file.functions[settled.id]! : null;
}

/** When an effect runs again, by the list of what it depends on: https://react.dev/reference/react/useEffect#parameters */
function againOf(list: Value | undefined, component: Fn): Effect["again"] {
  if (list === undefined) return "each";
  if (list.k !== "coll") return "unknown";
  const isGiven = (value: Value): boolean => {
    if (value.k !== "var") return value.k === "field" && isGiven(value.of);
    const { isParameter, definitions, fn } = component.file.variable(value.id);
    const [only, ...others] = definitions;
    return fn === component.id && (isParameter || (others.length === 0 && only?.value.k === "field" && isGiven(only.value)));
  };
  return list.items.length === 0 ? "never" : list.items.some(isGiven) ? "changes" : "unknown";
}

/** `handler.current = (event) => …` in the body of a component: what is removed is the function of the last time it was drawn. */
function isRenewed({ fn, call }: Registration, component: Fn): boolean {
  return fn.call(call).args.some(({ value }) => {
    const name = value.k === "field" ? nameOf(value, fn) : null;
    if (name === null) return false;
    return component.graph.blocks.some(({ events }) =>
      events.some((event) => event.e === "store" && event.value.k === "fn" && nameOf({ k: "field", of: event.object, name: event.field }, component) === name),
    );
  });
}

/** Whether the listener is a function of the function that adds it, so another one each time. */
function isOwnFunction({ fn, call }: Registration): boolean {
  return fn
    .call(call)
    .args.some(({ value }) => value.k === "fn" || (value.k === "var" && fn.file.variable(value.id).fn === fn.id && writtenFunction(value, fn) !== null));
}

/** The functions written out, or named, that a registering call is given. */
function registeredFunctions({ fn, call }: Registration): readonly Fn[] {
  return fn.call(call).args.flatMap(({ value }) => writtenFunction(value, fn) ?? []);
}

/** Names by which methods end an object, beside the protocols of the languages. */
const ending =
  /^(?:_?(?:close|destroy|dispose|stop|disconnect|shutdown|shutDown|teardown|tearDown|cleanup|cleanUp|unmount|detach)|\[Symbol\.(?:asyncD|d)ispose\])$/;

const isEnding = (fn: Fn): boolean => ending.test(fn.fact.name);

/** Whether a function asks about one of those names before it goes on: `if (timer) return`. */
function asksAbout(fn: Fn, names: ReadonlySet<string>): boolean {
  const asked = (value: Value): boolean => [...mentionedValues(value)].some((one) => names.has(nameOf(one, fn) ?? ""));
  return fn.graph.blocks.some(({ end }) => end.t === "branch" && valuesOf(end.test).some(asked));
}

/** Whether a call asks for something to be called later, once. */
const isTimer = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "registers" && effect.once));

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
