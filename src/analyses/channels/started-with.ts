import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { CallbackModel } from "../../semantics/models/model.ts";
import { argumentOf } from "../../program/arguments.ts";

/** A parameter of a function of the program. */
interface Parameter {
  readonly fn: Fn;
  readonly variable: number;
}

/** A function that a call starts beside its caller, and what the model says about that. */
interface Started {
  readonly fn: Fn;
  readonly callback: CallbackModel;
}

/** @returns the functions of the program that a call starts by the models: threads, processes, jobs of a pool */
export function startedBy(program: Program, fn: Fn, call: number): readonly Started[] {
  const { args } = fn.call(call);
  const found: Started[] = [];
  for (const callback of program.target(fn, call).rows.flatMap((row) => row.callbacks)) {
    const given = callback.runs === "spawned" ? argumentOf(args, callback.argument, fn) : null;
    const started = given?.given === "yes" ? functionOf(program, given.value, fn) : null;
    if (started !== null) found.push({ fn: started, callback });
  }
  return found;
}

function functionOf(program: Program, value: Value, fn: Fn): Fn | null {
  if (value.k === "fn") return fn.file.functions[value.id]!;
  const type = program.typeOf(value, fn);
  return type?.t === "function" ? type.fn : null;
}

/**
 * @param isIt recognises the value that is passed
 * @returns the parameters in which functions of the program get an argument of a call, or an item of that argument (`args=(jobs, results)`); null where others may
 */
export function startedWith(program: Program, fn: Fn, call: number, argument: number, isIt: (value: Value) => boolean): readonly Parameter[] | null {
  const { args } = fn.call(call);
  const { value, name, spread } = args[argument]!;
  if (spread) return null;
  if (isIt(value)) {
    const { fns } = program.target(fn, call);
    const parameters = fns.map((callee) => parameterOf(callee, argument, name));
    return fns.length > 0 && parameters.every((one) => one !== null) ? parameters : null;
  }
  if (value.k !== "coll" || value.size !== value.items.length || value.items.filter(isIt).length !== 1) return null;
  const position = value.items.findIndex(isIt);
  for (const { fn: started, callback } of startedBy(program, fn, call)) {
    const passed = callback.passes === null ? null : argumentOf(args, callback.passes, fn);
    if (passed?.given !== "yes" || passed.value !== value) continue;
    const parameter = parameterOf(started, position, "");
    return parameter === null ? null : [parameter];
  }
  return null;
}

/** The parameter that gets an argument; null where a list takes it, or the function gives the parameter another value. */
function parameterOf(fn: Fn, position: number, name: string): Parameter | null {
  const parameter = name === "" ? fn.fact.params[position] : fn.fact.params.find((one) => one.name === name);
  if (parameter === undefined || parameter.rest !== "none" || parameter.variable < 0 || !fn.fact.hasBody) return null;
  const { definitions } = fn.file.variable(parameter.variable);
  return definitions.length > 0 ? null : { fn, variable: parameter.variable };
}
