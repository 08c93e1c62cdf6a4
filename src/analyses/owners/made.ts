import type { Value } from "../../flow/values.ts";
import { type Holder, holderKey } from "../collections/identity.ts";
import { passedBy } from "../collections/keys.ts";
import type { TouchedHolder } from "../collections/touches.ts";
import type { CallEdge, CallGraph } from "../call-graph.ts";
import { closuresIn } from "../registrations/cleanups.ts";
import { type TypedLiteral, typedLiterals } from "../work/values.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";

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

  #note(key: string, value: Value, fn: Fn): void {
    if (endsItself(value, fn)) return;
    const passed = passedBy(this.#program, this.#callGraph, value, fn) ?? [{ value, fn }];
    for (const origin of passed.filter((one) => !endsItself(one.value, one.fn)).flatMap((one) => origins(one.value, one.fn))) {
      if (origin.value.k !== "call") continue;
      const made = { fn: origin.fn, call: origin.value.id, result: origin.result };
      const known = this.#made.get(key);
      if (known === undefined) this.#made.set(key, [made]);
      else known.push(made);
    }
  }

  /** `timers.set(id, setInterval(…))`, `sessions.set(id, { socket, timer: setInterval(…) })` */
  #entry(holder: Holder, added: Value, fn: Fn): void {
    this.#note(entryKey(holder, ""), added, fn);
    for (const { value, fn: at } of origins(added, fn)) {
      if (value.k !== "coll" || value.type !== undefined) continue;
      for (const [i, name] of value.keys.entries()) if (name !== null) this.#note(entryKey(holder, name), value.items[i]!, at);
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
