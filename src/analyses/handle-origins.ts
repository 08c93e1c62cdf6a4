import type { Value } from "../flow/values.ts";
import type { Cls, Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { CallEdge, CallGraph } from "./call-graph.ts";
import { returnedValues } from "./work/values.ts";

/** Values followed into one another. */
const maxDepth = 12;

/** A call of a library that makes a handle. */
export interface Maker extends CallEdge {
  /** "LDAP connection". */
  readonly what: string;
}

/**
 * The calls that one handle may come from: several where the program makes it in one of several ways and keeps it in the same place. All that wait on it
 * wait for the same reason.
 */
export type Cause = ReadonlySet<Maker>;

/** Where a handle comes from. */
export interface Origin {
  /** Where it first has a name of its own: a field that holds it, or the call that gave it to this function and nobody else. */
  readonly own: ReadonlySet<string>;
  /** All such places on the way to what makes it. */
  readonly passed: ReadonlySet<string>;
  readonly causes: ReadonlySet<Cause>;
}

const nothing: Origin = { own: new Set(), passed: new Set(), causes: new Set() };

/** Follows handles back to the calls of libraries that make them: through variables, fields, parameters, and what functions of the program return. */
export class HandleOrigins {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #makers = new Map<string, Maker>();
  readonly #causes = new Map<string, Cause>();
  readonly #returned = new Map<Fn, Origin>();
  readonly #fields = new Map<string, Origin>();

  constructor(program: Program, callGraph: CallGraph) {
    this.#program = program;
    this.#callGraph = callGraph;
  }

  /** @returns where a value of a function comes from, as far as the program shows */
  of(value: Value, fn: Fn, depth = 0): Origin {
    if (depth > maxDepth) return nothing;
    switch (value.k) {
      case "cast":
      case "item":
        return this.of(value.of, fn, depth + 1);
      case "either":
        return this.#oneOf(value.of.map((one) => this.of(one, fn, depth + 1)));
      case "var":
        return this.#ofVariable(value.id, fn, depth);
      case "call":
        return this.#ofCall(value.id, fn, depth);
      case "field":
        return this.#ofField(value.of, value.name, fn, depth);
      default:
        return nothing;
    }
  }

  #ofVariable(id: number, fn: Fn, depth: number): Origin {
    const { definitions, fn: owner } = fn.file.variable(id);
    const assigned = this.#oneOf(definitions.map((one) => this.of(one.value, fn.file.functions[one.fn]!, depth + 1)));
    const home = fn.file.functions[owner]!;
    const position = home.fact.params.findIndex((param) => param.variable === id);
    if (position < 0) return assigned;
    const given = this.#callGraph.callers(home).flatMap((edge) => {
      const argument = givenTo(this.#program, edge, home, position);
      return argument === null ? [] : [this.of(argument, edge.fn, depth + 1)];
    });
    // Each caller gives one of its own.
    return union([assigned, ...given]);
  }

  #ofCall(call: number, fn: Fn, depth: number): Origin {
    const { fns, rows } = this.#program.target(fn, call);
    const id = `${fn.file.index} ${fn.id} ${call}`;
    if (fns.length === 0) {
      const made = rows.flatMap((row) => row.effects).find((effect) => effect.role === "acquires" && effect.value.of === "result");
      if (made?.role !== "acquires") return nothing;
      let maker = this.#makers.get(id);
      if (maker === undefined) this.#makers.set(id, (maker = { fn, call, what: made.resource }));
      return { own: new Set([id]), passed: new Set([id]), causes: new Set([this.#cause([maker])]) };
    }
    const returned = this.#oneOf(fns.map((one) => this.#returnedBy(one, depth + 1)));
    if (returned.causes.size === 0) return returned;
    const fields = [...returned.own].filter((one) => this.#fields.has(one));
    // What is made anew by each call belongs to whoever called.
    const isFresh = fields.length < returned.own.size;
    return { ...returned, own: new Set(isFresh ? [...fields, id] : fields), passed: isFresh ? new Set([...returned.passed, id]) : returned.passed };
  }

  #returnedBy(fn: Fn, depth: number): Origin {
    const known = this.#returned.get(fn);
    if (known !== undefined) return known;
    this.#returned.set(fn, nothing);
    const origin = this.#oneOf(
      returnedValues(fn.graph)
        .filter((value) => value.k !== "const")
        .map((value) => this.of(value, fn, depth)),
    );
    this.#returned.set(fn, origin);
    return origin;
  }

  #ofField(object: Value, name: string, fn: Fn, depth: number): Origin {
    const cls = object.k === "this" ? classAround(fn) : this.#classOf(object, fn);
    if (cls === null) return nothing;
    for (const one of [...this.#program.hierarchy.ancestry(cls), ...this.#program.hierarchy.subclasses(cls)]) {
      const origin = this.#held(one, name, depth);
      if (origin.causes.size > 0) return origin;
    }
    return nothing;
  }

  #classOf(object: Value, fn: Fn): Cls | null {
    const type = this.#program.typeOf(object, fn);
    return type?.t === "instance" || type?.t === "class" ? type.cls : null;
  }

  #held(cls: Cls, name: string, depth: number): Origin {
    const id = `${cls.file.index} ${cls.id}.${name}`;
    const known = this.#fields.get(id);
    if (known !== undefined) return known;
    this.#fields.set(id, nothing);
    const values = (cls.field(name)?.definitions ?? []).filter((one) => one.value.k !== "const");
    const behind = this.#oneOf(values.map((one) => this.of(one.value, cls.file.functions[one.fn]!, depth + 1)));
    const origin = behind.causes.size === 0 ? nothing : { ...behind, own: new Set([id]), passed: new Set([...behind.passed, id]) };
    this.#fields.set(id, origin);
    return origin;
  }

  /** One of several ways to the same handle: their causes are one. */
  #oneOf(origins: readonly Origin[]): Origin {
    const all = union(origins);
    if (all.causes.size < 2) return all;
    return { ...all, causes: new Set([this.#cause([...all.causes].flatMap((cause) => [...cause]))]) };
  }

  #cause(makers: readonly Maker[]): Cause {
    const inOrder = [...new Set(makers)].sort((a, b) => a.fn.file.index - b.fn.file.index || a.fn.call(a.call).start - b.fn.call(b.call).start);
    const key = inOrder.map(({ fn, call }) => `${fn.file.index} ${fn.id} ${call}`).join();
    const known = this.#causes.get(key);
    if (known !== undefined) return known;
    const cause = new Set(inOrder);
    this.#causes.set(key, cause);
    return cause;
  }
}

/** @returns what a call gives a function as one of its parameters; null when it gives none, or nobody can tell */
export function givenTo(program: Program, { fn, call }: CallEdge, callee: Fn, position: number): Value | null {
  if (!program.target(fn, call).fns.includes(callee)) return null;
  const { args } = fn.call(call);
  const named = args.find((arg) => arg.name === callee.fact.params[position]!.name);
  if (named !== undefined) return named.value;
  const before = args.slice(0, position + 1);
  return before.length <= position || before.some((arg) => arg.spread || arg.name !== "") ? null : before[position]!.value;
}

/** @returns the class whose object a function works on, also inside its closures */
export function classAround(fn: Fn): Cls | null {
  for (let one: Fn | null = fn; one !== null; one = one.parent) if (one.cls !== null) return one.cls;
  return null;
}

function union(origins: readonly Origin[]): Origin {
  if (origins.length === 1) return origins[0]!;
  const all = <T>(part: (origin: Origin) => ReadonlySet<T>): Set<T> => new Set(origins.flatMap((origin) => [...part(origin)]));
  return { own: all((one) => one.own), passed: all((one) => one.passed), causes: all((one) => one.causes) };
}
