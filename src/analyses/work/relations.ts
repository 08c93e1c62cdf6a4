import type { Value } from "../../flow/values.ts";
import { anyArgument, holds } from "../../program/arguments.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Type } from "../../program/types.ts";
import type { CallModel, DeclaresRelation } from "../../semantics/models/model.ts";
import { mentionedValues } from "./values.ts";
import { type Repetition, callbackRepetition } from "./loops.ts";
import { describe } from "../describe.ts";

/** Access to a relation of an element that a query brought without it: one more query per element. */
export interface LazyLoad {
  readonly repetition: Repetition;
  readonly fn: Fn;
  /** Offset of the access. */
  readonly at: number;
  readonly relation: string;
  readonly cls: Cls;
  /** The query call whose rows are iterated. */
  readonly query: { readonly fn: Fn; readonly call: number };
  /** The eager-loading call that covers it, in the function of the query; -1 for none. */
  readonly eager: number;
}

/** Finds relations that are loaded lazily in loops over query results. */
export function lazyLoads(program: Program): readonly LazyLoad[] {
  const found: LazyLoad[] = [];
  const relations = new RelationTable(program);
  for (const fn of program.functions()) {
    for (const [index, loop] of fn.graph.loops.entries()) {
      if (loop.iterable === null || loop.targets.length === 0) continue;
      const repetition: Repetition = { fn, loop, index, over: describe(loop.iterable, fn), variables: loop.targets };
      found.push(...loadsIn(program, relations, fn, repetition));
    }
    const callback = fn.fact.kind === "lambda" ? callbackRepetition(program, fn) : null;
    if (callback !== null) found.push(...loadsIn(program, relations, fn, callback));
  }
  return found;
}

/** @param fn the function that reads the elements: the loop's own, or the callback */
function loadsIn(program: Program, relations: RelationTable, fn: Fn, repetition: Repetition): LazyLoad[] {
  const { loop } = repetition;
  const classes = loop.targets.map((id) => [id, program.types.variable(fn.file, id)] as const).filter(([, type]) => type?.t === "instance");
  if (classes.length === 0 || loop.iterable === null) return [];
  const provenance = provenanceOf(program, loop.iterable, repetition.fn);
  if (provenance.query < 0) return [];
  const found: LazyLoad[] = [];
  const seen = new Set<string>();
  // What a comprehension binds is known in it alone, and its element is part of the value around it.
  const isOwnScope = fn !== repetition.fn || loop.kind === "comprehension";
  const [start, end] = isOwnScope ? [fn.fact.start, fn.fact.end] : [loop.start, loop.end];
  for (const access of accessesIn(fn, start, end, isOwnScope)) {
    const type = classes.find(([id]) => access.of.k === "var" && access.of.id === id)?.[1];
    if (type?.t !== "instance" || seen.has(access.name)) continue;
    const relation = relations.of(type.cls, access.name, access.called);
    if (relation === null) continue;
    seen.add(access.name);
    const eager = provenance.eager.find((one) => one.names.size === 0 || [...one.names].some((name) => covers(name, relation)));
    const at = fn === repetition.fn ? Math.max(access.at, loop.start) : access.at;
    found.push({ repetition, fn, at, relation, cls: type.cls, query: { fn: repetition.fn, call: provenance.query }, eager: eager?.call ?? -1 });
  }
  return found;
}

const covers = (name: string, relation: string): boolean =>
  name === relation || name.startsWith(`${relation}.`) || name.startsWith(`${relation}__`) || name.startsWith(`${relation}:`);

interface Access {
  readonly of: Value;
  readonly name: string;
  readonly called: boolean;
  readonly at: number;
}

/** Every read of a member between two offsets; with `returns` also in what is returned there, which in a loop happens once at most. */
function* accessesIn(fn: Fn, start: number, end: number, returns: boolean): Iterable<Access> {
  for (const site of fn.graph.calls) {
    if (site.start < start || site.end > end) continue;
    if (site.callee.k === "field") yield { of: site.callee.of, name: site.callee.name, called: true, at: site.start };
    for (const value of [site.callee.k === "field" ? site.callee.of : site.callee, ...site.args.map((arg) => arg.value)]) yield* fieldsOf(value, site.start);
  }
  for (const block of fn.graph.blocks) {
    for (const event of block.events) {
      if (!("value" in event) || event.value === null || !("at" in event) || event.at < start || event.at > end) continue;
      yield* fieldsOf(event.value, event.at);
    }
    const last = block.end;
    if (returns && last.t === "return" && last.value !== null) yield* fieldsOf(last.value, last.at);
    if (last.t !== "branch" || last.at < start || last.at > end) continue;
    const { test } = last;
    const values =
      test.test === "null" || test.test === "truthy" ? [test.value] : test.test === "compare" ? [test.left, test.right] : test.test === "other" ? test.of : [];
    for (const value of values) yield* fieldsOf(value, last.at);
  }
}

function* fieldsOf(value: Value, at: number): Iterable<Access> {
  for (const one of mentionedValues(value)) if (one.k === "field") yield { of: one.of, name: one.name, called: false, at };
}

/** Which members of which classes are relations that are loaded on access. */
class RelationTable {
  readonly #program: Program;
  readonly #known = new Map<Cls, Map<string, string>>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** @returns the name of the relation that an access loads, null when it loads none */
  of(cls: Cls, name: string, called: boolean): string | null {
    for (const one of this.#program.hierarchy.ancestry(cls)) {
      const found = this.#relations(one).get(called ? `${name}()` : name);
      if (found !== undefined) return found;
    }
    return null;
  }

  #relations(cls: Cls): ReadonlyMap<string, string> {
    let known = this.#known.get(cls);
    if (known !== undefined) return known;
    this.#known.set(cls, (known = new Map()));
    for (const field of cls.fact.fields) {
      for (const definition of field.definitions) this.#add(known, field.name, definition.value, cls.file.functions[definition.fn]!);
      for (const decorator of field.decorators) this.#add(known, field.name, decorator, cls.file.functions[cls.fact.scope]!);
    }
    for (const [name, method] of this.#program.hierarchy.ownMethods(cls)) this.#addMethod(known, name, method);
    return known;
  }

  /** A field whose initialiser or decorator declares a relation. */
  #add(known: Map<string, string>, name: string, value: Value, fn: Fn): void {
    const effect = this.#declares(value, fn);
    if (effect === null) return;
    if (effect.loads === "property" || effect.loads === "await") known.set(name, name);
  }

  #declares(value: Value, fn: Fn): DeclaresRelation | null {
    if (value.k !== "call") return null;
    const site = fn.call(value.id);
    const rows: readonly CallModel[] = this.#program.target(fn, value.id).rows;
    for (const row of rows) {
      for (const effect of row.effects) {
        if (effect.role === "declares-relation" && !effect.eagerWhen.some((condition) => holds([condition], site.args, fn))) return effect;
      }
    }
    return null;
  }

  /** Methods that return a relation make a property of their name (Eloquent); getters of a relation field load it (Doctrine). */
  #addMethod(known: Map<string, string>, name: string, method: Fn): void {
    for (const block of method.graph.blocks) {
      if (block.end.t !== "return" || block.end.value === null) continue;
      const { value } = block.end;
      if (value.k === "field" && value.of.k === "this" && known.has(value.name)) known.set(`${name}()`, value.name);
      for (const one of mentionedValues(value)) {
        const effect = this.#declares(outermostRelation(one, method), method);
        if (effect?.loads === "method") known.set(name, name);
      }
    }
  }
}

/** `$this->hasMany(X::class)->orderBy('a')`: the relation is at the root of the chain. */
function outermostRelation(value: Value, fn: Fn): Value {
  let current = value;
  while (current.k === "call") {
    const { callee } = fn.call(current.id);
    if (callee.k !== "field" || callee.of.k !== "call") break;
    current = callee.of;
  }
  return current;
}

interface Provenance {
  /** The call that queries, -1 when the value does not come from a query. */
  readonly query: number;
  readonly eager: readonly { readonly call: number; readonly names: ReadonlySet<string> }[];
}

/** Follows a value back through the calls and variables it comes from, in the same function. */
function provenanceOf(program: Program, value: Value, fn: Fn): Provenance {
  let query = -1;
  const eager: { call: number; names: Set<string> }[] = [];
  const seen = new Set<number>();
  const visited = new Set<number>();
  const follow = (one: Value, depth: number): void => {
    if (depth > 16) return;
    if (one.k === "var") {
      if (seen.has(one.id)) return;
      seen.add(one.id);
      for (const definition of fn.file.variable(one.id).definitions) if (definition.fn === fn.id) follow(definition.value, depth + 1);
      return;
    }
    if (one.k === "call") {
      if (visited.has(one.id)) return;
      visited.add(one.id);
      const site = fn.call(one.id);
      for (const row of program.target(fn, one.id).rows) {
        for (const effect of row.effects) {
          if (effect.role === "queries" || effect.role === "fetches-all") query = one.id;
          if (effect.role === "eager-loads" && (effect.relations.length === 0 || anyArgument(site.args, effect.relations, fn).given !== "no"))
            eager.push({ call: one.id, names: relationNames(fn, one.id) });
        }
      }
      if (runsWhenIterated(program, program.typeOf(one, fn), fn)) query = Math.max(query, one.id);
      follow(site.callee, depth + 1);
      for (const { value: argument } of site.args) follow(argument, depth + 1);
      return;
    }
    for (const inner of mentionedValues(one)) if (inner !== one && (inner.k === "var" || inner.k === "call")) follow(inner, depth + 1);
  };
  follow(value, 0);
  return { query, eager };
}

/** Query sets run their query when they are iterated. */
function runsWhenIterated(program: Program, type: Type | null, fn: Fn): boolean {
  if (type?.t !== "named") return false;
  const iteration = program.library(fn.file).method(type, "__iter__");
  return iteration?.rows.some((row) => row.effects.some((effect) => effect.role === "queries")) ?? false;
}

/** The relations an eager-loading call names, as text or as members of the class; empty means all. */
function relationNames(fn: Fn, call: number): Set<string> {
  const names = new Set<string>();
  const collect = (value: Value, depth: number): void => {
    if (depth > 6) return;
    for (const one of mentionedValues(value)) {
      if (one.k === "const" && typeof one.v === "string") names.add(one.v);
      else if (one.k === "field") names.add(one.name);
      else if (one.k === "ref") names.add(one.name.split(".").at(-1)!);
      else if (one.k === "coll") for (const key of one.keys) key !== null && names.add(key);
      if (one.k === "call") for (const argument of fn.call(one.id).args) collect(argument.value, depth + 1);
      if (one.k === "call" && fn.call(one.id).callee.k === "field") collect((fn.call(one.id).callee as Extract<Value, { k: "field" }>).of, depth + 1);
    }
  };
  for (const { value } of fn.call(call).args) collect(value, 0);
  return names;
}
