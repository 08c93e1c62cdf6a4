import type { FileFacts } from "../facts/file-facts.ts";
import { lineOf } from "../facts/lines.ts";
import type { ClassFact, FieldFact, FunctionFact, VariableFact } from "../facts/unit.ts";
import type { CallSite, EventGraph } from "../flow/event-graph.ts";
import type { Location } from "../findings/finding.ts";
import { modelLanguage } from "../semantics/models/language.ts";
import type { ModelLanguage } from "../semantics/models/model.ts";

/** A file of the linked program. */
export class ProgramFile {
  readonly index: number;
  readonly facts: FileFacts;
  readonly language: ModelLanguage;
  readonly functions: readonly Fn[];
  readonly classes: readonly Cls[];

  constructor(index: number, facts: FileFacts) {
    this.index = index;
    this.facts = facts;
    this.language = modelLanguage(facts.language);
    this.functions = facts.unit.functions.map((fact, id) => new Fn(this, id, fact));
    this.classes = facts.unit.classes.map((fact, id) => new Cls(this, id, fact));
  }

  get path(): string {
    return this.facts.path;
  }

  variable(id: number): VariableFact {
    return this.facts.unit.variables[id]!;
  }

  /** @returns the place between two offsets; end columns are exclusive */
  location(start: number, end: number): Location {
    const { lineStarts } = this.facts.unit;
    const line = lineOf(start, lineStarts);
    const endLine = lineOf(Math.max(start, end), lineStarts);
    return { file: this.path, line, column: start - lineStarts[line - 1]! + 1, endLine, endColumn: Math.max(start, end) - lineStarts[endLine - 1]! + 1 };
  }

  /** @returns the 1-based line of an offset */
  line(offset: number): number {
    return lineOf(offset, this.facts.unit.lineStarts);
  }
}

/** A function of the linked program. Identity is the object's. */
export class Fn {
  readonly file: ProgramFile;
  readonly id: number;
  readonly fact: FunctionFact;
  #graph: EventGraph | null = null;

  constructor(file: ProgramFile, id: number, fact: FunctionFact) {
    this.file = file;
    this.id = id;
    this.fact = fact;
  }

  /** The event graph, decoded on first use. */
  get graph(): EventGraph {
    this.#graph ??= this.fact.graph === "" ? { blocks: [], calls: [], loops: [] } : (JSON.parse(this.fact.graph) as EventGraph);
    return this.#graph;
  }

  /** Gives back the memory of the decoded graph. */
  forget(): void {
    this.#graph = null;
  }

  /** Whether it uses the object it works on, itself or in functions written inside it. */
  get mentionsThis(): boolean {
    // The text of the graph tells without decoding it: inside strings the quotes would be escaped.
    if (this.fact.graph.includes('{"k":"this"}')) return true;
    return this.file.functions.some((one) => one.fact.parent === this.id && one.mentionsThis);
  }

  get cls(): Cls | null {
    return this.fact.cls < 0 ? null : this.file.classes[this.fact.cls]!;
  }

  get parent(): Fn | null {
    return this.fact.parent < 0 ? null : this.file.functions[this.fact.parent]!;
  }

  /** The function of the module, or method, that it is written in, or itself. */
  get outermost(): Fn {
    let one: Fn = this;
    while (one.parent !== null && one.parent.fact.kind !== "module") one = one.parent;
    return one;
  }

  /** Whether it is written inside another function, at any depth. */
  isInside(outer: Fn): boolean {
    for (let one = this.parent; one !== null; one = one.parent) if (one === outer) return true;
    return false;
  }

  /** `Class.method`, `outer.inner`; lambdas are named after what encloses them, or by their place; top-level code has none. */
  get name(): string {
    return this.givenName || (this.parent === null ? "" : `the function at line ${this.file.line(this.fact.start)}`);
  }

  /** As `name`, empty where nothing around it has one. */
  get givenName(): string {
    const { name, qualifiedName } = this.fact;
    if (name !== "" || this.parent === null) return qualifiedName;
    return qualifiedName.replace(/\.+$/, "") || this.parent.givenName;
  }

  call(id: number): CallSite {
    return this.graph.calls[id]!;
  }
}

/** A class, struct, interface, trait, enum or type alias of the linked program. Identity is the object's. */
export class Cls {
  readonly file: ProgramFile;
  readonly id: number;
  readonly fact: ClassFact;

  constructor(file: ProgramFile, id: number, fact: ClassFact) {
    this.file = file;
    this.id = id;
    this.fact = fact;
  }

  get name(): string {
    return this.fact.qualifiedName;
  }

  /** @returns the field declared or assigned in that very class */
  field(name: string): FieldFact | undefined {
    return this.fact.fields.find((field) => field.name === name);
  }
}
