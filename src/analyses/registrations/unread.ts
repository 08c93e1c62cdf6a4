import { testedValues } from "../../flow/tests.ts";
import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues, usedValues } from "../work/values.ts";
import type { Registration } from "./registration.ts";
import { nameOf } from "./sameness.ts";

/**
 * Whether the handle of a registration goes only into a list that nobody reads, so that nobody can undo it: `timers.push(setInterval(…))`, where `timers` is a list of a
 * function, or one in its reference (`ids.current`), that is only filled and emptied.
 */
export function isKeptUnread(program: Program, { fn, call, handles }: Registration): boolean {
  const isIt = (value: Value): boolean => value.k === "call" && (value.id === call || handles.includes(value.id));
  let list: Value | null = null;
  for (const value of usedValues(fn.graph)) if (mentionedValues(value).some(isIt) && !isIt(value)) return false;
  for (const { events, end } of fn.graph.blocks) {
    for (const event of events) if (event.e !== "call" && "value" in event && event.value !== null && isIt(event.value)) return false;
    // An arrow function gives back what its call does: `jobs.forEach((job) => timers.push(setInterval(job)))`.
    if (end.t === "return" && end.value !== null && isIt(end.value)) return false;
  }
  for (const { callee, args } of fn.graph.calls) {
    if (!args.some(({ value }) => isIt(value))) continue;
    if (callee.k !== "field" || list !== null) return false;
    list = callee.of;
  }
  return list !== null && isLocalList(list, fn) && !isRead(program, list, fn);
}

/** A variable of a function that is made as a list there, or what its reference holds. */
function isLocalList(list: Value, fn: Fn): boolean {
  const holder = list.k === "field" ? list.of : list;
  if (holder.k !== "var") return false;
  const { definitions, isParameter, fn: owner } = fn.file.variable(holder.id);
  const [only, ...others] = definitions;
  if (isParameter || owner === 0 || others.length > 0 || only === undefined) return false;
  if (list.k !== "field") return only.value.k === "coll";
  const maker = only.value.k === "call" ? fn.file.functions[only.fn]!.call(only.value.id) : null;
  return maker?.args.some(({ value }) => value.k === "coll") === true;
}

/** Whether a function of the file uses the list for anything but filling it. */
function isRead(program: Program, list: Value, fn: Fn): boolean {
  const name = nameOf(list, fn);
  const holder = list.k === "field" ? nameOf(list.of, fn) : name;
  for (const one of fn.file.functions) {
    const uses = (value: Value): boolean => {
      const inside = mentionedValues(value);
      return inside.some((part) => nameOf(part, one) === name) || inside.some((part) => part.k === "var" && nameOf(part, one) === holder && value.k === "var");
    };
    const isFilled = (call: number): boolean => {
      const { rows, fns } = program.target(one, call);
      const { callee, discarded } = one.call(call);
      return (
        callee.k === "field" && nameOf(callee.of, one) === name && fns.length === 0 && (rows.some(grows) || (rows.length === 0 && (discarded || one === fn)))
      );
    };
    for (const [call, { callee, args }] of one.graph.calls.entries())
      if ((!isFilled(call) && uses(callee)) || args.some(({ value }) => uses(value))) return true;
    for (const { events, end } of one.graph.blocks) {
      for (const event of events) {
        if (event.e === "escape" ? event.values.some(uses) : "value" in event && event.value !== null && uses(event.value)) return true;
        if (event.e === "put" && uses(event.object)) return true;
      }
      if (end.t === "branch" && testedValues(end.test).some(uses)) return true;
      if ((end.t === "return" || end.t === "throw") && end.value !== null && uses(end.value)) return true;
    }
    if (one.graph.loops.some(({ iterable }) => iterable !== null && uses(iterable))) return true;
  }
  return false;
}

const grows = (row: { readonly effects: readonly { readonly role: string }[] }): boolean => row.effects.some(({ role }) => role === "grows");
