import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { isErrorType } from "../error-types.ts";
import type { Holding } from "./holding.ts";
import type { ResourceState } from "./state.ts";
import type { Tracked } from "./tracked.ts";

/**
 * What a result of the acquiring call, other than the resource itself, tells of how it went.
 * @returns the truth value of the result that means that nothing was acquired (an error: true; a missing companion or `ok`: false), null for other values
 */
export function failureOf(program: Program, fn: Fn, { origin }: Tracked, value: Value): boolean | null {
  if (origin.call < 0) return null;
  const call = value.k === "item" ? value.of : value;
  if (call.k !== "call" || call.id !== origin.call) return null;
  const index = value.k === "item" ? value.i : 0;
  if (origin.from === "call" && (value.k !== "item" || index === origin.result)) return null;
  const type = program.types.calls.result(fn, origin.call, index, 0);
  const isError = isErrorType(program, type);
  // What is acquired on a receiver fails only by an error that the models know, or by answering that it did (`if not lock.acquire(…)`).
  if (origin.from === "path") return isError ? true : type?.t === "named" && /(?:^|\.)bool(?:ean)?$/.test(type.name) ? false : null;
  if (type === null || isError) return true;
  // A flag says whether there is a resource only where it stands last (`conn, ok := …`).
  const isFlag = type.t === "named" && type.name === "bool";
  return isFlag && program.types.calls.result(fn, origin.call, index + 1, 0) !== null ? null : false;
}

/** @returns the truth value of a variable's new value that means that nothing was acquired, or that it has ended; null where it tells nothing */
export function failureAssigned(program: Program, fn: Fn, holding: Holding, value: Value, state: ResourceState): boolean | null {
  return (
    failureOf(program, fn, holding.tracked, value) ??
    openingFailure(program, fn, holding, value, state) ??
    holding.failureTold(value, state) ??
    translated(program, fn, holding, value, state) ??
    asserted(value, state)
  );
}

/** `err := client.Connect(ctx)`, before which nothing was open: an error means that nothing is. Null for other values. */
function openingFailure(program: Program, fn: Fn, holding: Holding, value: Value, state: ResourceState): true | null {
  const { openedBy } = holding.tracked.acquires;
  if (value.k !== "call" || openedBy.length === 0) return null;
  const path = holding.calleePath(fn.call(value.id).callee, state);
  const type = path !== null && openedBy.includes(path) ? program.types.calls.result(fn, value.id, 0, 0) : null;
  return isErrorType(program, type) ? true : null;
}

/**
 * `err = translate(err)`, `err := translate(command.Start())`, `file, err := translate2(os.Open(path))`: an error in other words is one where
 * there was one; null for other values, and where the resource itself is looked at.
 */
function translated(program: Program, fn: Fn, holding: Holding, value: Value, state: ResourceState): true | null {
  const call = value.k === "item" ? value.of : value;
  if (call.k !== "call" || !state.open) return null;
  const { args } = fn.call(call.id);
  if (!isErrorType(program, program.types.calls.result(fn, call.id, value.k === "item" ? value.i : 0, 0))) return null;
  const isAnswer = (one: Value): boolean =>
    one.k === "call" && one.id === holding.tracked.origin.call && (value.k === "item" || failureOf(program, fn, holding.tracked, one) === true);
  if (args.some(({ value: one }) => isAnswer(one))) return true;
  if (value.k === "item" || args.some((one) => holding.contains(one.value, state))) return null;
  return args.some((one) => one.value.k === "var" && state.failures.get(one.value.id) === true) ? true : null;
}

/** `temporary, ok := err.(interface{ Temporary() bool })`: an error that is of a type is there, and so says `ok`. Null for other values. */
function asserted(value: Value, { failures }: ResourceState): true | null {
  if (value.k !== "item" || value.of.k !== "cast" || value.of.of.k !== "var") return null;
  return failures.get(value.of.of.id) === true ? true : null;
}
