import type { Heat } from "../findings/finding.ts";
import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { argumentOf, settled } from "../program/arguments.ts";
import type { MarksEntryPoint, TypeRef } from "../semantics/models/model.ts";
import type { CallEdge, CallGraph } from "./call-graph.ts";
import { handlersOf } from "./handlers.ts";
import { returnedFunctions } from "./returned-functions.ts";
import { scriptFunctions } from "./scripts.ts";
import { Unused } from "./unused.ts";

type Entry = MarksEntryPoint["entry"];

/** How many callers up a function is followed to where the process begins. */
const maxOnce = 12;

/** How far a function that is passed on is followed. */
const maxHandedOn = 3;

/** Tells where code runs: for each request or job, only at start-up, or nobody knows. */
export class HeatMap {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #hot: ReadonlySet<Fn>;
  readonly #entries = new Map<Fn, Entry>();
  readonly #cold = new Map<Fn, boolean>();
  readonly #ofScripts: ReadonlySet<Fn>;
  #decorators: Set<Fn> | null = null;
  /** Whether the project answers requests or works jobs at all, as far as the models see. */
  readonly hasHandlers: boolean;
  readonly unused: Unused;
  /** Whether all there is to see are single files, and no program: who calls a function there tells nothing of how often. */
  readonly isExcerpt: boolean;

  constructor(program: Program, callGraph: CallGraph) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.isExcerpt = program.files.filter((file) => program.symbols.isAlone(file)).length * 2 > program.files.length;
    this.#ofScripts = scriptFunctions(program, callGraph);
    const handlers = handlersOf(program, callGraph);
    for (const fn of program.functions()) {
      const entry = this.#entryOf(fn) ?? handlers.get(fn) ?? null;
      if (entry !== null) this.#entries.set(fn, entry);
    }
    for (const fn of processTargets(program, callGraph)) if (!this.#entries.has(fn)) this.#entries.set(fn, "cli");
    this.unused = new Unused(program, callGraph, (fn) => this.#entries.has(fn));
    const roots = [...this.#entries].filter(([, entry]) => entry === "request" || entry === "job").map(([fn]) => fn);
    this.hasHandlers = roots.length > 0;
    this.#hot = callGraph.reachedFrom(roots);
  }

  /** What the decorators of a function, or the call it is passed to, make of it. */
  #entryOf(fn: Fn): Entry | null {
    if (fn.fact.kind === "module") return null;
    if (fn.file.language === "go" && fn.fact.name === "main" && fn.fact.cls < 0 && fn.file.facts.unit.packageName === "main") return "startup";
    for (const decorator of fn.fact.decorators) {
      const entry = this.#decoratorEntry(decorator, fn);
      if (entry !== null) return entry;
    }
    const inherited = this.#classEntry(fn);
    if (inherited !== null) return inherited;
    for (const edge of this.#callGraph.callers(fn)) {
      const use = edge.fn.call(edge.call).args.findIndex(({ value }) => value.k === "fn" && value.id === fn.id);
      if (use < 0 || edge.fn.file !== fn.file) continue;
      if (this.#program.calls.callbackModel({ fn: edge.fn, call: edge.call, argument: use })?.runs === "request") return "request";
    }
    return null;
  }

  #decoratorEntry(decorator: Value, fn: Fn): Entry | null {
    const owner = fn.parent ?? fn;
    const target = decorator.k === "call" ? this.#program.target(owner, decorator.id) : null;
    const type = target === null ? this.#program.typeOf(decorator, owner) : null;
    const rows = target?.rows ?? (type?.t === "external" ? this.#program.library(fn.file).rows(type.name) : []);
    for (const row of rows) for (const effect of row.effects) if (effect.role === "marks-entry-point") return effect.entry;
    return null;
  }

  /** Methods of classes below a library's handler class (`View`, `Controller`). */
  #classEntry(fn: Fn): Entry | null {
    if (fn.cls === null || fn.fact.kind !== "method" || fn.parent?.fact.kind !== "module") return null;
    for (const decorator of fn.cls.fact.decorators) {
      const entry = this.#decoratorEntry(decorator, fn);
      if (entry !== null) return entry;
    }
    for (const base of this.#program.hierarchy.libraryBases(fn.cls)) {
      for (const row of this.#program.library(fn.file).rows(base.name)) {
        for (const effect of row.effects) if (effect.role === "marks-entry-point") return effect.entry;
      }
      // A method that the library calls at a certain time (a lifecycle hook).
      for (const row of this.#program.library(fn.file).method(base, fn.fact.name)?.rows ?? []) {
        for (const effect of row.effects) if (effect.role === "marks-entry-point") return effect.entry;
      }
    }
    return null;
  }

  /** @returns the functions at which that kind of work enters the program */
  entriesOf(kind: Entry): readonly Fn[] {
    return [...this.#entries].filter(([, entry]) => entry === kind).map(([fn]) => fn);
  }

  /** @returns how hot a function's code is, loops aside */
  of(fn: Fn): Heat {
    for (let one: Fn | null = fn; one !== null; one = one.parent) if (this.#hot.has(one)) return "request";
    return this.#isCold(fn, 0) ? "startup" : "unknown";
  }

  /** @returns as `of`, with a place inside a loop counting as hot */
  at(fn: Fn, call: number): Heat {
    const heat = this.of(fn);
    return heat === "unknown" && fn.call(call).loop >= 0 ? "loop" : heat;
  }

  /** Whether a function runs only as part of the program's start: called from nowhere but top-level code, `main` and the like. */
  #isCold(fn: Fn, depth: number): boolean {
    const known = this.#cold.get(fn);
    if (known !== undefined) return known;
    if (depth > 20) return false;
    this.#cold.set(fn, false);
    const cold = this.#decideCold(fn, depth);
    this.#cold.set(fn, cold);
    return cold;
  }

  #decideCold(fn: Fn, depth: number): boolean {
    if (fn.fact.kind === "module") return true;
    const entry = this.#entries.get(fn);
    if (entry !== undefined) return entry === "startup" || entry === "cli";
    if (this.#ofScripts.has(fn)) return true;
    // Python calls these when a class is declared.
    if (fn.file.language === "python" && (fn.fact.name === "__init_subclass__" || fn.fact.name === "__set_name__")) return true;
    if (fn.file.language === "go" && fn.fact.name === "init" && fn.fact.cls < 0) return true;
    const callers = this.callers(fn);
    if (callers.length === 0) return this.isDecorator(fn);
    return callers.every((edge) => edge.fn !== fn && this.#endsSoon(edge) && !this.runsLater(edge, fn) && this.#isCold(edge.fn, depth + 1));
  }

  /** @returns whether a function runs once at most for each start of the process, as far as its callers show: in no loop, and for no entry of a collection */
  runsOnce(fn: Fn, depth = 0): boolean {
    if (this.isExcerpt || depth > maxOnce || !this.#isCold(fn, 0)) return false;
    if (this.isProcessStart(fn)) return true;
    const callers = this.callers(fn);
    return callers.length > 0 && callers.every((edge) => edge.fn.call(edge.call).loop < 0 && !this.#isForEach(edge, fn) && this.runsOnce(edge.fn, depth + 1));
  }

  /** @returns the calls that may run a function, without those of code that nothing but tests comes to */
  callers(fn: Fn): readonly CallEdge[] {
    return this.#callGraph.callers(fn).filter((edge) => !this.unused.has(edge.fn));
  }

  /** `filepath.Walk(root, func(path string) { … })` */
  #isForEach({ fn, call }: CallEdge, passed: Fn): boolean {
    const argument = fn.call(call).args.findIndex(({ value }) => value.k === "fn" && fn.file.functions[value.id] === passed);
    return argument >= 0 && this.#program.calls.callbackModel({ fn, call, argument })?.runs !== "once";
  }

  /** Whether all loops around a call go over collections: endless loops and streams are a process's work, not its start. */
  #endsSoon({ fn, call }: CallEdge): boolean {
    for (let index = fn.call(call).loop; index >= 0; index = fn.graph.loops[index]!.parent) {
      const { kind, iterable } = fn.graph.loops[index]!;
      if (iterable === null || kind === "forever" || !this.#isFinite(iterable, fn, 0)) return false;
    }
    return true;
  }

  /** A collection, or what a library's function makes of such at once (`enumerate(users)`, `range(3)`): nothing is waited for to get the next. */
  #isFinite(value: Value, fn: Fn, depth: number): boolean {
    const type = this.#program.typeOf(value, fn);
    if (type?.t !== "named" || depth > 4) return false;
    if ((this.#program.library(fn.file).type(type.name)?.collection ?? null) !== null) return true;
    const made = settled(value, fn);
    if (made.k !== "call") return false;
    const { args } = fn.call(made.id);
    const { rows } = this.#program.target(fn, made.id);
    return (
      rows.length > 0 &&
      rows.every(({ results, throws, effects }) => {
        const over = results.flatMap(elementsOf);
        if (over.length === 0) return !throws && effects.length === 0;
        return over.every((i) => args[i] !== undefined && this.#isFinite(args[i].value, fn, depth + 1));
      })
    );
  }

  /** Whether a function is passed to a call that keeps it for later, or may: who listens at start-up is called afterwards. */
  runsLater({ fn, call }: CallEdge, passed: Fn): boolean {
    const argument = fn.call(call).args.findIndex(({ value }) => value.k === "fn" && fn.file.functions[value.id] === passed);
    if (argument < 0) return false;
    const { fns } = this.#program.target(fn, call);
    if (fns.length > 0) return !fns.some((callee) => this.#callsParameter(callee, argument, 0));
    const runs = this.#program.calls.callbackModel({ fn, call, argument })?.runs;
    return runs !== "each" && runs !== "once";
  }

  /** Whether a function calls what it gets before it is done, and does not keep it: `register("redis", func() { … })`. */
  #callsParameter(fn: Fn, argument: number, depth: number): boolean {
    const variable = fn.fact.params[argument]?.variable ?? -1;
    const isIt = (value: Value): boolean => value.k === "var" && value.id === variable;
    return fn.graph.calls.some(({ callee, args }, call) => {
      if (isIt(callee)) return true;
      const passed = args.findIndex(({ value }) => isIt(value));
      if (passed < 0 || depth > maxHandedOn) return false;
      const runs = this.#program.calls.callbackModel({ fn, call, argument: passed })?.runs;
      return runs === "each" || runs === "once" || this.#program.target(fn, call).fns.some((next) => this.#callsParameter(next, passed, depth + 1));
    });
  }

  /** Whether the function decorates declarations: it runs when they are made. */
  isDecorator(fn: Fn): boolean {
    if (this.#decorators === null) {
      this.#decorators = new Set();
      for (const one of this.#program.functions()) this.#noteDecorators(one.fact.decorators, one.parent ?? one);
      for (const file of this.#program.files) {
        for (const cls of file.classes) {
          const owner = file.functions[cls.fact.scope]!;
          this.#noteDecorators(cls.fact.decorators, owner);
          for (const field of cls.fact.fields) this.#noteDecorators(field.decorators, owner);
        }
      }
    }
    return this.#decorators.has(fn);
  }

  /** A decorator is the function itself, or what a call of a function returns. */
  #noteDecorators(decorators: readonly Value[], owner: Fn): void {
    for (const decorator of decorators) {
      if (decorator.k === "call") {
        for (const maker of this.#program.target(owner, decorator.id).fns) for (const made of returnedFunctions(maker)) this.#decorators!.add(made);
        continue;
      }
      const type = this.#program.typeOf(decorator, owner);
      if (type?.t === "function") this.#decorators!.add(type.fn);
    }
  }

  /** Whether the function is where a process begins: its end is the process's end. */
  isProcessStart(fn: Fn): boolean {
    if (fn.fact.kind === "module") return true;
    const entry = this.#entries.get(fn);
    if (entry === "cli" || (entry === "startup" && fn.file.language === "go")) return true;
    return fn.fact.name === "main" && this.#isCold(fn, 0);
  }
}

/** The functions that are there for a process of their own, and are called by nobody: `Process(target=work)`. */
function* processTargets(program: Program, callGraph: CallGraph): Iterable<Fn> {
  for (const fn of program.functions()) {
    for (const [call, { args }] of fn.graph.calls.entries()) {
      for (const { argument, runner } of program.target(fn, call).rows.flatMap((row) => row.callbacks)) {
        const given = runner === "process" ? argumentOf(args, argument, fn) : null;
        const type = given?.given === "yes" ? program.typeOf(given.value, fn) : null;
        if (type?.t !== "function" || type.fn.fact.kind === "lambda") continue;
        const isCalled = callGraph.callers(type.fn).some((edge) => program.target(edge.fn, edge.call).fns.includes(type.fn));
        if (!isCalled) yield type.fn;
      }
    }
  }
}

/** The arguments whose elements a type has, by their positions. */
function elementsOf({ name, args }: TypeRef): readonly number[] {
  const position = /^element:(\d+)$/.exec(name)?.[1];
  return [...(position === undefined ? [] : [Number(position)]), ...args.flatMap(elementsOf)];
}
