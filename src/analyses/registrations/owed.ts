import type { LoopFact } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { ObjectLifetimes } from "../collections/lifetime.ts";
import type { CallGraph } from "../call-graph.ts";
import type { HeatMap } from "../heat.ts";
import { endedIn, isCalledAgain, undoneIn } from "../lifecycles.ts";
import type { ProcessLives } from "../process-life.ts";
import { isConstantFew } from "../work/loops.ts";
import { mentionedValues } from "../work/values.ts";
import { readsOfCall, waitsForAnswer } from "./answers.ts";
import { cleanupOf, closuresIn, reachedBy } from "./cleanups.ts";
import { actsOnlyWhileThere } from "./while-there.ts";
import { undoneOnlyIf } from "./conditional.ts";
import { draws, type Effect, effectsIn, isForOneRun, isNamedComponent, isRenewed, runBy, setUpIn, usesHooks } from "./components.ts";
import { droppedUndos, isStopped, keptForLater, leftWithoutCleanup } from "./effects.ts";
import { asksAbout, isLocalTo, isWrittenIn, registeredFunctions, writtenFunction } from "./functions.ts";
import { mountedComponents } from "../mounted.ts";
import { guardsOf } from "./guards.ts";
import { NeverEnded } from "./never-ended.ts";
import { OnceGuards } from "./once.ts";
import { type Registration, registrationsIn } from "./registration.ts";
import { type Left, leftBeforeUndo, servesCall } from "./serving.ts";
import { isRemovedAfterDrawing } from "./redrawn.ts";
import { asksWhatEnds, startedAgain, startsAgainAfterWait } from "./restarting.ts";
import { settledWithoutUndo } from "./settling.ts";
import { nameOf, settledValue } from "./sameness.ts";
import { isOwnPart } from "./own-parts.ts";
import { endsByItself, isGivenBack } from "./self-ending.ts";
import { holdersOf, targetOf } from "./undoing.ts";
import { isOverwritten, type Verdict, verdictOf } from "./verdict.ts";

/**
 * What sets up, and so owes the undo: an effect of a component, a method called when an object comes to life, each object, each request, each call within a request, each time a
 * component is drawn, each step of a loop, each wait for an answer, each event that starts it again, a class that has a method to end its objects, a call that it
 * serves, a function that undoes it on other ways.
 */
export type OwedBy =
  | "effect"
  | "lifecycle"
  | "object"
  | "request"
  | "repeat"
  | "render"
  | "component"
  | "loop"
  | "answer"
  | "event"
  | "ended"
  | "call"
  | "ways";

/** A registration whose undo somebody owes, and whether it is there. */
export interface Owed extends Verdict {
  readonly registration: Registration;
  readonly by: OwedBy;
  /** Where the effect is left without handing out the undo that it hands out elsewhere, or a function without doing it; null where it is not. */
  readonly left: Left | null;
  /** The effect that owes the undo may run again, and what it set up is not meant to outlive that. */
  readonly again: boolean;
}

/** Judges the registrations of a program whose owner is known. */
export class OwedUndos {
  readonly found: Owed[] = [];
  readonly #program: Program;
  readonly #heat: HeatMap;
  readonly #objects: ObjectLifetimes;
  readonly #processes: ProcessLives;
  readonly #guards: OnceGuards;
  readonly #neverEnded: NeverEnded;
  /** Components that leave the page only with it. */
  readonly #mounted: ReadonlySet<Fn | Cls>;
  readonly #callGraph: CallGraph;
  readonly #seen = new Set<string>();
  readonly #registrations = new Map<Fn, readonly Registration[]>();
  readonly #effects = new Map<Fn, readonly Effect[]>();

  constructor(program: Program, callGraph: CallGraph, heat: HeatMap, objects: ObjectLifetimes, processes: ProcessLives) {
    this.#program = program;
    this.#heat = heat;
    this.#objects = objects;
    this.#processes = processes;
    this.#guards = new OnceGuards(program, callGraph, heat, objects);
    this.#neverEnded = new NeverEnded(program, callGraph, objects);
    this.#callGraph = callGraph;
    this.#mounted = mountedComponents(program, callGraph, heat);
    for (const fn of program.functions()) this.#settled(fn);
    for (const fn of program.functions()) this.#event(fn);
    for (const fn of program.functions()) for (const effect of this.#effectsIn(fn)) this.#effect(effect);
    for (const fn of program.functions()) this.#setUp(fn);
    for (const fn of program.functions()) this.#render(fn);
    for (const fn of program.functions()) this.#handlers(fn);
    for (const fn of program.functions()) this.#calledAgain(fn);
    for (const fn of program.functions()) this.#method(fn);
    for (const fn of program.functions()) this.#componentMethod(fn);
    for (const fn of program.functions()) this.#request(fn);
    for (const fn of program.functions()) this.#loop(fn);
    for (const fn of program.functions()) this.#answer(fn);
    for (const fn of program.functions()) this.#ended(fn);
    for (const fn of program.functions()) this.#call(fn);
  }

  #registrationsIn(fn: Fn): readonly Registration[] {
    let known = this.#registrations.get(fn);
    if (known === undefined) this.#registrations.set(fn, (known = registrationsIn(this.#program, fn)));
    return known;
  }

  #effectsIn(fn: Fn): readonly Effect[] {
    let known = this.#effects.get(fn);
    if (known === undefined) this.#effects.set(fn, (known = effectsIn(this.#program, fn)));
    return known;
  }

  /** Composables, other than those that run at the start only. */
  #setUp(fn: Fn): void {
    const effect = this.#heat.of(fn) === "startup" ? null : setUpIn(this.#program, fn);
    if (effect !== null) this.#effect(effect);
  }

  /** The body of a React component or hook runs each time the component is drawn: https://react.dev/reference/rules/components-and-hooks-must-be-pure */
  #render(fn: Fn): void {
    const isDrawn = draws(fn) && isNamedComponent(fn) && !this.#mounted.has(fn) && this.#heat.of(fn) !== "startup";
    if (!usesHooks(this.#program, fn) && !isDrawn) return;
    // What an effect undoes that does not run each time is only what its own time added.
    const seldom = this.#effectsIn(fn).filter((one) => one.undoers === null && one.again !== "each");
    const candidates = closuresIn(fn).filter((one) => !seldom.some((effect) => one === effect.fn || one.isInside(effect.fn)));
    for (const registration of this.#registrationsIn(fn)) {
      if (registration.effect.once || !this.#outlives(registration, fn)) continue;
      this.#judge(registration, "render", new Set([fn, ...candidates]), []);
    }
  }

  /**
   * Intervals that handlers of a React component start: only a cleanup of one of its effects runs when the component goes away. Listeners that they add to
   * the page may be removed by any of its functions.
   */
  #handlers(fn: Fn): void {
    if (!usesHooks(this.#program, fn) && !(draws(fn) && !this.#mounted.has(fn))) return;
    const effects = this.#effectsIn(fn);
    const undoers = reachedBy(
      this.#program,
      effects.flatMap((one) => [...cleanupOf(this.#program, one.fn).fns]),
    );
    for (const one of closuresIn(fn)) {
      if (effects.some((effect) => effect.fn === one || one.isInside(effect.fn))) continue;
      for (const registration of this.#registrationsIn(one)) {
        if (registration.effect.once) continue;
        if (registration.effect.rule === "uncleared-timer") this.#judge(registration, "component", undoers, []);
        else if (registration.effect.what === "listener" && this.#outlives(registration, one) && isWrittenIn(registration, fn))
          this.#judge(registration, "component", this.#undoersOfHandler(registration, fn, undoers), []);
      }
    }
  }

  /** The functions of a component that may undo what one of its handlers adds; none where they would remove the function of another drawing. */
  #undoersOfHandler(registration: Registration, component: Fn, cleanups: ReadonlySet<Fn>): ReadonlySet<Fn> {
    const all = new Set([...closuresIn(component), ...cleanups]);
    return isRemovedAfterDrawing(this.#program, registration, component, all) ? new Set() : all;
  }

  #effect(one: Effect): void {
    const { fn: effect, undoers: others, again } = one;
    const cleanup = cleanupOf(this.#program, effect);
    const component = effect.parent ?? effect;
    if (again === "never" && this.#mounted.has(component)) return;
    // Where other callbacks undo, they may be passed on by helpers that were not seen.
    const beside = others === null ? [] : [...others, ...closuresIn(component).filter((other) => other !== effect && !other.isInside(effect))];
    const undoers = reachedBy(this.#program, [...cleanup.fns, ...beside, ...keptForLater(this.#program, effect)]);
    const within = runBy(this.#program, effect);
    // What runs when the component goes away undoes only what was set up last.
    const last = again !== "changes" || component === effect ? [] : this.#effectsIn(component).filter((other) => other.again === "never");
    const isLate = (fn: Fn): boolean => last.some((other) => fn === other.fn || fn.isInside(other.fn));
    for (const fn of [effect, ...closuresIn(effect)]) {
      if (undoers.has(fn)) continue;
      const direct = within.has(fn);
      for (const registration of this.#registrationsIn(fn)) {
        // What a handler sets up, another handler may undo.
        if (!direct && registration.effect.once) continue;
        const { names } = holdersOf(registration);
        const isOutside = [...names].some((name) => name.includes(".") || !isLocalTo(name, effect));
        const candidates =
          direct && !isOutside
            ? undoers
            : new Set([component, ...closuresIn(component)].filter((other) => (isOutside || undoers.has(other) || other !== effect) && !isLate(other)));
        if (this.#endsWithAnswer(registration) || isStopped(registration, undoers) || actsOnlyWhileThere(this.#program, registration)) continue;
        this.#judge(
          registration,
          "effect",
          isRenewed(registration, component) ? new Set() : candidates,
          cleanup.values,
          this.#leftByEffect(registration, one, cleanup.fns, undoers),
          again !== "never" && !isForOneRun(registration, one),
        );
      }
      if (direct)
        for (const registration of droppedUndos(this.#program, fn)) this.#judge(registration, "effect", undoers, cleanup.values, null, again !== "never");
    }
  }

  /** Where what an effect undoes may stay all the same. */
  #leftByEffect(registration: Registration, { fn, undoers: others }: Effect, cleanups: ReadonlySet<Fn>, undoers: ReadonlySet<Fn>): Left | null {
    const isOwn = registration.fn === fn && others === null;
    const left = isOwn ? leftWithoutCleanup(this.#program, registration) : null;
    if (left !== null) return { at: left, how: "return" };
    const conditional = isOwn ? undoneOnlyIf(registration, cleanups) : null;
    if (conditional !== null) return { at: conditional.at, how: "condition" };
    return startsAgainAfterWait(this.#program, registration, undoers) ? { at: registration.fn.call(registration.call).start, how: "restart" } : null;
  }

  /** Methods of components that libraries end: what handlers add to the page, and timers that go on when the component has gone. */
  #componentMethod(fn: Fn): void {
    const { cls } = fn;
    if (cls === null || fn.parent?.fact.kind !== "module" || this.#mounted.has(cls)) return;
    const names = endedIn(this.#program, cls);
    if (names.length === 0 || names.includes(fn.fact.name) || undoneIn(this.#program, fn).length > 0) return;
    const family = [...this.#program.hierarchy.ancestry(cls), ...this.#program.hierarchy.subclasses(cls)];
    const methods = family.flatMap((one) => [...this.#program.hierarchy.ownMethods(one).values()]);
    const endings = reachedBy(
      this.#program,
      methods.filter((one) => names.includes(one.fact.name)),
    );
    for (const one of [fn, ...closuresIn(fn)]) {
      for (const registration of this.#registrationsIn(one)) {
        const isTimer = registration.effect.what === "timer";
        if (registration.effect.once ? !isTimer : !this.#outlives(registration, fn)) continue;
        const restarts = isTimer && startsAgainAfterWait(this.#program, registration, endings);
        if ((registration.effect.once && !restarts) || isStopped(registration, endings)) continue;
        const left: Left | null = restarts ? { at: one.call(registration.call).start, how: "restart" } : null;
        this.#judge(registration, "component", isTimer ? endings : reachedBy(this.#program, methods), [], left);
      }
    }
  }

  /** Methods that a library calls again: a timer over the one that they started before. */
  #calledAgain(fn: Fn): void {
    if (!isCalledAgain(this.#program, fn)) return;
    for (const registration of this.#registrationsIn(fn)) {
      const { names, goesOn } = holdersOf(registration);
      if (registration.effect.once || registration.effect.rule !== "uncleared-timer" || goesOn || names.size === 0 || asksAbout(fn, names)) continue;
      const verdict = verdictOf(this.#program, registration, reachedBy(this.#program, [fn]), []);
      if (verdict?.undone === null) this.#judge(registration, "event", new Set(), []);
    }
  }

  /** Methods that a library calls when an object comes to life; constructors of objects that come and go. */
  #method(fn: Fn): void {
    const { cls } = fn;
    if (cls === null || fn.parent?.fact.kind !== "module") return;
    const endings = undoneIn(this.#program, fn);
    const isObject = endings.length === 0 && fn.fact.kind === "constructor";
    if (endings.length === 0 && !(isObject && this.#objects.of(cls) === "call")) return;
    if (this.#mounted.has(cls)) return;
    const family = [...this.#program.hierarchy.ancestry(cls), ...this.#program.hierarchy.subclasses(cls)];
    const methods = family.flatMap((one) => [...this.#program.hierarchy.ownMethods(one).values()]);
    const undoers = isObject ? methods : methods.filter((one) => endings.includes(one.fact.name));
    const candidates = reachedBy(this.#program, [...undoers, ...keptForLater(this.#program, fn)]);
    for (const one of [fn, ...closuresIn(fn)]) {
      for (const registration of this.#registrationsIn(one)) {
        if ((one !== fn && registration.effect.once) || actsOnlyWhileThere(this.#program, registration)) continue;
        if (isObject && (registration.effect.once || !this.#outlives(registration, fn))) continue;
        this.#judge(registration, isObject ? "object" : "lifecycle", one === fn ? candidates : new Set([...candidates, ...closuresIn(fn)]), []);
      }
    }
  }

  /** Per request: on something that outlives it. */
  #request(fn: Fn): void {
    if (this.#heat.of(fn) !== "request") return;
    const around = (): ReadonlySet<Fn> => this.#aroundOf(fn.outermost);
    for (const registration of this.#registrationsIn(fn)) {
      if (registration.effect.once || !(this.#outlives(registration, fn) || this.#isInjected(registration))) continue;
      if (this.#guards.isOncePerProcess(fn, registration.call)) continue;
      if (!this.#processes.startsAfresh(fn) || this.#processes.of(fn) === "many") this.#judge(registration, "request", around(), []);
      // The process ends with the request, or may: what is added once goes with it.
      else if (!this.#guards.isOncePerRequest(fn, registration.call)) this.#judge(registration, "repeat", around(), []);
      else if (this.#processes.of(fn) === "unknown") this.#judge(registration, "request", around(), []);
    }
  }

  /** Per step of a loop: on something that is there before the loop, for the same event each time. */
  #loop(fn: Fn): void {
    if (fn.fact.kind === "module" || this.#heat.of(fn) === "startup") return;
    for (const registration of this.#registrationsIn(fn)) {
      const { call, effect } = registration;
      const site = fn.call(call);
      const loop = fn.graph.loops[site.loop];
      if (loop === undefined || effect.once || effect.rule !== "unremoved-listener" || effect.what === "observer") continue;
      const target = targetOf(registration);
      const isSame = (value: Value): boolean => mentionedValues(value).every((one) => one.k !== "call" && (one.k !== "var" || isSetOutside(fn, one.id, loop)));
      const events = site.args.filter(({ value }) => value.k !== "fn").map(({ value }) => value);
      // One handler for all steps is there once.
      if (effect.distinct && site.args.every(({ value }) => value.k !== "fn" && isSame(value))) continue;
      if (target.k === "call" || !isSame(target) || isStoredIn(fn, target, loop) || !events.every(isSame) || isConstantFew(this.#program, fn, loop)) continue;
      const owner = fn.outermost;
      this.#judge(registration, "loop", reachedBy(this.#program, [owner, ...closuresIn(owner)]), []);
    }
  }

  /** Until a promise is settled: undone on some of the ways to that only. */
  #settled(fn: Fn): void {
    const owner = fn.outermost;
    if (fn.fact.kind === "module" || this.#heat.of(owner) === "startup") return;
    for (const registration of this.#registrationsIn(fn)) {
      const { effect } = registration;
      // A listener that is called once may never be.
      const lasting = effect.what === "timer" ? registration : { ...registration, effect: { ...effect, once: false } };
      if (lasting.effect.once || endsByItself(this.#program, lasting)) continue;
      const at = settledWithoutUndo(this.#program, registration, this.#aroundOf(owner), this.#outlives(registration, fn));
      if (at === null) continue;
      this.#seen.add(keyOf(registration));
      this.found.push({ registration, by: "ways", undone: null, near: null, left: { at, how: "answer" }, again: false });
    }
  }

  /** Per wait: on something that stays, for one answer. */
  #answer(fn: Fn): void {
    const owner = fn.outermost;
    if (fn.fact.kind === "module" || this.#heat.of(owner) === "startup") return;
    for (const registration of this.#registrationsIn(fn)) {
      // `const look = () => { if (found()) resolve(); else setTimeout(look, 16); }`: there is no timer when the answer is there.
      if (!waitsForAnswer(this.#program, registration) || registeredFunctions(registration).includes(fn)) continue;
      if (this.#outlives(registration, fn) || this.#isShared(registration)) this.#judge(registration, "answer", this.#aroundOf(owner), []);
    }
  }

  /** Whether it waits for one answer, and its own function undoes it then: it is not the effect around it that set it up to stay. */
  #endsWithAnswer(registration: Registration): boolean {
    if (registration.effect.what === "timer" || !waitsForAnswer(this.#program, registration)) return false;
    return verdictOf(this.#program, registration, reachedBy(this.#program, registeredFunctions(registration)), [])?.undone != null;
  }

  /** Per event: an interval that a listener starts, over the one that it started before. */
  #event(fn: Fn): void {
    if (fn.fact.kind !== "lambda" || fn.parent === null || !this.#isListener(fn)) return;
    for (const registration of this.#registrationsIn(fn)) {
      const { names, goesOn } = holdersOf(registration);
      if (registration.effect.once || registration.effect.rule !== "uncleared-timer" || goesOn || names.size === 0) continue;
      if (asksAbout(fn, names)) continue;
      // Nobody calls what a listener gives back.
      const returned = cleanupOf(this.#program, fn).fns;
      if ([...names].some((name) => isLocalTo(name, fn)) && returned.size === 0) continue;
      // Undone there, it may still be left when its owner ends.
      const verdict = verdictOf(this.#program, registration, new Set([...reachedBy(this.#program, [fn])].filter((one) => !returned.has(one))), []);
      if (verdict?.undone === null) this.#judge(registration, "event", new Set(), []);
    }
  }

  /** Whether a function is added as a listener, which is called for each event. */
  #isListener(fn: Fn): boolean {
    const parent = fn.parent!;
    return this.#registrationsIn(parent).some(
      ({ call, effect }) => !effect.once && effect.what === "listener" && parent.call(call).args.some(({ value }) => writtenFunction(value, parent) === fn),
    );
  }

  /** A class that has a method to end its objects: what they add in other methods, to what outlives them, is to be undone there. */
  #ended(fn: Fn): void {
    const { cls } = fn;
    if (cls === null || fn.parent?.fact.kind !== "module" || isEnding(fn)) return;
    const methods = [...this.#program.hierarchy.ancestry(cls)].flatMap((one) => [...this.#program.hierarchy.ownMethods(one).values()]);
    const endings = methods.filter(isEnding);
    if (endings.length === 0 || this.#neverEnded.has(cls, endings)) return;
    const isSetUp = this.#setsUp(fn, cls);
    for (const one of this.#registrationsIn(fn)) {
      const registration = this.#renewed(one, reachedBy(this.#program, methods));
      if (registration.effect.once || !(registration !== one || this.#outlives(registration, fn))) continue;
      const { atExit } = registration.effect;
      // The exit handler of the only object there is, or of one that nothing in the program makes, stays as it should.
      if (atExit && this.#objects.of(cls) !== "call") continue;
      // What an object of the process, or of the page, adds when it is made may be what ends it then; so does an exit handler.
      const called = reachedBy(this.#program, this.#calledBack(registration));
      if ((atExit || isSetUp) && endings.some((one) => called.has(one))) continue;
      // The handler of a signal that stops the process goes with that.
      if (this.#isForStop(registration) && this.#objects.of(cls) !== "call") continue;
      // An object that may be started again keeps what it was made with.
      if (isSetUp && endings.every((one) => pausing.test(one.fact.name))) continue;
      // What the only object of the process adds when it is made is there as long as the object.
      if (isSetUp && this.#objects.of(cls) === "process") continue;
      this.#judge(registration, "ended", reachedBy(this.#program, methods), []);
    }
  }

  /** A timer that fires once and is started again each time goes on like any other, unless something is asked before that, or may be. */
  #renewed(one: Registration, methods: ReadonlySet<Fn>): Registration {
    const { fn, call, effect } = one;
    if (!effect.once || effect.what !== "timer" || startedAgain(this.#program, fn, call) === null) return one;
    const isAsked = guardsOf(fn.graph, call).length > 0 || asksWhatEnds(fn, methods);
    return isAsked ? one : { ...one, effect: { ...effect, once: false } };
  }

  /** Whether a method runs only when the object is made: its constructor, and what only that calls. */
  #setsUp(fn: Fn, cls: Cls): boolean {
    if (fn.fact.kind === "constructor") return true;
    const callers = this.#callGraph.callers(fn);
    return callers.length > 0 && callers.every(({ fn: by }) => by.cls === cls && by.fact.kind === "constructor");
  }

  /** The functions that a registering call is given, written out or as methods (`atexit.register(self.close)`). */
  #calledBack(registration: Registration): readonly Fn[] {
    const { fn, call } = registration;
    const methods = fn.call(call).args.flatMap(({ value }) => {
      const type = value.k === "field" ? this.#program.typeOf(value, fn) : null;
      return type?.t === "function" ? [type.fn] : [];
    });
    return [...registeredFunctions(registration), ...methods];
  }

  /** For the time of one call, on what outlives it: undone on some of its ways only, or on none. */
  #call(fn: Fn): void {
    const owner = fn.outermost;
    if (fn.fact.kind === "module" || fn.fact.kind === "constructor" || this.#heat.of(owner) === "startup") return;
    for (const registration of this.#registrationsIn(fn)) {
      const { effect } = registration;
      if (effect.once || this.#isJudged(registration) || endsByItself(this.#program, registration)) continue;
      if (this.#guards.isOnce(fn, registration.call)) continue;
      const isLent = isGivenBack(this.#program, registration);
      if (effect.what !== "timer" && !isLent && !this.#outlives(registration, fn) && !this.#isInjected(registration)) continue;
      const verdict = verdictOf(this.#program, registration, this.#aroundOf(owner), []);
      if (verdict === null) continue;
      // Where others undo it too, which of them comes first is not followed.
      const inner = new Set([...this.#aroundOf(owner)].filter((one) => one !== fn));
      const isElsewhere = verdict.undone !== null && verdictOf(this.#program, registration, inner, [])?.undone != null;
      const left = verdict.undone === null || isElsewhere ? null : leftBeforeUndo(this.#program, registration, verdict.undone, holdersOf(registration).names);
      // What ends an object runs once.
      if (left?.how === "failure" && isEnding(owner)) continue;
      if (left !== null) this.found.push({ registration, by: "ways", undone: null, near: null, left, again: false });
      else if (verdict.undone === null && effect.what !== "timer" && !this.#isForStop(registration) && (isLent || servesCall(this.#program, registration)))
        this.found.push({ registration, by: "call", ...verdict, left: null, again: false });
    }
  }

  /** A signal handler of the process: who works until it is told to stop may do that once. */
  #isForStop({ fn, call }: Registration): boolean {
    return this.#program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "handles-stop"));
  }

  /** Registered on what the object was given when it was made: that was there before, and stays. */
  #isInjected(registration: Registration): boolean {
    const { fn } = registration;
    const target = settledValue(targetOf(registration), fn);
    if (target.k !== "field" || target.of.k !== "this" || fn.outermost.fact.kind === "constructor") return false;
    const definitions = fn.cls?.field(target.name)?.definitions ?? [];
    // Go has no constructors: fields are filled by whoever makes the struct.
    if (definitions.length === 0) return fn.file.language === "go";
    return definitions.every(
      ({ value, fn: by }) => value.k === "var" && fn.file.variable(value.id).isParameter && fn.file.functions[by]!.fact.kind === "constructor",
    );
  }

  /** Registered on what an object or a collection of the module holds, by a function that tells its own answer from those of others. */
  #isShared(registration: Registration): boolean {
    const { fn } = registration;
    if (!registeredFunctions(registration).some(readsOfCall)) return false;
    const target = settledValue(targetOf(registration), fn);
    if (target.k === "field") return target.of.k === "this" && fn.outermost.fact.kind !== "constructor";
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
  #outlives(registration: Registration, owner: Fn): boolean {
    const { fn, call, effect } = registration;
    const site = fn.call(call);
    // An observer lives as long as what it watches: the page.
    if (effect.what === "observer" && site.args[0] !== undefined) {
      const watched = settledValue(site.args[0].value, fn);
      return watched.k === "ref" && watched.module === null;
    }
    if (site.callee.k === "ref" && effect.undo.length > 0 && effect.resultUndo.length > 0) return true;
    const on = settledValue(targetOf(registration), fn);
    // `event.listen(Engine, …)`: a class is there for as long as the process.
    if (effect.target.of === "argument" && this.#program.typeOf(on, fn)?.t === "class") return true;
    const target = rootOf(on);
    // `child = spawn(…); child.stdout.on(…)`: another one each time.
    if (target !== on && target.k === "var" && fn.file.variable(target.id).definitions.some((one) => one.fn !== 0)) return false;
    if (target.k === "ref") return target.module === null || this.#isValue(target, fn) || this.#isOfLibrary(target, fn);
    if (target.k === "var") return fn.file.variable(target.id).fn === 0 && !fn.file.variable(target.id).isParameter && owner.fact.kind !== "module";
    return false;
  }

  /** An imported name that is an object of the program, not a function or class. */
  #isValue(target: Extract<Value, { k: "ref" }>, fn: Fn): boolean {
    return this.#program.symbol(target, fn).s === "value";
  }

  /** An object that a library makes once, for everybody (`django.db.models.signals.post_save`). */
  #isOfLibrary(target: Extract<Value, { k: "ref" }>, fn: Fn): boolean {
    return target.name !== "" && this.#program.symbol(target, fn).s === "library" && this.#program.typeOf(target, fn)?.t !== "class";
  }

  #isJudged(registration: Registration): boolean {
    return this.#seen.has(keyOf(registration));
  }

  #judge(registration: Registration, by: OwedBy, candidates: ReadonlySet<Fn>, values: readonly Value[], left: Left | null = null, again = false): void {
    if (this.#isJudged(registration) || endsByItself(this.#program, registration)) return;
    if (by !== "request" && by !== "repeat" && this.#guards.isOnce(registration.fn, registration.call)) return;
    this.#seen.add(keyOf(registration));
    const verdict =
      isOverwritten(registration) || (by === "effect" && this.#isOverwrittenByStep(registration))
        ? { undone: null, near: null }
        : verdictOf(this.#program, registration, candidates, values);
    if (verdict === null) return;
    // What is added to the object itself goes with it; a removal that misses says that it was meant not to.
    const isOwn = isOwnPart(targetOf(registration), registration.fn);
    if (isOwn && verdict.undone === null && verdict.near === null && registration.effect.what === "listener") return;
    if (verdict.undone !== null && left !== null) this.found.push({ registration, by, undone: null, near: null, left, again });
    else this.found.push({ registration, by, ...verdict, left: null, again });
  }

  /** `jobs.forEach((job) => { timer = setInterval(job) })`: what undoes that of one step is gone with the next. */
  #isOverwrittenByStep(registration: Registration): boolean {
    const { fn } = registration;
    const { names, goesOn } = holdersOf(registration);
    if (goesOn || names.size === 0 || registration.effect.rule !== "uncleared-timer") return false;
    const use = this.#program.calls.callbackUse(fn);
    const isStep = use !== null && this.#program.calls.callbackModel(use)?.runs === "each";
    if (!isStep || [...names].some((name) => isLocalTo(name, fn)) || asksAbout(fn, names)) return false;
    return verdictOf(this.#program, registration, new Set([fn]), [])?.undone === null;
  }
}

/** What a chain of fields begins with (`app` in `app.state.listener`): the fields of what outlives a function do too. */
function rootOf(value: Value): Value {
  return value.k === "field" ? rootOf(value.of) : value;
}

const keyOf = ({ fn, call, effect }: Registration): string => `${fn.file.index} ${fn.id} ${call} ${effect.rule}`;

/** Whether a variable keeps its value in a loop. */
function isSetOutside(fn: Fn, id: number, loop: LoopFact): boolean {
  const { definitions } = fn.file.variable(id);
  return !loop.targets.includes(id) && definitions.every(({ at, fn: by }) => by !== fn.id || at < loop.start || at >= loop.end);
}

/** `this.watcher = watch(path); this.watcher.on("change", …)`: whether a loop gives a field another value in each step. */
function isStoredIn(fn: Fn, target: Value, loop: LoopFact): boolean {
  const name = target.k === "field" ? nameOf(target, fn) : null;
  if (name === null) return false;
  const isInside = (at: number): boolean => at >= loop.start && at < loop.end;
  return fn.graph.blocks.some(({ events }) =>
    events.some((event) => event.e === "store" && isInside(event.at) && nameOf({ k: "field", of: event.object, name: event.field }, fn) === name),
  );
}

/** Names by which methods end an object, beside the protocols of the languages. */
const ending =
  /^(?:_?(?:close|destroy|dispose|stop|release|disconnect|shutdown|shutDown|teardown|tearDown|cleanup|cleanUp|unmount|detach)|__a?exit__|\[Symbol\.(?:asyncD|d)ispose\])$/;

/** Those of them after which an object may be started again. */
const pausing = /^(?:stop|disconnect|detach)$/;

const isEnding = (fn: Fn): boolean => ending.test(fn.fact.name);
