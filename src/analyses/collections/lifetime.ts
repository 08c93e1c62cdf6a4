import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { HeatMap } from "../heat.ts";
import type { Holder } from "./identity.ts";
import { typedLiterals } from "../work/values.ts";

/** How long the objects of a class live. `process`: at least one lives as long as the process; `unknown`: nothing in the program makes one. */
export type ObjectLifetime = "process" | "call" | "unknown";

/** @returns how long what holds a collection lives */
export function lifetimeOf(holder: Holder, lifetimes: ObjectLifetimes): ObjectLifetime {
  if (holder.holder === "variable") return "process";
  const field = holder.cls.field(holder.name);
  return field?.isStatic === true ? "process" : lifetimes.of(holder.cls);
}

/** Tells which classes have objects that live as long as the process: kept at top level, in other such objects, or made at start-up. */
export class ObjectLifetimes {
  readonly #program: Program;
  readonly #heat: HeatMap;
  readonly #made = new Map<Cls, Fn[]>();
  readonly #kept = new Set<Cls>();
  /** Classes of which some objects end with the step of a loop that makes them. */
  readonly #passing = new Set<Cls>();

  constructor(program: Program, heat: HeatMap) {
    this.#program = program;
    this.#heat = heat;
    for (const fn of program.functions()) this.#collect(fn);
    this.#keepTopLevel();
    this.#keepFields();
  }

  /** Notes where objects are made: constructor calls and Go literals. */
  #collect(fn: Fn): void {
    const note = (cls: Cls): void => {
      const known = this.#made.get(cls);
      if (known === undefined) this.#made.set(cls, [fn]);
      else known.push(fn);
    };
    for (let call = 0; call < fn.graph.calls.length; call++) {
      const { constructs } = this.#program.target(fn, call);
      if (constructs === null) continue;
      if (isLazySingleton(fn, call)) this.#kept.add(constructs);
      else if (!isOfOneStep(fn, call) && !(fn.fact.kind === "module" && fn.call(call).loop >= 0)) note(constructs);
      else this.#passing.add(constructs);
    }
    for (const literal of typedLiterals(fn)) {
      const type = this.#program.types.fromFact(literal.type, fn.file);
      if (type?.t === "instance") note(type.cls);
    }
  }

  #keep(type: Type | null): void {
    if (type?.t === "instance") this.#kept.add(type.cls);
  }

  #keepTopLevel(): void {
    for (const file of this.#program.files) {
      for (const [id, variable] of file.facts.unit.variables.entries()) {
        if (variable.fn === 0 && !variable.isParameter && !isOfTopLevelStep(file.functions[0]!, variable.definitions))
          this.#keep(this.#program.types.variable(file, id));
      }
      for (const one of file.facts.unit.exports) {
        if (one.value.k === "call") this.#keep(this.#program.typeOf(one.value, file.functions[0]!));
      }
      for (const cls of file.classes) {
        for (const field of cls.fact.fields) if (field.isStatic) this.#keep(this.#program.types.fieldType(cls, field.name));
      }
    }
    for (const [cls, makers] of this.#made) {
      if (this.#heat.hasHandlers && makers.some((fn) => this.#heat.of(fn) === "startup")) this.#kept.add(cls);
    }
  }

  /** What a long-lived object holds in a field lives as long. */
  #keepFields(): void {
    const pending = [...this.#kept];
    for (let cls = pending.pop(); cls !== undefined; cls = pending.pop()) {
      for (const one of this.#program.hierarchy.ancestry(cls)) {
        for (const field of one.fact.fields) {
          const type = this.#program.types.fieldType(one, field.name);
          if (type?.t !== "instance" || this.#kept.has(type.cls)) continue;
          this.#kept.add(type.cls);
          pending.push(type.cls);
        }
      }
    }
  }

  /** @returns whether the program makes objects of the class, or of one derived from it */
  isMade(cls: Cls): boolean {
    return [cls, ...this.#program.hierarchy.subclasses(cls)].some((one) => this.#made.has(one) || this.#kept.has(one) || this.#passing.has(one));
  }

  of(cls: Cls): ObjectLifetime {
    const family = [cls, ...this.#program.hierarchy.subclasses(cls)];
    const makers = family.flatMap((one) => this.#made.get(one) ?? []);
    const kept = family.some((one) => this.#kept.has(one));
    // What only describes a shape is made by literals, wherever they stand.
    // A PHP process forgets with each request what it does not keep in a static; what a container makes, it makes per request.
    if (makers.length === 0 && !kept && family.some((one) => this.#passing.has(one))) return "call";
    if (makers.length === 0)
      return kept ? "process" : cls.file.language === "php" || cls.fact.kind === "interface" || cls.fact.kind === "alias" ? "call" : "unknown";
    if (makers.every((fn) => this.#heat.of(fn) === "startup")) return kept || this.#heat.hasHandlers ? "process" : "unknown";
    // Some are kept and some are made again and again: which one grows cannot be told, unless each request makes its own.
    return kept && !makers.some((fn) => this.#heat.of(fn) === "request") ? "unknown" : "call";
  }
}

/** `for row in rows: with Transfer(row): …`: the object heads a scope inside a loop. */
function isOfOneStep(fn: Fn, call: number): boolean {
  if (fn.call(call).loop < 0) return false;
  return fn.graph.blocks.some((block) => block.events.some((event) => event.e === "enter" && event.value.k === "call" && event.value.id === call));
}

/** Whether a variable of the top level gets another object in each step of a loop: `while (true) { $job = new Job(); … }` */
function isOfTopLevelStep(module: Fn, definitions: Fn["file"]["facts"]["unit"]["variables"][number]["definitions"]): boolean {
  return definitions.length > 0 && definitions.every(({ fn, value }) => fn === 0 && value.k === "call" && module.call(value.id).loop >= 0);
}

/** `if instance is None: instance = X()`: made once, whenever that is. */
function isLazySingleton(fn: Fn, call: number): boolean {
  return fn.graph.blocks.some((block) =>
    block.events.some((event) => {
      if (event.e === "set")
        return (
          event.value.k === "call" && event.value.id === call && fn.id !== 0 && (fn.file.variable(event.var).fn === 0 || fn.file.variable(event.var).isStatic)
        );
      return event.e === "store" && event.object.k === "class" && event.value.k === "call" && event.value.id === call;
    }),
  );
}
