import type { EventGraph } from "../../flow/event-graph.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallModel, Mutates, TypeRef } from "../../semantics/models/model.ts";
import type { ResourceState } from "./state.ts";

/** The part under which a collection is held that has the resource among its entries. */
export const among = "[*]";

/** The same where each entry is in a tuple with others (`handles.items()`), and the part of such a tuple. */
export const amongTuples = "[(*)]";
export const inTuple = "(*)";

/** Whether something holds a collection that has the resource among its entries. */
export const isCollected = ({ holders }: ResourceState): boolean => [...holders.values()].includes(among);

/** Whether a variable holds a collection that only its own function has: everything that it was given is a literal or a new collection of the language. */
export function isLocalCollection(program: Program, fn: Fn, variable: number): boolean {
  const { definitions, isParameter, isStatic, fn: owner } = fn.file.variable(variable);
  if (owner !== fn.id || isParameter || isStatic || fn.fact.kind === "module") return false;
  if (definitions.length === 0) return fn.file.language === "go";
  return definitions.every(({ value, fn: at }) => at === fn.id && (isLiteral(value) || isNew(program, fn, value, variable)));
}

/** `[]`, `{}`, also as one operand: `tasks + [task]` makes a list of its own. */
const isLiteral = (value: Value): boolean =>
  (value.k === "derived" && value.of.some((one) => one.k === "coll" && one.kind === "list")) ||
  (value.k === "coll" && value.kind !== "object" && value.kind !== "struct") ||
  (value.k === "const" && value.v === null);

function isNew(program: Program, fn: Fn, value: Value, variable: number): boolean {
  if (value.k !== "call") return false;
  const { rows } = program.target(fn, value.id);
  // `files = append(files, f)`
  if (rows.some((row) => grownBy(row) !== null)) {
    const [first] = fn.call(value.id).args;
    return first?.value.k === "var" && first.value.id === variable;
  }
  const type = program.typeOf(value, fn);
  const model = type?.t === "named" ? program.library(fn.file).type(type.name) : undefined;
  if (model === undefined || model === null || model.collection === null) return false;
  // `dict()`, `new Map()`, `make([]*os.File, 0, n)`
  const [first] = fn.call(value.id).args;
  return rows.some(({ name }) => [model.name, ...model.aliases].includes(name)) || (first?.value.k === "cast" && first.value.of.k === "unknown");
}

/** @returns the tests of loops that count through the positions of a collection and release what lies there: `for i := 0; i < n; i++ { files[i].Close() }` */
export function countedReleases({ calls, loops }: EventGraph, isRelease: (call: number) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [call, { callee, loop }] of calls.entries()) {
    const around = loops[loop];
    if (around?.kind !== "count" || around.test === null) continue;
    if (callee.k === "field" && callee.of.k === "index" && isRelease(call)) found.add(JSON.stringify(around.test));
  }
  return found;
}

/** @returns how a call's row adds its argument to a collection; null when it does not */
export function grownBy(row: CallModel): Mutates | null {
  for (const effect of row.effects) if (effect.role === "grows" && effect.added !== null) return effect as Mutates;
  return null;
}

/** Whether going through a value gives its keys (a Python `dict`). */
export function givesKeys(value: Value, fn: Fn): boolean {
  return (
    fn.file.language === "python" &&
    value.k === "var" &&
    fn.file.variable(value.id).definitions.some((one) => (one.value.k === "coll" && one.value.kind === "map") || one.value.k === "call")
  );
}

/**
 * @param from the collection: what the call is made on, or an argument by its position
 * @returns the part under which each of a call's results has the entries of a collection (`handles.values()`, `sorted(handles)`, `zip(handles, paths)`), null
 *   where it has not
 */
export function carried({ results }: CallModel, from: "receiver" | number): readonly (string | null)[] {
  const names = from === "receiver" ? ["T0", "T1", "receiver"] : [`element:${from}`, `argument:${from}`, `argument:${from}.T0`, `argument:${from}.T1`];
  const isEntry = ({ name }: TypeRef): boolean => names.includes(name);
  return results.map((result) => {
    if (isEntry(result)) return result.name.startsWith("element") || /^T/.test(result.name) ? null : among;
    if (result.args.some(isEntry)) return among;
    return result.args.some((one) => one.name.endsWith("tuple") && one.args.some(isEntry)) ? amongTuples : null;
  });
}
