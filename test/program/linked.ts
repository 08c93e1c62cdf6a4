import { linkProgram } from "../../src/program/link.ts";
import type { Fn, ProgramFile } from "../../src/program/entities.ts";
import type { Program } from "../../src/program/program.ts";
import type { Type } from "../../src/program/types.ts";
import { isManifest } from "../../src/project/manifests.ts";
import { loadBuiltinModels } from "../../src/semantics/models/builtin.ts";
import type { ModelLanguage, ModelSet } from "../../src/semantics/models/model.ts";
import { factsOf } from "../facts/lowered.ts";

const languages: readonly ModelLanguage[] = ["python", "go", "php", "javascript"];

/** A linked program, to be asked by names. */
export class Linked {
  readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  file(path: string): ProgramFile {
    return found(
      this.program.files.find((file) => file.path === path),
      path,
    );
  }

  /** @param name `path:qualified name`; without a name the file's top-level code */
  fn(name: string): Fn {
    const [path = "", qualified = ""] = name.split(":");
    return found(
      this.file(path).functions.find((fn) => fn.fact.qualifiedName === qualified),
      name,
    );
  }

  /** @returns what each call of a function runs: `path:function` of the program, or the library's name */
  callees(name: string): readonly string[] {
    const fn = this.fn(name);
    return fn.graph.calls.map((_, id) => {
      const { fns, library, constructs } = this.program.target(fn, id);
      if (fns.length > 0) return fns.map((one) => `${one.file.path}:${one.name}`).join(" | ");
      return constructs === null ? library : `new ${constructs.name}`;
    });
  }

  /** @returns the type of a variable by its name, as text */
  typeOf(path: string, variable: string): string {
    const file = this.file(path);
    const id = file.facts.unit.variables.findIndex((one) => one.name === variable);
    if (id < 0) throw new Error(`${path}: no variable ${variable}`);
    return showType(this.program.types.variable(file, id));
  }
}

/**
 * Links a program from its files' texts. Manifests stand among the files.
 * @param files path → text
 */
export async function linked(files: Readonly<Record<string, string>>): Promise<Linked> {
  const facts = [];
  const manifests = [];
  for (const [path, text] of Object.entries(files)) {
    if (isManifest(path.slice(path.lastIndexOf("/") + 1))) manifests.push({ path, text });
    else facts.push(await factsOf(path, text));
  }
  const models = new Map<ModelLanguage, ModelSet>();
  for (const language of languages) models.set(language, await loadBuiltinModels(language));
  return new Linked(linkProgram(facts, { manifests, models }));
}

/** @returns a type as text: `redis.Redis`, `instance A`, `list[A]`, `?` */
export function showType(type: Type | null): string {
  if (type === null) return "?";
  const list = (types: readonly (Type | null)[]): string => (types.length === 0 ? "" : `[${types.map(showType).join(", ")}]`);
  switch (type.t) {
    case "named":
      return type.name + list(type.args);
    case "instance":
      return type.cls.name + list(type.args);
    case "class":
      return `class ${type.cls.name}`;
    case "external":
      return `external ${type.name}`;
    case "function":
      return `function ${type.fn.name}`;
    case "module":
      return `module ${type.file.path}`;
    case "package":
      return `package ${type.folder}`;
    case "tuple":
      return `tuple${list(type.items)}`;
    case "shape":
      return `{${[...type.members].map(([name, member]) => `${name}: ${showType(member)}`).join(", ")}}`;
  }
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`nothing is called '${name}'`);
  return value;
}
