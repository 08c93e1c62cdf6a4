import type { Value } from "../../flow/values.ts";
import { type Holder, holderKey } from "../collections/identity.ts";
import { passedBy } from "../collections/keys.ts";
import type { TouchedHolder } from "../collections/touches.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { closuresIn } from "../registrations/cleanups.ts";
import { returnedValues, type TypedLiteral, typedLiterals } from "../work/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { type Promised, promisedBy } from "./promised.ts";

/** @returns the text for a member of the entries of a collection; with an empty name for the entries themselves */
export const entryKey = (holder: Holder, member: string): string => `e ${holderKey(holder)} ${member}`;

/** A call, and which of its results is meant. */
export interface Made extends CallEdge {
  readonly result: number;
}

/** Which calls make what fields and entries of collections hold. */
export class MadeValues {
  readonly #program: Program;
  readonly #callGraph: CallGraph;
  readonly #made = new Map<string, Made[]>();
  /** The functions that give a field a value. */
  readonly #givers = new Map<string, Set<Fn>>();
  readonly #promised = new Map<string, Promised[]>();
  /** The members of the literals that are put into a collection, by the collection; with an empty name for the entries themselves. */
  readonly #members = new Map<string, Set<string>>();

  constructor(program: Program, callGraph: CallGraph, touched: Iterable<TouchedHolder>) {
    this.#program = program;
    this.#callGraph = callGraph;
    for (const { holder, touches } of touched) {
      for (const { touch, added, fn } of touches) if (touch === "grows" && added !== null) this.#entry(holder, added, fn);
    }
    for (const file of program.files) for (const cls of file.classes) this.#fields(cls);
    for (const fn of program.functions()) for (const literal of typedLiterals(fn)) this.#literal(literal, fn);
  }

  /** @returns the calls whose results a field (`holderKey`) or the entries of a collection (`entryKey`) hold */
  of(key: string): readonly Made[] {
    return this.#made.get(key) ?? [];
  }

  /** @returns what a field (`holderKey`) or the entries of a collection (`entryKey`) hold by which those are answered who wait for them */
  promised(key: string): readonly Promised[] {
    return this.#promised.get(key) ?? [];
  }

  /** @returns the members of the entries of a collection, as the literals that are put into it have them; with an empty name for the entries themselves */
  membersOf(holder: Holder): Iterable<string> {
    return this.#members.get(holderKey(holder)) ?? [];
  }

  /** @returns the functions that give a field (`holderKey`) a value other than a constant */
  giversOf(key: string): Iterable<Fn> {
    return this.#givers.get(key) ?? [];
  }

  #note(key: string, value: Value, fn: Fn): void {
    if (value.k !== "const") this.#givers.set(key, (this.#givers.get(key) ?? new Set()).add(fn));
    const passed = passedBy(this.#program, this.#callGraph, value, fn) ?? [{ value, fn }];
    const promised = passed.flatMap((one) => promisedBy(this.#program, one.value, one.fn));
    if (promised.length > 0) this.#promised.set(key, [...(this.#promised.get(key) ?? []), ...promised]);
    if (!endsItself(value, fn)) this.#noteMade(key, passed);
  }

  #noteMade(key: string, passed: readonly { readonly value: Value; readonly fn: Fn }[]): void {
    for (const origin of passed.filter((one) => !endsItself(one.value, one.fn)).flatMap((one) => origins(one.value, one.fn))) {
      if (origin.value.k !== "call") continue;
      const made = this.#maker({ fn: origin.fn, call: origin.value.id, result: origin.result });
      const known = this.#made.get(key);
      if (known === undefined) this.#made.set(key, [made]);
      else known.push(made);
    }
  }

  /** The call that makes what a function of the program gives back (`conn, err := dial(address)`), or the call itself. */
  #maker(made: Made, depth = 0): Made {
    const [maker, ...others] = this.#program.target(made.fn, made.call).fns;
    if (maker === undefined || others.length > 0 || depth > 2) return made;
    const given = returnedValues(maker.graph).flatMap((value) => {
      const one = value.k === "coll" && value.kind === "tuple" ? (value.items[made.result] ?? value) : value;
      return one.k === "const" ? [] : origins(one, maker);
    });
    const [first] = given;
    // Where it may be one of several things, nobody can tell.
    return first === undefined || given.length > 1 || first.value.k !== "call"
      ? made
      : this.#maker({ fn: first.fn, call: first.value.id, result: first.result }, depth + 1);
  }

  /** `timers.set(id, setInterval(…))`, `sessions.set(id, { socket, timer: setInterval(…) })` */
  #entry(holder: Holder, added: Value, fn: Fn): void {
    const note = (member: string, value: Value, at: Fn): void => {
      this.#note(entryKey(holder, member), value, at);
      const key = holderKey(holder);
      this.#members.set(key, new Set([...(this.#members.get(key) ?? []), member]));
    };
    note("", added, fn);
    for (const { value, fn: at } of origins(added, fn)) {
      if (value.k !== "coll" || value.type !== undefined) continue;
      for (const [i, name] of value.keys.entries()) if (name !== null) note(name, value.items[i]!, at);
    }
  }

  /** `&session{conn: conn}` */
  #literal({ type, keys, items }: TypedLiteral, fn: Fn): void {
    const made = this.#program.types.fromFact(type, fn.file);
    if (made?.t !== "instance") return;
    for (const [i, name] of keys.entries()) if (name !== null) this.#note(holderKey({ holder: "field", cls: made.cls, name }), items[i]!, fn);
  }

  #fields(cls: Cls): void {
    for (const { name, definitions } of cls.fact.fields) {
      for (const { value, fn } of definitions) this.#note(holderKey({ holder: "field", cls, name }), value, cls.file.functions[fn]!);
    }
  }
}

/** `defer cancel()`, `return func() { cancel() }`: who put a function into a collection calls it when it is done, so the collection does not own it. */
function endsItself(value: Value, fn: Fn): boolean {
  if (value.k !== "var") return false;
  const calls = (one: Fn, call: number): boolean => {
    const { callee } = one.call(call);
    return callee.k === "var" && callee.id === value.id;
  };
  return (
    fn.graph.blocks.some(({ events }) => events.some((event) => event.e === "defer" && calls(fn, event.call))) ||
    closuresIn(fn).some((closure) => closure.graph.calls.some((_, call) => calls(closure, call)))
  );
}

/** A value, or what the variable that it is was given. */
function origins(value: Value, fn: Fn, depth = 0): readonly { readonly value: Value; readonly fn: Fn; readonly result: number }[] {
  if (depth > 3) return [];
  if (value.k === "item" && value.of.k === "call") return [{ value: value.of, fn, result: value.i }];
  if (value.k === "either") return value.of.flatMap((one) => origins(one, fn, depth + 1));
  if (value.k !== "var") return [{ value, fn, result: 0 }];
  const { definitions, isParameter } = fn.file.variable(value.id);
  if (isParameter) return [];
  return definitions.flatMap((one) => (one.value.k === "var" ? [] : origins(one.value, fn.file.functions[one.fn]!, depth + 1)));
}
