import { neverReturns, walk, waysOn } from "../flow/reach.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { profileOf } from "../semantics/language-profile.ts";

/** @returns whether the models say that a call does not come back: it ends the process, or throws always */
export function isModelledEnd(program: Program, fn: Fn, call: number): boolean {
  return program.target(fn, call).rows.some((row) => row.noReturn);
}

/** @returns whether a call goes only to functions of the program none of which returns (`$this->fail($id)`) */
export function callsOnlyEndless(program: Program, fn: Fn, call: number): boolean {
  const { fns } = program.target(fn, call);
  return fns.length > 0 && fns.every((one) => isEndless(program, one));
}

/** Of functions that were asked about; those that are being asked about may return. */
const endless = new WeakMap<Fn, boolean>();

/** Whether no way through a function comes to its end: it throws, runs for ever, or calls what never comes back (`func fail(err error) { log.Fatal(err) }`). */
function isEndless(program: Program, fn: Fn): boolean {
  const { blocks } = fn.graph;
  // A declaration without a body (an overload, an abstract method) says nothing of what runs.
  if (blocks.length === 0 || !fn.fact.hasBody) return false;
  const known = endless.get(fn);
  if (known !== undefined) return known;
  endless.set(fn, neverReturns(fn.graph));
  const ends = (block: number): boolean => blocks[block]!.events.some((event) => event.e === "call" && neverComesBack(program, fn, event.call));
  const returns = (block: number): boolean => blocks[block]!.end.t === "return" && !ends(block);
  // What throws may be caught.
  const next = (block: number): readonly number[] => (ends(block) ? [blocks[block]!.handler].filter((to) => to >= 0) : waysOn(fn.graph, block));
  const found = neverReturns(fn.graph) || ![...walk(0, next)].some(returns);
  endless.set(fn, found);
  return found;
}

/** @returns whether control does not come back from a call, as the models, the functions of the program or the language's habit of naming such functions say */
export function neverComesBack(program: Program, fn: Fn, call: number): boolean {
  return isModelledEnd(program, fn, call) || callsOnlyEndless(program, fn, call) || isNamedAsEnd(fn, call);
}

/** `logger.Fatalf("…")`, whatever logger that is. */
function isNamedAsEnd(fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  const name = callee.k === "field" || callee.k === "ref" ? callee.name.slice(callee.name.lastIndexOf(".") + 1) : "";
  return profileOf(fn.file.language).endingNames?.test(name) === true;
}
