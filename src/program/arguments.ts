import type { CallArgument } from "../flow/event-graph.ts";
import type { Value } from "../flow/values.ts";
import type { ArgumentRef, Condition } from "../semantics/models/model.ts";
import type { Fn } from "./entities.ts";
import type { SymbolTable } from "./symbols.ts";

/** Whether a call gives an argument: `maybe` where it could be inside something that was not understood (`**kwargs`, `...options`). */
export type GivenArgument = { readonly given: "yes"; readonly value: Value } | { readonly given: "no" } | { readonly given: "maybe" };

const no: GivenArgument = { given: "no" };
const maybe: GivenArgument = { given: "maybe" };

/** Most casts that a value is looked through: `$rows = (array) $rows` has no end. */
const maxCasts = 4;

/** @returns the value that a variable always has, where it is assigned once; other values as they are */
export function settled(value: Value, fn: Fn, casts = 0): Value {
  let current = value;
  for (let hops = 0; current.k === "var" && hops < 4; hops++) {
    const { definitions, isParameter } = fn.file.variable(current.id);
    const [definition] = definitions;
    if (isParameter || definition === undefined || definitions.length !== 1) break;
    if (definition.fn !== fn.id && !standsAlone(definition.value)) break;
    current = definition.value;
  }
  return current.k === "cast" && casts < maxCasts ? settled(current.of, fn, casts + 1) : current;
}

/** Calls are numbered within their function, so only values that name none mean the same in another. */
function standsAlone(value: Value): boolean {
  if (value.k === "cast") return standsAlone(value.of);
  if (value.k === "derived") return value.of.every(standsAlone);
  return value.k === "const" || value.k === "coll" || value.k === "var" || value.k === "ref" || value.k === "fn" || value.k === "class";
}

/** @returns the call that gives a value, as its result or one of several; -1 for any other value */
export function makingCall(value: Value, fn: Fn): number {
  const given = settled(value, fn);
  const made = given.k === "item" ? given.of : given;
  return made.k === "call" ? made.id : -1;
}

/** As `settled`, also through constants of classes and other files. */
export function constantOf(value: Value, fn: Fn, symbols: SymbolTable, depth = 0): { readonly value: Value; readonly fn: Fn } {
  const own = settled(value, fn);
  if (depth > 4) return { value: own, fn };
  if (own.k === "ref") {
    const symbol = symbols.resolve(own, fn.file);
    if (symbol.s !== "value") return { value: own, fn };
    const [name, ...more] = symbol.rest;
    const home = symbol.file.functions[0]!;
    if (name === undefined) return constantOf(symbol.value, home, symbols, depth + 1);
    return more.length === 0 && symbol.value.k === "class"
      ? (classConstant(symbol.value.id, name, home, symbols, depth) ?? { value: own, fn })
      : { value: own, fn };
  }
  if (own.k === "field" && own.of.k === "class") return classConstant(own.of.id, own.name, fn, symbols, depth) ?? { value: own, fn };
  if (own.k === "field" && own.of.k === "this" && fn.cls !== null) return classConstant(fn.cls.id, own.name, fn, symbols, depth) ?? { value: own, fn };
  return { value: own, fn };
}

/** The only value a static or constant field ever has. */
function classConstant(id: number, name: string, fn: Fn, symbols: SymbolTable, depth: number): { readonly value: Value; readonly fn: Fn } | null {
  const field = fn.file.classes[id]!.field(name);
  const definition = field?.definitions[0];
  if (field === undefined || definition === undefined || field.definitions.length !== 1 || !(field.isStatic || field.isConst)) return null;
  return constantOf(definition.value, fn.file.functions[definition.fn]!, symbols, depth + 1);
}

/** Finds an argument of a call by position, name and path into an options object. */
export function argumentOf(args: readonly CallArgument[], ref: ArgumentRef, fn: Fn): GivenArgument {
  const found = direct(args, ref);
  return found.given === "yes" && ref.path !== "" ? inOptions(found.value, ref.path.split("."), fn) : found;
}

/** An entry of an options object: of the literal, of any that the variable has been given, or one that was set on it (`$options[TIMEOUT] = 5`). */
function inOptions(options: Value, path: readonly string[], fn: Fn): GivenArgument {
  const literal = within(settled(options, fn), path, fn);
  if (literal.given === "yes" || options.k !== "var") return literal;
  for (const definition of fn.file.variable(options.id).definitions) {
    const found = definition.fn === fn.id ? within(definition.value, path, fn) : no;
    if (found.given === "yes") return found;
  }
  return setOn(options.id, path, fn) ?? literal;
}

function setOn(variable: number, [key, ...rest]: readonly string[], fn: Fn): GivenArgument | null {
  for (const { events } of fn.graph.blocks) {
    for (const event of events) {
      const object = event.e === "put" || event.e === "store" ? event.object : null;
      if (object?.k !== "var" || object.id !== variable) continue;
      const name = event.e === "store" ? event.field : event.e === "put" ? nameOfKey(event.key) : null;
      if (name !== key || !("value" in event) || event.value === null) continue;
      return rest.length === 0 ? { given: "yes", value: event.value } : within(settled(event.value, fn), rest, fn);
    }
  }
  return null;
}

/** A key as options name it: a text, or a constant of a library. */
function nameOfKey(key: Value | null): string | null {
  if (key?.k === "const") return String(key.v);
  return key?.k === "ref" ? (key.name.split(/[.\\]/).at(-1) ?? null) : null;
}

function direct(args: readonly CallArgument[], ref: ArgumentRef): GivenArgument {
  // `*`: any argument.
  if (ref.position === null && ref.name === "") return args[0] === undefined ? no : { given: "yes", value: args[0].value };
  const byName = ref.name === "" ? undefined : args.find((arg) => arg.name === ref.name);
  if (byName !== undefined) return { given: "yes", value: byName.value };
  const spread = args.findIndex((arg) => arg.spread);
  if (ref.position !== null) {
    const positional = args.filter((arg) => arg.name === "" && !arg.spread);
    const found = spread >= 0 && spread <= ref.position ? undefined : positional[ref.position];
    if (found !== undefined) return { given: "yes", value: found.value };
  }
  return spread >= 0 ? maybe : no;
}

function within(value: Value, path: readonly string[], fn: Fn): GivenArgument {
  const [key, ...rest] = path;
  if (value.k !== "coll") return value.k === "const" || value.k === "fn" ? no : maybe;
  const at = value.keys.indexOf(key!);
  if (at < 0) return value.items.some((item, i) => value.keys[i] === null && item.k === "unknown") ? maybe : no;
  const inner = value.items[at]!;
  return rest.length === 0 ? { given: "yes", value: inner } : within(settled(inner, fn), rest, fn);
}

/** Finds the first of several arguments that is given; `maybe` when one may be. Of the places where options may stand, one that holds a literal is the one. */
export function anyArgument(args: readonly CallArgument[], all: readonly ArgumentRef[], fn: Fn): GivenArgument {
  const literals = all.filter((ref) => ref.path !== "" && isLiteral(direct(args, ref), fn));
  const refs = all.filter((ref) => ref.path === "" || literals.every((one) => one.path !== ref.path || one.position === ref.position));
  let answer: GivenArgument = no;
  for (const ref of refs) {
    const found = argumentOf(args, ref, fn);
    if (found.given === "yes") return found;
    if (found.given === "maybe") answer = found;
  }
  return answer;
}

function isLiteral(given: GivenArgument, fn: Fn): boolean {
  const value = given.given === "yes" ? settled(given.value, fn) : null;
  return value?.k === "coll" && value.keys.some((key) => key !== null);
}

/** @returns whether all conditions of a row or effect hold; what is not known counts as holding only for `absent` conditions that cannot be refuted */
export function holds(conditions: readonly Condition[], args: readonly CallArgument[], fn: Fn): boolean {
  return conditions.every((condition) => holdsOne(condition, args, fn));
}

function holdsOne(condition: Condition, args: readonly CallArgument[], fn: Fn): boolean {
  const found = argumentOf(args, condition.argument, fn);
  if (condition.is === "present") return found.given === "yes";
  if (condition.is === "absent") return found.given === "no";
  const value = found.given === "yes" ? settled(found.value, fn) : null;
  if (condition.is === "unknown") return found.given === "maybe" || (value !== null && value.k !== "const" && value.k !== "ref" && value.k !== "coll");
  // Constants of libraries go by their name.
  const constant = value?.k === "const" ? value.v : value?.k === "ref" ? (value.fallback ?? value.name).split(".").at(-1) : undefined;
  switch (condition.is) {
    case "one-of":
      return constant !== undefined && condition.values.includes(constant);
    case "not-one-of":
      return found.given !== "maybe" && (constant === undefined || !condition.values.includes(constant));
    case "made-by":
      return condition.values.includes(makerOf(value, fn));
    case "not-made-by":
      return !condition.values.includes(makerOf(value, fn));
    case "matches":
      return typeof constant === "string" && condition.values.some((pattern) => new RegExp(String(pattern)).test(constant));
  }
}

/** The name of the library's function or type that makes a value, whatever a variable was given last; null for any other value. */
function makerOf(value: Value | null, fn: Fn): string | null {
  if (value?.k === "var" && !fn.file.variable(value.id).isParameter) {
    const makers = fn.file.variable(value.id).definitions.map((one) => (one.fn === fn.id && one.value.k !== "var" ? makerOf(one.value, fn) : null));
    return makers[0] !== undefined && makers.every((one) => one === makers[0]) ? makers[0] : null;
  }
  const callee = value?.k === "call" ? fn.call(value.id).callee : null;
  return callee?.k === "ref" && callee.module !== null ? `${callee.module}.${callee.name}` : null;
}
