import type { Value } from "../../flow/values.ts";
import { settled } from "../../program/arguments.ts";
import type { Fn, ProgramFile } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { returnedValues } from "../work/values.ts";

/** What a callback gives back to undo what it set up. */
export interface Cleanup {
  readonly fns: ReadonlySet<Fn>;
  /** Values that are called to undo, where they are no functions of the program (`sub.unsubscribe`, the result of a call). */
  readonly values: readonly Value[];
}

/** How far calls are followed from a function that undoes. */
const maxDepth = 6;

/** @returns what the function returns to undo what it did; nothing for one that returns a promise */
export function cleanupOf(program: Program, fn: Fn): Cleanup {
  const fns = new Set<Fn>();
  const values: Value[] = [];
  if (fn.fact.isAsync) return { fns, values };
  const add = (value: Value, at: Fn, depth: number): void => {
    if (depth > 4) return;
    if (value.k === "fn") fns.add(at.file.functions[value.id]!);
    else if (value.k === "either") for (const one of value.of) add(one, at, depth + 1);
    else if (value.k === "var" && !at.file.variable(value.id).isParameter) {
      values.push(value);
      for (const definition of at.file.variable(value.id).definitions) add(definition.value, at.file.functions[definition.fn]!, depth + 1);
    } else if (value.k === "call") {
      values.push(value);
      for (const maker of program.target(at, value.id).fns) for (const made of returnedValues(maker.graph)) add(made, maker, depth + 1);
      // `useCallback(…)`, `debounce(…)`: a function made of another.
      for (const argument of at.call(value.id).args) if (argument.value.k === "fn") fns.add(at.file.functions[argument.value.id]!);
    } else if (value.k !== "const") values.push(value);
  };
  for (const value of returnedValues(fn.graph)) add(value, fn, 0);
  return { fns, values };
}

/** @returns the functions that may run when those run: closures inside them, what they call, and what they pass on by name to be called (`call_soon(self.stop)`) */
export function reachedBy(program: Program, roots: Iterable<Fn>): ReadonlySet<Fn> {
  const found = new Set(roots);
  let frontier = [...found];
  for (let depth = 0; depth < maxDepth && frontier.length > 0; depth++) {
    const next: Fn[] = [];
    for (const fn of frontier) {
      const callees = [...fn.graph.calls.keys()].flatMap((call) => program.target(fn, call).fns);
      for (const one of [...closuresIn(fn), ...callees, ...namedIn(program, fn), ...keptAndCalled(fn)]) {
        if (found.has(one)) continue;
        found.add(one);
        next.push(one);
      }
    }
    frontier = next;
  }
  return found;
}

/** `cleanup.current = () => …` in one function, `cleanup.current?.()` in another: what the field of a variable may be when it is called. */
function keptAndCalled({ file, graph }: Fn): readonly Fn[] {
  return graph.calls.flatMap(({ callee }) => (callee.k === "field" && callee.of.k === "var" ? (keptIn(file).get(`${callee.of.id} ${callee.name}`) ?? []) : []));
}

const kept = new WeakMap<ProgramFile, ReadonlyMap<string, readonly Fn[]>>();

/** The functions of a file that are kept in fields of its variables, by variable and field. */
function keptIn(file: ProgramFile): ReadonlyMap<string, readonly Fn[]> {
  const known = kept.get(file);
  if (known !== undefined) return known;
  const found = new Map<string, Fn[]>();
  for (const by of file.functions) {
    for (const { events } of by.graph.blocks) {
      for (const event of events) {
        const value = event.e === "store" && event.object.k === "var" ? settled(event.value, by) : null;
        if (event.e !== "store" || event.object.k !== "var" || value?.k !== "fn") continue;
        const key = `${event.object.id} ${event.field}`;
        found.set(key, [...(found.get(key) ?? []), file.functions[value.id]!]);
      }
    }
  }
  kept.set(file, found);
  return found;
}

/** The functions that a function passes on by their names. */
function namedIn(program: Program, fn: Fn): readonly Fn[] {
  return fn.graph.calls.flatMap(({ args }) =>
    args.flatMap(({ value }) => {
      const type = value.k === "field" || value.k === "ref" ? program.typeOf(value, fn) : null;
      return type?.t === "function" ? [type.fn] : [];
    }),
  );
}

/** @returns the functions written inside a function, at any depth */
export function closuresIn(fn: Fn): readonly Fn[] {
  return fn.file.functions.filter((one) => one.isInside(fn));
}
