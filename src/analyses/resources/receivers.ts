import type { Value } from "../../flow/values.ts";
import { argumentOf } from "../../program/arguments.ts";
import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { returnedValues } from "../work/values.ts";
import type { Handlings } from "./handlings.ts";
import { fieldOf } from "./owners.ts";
import { isSharedBefore, localOf } from "./shared.ts";
import { pathOf } from "./state.ts";
import type { Tracked } from "./tracked.ts";

/** What a part begins with that stands for an object which has the resource in the field of that name. */
const holder = "@";

/** @returns the field in which an object has the resource, for the part that such an object is; null for other parts */
export const fieldOfHolder = (part: string | null): string | null => (part?.startsWith(holder) === true ? part.slice(holder.length) : null);

/** An object that was there before and is given the resource by the library: `create_connection(lambda: protocol, …)` calls `protocol.connection_made(transport)`. */
export interface Receiver {
  /** The path of the object. */
  readonly path: string;
  /** Which part it is: one that holds the resource. */
  readonly part: string;
  /** Somebody else has the object as well, and it can be told to end the resource. */
  readonly isKept: boolean;
}

/** @returns the object that gets what a call acquires, where it keeps that in a field; null when there is none, or it is made only then */
export function receiverOf(program: Program, handlings: Handlings, fn: Fn, tracked: Tracked): Receiver | null {
  const { origin, acquires } = tracked;
  if (origin.from !== "call" || acquires.givenTo === null) return null;
  // A function that hands the resource on is no factory's caller.
  const isModelled = program.target(fn, origin.call).rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && effect.givenTo !== null));
  const given = isModelled ? argumentOf(fn.call(origin.call).args, { ...acquires.givenTo, path: "" }, fn) : null;
  const factory = given?.given === "yes" && given.value.k === "fn" ? fn.file.functions[given.value.id]! : null;
  if (factory === null) return null;
  const [object, ...others] = returnedValues(factory.graph);
  const path = object === undefined || others.length > 0 || isMadeIn(factory, object) ? null : pathOf(object);
  const type = path === null || object === undefined ? null : program.typeOf(object, factory);
  const gets = type?.t === "instance" ? program.hierarchy.method(type.cls, acquires.givenTo.path) : null;
  const field = gets === null ? null : fieldOf(gets, 0);
  if (path === null || field === null || type?.t !== "instance") return null;
  const part = `${holder}${field}`;
  return { path, part, isKept: isOfOthers(handlings, fn, path, tracked) && isEndedBy(program, handlings, fn, path, type.cls, part, tracked) };
}

const isMadeIn = (factory: Fn, value: Value): boolean =>
  value.k === "var" ? factory.file.variable(value.id).fn === factory.id : value.k !== "this" && value.k !== "field";

/** Whether others than the function have the object: it is a field, a parameter, or was handed on before. */
function isOfOthers(handlings: Handlings, fn: Fn, path: string, tracked: Tracked): boolean {
  const id = localOf(path);
  if (id === null) return true;
  const { fn: home, isParameter } = fn.file.variable(id);
  if (home !== fn.id || isParameter) return true;
  return isSharedBefore(handlings, fn, { ...tracked, origin: { from: "path", path, call: tracked.origin.call, part: "" } });
}

/** Whether a method ends the resource: of the object that has the field, or else of the one that was given the resource. */
function isEndedBy(program: Program, handlings: Handlings, fn: Fn, path: string, cls: Cls, part: string, tracked: Tracked): boolean {
  const isOfThis = fn.cls !== null && (path === "this" || path.startsWith("this."));
  const [owner, within] = isOfThis ? [fn.cls, path] : [cls, "this"];
  for (const one of program.hierarchy.ancestry(owner)) {
    for (const method of program.hierarchy.ownMethods(one).values()) {
      const handling = method === fn ? "borrows" : handlings.ofPath(method, within, tracked, part);
      if (handling === "releases" || handling === "unknown") return true;
    }
  }
  return false;
}
