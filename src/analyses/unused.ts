import type { Unit } from "../facts/unit.ts";
import type { TypeFact } from "../flow/values.ts";
import type { Fn, ProgramFile } from "../program/entities.ts";
import { folderOf } from "../program/manifests.ts";
import type { Program } from "../program/program.ts";
import { profileOf } from "../semantics/language-profile.ts";
import type { ModelLanguage } from "../semantics/models/model.ts";
import type { CallGraph } from "./call-graph.ts";

/** How many functions a program has to declare for others, and which part of them it has to use itself, for the rest to say something. */
const leastDeclared = 20;
const leastUsed = 0.75;

/**
 * Tells which functions nothing in the program comes to: what only its tests call, or nobody does any more. Names decide: whoever mentions a function's
 * name, in code or in a text, may mean it. That says something only in a program that uses nearly all that it declares: a library's functions are
 * there for others.
 */
export class Unused {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #isEntry: (fn: Fn) => boolean;
  readonly #called = new Map<Fn, boolean>();
  readonly #found = new Map<ModelLanguage, ReadonlySet<Fn>>();

  /** @param isEntry whether a library, a decorator or its name makes a function one that others than the program's own code run */
  constructor(program: Program, callGraph: CallGraph, isEntry: (fn: Fn) => boolean) {
    this.#program = program;
    this.#callGraph = callGraph;
    this.#isEntry = isEntry;
  }

  /** @returns whether nothing in the program but tests comes to the function, or to the one that it is written in */
  has(fn: Fn): boolean {
    const whole = fn.outermost;
    if (helpsTests(fn)) return true;
    if (whole.fact.kind === "module" || this.#isCalled(whole)) return false;
    const { language } = whole.file;
    const known = this.#found.get(language) ?? this.#unusedOf(language);
    this.#found.set(language, known);
    return known.has(whole);
  }

  /** Whether calls lead to a function from code that somebody runs: the quick answer for most. */
  #isCalled(fn: Fn): boolean {
    const known = this.#called.get(fn);
    if (known !== undefined) return known;
    this.#called.set(fn, false);
    const called =
      (this.#isRoot(fn) && !helpsTests(fn)) || this.#callGraph.callers(fn).some((edge) => edge.fn.outermost !== fn && this.#isCalled(edge.fn.outermost));
    this.#called.set(fn, called);
    return called;
  }

  /** Whether others than the program's own code may run a function: top-level code, what a library or a decorator is told of, methods. */
  #isRoot(fn: Fn): boolean {
    const { kind, decorators, name } = fn.fact;
    if (kind === "module" || decorators.length > 0 || this.#isEntry(fn)) return true;
    if (fn.cls !== null || fn.fact.receiver !== null) return fn.file.language !== "go" || /^\p{Lu}/u.test(name);
    if (fn.file.language === "go") return name === "init" && fn.fact.cls < 0;
    // What nobody imports is found by its place or its name (routes, migrations, plug-ins).
    return (
      !this.#program.symbols.isImported(fn.file) ||
      fn.file.facts.unit.exports.some((one) => one.name === "default" && one.value.k === "fn" && one.value.id === fn.id)
    );
  }

  #unusedOf(language: ModelLanguage): ReadonlySet<Fn> {
    const files = this.#program.files.filter((file) => file.language === language);
    const whole = files.flatMap(({ functions }) => functions.filter((fn) => fn.outermost === fn));
    const declared = whole.filter(({ fact }) => fact.name !== "" && fact.hasBody);
    const named = new Map<string, Fn[]>();
    for (const fn of declared) named.set(fn.fact.name, [...(named.get(fn.fact.name) ?? []), fn]);
    const roots = new Set(whole.filter((fn) => this.#isRoot(fn)));
    const forOthers = declared.filter((fn) => isForOthers(fn) && !roots.has(fn));
    if (forOthers.length < leastDeclared) return new Set();
    const used = usedFrom(roots, files, named);
    const known = forOthers.filter((fn) => used.has(fn)).length;
    if (known < forOthers.length * leastUsed) return new Set();
    return new Set(declared.filter((fn) => !used.has(fn)));
  }
}

/** The functions that can be come to from the roots, by the names that each mentions. */
function usedFrom(roots: Iterable<Fn>, files: readonly ProgramFile[], named: ReadonlyMap<string, readonly Fn[]>): ReadonlySet<Fn> {
  const parts = new Map<Fn, Fn[]>();
  for (const fn of files.flatMap(({ functions }) => functions)) {
    const known = parts.get(fn.outermost);
    if (known === undefined) parts.set(fn.outermost, [fn]);
    else known.push(fn);
  }
  const used = new Set([...roots].filter((fn) => !helpsTests(fn)));
  const pending = [...used];
  const use = (fn: Fn): void => {
    if (used.has(fn) || helpsTests(fn)) return;
    used.add(fn);
    pending.push(fn);
  };
  const useWord = (word: string, file: ProgramFile): void => {
    for (const fn of named.get(word) ?? []) if (!used.has(fn) && mayMean(file, fn)) use(fn);
  };
  const useNamed = (text: string, file: ProgramFile): void => {
    for (const [, said] of text.matchAll(names)) {
      if (/^[\w$]+$/.test(said!)) useWord(said!, file);
      else for (const [word] of said!.matchAll(words)) useWord(word, file);
    }
  };
  for (const file of files) useNamed(JSON.stringify(outsideOfGraphs(file.facts.unit)), file);
  for (let fn = pending.pop(); fn !== undefined; fn = pending.pop()) {
    for (const part of parts.get(fn) ?? []) {
      useNamed(part.fact.graph, part.file);
      for (const [, id] of part.fact.graph.matchAll(ownFunctions)) use(fn.file.functions[Number(id)]!.outermost);
    }
  }
  return used;
}

/** Whether a name in a file may mean a function: in Go one of the same package, or of one that the file imports (by the last part of its path). Methods go by their name. */
function mayMean(file: ProgramFile, fn: Fn): boolean {
  if (!profileOf(file.language).packageScope || fn.fact.receiver !== null || fn.cls !== null) return true;
  const home = folderOf(fn.file.path);
  if (home === folderOf(file.path)) return true;
  const last = home.slice(home.lastIndexOf("/") + 1);
  return file.facts.unit.imports.some(({ module }) => module.endsWith(`/${last}`) || /\/v\d+$/.test(module) || last === "");
}

/** What a file mentions that is in no event graph: what fields begin with, decorators, defaults of parameters. */
const outsideOfGraphs = ({ classes, functions }: Unit): readonly unknown[] => [
  classes.map(({ fields, decorators }) => [fields.map((field) => [field.definitions.map(({ value }) => value), field.decorators]), decorators]),
  functions.map(({ decorators, params }) => [decorators, params.map(({ defaultValue }) => defaultValue)]),
];

/** Names and constants in the text of an event graph, and the words in them (`"app.views.index"`). */
const names = /"(?:name|v|field|fallback)":"((?:[^"\\]|\\.)*)"/g;
const words = /[\w$\u0080-\uffff]+/g;
const ownFunctions = /\{"k":"fn","id":(\d+)\}/g;

/** Whether a function is no method, and other files may use it. */
function isForOthers(fn: Fn): boolean {
  if (fn.cls !== null || fn.fact.receiver !== null) return false;
  if (fn.file.language === "go") return /^\p{Lu}/u.test(fn.fact.name);
  if (fn.file.language !== "javascript") return true;
  return fn.file.facts.unit.exports.some(({ value }) => value.k === "fn" && value.id === fn.id);
}

/** Whether a function outside of the files that are known to be tests, or one around it, is given Go's test by who calls it, and is no test itself: https://pkg.go.dev/testing#TB */
function helpsTests(fn: Fn): boolean {
  if (fn.file.language !== "go" || fn.file.path.endsWith("_test.go")) return false;
  const isOfTesting = (type: TypeFact | null): boolean =>
    type !== null && ((type.ref?.k === "ref" && type.ref.module === "testing") || type.args.some(isOfTesting));
  for (let one: Fn | null = fn; one !== null; one = one.parent)
    if (!/^(?:Test|Benchmark|Fuzz)/.test(one.fact.name) && one.fact.params.some(({ type }) => isOfTesting(type))) return true;
  return false;
}
