import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues } from "../work/values.ts";

/** How far values are followed through variables and calls. */
const maxDepth = 5;

/**
 * @returns whether what a call is made on, or gets first, is what another one has opened: the path that it was given (`os.Chmod(path, …)` after
 *   `net.Listen("unix", path)`), or something that it tells of itself (`listener.Addr().String()`)
 */
export function isAboutOpened(fn: Fn, opening: number, call: number): boolean {
  if (opening < 0 || opening === call) return false;
  const { callee, args } = fn.call(call);
  const subjects = [...(callee.k === "field" ? [callee.of] : []), ...(args[0] === undefined ? [] : [args[0].value])];
  const given = fn.call(opening).args.flatMap(({ value }) => parts(fn, value, 0));
  return subjects.some((one) => comesFrom(fn, one, opening, 0) || (isTelling(one) && given.some((other) => isSame(fn, one, other, 0))));
}

/**
 * @returns whether nothing that may have failed was done to what was opened before a call that ends it: nothing was written that it could not keep
 */
export function isUntouched(program: Program, fn: Fn, opening: number, ending: number): boolean {
  const { callee } = fn.call(ending);
  if (opening < 0 || callee.k !== "field" || !comesFrom(fn, callee.of, opening, 0)) return false;
  return fn.graph.calls.every((site, call) => {
    if (call === opening || call === ending || site.start > fn.call(ending).start) return true;
    const used = [...(site.callee.k === "field" ? [site.callee.of] : []), ...site.args.map(({ value }) => value)];
    if (!used.some((value) => mentionedValues(value).some((one) => comesFrom(fn, one, opening, 0)))) return true;
    const { rows } = program.target(fn, call);
    return rows.length > 0 && rows.every(({ throws, fails }) => !throws || fails === "hardly");
  });
}

/** Whether a value was got from a call, by whatever methods. */
function comesFrom(fn: Fn, value: Value, opening: number, depth: number): boolean {
  if (depth > maxDepth) return false;
  switch (value.k) {
    case "call": {
      const { callee } = value.id === opening ? { callee: null } : fn.call(value.id);
      return callee === null || (callee.k === "field" && comesFrom(fn, callee.of, opening, depth + 1));
    }
    case "item":
    case "cast":
    case "field":
    case "entered":
      return comesFrom(fn, value.of, opening, depth + 1);
    case "var": {
      const { definitions } = fn.file.variable(value.id);
      return definitions.some((one) => one.fn === fn.id && comesFrom(fn, one.value, opening, depth + 1));
    }
    default:
      return false;
  }
}

/** A value, what it is made of, and what the calls in it are made on and get. */
function parts(fn: Fn, value: Value, depth: number): readonly Value[] {
  if (depth > maxDepth) return [];
  return mentionedValues(value).flatMap((one) => {
    if (one.k !== "call") return [one];
    const { callee, args } = fn.call(one.id);
    return [one, ...[...(callee.k === "field" ? [callee.of] : []), ...args.map((arg) => arg.value)].flatMap((inner) => parts(fn, inner, depth + 1))];
  });
}

/** A number or a missing value is the same in many places that have nothing to do with one another. */
const isTelling = (value: Value): boolean => value.k !== "const" || (typeof value.v === "string" && value.v.length > 1);

/** Whether two values of a function are written the same way: the same variable, field or constant, or the same call of it. */
function isSame(fn: Fn, a: Value, b: Value, depth: number): boolean {
  if (depth > maxDepth) return false;
  switch (a.k) {
    case "const":
      return b.k === "const" && a.v === b.v;
    case "var":
      return b.k === "var" && a.id === b.id;
    case "this":
      return b.k === "this";
    case "ref":
      return b.k === "ref" && a.name === b.name && a.module === b.module;
    case "field":
      return b.k === "field" && a.name === b.name && isSame(fn, a.of, b.of, depth + 1);
    case "call": {
      if (b.k !== "call") return false;
      const [one, other] = [fn.call(a.id), fn.call(b.id)];
      if (a.id === b.id) return true;
      if (one.args.length !== other.args.length || !isSame(fn, one.callee, other.callee, depth + 1)) return false;
      return one.args.every(({ value }, i) => isSame(fn, value, other.args[i]!.value, depth + 1));
    }
    default:
      return false;
  }
}
