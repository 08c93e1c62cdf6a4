import type { Value } from "../flow/values.ts";
import { holds } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { isWithinScope } from "./scopes.ts";

/** @returns the offset of the call that bounds what another call started or configured (kills the process, sets its time limit), -1 for none */
export function boundedAt(program: Program, fn: Fn, call: number): number {
  const holders = holdersOf(fn, call);
  // What a field holds, another method of the object may end.
  const sharesFields = (one: Fn): boolean => holders.fields.size > 0 && fn.cls !== null && one.cls === fn.cls && one !== fn;
  for (const one of [fn, ...fn.file.functions.filter((other) => other.parent === fn || sharesFields(other))]) {
    const found = boundIn(program, one, holders, one === fn ? call : -1, 0);
    if (found >= 0) return found;
  }
  return madeBounded(program, fn, holders);
}

/** The call of a function of the program that makes what is used and bounds it before it returns it (`$handle = newHandle($url)`), -1 for none. */
function madeBounded(program: Program, fn: Fn, { variables }: Holders): number {
  for (const id of variables) {
    for (const { value, fn: by } of fn.file.variable(id).definitions) {
      if (value.k !== "call" || by !== fn.id) continue;
      for (const maker of program.target(fn, value.id).fns) {
        const returned = new Set(maker.graph.blocks.flatMap(({ end }) => (end.t === "return" && end.value?.k === "var" ? [end.value.id] : [])));
        if (returned.size > 0 && boundIn(program, maker, { variables: returned, fields: new Set() }, -1, 0) >= 0) return fn.call(value.id).start;
      }
    }
  }
  return -1;
}

/** The call of a function that bounds what the holders hold, itself or in a callee that gets it. */
function boundIn(program: Program, fn: Fn, holders: Holders, call: number, depth: number): number {
  for (const [other, site] of fn.graph.calls.entries()) {
    const target = program.target(fn, other);
    for (const row of target.rows) {
      for (const effect of row.effects) {
        if (effect.role !== "bounds" || !holds(effect.when, site.args, fn)) continue;
        // `with timeout(5): …`: the limit holds for what runs in its scope.
        if (effect.value.of === "result" && call >= 0 && isWithinScope(fn, other, call)) return site.start;
        const subject =
          effect.value.of === "argument" ? site.args[effect.value.argument.position ?? 0]?.value : site.callee.k === "field" ? site.callee.of : undefined;
        if (subject !== undefined && names(subject, holders, call)) return site.start;
      }
    }
    if (depth > 2) continue;
    for (const [i, { value }] of site.args.entries()) {
      if (!names(value, holders, call)) continue;
      for (const callee of target.fns) {
        const param = callee.fact.params[i];
        if (param !== undefined && boundIn(program, callee, { variables: new Set([param.variable]), fields: new Set() }, -1, depth + 1) >= 0) return site.start;
      }
    }
  }
  return -1;
}

interface Holders {
  readonly variables: ReadonlySet<number>;
  readonly fields: ReadonlySet<string>;
}

/** The variables and fields that hold what the call gives, what was made of that, or what it is called on or with (`curl_exec($handle)`). */
function holdersOf(fn: Fn, call: number): Holders {
  const variables = new Set<number>();
  const fields = new Set<string>();
  const { callee, args } = fn.call(call);
  for (const { value } of args) {
    if (value.k === "var") variables.add(value.id);
    if (value.k === "field" && value.of.k === "this") fields.add(value.name);
  }
  const receiver = callee.k === "field" ? callee.of : null;
  if (receiver?.k === "var") variables.add(receiver.id);
  if (receiver?.k === "field") fields.add(receiver.name);
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      if (event.e === "set" && isOrTakes(event.value, fn, call)) variables.add(event.var);
      if (event.e === "store" && event.value.k === "call" && event.value.id === call) fields.add(event.field);
    }
  }
  return { variables, fields };
}

/** The call's result, or what another call makes of it (a task that runs it). */
function isOrTakes(value: Value, fn: Fn, call: number): boolean {
  return value.k === "call" && (value.id === call || fn.call(value.id).args.some((arg) => arg.value.k === "call" && arg.value.id === call));
}

function names(value: Value, holders: Holders, call: number): boolean {
  if (value.k === "var") return holders.variables.has(value.id);
  // `cmd.Process` is the process that `cmd` runs.
  if (value.k === "field") return holders.fields.has(value.name) || names(value.of, holders, call);
  if (value.k === "coll") return value.items.some((item) => names(item, holders, call));
  return value.k === "call" && value.id === call;
}
