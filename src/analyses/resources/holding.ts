import type { CallArgument, CallSite } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import { modelKey } from "../../semantics/models/compile.ts";
import type { ValueRef } from "../../semantics/models/model.ts";
import type { Fn } from "../../program/entities.ts";
import { settled } from "../../program/arguments.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues } from "../work/values.ts";
import type { Handlings } from "./handlings.ts";
import { among, amongTuples, givesKeys, inTuple } from "./collected.ts";
import { fieldOfHolder } from "./receivers.ts";
import { type ResourceState, pathOf } from "./state.ts";
import type { Handling, Tracked } from "./tracked.ts";

/** What going through a collection gives, by the part that the collection is. */
const entries: ReadonlyMap<string, string> = new Map([
  [among, ""],
  [amongTuples, inTuple],
]);

/** The part of a temporary folder or file that something made of its path stands for: perhaps itself under another name. */
export const inside = "/";

/** Another path that was made of it: removing what is there leaves it (`join(dir, name)`, `base + ".pdf"`). */
export const beneath = "//";

/** Types that paths have. */
const pathTypes = /(?:^|\.)(?:string|str|String|Path|PurePath)$/;

/** Tells which values of a function are the followed resource, hold it, or are a way to release it. */
export class Holding {
  readonly #program: Program;
  readonly #handlings: Handlings;
  readonly #fn: Fn;
  readonly tracked: Tracked;

  constructor(program: Program, handlings: Handlings, fn: Fn, tracked: Tracked) {
    this.#program = program;
    this.#handlings = handlings;
    this.#fn = fn;
    this.tracked = tracked;
  }

  /** @returns which part of the resource a value is ("" for the whole), null when it is none */
  part(value: Value, state: ResourceState): string | null {
    if (!state.open) return null;
    const { origin, parts } = this.tracked;
    switch (value.k) {
      case "call":
        if (origin.from === "call" && value.id === origin.call && origin.result === 0) return origin.part;
        return state.holders.get(`c${value.id}`) ?? this.#chained(value.id, state) ?? this.#partOfCall(value.id, state) ?? this.#pathOfCall(value.id, state);
      case "item":
        if (value.of.k === "var" && this.part(value.of, state) === among) return "";
        // `for key, handle in handles.items()`
        if (value.of.k === "elem" && [inTuple, ""].includes(this.part(value.of, state) ?? inside)) return "";
        if (value.of.k === "var" && this.part(value.of, state) === inTuple) return "";
        // `c, ok := x.(T)`
        if (value.of.k === "cast") return value.i === 0 ? this.part(value.of.of, state) : null;
        if (value.of.k !== "call") return null;
        if (origin.from === "call" && value.of.id === origin.call) return value.i === origin.result ? origin.part : null;
        return (
          state.holders.get(`c${value.of.id}#${value.i}`) ??
          (value.i === 0 ? (state.holders.get(`c${value.of.id}`) ?? this.#pathOfCall(value.of.id, state)) : null)
        );
      case "var":
      case "this":
      case "ref":
        return state.holders.get(pathOf(value)!) ?? null;
      case "field": {
        const path = pathOf(value);
        const held = path === null ? undefined : state.holders.get(path);
        if (held !== undefined) return held;
        const of = this.part(value.of, state);
        if (of === null) return null;
        if (fieldOfHolder(of) === value.name) return "";
        const part = of === "" ? value.name : `${of}.${value.name}`;
        if (parts.includes(part)) return part;
        // `f.name`: where it is.
        const type = this.tracked.acquires.path ? this.#program.typeOf(value, this.#fn) : null;
        return type?.t === "named" && pathTypes.test(type.name) ? inside : null;
      }
      case "index": {
        // `probe = tempfile.mkstemp(); os.close(probe[0])`
        const made = settled(value.of, this.#fn);
        if (origin.from === "call" && made.k === "call" && made.id === origin.call && value.key?.k === "const" && typeof value.key.v === "number")
          return value.key.v === origin.result ? origin.part : null;
        // `client[database]`: a part that holds the whole, where the type says so.
        const of = this.part(value.of, state);
        if (of === among) return "";
        // `with open_stream(name)[0] as stream`
        const isResult =
          origin.from === "call" && value.of.k === "call" && value.of.id === origin.call && value.key?.k === "const" && value.key.v === origin.result;
        if (isResult) return origin.part;
        return of !== null && parts.includes("[]") ? "[]" : null;
      }
      case "elem":
        if (this.#isEachResult(value, state)) return origin.from === "call" ? origin.part : null;
        return value.part === "value" && !givesKeys(value.of, this.#fn) ? (entries.get(this.part(value.of, state) ?? "") ?? null) : null;
      case "coll":
        return origin.from === "call" && value.made === origin.call ? origin.part : null;
      case "cast":
      case "entered":
        return this.part(value.of, state);
      case "either":
        for (const one of value.of) {
          const part = this.part(one, state);
          if (part !== null) return part;
        }
        return null;
      case "derived":
        return this.tracked.acquires.path && value.of.some((one) => this.part(one, state) !== null) ? beneath : null;
      default:
        return null;
    }
  }

  /** `response.RawBody()`: a method that gives a part of it. */
  #partOfCall(call: number, state: ResourceState): string | null {
    const { callee } = this.#fn.graph.calls[call]!;
    if (callee.k !== "field" || !this.tracked.parts.includes(callee.name)) return null;
    return this.part(callee.of, state) === "" ? callee.name : null;
  }

  /** `filepath.Join(dir, name)`, `Path(dir)`, `f.Name()`: a library's call that makes a path of the path. */
  #pathOfCall(call: number, state: ResourceState): string | null {
    const { rows } = this.#program.target(this.#fn, call);
    // What is read from it is no path.
    const reads = rows.some((row) => row.effects.some((effect) => effect.role === "reads-all" || effect.role === "blocks"));
    if (!this.tracked.acquires.path || reads || !rows.some((row) => pathTypes.test(row.results[0]?.name ?? ""))) return null;
    const { callee, args } = this.#fn.graph.calls[call]!;
    const isMethod = callee.k === "field" && this.part(callee.of, state) !== null;
    if (!isMethod && !args.some(({ value }) => this.part(value, state) !== null)) return null;
    return args.length + (isMethod ? 1 : 0) > 1 ? beneath : inside;
  }

  /** `createClient().on("error", log)`: methods that return what they are called on. */
  #chained(call: number, state: ResourceState): string | null {
    const { callee } = this.#fn.graph.calls[call]!;
    if (callee.k !== "field" || !this.#program.target(this.#fn, call).rows.some((row) => row.results[0]?.name === "receiver")) return null;
    return this.part(callee.of, state);
  }

  /** Whether a value is the resource or holds it somewhere inside. */
  contains(value: Value, state: ResourceState): boolean {
    if (this.part(value, state) !== null) return true;
    switch (value.k) {
      case "coll":
        return value.items.some((item) => this.contains(item, state) || this.isAllResults(item, state));
      // `tasks + [task]`
      case "derived":
        return value.of.some((item) => item.k === "coll" && this.contains(item, state));
      case "either":
      case "unknown":
        return value.of.some((item) => this.contains(item, state));
      case "cast":
        return this.contains(value.of, state);
      case "item":
      case "slice":
        return value.of.k === "var" && this.contains(value.of, state);
      case "fn":
        return this.#takes(value.id, state);
      // `remove := func() { os.RemoveAll(dir) }`, where the folder is made only afterwards.
      case "var": {
        const written = settled(value, this.#fn);
        return written.k === "fn" && this.#takes(written.id, state);
      }
      // `&session{end: conn.Close}`: whoever has the method releases it.
      case "field":
        return this.isRelease(value, state);
      // `await wait_for(open_connection(host), 5)`: whoever gets all results has this one too.
      case "call":
        return this.isAllResults(value, state);
      case "class":
        return this.#fn.file.classes[value.id]!.fact.methods.some((method) => this.#takes(method, state));
      default:
        return false;
    }
  }

  /** `err := rows.Err()`: an error that is there (true) means that it has ended; null for other values. */
  failureTold(value: Value, state: ResourceState): true | null {
    const asked = value.k === "call" ? this.#fn.graph.calls[value.id]!.callee : value;
    // `tx.Create(&row).Error` is the error of that call, `tx.Error` the one of the transaction.
    const path = state.open && asked.k === "field" && (value.k === "call" || asked.of.k === "var") ? this.calleePath(asked, state) : null;
    return path !== null && this.tracked.acquires.failedBy.includes(path) ? true : null;
  }

  /** `response.content`: a property that reads it to its end. */
  readsToEnd(value: Value, state: ResourceState): boolean {
    const { exhausted } = this.tracked.acquires;
    return mentionedValues(value).some((one) => one.k === "field" && exhausted.includes(one.name) && this.part(one.of, state) === "");
  }

  /** `pids = [spawn(job) for job in jobs]`, where what is followed is one of several results. */
  isAllResults(value: Value, { open }: ResourceState): boolean {
    const { origin } = this.tracked;
    return open && origin.from === "call" && value.k === "call" && value.id === origin.call && origin.result > 0;
  }

  /** `for descriptor in os.pipe(): os.close(descriptor)`, where what is followed is one of several results. */
  #isEachResult(value: Extract<Value, { k: "elem" }>, { open }: ResourceState): boolean {
    const { origin } = this.tracked;
    const made = settled(value.of, this.#fn);
    if (!open || origin.from !== "call" || made.k !== "call" || made.id !== origin.call) return false;
    return this.#program.target(this.#fn, made.id).rows.some(({ results }) => results.length > 1);
  }

  /** Whether a function has the resource and does more than use it. */
  #takes(fn: number, state: ResourceState): boolean {
    return this.captures(fn, state) !== null && this.closure(fn, state) !== "borrows";
  }

  /** Whether calling what stands at that path of the resource releases it; `query /^commit/` does with such a text as its first argument. */
  releases(path: string, args: readonly CallArgument[] = []): boolean {
    const { releasedBy } = this.tracked.acquires;
    const key = modelKey(this.#fn.file.language, path === "" ? "()" : path);
    if (releasedBy.some((one) => modelKey(this.#fn.file.language, one) === key)) return true;
    const first = args[0] === undefined ? null : settled(args[0].value, this.#fn);
    if (first?.k !== "const" || typeof first.v !== "string") return false;
    const text = first.v;
    return releasedBy.some((one) => one.startsWith(`${path} /`) && new RegExp(one.slice(path.length + 2, -1), "i").test(text));
  }

  /** Whether a call releases one of its arguments, whichever that is. */
  isRemoval(call: number): boolean {
    return this.#fn.call(call).args.some((_, i) => this.#handlings.argument(this.#fn, call, i, this.tracked, "") === "releases");
  }

  /** `atexit.register(handle.close)`: the method that releases it, not called yet. */
  isRelease(value: Value, state: ResourceState): boolean {
    const path = this.calleePath(value, state);
    return path !== null && path !== "" && this.releases(path);
  }

  /** The path from the resource to what is called: `Close`, `Body.Close`, "" when the value itself is called. */
  calleePath(callee: Value, state: ResourceState): string | null {
    const own = this.part(callee, state);
    if (own !== null) return own;
    if (callee.k === "ref") {
      const held = ownerOf(callee);
      return held !== null && this.part(held, state) === "" ? callee.name.slice(held.name.length + 1) : null;
    }
    if (callee.k !== "field") return null;
    const of = this.part(callee.of, state);
    if (of !== null) return of === "" ? callee.name : `${of}.${callee.name}`;
    // `x.stdin.close`: a release that goes through a field that is no part of the resource.
    if (callee.of.k !== "field") return null;
    const outer = this.part(callee.of.of, state);
    return outer === "" ? `${callee.of.name}.${callee.name}` : null;
  }

  /** @returns the captured variable or field through which a closure holds the resource, with its part */
  captures(fn: number, state: ResourceState): { readonly path: string; readonly part: string } | null {
    return this.#captured(this.#fn.file.functions[fn]!, state)[0] ?? null;
  }

  #captured(closure: Fn, state: ResourceState): readonly { readonly path: string; readonly part: string }[] {
    const seen = [...state.holders].flatMap(([path, part]) => {
      const root = /^(?:v(\d+)|this)/.exec(path);
      if (root === null) return [];
      return (root[1] === undefined ? closure.mentionsThis : sees(closure, Number(root[1]))) ? [{ path, part }] : [];
    });
    // `lambda path=file.name: os.remove(path)`
    const given = closure.fact.params.flatMap(({ variable, defaultValue }) => {
      const part = defaultValue === null || defaultValue.k === "call" || variable < 0 ? null : this.part(defaultValue, state);
      return part === null ? [] : [{ path: `v${variable}`, part }];
    });
    return [...seen, ...given];
  }

  /** What a closure that holds the resource does with it, and under which name. */
  held(fn: number, state: ResourceState): { readonly handling: Handling; readonly path: string; readonly part: string } {
    const closure = this.#fn.file.functions[fn]!;
    const answers = this.#captured(closure, state).map(({ path, part }) => ({
      handling: this.#handlings.ofPath(closure, path, this.tracked, part),
      path,
      part,
    }));
    return answers.find(({ handling }) => handling === "releases") ?? answers.find(({ handling }) => handling !== "borrows") ?? answers[0]!;
  }

  closure(fn: number, state: ResourceState): Handling {
    return this.held(fn, state).handling;
  }
}

/** Whether a closure has a variable, itself or in a function beside it that it calls: `onLeave = () => disconnect()`. */
function sees(closure: Fn, variable: number, isNext = false): boolean {
  if (closure.fact.captures.includes(variable)) return true;
  return !isNext && closure.graph.calls.some(({ callee }) => callee.k === "fn" && sees(closure.file.functions[callee.id]!, variable, true));
}

/** @returns the class or module whose function a reference names (`DB` of `DB.commit`), null for none */
export function ownerOf(callee: Extract<Value, { k: "ref" }>): Extract<Value, { k: "ref" }> | null {
  const dot = callee.name.lastIndexOf(".");
  return dot < 0 ? null : { ...callee, name: callee.name.slice(0, dot) };
}

/** @returns what a model's effect on the receiver or on an argument of a call is about; null for results, and where there is none */
export function subjectOf({ callee, args }: CallSite, value: ValueRef): Value | null {
  if (value.of === "argument") return args[value.argument.position ?? -1]?.value ?? null;
  if (value.of === "result" || value.of === "callback") return null;
  return callee.k === "field" ? callee.of : callee.k === "ref" ? ownerOf(callee) : null;
}

/** @returns what a `return` hands out: one value, or several in Go and with tuples */
export function resultsOf(value: Value): readonly Value[] {
  return value.k === "coll" && value.kind === "tuple" ? value.items : [value];
}
