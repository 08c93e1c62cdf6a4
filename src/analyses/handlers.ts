import type { FlowEvent } from "../flow/event-graph.ts";
import type { Value } from "../flow/values.ts";
import type { Fn, ProgramFile } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import type { Type } from "../program/types.ts";
import type { CallModel, CallbackModel, MarksEntryPoint, TypeRef } from "../semantics/models/model.ts";
import type { CallGraph } from "./call-graph.ts";
import { passedBy } from "./collections/keys.ts";
import { returnedFunctions } from "./returned-functions.ts";
import { mentionedValues, usedValues } from "./work/values.ts";

type Entry = MarksEntryPoint["entry"];

/** How far a function that is passed on is followed. */
const maxPassed = 4;

/**
 * Finds the functions that a library calls for requests, jobs or commands: those that the program hands to it by name (`mux.HandleFunc("/", s.index)`,
 * `&cobra.Command{Run: serve}`), and those that take what only such a call brings (`(w http.ResponseWriter, r *http.Request)`).
 */
export function handlersOf(program: Program, callGraph: CallGraph): ReadonlyMap<Fn, Entry> {
  const found = new Map<Fn, Entry>();
  const signatures = new Map<string, readonly TypeRef[]>();
  const note: NoteCallback = (value, fn, row, callback) => {
    if (callback.runs === "request" && isTelling(row, callback))
      signatures.set(`${fn.file.language} ${callback.params.map((param) => param.name).join(" ")}`, callback.params);
    const entry = callback.runs === "request" ? "request" : entryOf(row);
    if (entry === null) return;
    for (const handler of handedOver(program, value, fn)) found.set(handler, entry);
  };
  for (const fn of program.functions()) {
    for (const [call, site] of fn.graph.calls.entries()) {
      for (const row of program.target(fn, call).rows) {
        for (const callback of row.callbacks)
          for (const [i, { value, name }] of site.args.entries()) if (takes(callback, i, name)) note(value, fn, row, callback);
      }
    }
    for (const literal of literalsOf(fn)) noteFields(program, fn, literal, note);
    for (const { events } of fn.graph.blocks) for (const event of events) if (event.e === "store") noteStored(program, fn, event, note);
  }
  for (const fn of program.functions()) {
    const entry = found.has(fn) ? null : entryOfParameters(program, fn);
    if (entry !== null) found.set(fn, entry);
    if (!found.has(fn) && [...signatures].some(([key, params]) => key.startsWith(`${fn.file.language} `) && hasParameters(program, fn, params)))
      found.set(fn, "request");
  }
  // A map takes in what is added while it is gone through: wrappers of wrappers.
  for (const [wrapper, entry] of found) for (const inner of wrappedIn(program, callGraph, wrapper)) if (!found.has(inner)) found.set(inner, entry);
  return found;
}

/**
 * What an entry calls in the name of others: what was passed to its maker (`func wrap(run Runner) func() error { return func() error { … return run(ctx) } }`),
 * and what it passes by name to a function that calls it (`return execute(ctx, migrate)`).
 */
function wrappedIn(program: Program, callGraph: CallGraph, wrapper: Fn): readonly Fn[] {
  const ofMaker = (value: Value): readonly Fn[] => {
    if (value.k !== "var") return [];
    const { fn, isParameter } = wrapper.file.variable(value.id);
    return isParameter && fn !== wrapper.id ? passedFor(program, callGraph, value, wrapper.file.functions[fn]!, 0) : [];
  };
  return wrapper.graph.calls.flatMap(({ callee, args }, call) => {
    const { fns } = program.target(wrapper, call);
    const passed = args.flatMap(({ value }, i) => {
      if (value.k === "fn" || value.k === "const" || !fns.some((one) => runsParameter(program, one, i, 0))) return [];
      const type = program.typeOf(value, wrapper);
      return type?.t === "function" ? [type.fn] : ofMaker(value);
    });
    return [...ofMaker(callee), ...passed];
  });
}

/** Whether a function, or one that is written in it, calls what it gets, and in no loop. */
function runsParameter(program: Program, fn: Fn, argument: number, depth: number): boolean {
  const variable = fn.fact.params[argument]?.variable ?? -1;
  const isIt = (value: Value): boolean => value.k === "var" && value.id === variable;
  if (variable < 0 || depth > maxPassed) return false;
  const written = fn.file.functions.filter((one) => one === fn || (one.fact.captures.includes(variable) && one.isInside(fn)));
  return written.some((one) =>
    one.graph.calls.some(({ callee, args, loop }, call) => {
      if (loop >= 0) return false;
      if (isIt(callee)) return true;
      return args.some(({ value }, i) => isIt(value) && program.target(one, call).fns.some((next) => runsParameter(program, next, i, depth + 1)));
    }),
  );
}

/** The functions that the callers of a function pass for one of its parameters, directly or through parameters of their own. */
function passedFor(program: Program, callGraph: CallGraph, parameter: Value, fn: Fn, depth: number): readonly Fn[] {
  const passed = depth > maxPassed ? null : passedBy(program, callGraph, parameter, fn);
  return (passed ?? []).flatMap((one) => {
    const handed = handedOver(program, one.value, one.fn);
    return handed.length > 0 ? handed : passedFor(program, callGraph, one.value, one.fn, depth + 1);
  });
}

/** What a function runs for, by what it is given: only a request brings a `http.ResponseWriter`. */
function entryOfParameters(program: Program, fn: Fn): Entry | null {
  for (const { variable, type } of fn.fact.params) {
    if (type === null || variable < 0) continue;
    const name = nameOf(program, fn.file, variable);
    const entry = name === "" ? null : (program.library(fn.file).type(name)?.entry ?? null);
    if (entry !== null) return entry;
  }
  return null;
}

/** A function by its name, a class with `__invoke`, or a class and a method's name (`[OrderController::class, 'index']`): then its methods are such. */
function handedOver(program: Program, value: Value, fn: Fn, depth = 0): readonly Fn[] {
  if (value.k === "const" || depth > maxPassed) return [];
  // `RunE: wrap(serve)`: what the call gives is called.
  if (value.k === "call")
    return program
      .target(fn, value.id)
      .fns.flatMap((maker) => [
        ...returnedFunctions(maker),
        ...maker.graph.blocks.flatMap(({ end }) => (end.t === "return" && end.value?.k === "call" ? handedOver(program, end.value, maker, depth + 1) : [])),
      ]);
  const pair = value.k === "coll" && value.kind === "list" && value.size === 2 ? value.items[0] : undefined;
  const type = program.typeOf(pair ?? value, fn);
  if (type?.t === "function") return [type.fn];
  if (type?.t !== "class") return [];
  const methods = program.hierarchy.ownMethods(type.cls);
  if (pair !== undefined) return [...methods.values()].filter((method) => method.fact.kind === "method");
  const invoked = methods.get("__invoke");
  return invoked === undefined ? [] : [invoked];
}

/** @returns whether a callback is the i-th argument of a call, or any one of them */
export function takes({ argument }: CallbackModel, i: number, name: string): boolean {
  if (argument.position === null && argument.name === "") return true;
  return argument.position === i || (name !== "" && argument.name === name);
}

function entryOf(row: CallModel): Entry | null {
  for (const effect of row.effects) if (effect.role === "marks-entry-point") return effect.entry;
  return null;
}

/** Whether the parameters tell that a function is such a callback: several, or one of the library's own types. */
function isTelling(row: CallModel, { params }: CallbackModel): boolean {
  if (params.length === 0) return false;
  const library = (name: string): string => name.slice(0, name.lastIndexOf("."));
  return params.length > 1 || row.name.startsWith(`${library(params[0]!.name)}.`);
}

function hasParameters(program: Program, fn: Fn, params: readonly TypeRef[]): boolean {
  const { params: own } = fn.fact;
  if (own.length < params.length) return false;
  const names = own.map((param) => nameOf(program, fn.file, param.variable));
  return params.every((param) => names.includes(param.name));
}

function nameOf(program: Program, file: ProgramFile, variable: number): string {
  const type = program.types.variable(file, variable);
  return type?.t === "named" ? type.name : "";
}

type Literal = Extract<Value, { k: "coll" }>;
type NoteCallback = (value: Value, fn: Fn, row: CallModel, callback: CallbackModel) => void;

/** Function values in the fields of a library's struct, by the rows of its constructor. */
function noteFields(program: Program, fn: Fn, literal: Literal, note: NoteCallback): void {
  const type = literal.type === undefined ? null : program.types.fromFact(literal.type, fn.file);
  for (const [i, item] of literal.items.entries()) noteField(program, fn, type, literal.keys[i] ?? "", item, note);
}

/** `app.Action = run`: the same, set afterwards. */
function noteStored(program: Program, fn: Fn, { object, field, value }: Extract<FlowEvent, { e: "store" }>, note: NoteCallback): void {
  noteField(program, fn, program.typeOf(object, fn), field, value, note);
}

function noteField(program: Program, fn: Fn, type: Type | null, field: string, value: Value, note: NoteCallback): void {
  if (type?.t !== "named" || field === "") return;
  for (const row of program.library(fn.file).rows(type.name))
    for (const callback of row.callbacks) if (callback.argument.name === field) note(value, fn, row, callback);
}

function* literalsOf(fn: Fn): Iterable<Literal> {
  for (const value of usedValues(fn.graph)) for (const one of mentionedValues(value)) if (one.k === "coll" && one.type !== undefined) yield one;
}
