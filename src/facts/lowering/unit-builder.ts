import type { FunctionKind } from "../../ast/nodes.ts";

import type { ClassFact, Definition, ExportFact, FieldFact, FunctionFact, ImportFact, ParameterFact, Unit, VariableFact } from "../unit.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface FieldDraft extends Omit<Draft<FieldFact>, "definitions"> {
  readonly definitions: Definition[];
}

export interface ClassDraft extends Omit<Draft<ClassFact>, "fields" | "methods"> {
  readonly fields: Map<string, FieldDraft>;
  readonly methods: number[];
}

export interface VariableDraft extends Omit<Draft<VariableFact>, "definitions"> {
  readonly definitions: Definition[];
}

export interface FunctionDraft extends Omit<Draft<FunctionFact>, "captures" | "params"> {
  readonly captures: Set<number>;
  params: ParameterFact[];
}

/** How many definitions of one variable or field are kept: enough to tell its types, and bounded for generated tables. */
const maxDefinitions = 24;

/** Collects the declarations of one file. Indexes it hands out are final; what they stand for may be filled in later. */
export class UnitBuilder {
  packageName = "";
  /** Constructs that the frontend did not lower, by the parser's name. */
  readonly unknown: Record<string, number> = {};
  readonly imports: ImportFact[] = [];
  readonly exports: ExportFact[] = [];
  readonly classes: ClassDraft[] = [];
  readonly functions: FunctionDraft[] = [];
  readonly variables: VariableDraft[] = [];
  /** Declared functions and classes by the offset of their declaration. */
  readonly functionsAt = new Map<number, number>();
  readonly classesAt = new Map<number, number>();

  /** @returns the index of a new variable */
  variable(name: string, fn: number, at: number, more: Partial<Pick<VariableDraft, "type" | "isParameter" | "isConst" | "isStatic">> = {}): number {
    this.variables.push({ name, fn, at, type: null, isParameter: false, isConst: false, isStatic: false, definitions: [], ...more });
    return this.variables.length - 1;
  }

  /** Notes that the variable may hold the value. */
  define(variable: number, definition: Definition): void {
    const { definitions } = this.variables[variable]!;
    if (definitions.length < maxDefinitions) definitions.push(definition);
  }

  /** @returns the class's field of that name, which is made when there is none */
  field(cls: number, name: string, at: number, isStatic: boolean): FieldDraft {
    const { fields } = this.classes[cls]!;
    let field = fields.get(name);
    if (field === undefined) {
      field = { name, type: null, definitions: [], isStatic, isConst: false, decorators: [], at };
      fields.set(name, field);
    }
    return field;
  }

  /** Notes that the class's field may hold the value. */
  defineField(cls: number, name: string, isStatic: boolean, definition: Definition): void {
    const { definitions } = this.field(cls, name, definition.at, isStatic);
    if (definitions.length < maxDefinitions) definitions.push(definition);
  }

  /** @returns the index of a function still to be filled in */
  reserveFunction(name: string, qualifiedName: string, kind: FunctionKind | "module", parent: number): number {
    this.functions.push({
      name,
      qualifiedName,
      kind,
      parent,
      params: [],
      isAsync: false,
      isGenerator: false,
      isStatic: false,
      returns: null,
      results: [],
      namedResults: [],
      cls: -1,
      receiver: null,
      receiverName: "",
      decorators: [],
      captures: new Set(),
      hasBody: false,
      start: 0,
      end: 0,
      nameAt: 0,
      graph: "",
    });
    return this.functions.length - 1;
  }

  /** @returns the index of a class still to be filled in */
  reserveClass(name: string, qualifiedName: string, scope: number): number {
    this.classes.push({
      name,
      qualifiedName,
      scope,
      kind: "class",
      bases: [],
      fields: new Map(),
      methods: [],
      decorators: [],
      aliasOf: null,
      start: 0,
      end: 0,
    });
    return this.classes.length - 1;
  }

  /** Notes that the function, and every function between it and the owner, mentions a variable of an enclosing function. */
  capture(variable: number, from: number): void {
    const owner = this.variables[variable]!.fn;
    for (let fn = from; fn !== owner && fn >= 0; fn = this.functions[fn]!.parent) this.functions[fn]!.captures.add(variable);
  }

  /** @returns the finished unit */
  build(lineStarts: readonly number[]): Unit {
    return {
      packageName: this.packageName,
      lineStarts,
      imports: this.imports,
      exports: this.exports,
      classes: this.classes.map((cls) => ({ ...cls, fields: [...cls.fields.values()] })),
      functions: this.functions.map((fn) => ({ ...fn, captures: [...fn.captures] })),
      variables: this.variables,
    };
  }
}
