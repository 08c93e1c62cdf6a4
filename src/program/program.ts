import type { CallSite } from "../flow/event-graph.ts";
import type { Value } from "../flow/values.ts";
import type { ModelLanguage, ModelSet } from "../semantics/models/model.ts";
import { CallResolver, type CallTarget } from "./calls.ts";
import type { Cls, Fn, ProgramFile } from "./entities.ts";
import { Hierarchy } from "./hierarchy.ts";
import { TypeInference } from "./inference.ts";
import { Library } from "./library.ts";
import type { Manifests } from "./manifests.ts";
import { ModuleResolver } from "./modules.ts";
import { type ResolvedName, SymbolTable } from "./symbols.ts";
import type { Type } from "./types.ts";
import { Versions } from "./versions.ts";

/** The linked program: files, names, types and calls, with what the API models say of them. Analyses ask it; it reports nothing. */
export class Program {
  readonly files: readonly ProgramFile[];
  readonly manifests: Manifests;
  readonly versions: Versions;
  readonly symbols: SymbolTable;
  readonly types: TypeInference;
  readonly calls: CallResolver;
  readonly hierarchy: Hierarchy;
  readonly #libraries: ReadonlyMap<ModelLanguage, Library>;

  constructor(files: readonly ProgramFile[], manifests: Manifests, models: ReadonlyMap<ModelLanguage, ModelSet>) {
    this.files = files;
    this.manifests = manifests;
    this.versions = new Versions(manifests);
    this.#libraries = new Map([...models].map(([language, set]) => [language, new Library(set)]));
    this.symbols = new SymbolTable(files, new ModuleResolver(files, manifests));
    this.types = new TypeInference(this.symbols, this.library);
    this.hierarchy = new Hierarchy(files, (cls, i) => this.types.fromFact(cls.fact.bases[i]!.type, cls.file));
    this.types.hierarchy = this.hierarchy;
    this.calls = new CallResolver({ symbols: this.symbols, types: this.types, hierarchy: this.hierarchy, library: this.library, admits: this.versions.admits });
    this.types.calls = this.calls;
    this.hierarchy.attachMethods((fn) => this.#receiverClass(fn));
  }

  readonly library = (file: ProgramFile): Library => {
    const library = this.#libraries.get(file.language);
    if (library === undefined) throw new Error(`no models were loaded for ${file.language}`);
    return library;
  };

  #receiverClass(fn: Fn): Cls | null {
    const type = this.types.fromFact(fn.fact.receiver!, fn.file);
    return type?.t === "instance" ? type.cls : null;
  }

  /** All functions, files in order. */
  *functions(): Iterable<Fn> {
    for (const file of this.files) yield* file.functions;
  }

  target(fn: Fn, call: number): CallTarget {
    return this.calls.target(fn, call);
  }

  typeOf(value: Value, fn: Fn): Type | null {
    return this.types.typeOf(value, fn);
  }

  /** @returns what a reference leads to */
  symbol(value: Extract<Value, { k: "ref" }>, fn: Fn): ResolvedName {
    return this.symbols.resolve(value, fn.file);
  }

  site(fn: Fn, call: number): CallSite {
    return fn.call(call);
  }
}
