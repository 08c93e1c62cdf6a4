import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { returnedFunctions } from "../returned-functions.ts";
import type { TouchedHolder } from "../collections/touches.ts";

/** @returns the functions that remember what they answered: looked up by key first, or wrapped by a library's memoizer */
export function memoisedFunctions(program: Program, touched: Iterable<TouchedHolder>): ReadonlySet<Fn> {
  const found = new Set<Fn>();
  for (const { touches } of touched) {
    const looksUp = new Set(touches.filter((touch) => touch.touch === "reads" && touch.key !== null).map((touch) => touch.fn));
    for (const touch of touches) if (touch.touch === "grows" && touch.key !== null && looksUp.has(touch.fn)) found.add(touch.fn);
  }
  const looking = new Set(found);
  for (const fn of program.functions()) if (isWrapped(program, fn) || isWrappedBy(program, fn, looking)) found.add(fn);
  return found;
}

/** Whether a decorator of the program puts a function around it that remembers. */
function isWrappedBy(program: Program, fn: Fn, remembering: ReadonlySet<Fn>): boolean {
  const owner = fn.parent ?? fn;
  return fn.fact.decorators.some((decorator) => {
    const type = decorator.k === "call" ? null : program.typeOf(decorator, owner);
    const makers = decorator.k === "call" ? program.target(owner, decorator.id).fns : type?.t === "function" ? [type.fn] : [];
    return makers.some((maker) => [...returnedFunctions(maker)].some((one) => remembering.has(one) || keepsAnswers(one)));
  });
}

/** `if key in wrapper.cache: return wrapper.cache[key]`, and later `wrapper.cache[key] = value`: a wrapper that remembers, whatever it keeps that in. */
function keepsAnswers({ graph }: Fn): boolean {
  const textOf = (value: Value): string => JSON.stringify(value);
  const kept = new Set(
    graph.blocks.flatMap(({ events }) => events.flatMap((event) => (event.e === "put" && event.key !== null ? [textOf(event.object)] : []))),
  );
  return graph.blocks.some(({ end }) => end.t === "return" && end.value?.k === "index" && kept.has(textOf(end.value.of)));
}

function isWrapped(program: Program, fn: Fn): boolean {
  const owner = fn.parent ?? fn;
  return fn.fact.decorators.some((decorator) => {
    const type = decorator.k === "call" ? null : program.typeOf(decorator, owner);
    const rows = decorator.k === "call" ? program.target(owner, decorator.id).rows : type?.t === "external" ? program.library(fn.file).rows(type.name) : [];
    return rows.some((row) => row.effects.some((effect) => effect.role === "memoizes"));
  });
}
