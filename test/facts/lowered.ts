import { frontEnds } from "../../src/cli/front-ends.ts";
import type { FileFacts } from "../../src/facts/file-facts.ts";
import type { ClassFact, FunctionFact, Unit, VariableFact } from "../../src/facts/unit.ts";
import type { EventGraph } from "../../src/flow/event-graph.ts";
import { languageOf } from "../../src/project/languages.ts";

/** Runs phase 1 on one text, with the language that the path's extension stands for. */
export async function factsOf(path: string, text: string): Promise<FileFacts> {
  const language = languageOf(path);
  if (language === null) throw new Error(`${path}: no language`);
  const frontend = await frontEnds.load(language);
  return frontEnds.collect(frontend.lower(text, path, language, Number.POSITIVE_INFINITY), { path, text });
}

/** One file's declarations, to be asked for by name. */
export class Lowered {
  readonly facts: FileFacts;
  readonly unit: Unit;

  constructor(facts: FileFacts) {
    this.facts = facts;
    this.unit = facts.unit;
  }

  /** @param name qualified as the facts have it; empty for the top-level code */
  fn(name: string): FunctionFact {
    return found(name === "" ? this.unit.functions[0] : this.unit.functions.find((fn) => fn.qualifiedName === name), name);
  }

  /** @returns the n-th function without a name */
  lambda(index = 0): FunctionFact {
    return found(this.unit.functions.filter((fn) => fn.kind === "lambda")[index], `lambda ${index}`);
  }

  graph(name: string): EventGraph {
    return graphOf(this.fn(name));
  }

  cls(name: string): ClassFact {
    return found(
      this.unit.classes.find((cls) => cls.qualifiedName === name),
      name,
    );
  }

  /** @returns every variable of that name, in order of declaration */
  variables(name: string): readonly VariableFact[] {
    return this.unit.variables.filter((variable) => variable.name === name);
  }

  /** @returns names of the outer variables that the function mentions */
  captures(fn: FunctionFact): readonly string[] {
    return fn.captures.map((id) => this.unit.variables[id]!.name).sort();
  }

  /** @returns the names that other files see */
  get exported(): readonly string[] {
    return this.unit.exports.map((one) => one.name);
  }
}

/** As `factsOf`, wrapped for questions. */
export async function lowered(path: string, text: string): Promise<Lowered> {
  return new Lowered(await factsOf(path, text));
}

/** @returns the function's decoded event graph */
export function graphOf(fn: FunctionFact): EventGraph {
  return JSON.parse(fn.graph) as EventGraph;
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`nothing is called '${name}'`);
  return value;
}
