import type { Value } from "../flow/values.ts";
import { constantOf } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { returnedValues } from "./work/values.ts";

/** An address of the machine itself: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
const loopback = /^(?:\w+:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/;

/** Options that say where a request goes. */
const addressing = /^(?:url|uri|base_?url|host(?:name)?|addr(?:ess)?)$/i;

/** How many names and calls an address is followed through. */
const maxSteps = 6;

/** @returns whether a request goes to an address that is written out, there or as a constant, and is that of the machine itself */
export function asksItself(program: Program, fn: Fn, call: number): boolean {
  return fn.call(call).args.some(({ value }) => isOwn(program, value, fn, 0) || hasOwnOption(program, value, fn));
}

/** What an address begins with says where it leads: `${base}/users`, `base + "/users"`, `new URL("/users", base)` aside. */
function isOwn(program: Program, value: Value, fn: Fn, depth: number): boolean {
  if (depth > maxSteps) return false;
  const { value: one, fn: at } = constantOf(value, fn, program.symbols);
  if (one.k === "const") return typeof one.v === "string" && loopback.test(one.v);
  if (one.k === "derived") return one.start === undefined ? one.of[0] !== undefined && isOwn(program, one.of[0], at, depth + 1) : loopback.test(one.start);
  // `("localhost", 8080)`
  if (one.k === "coll" && one.kind === "tuple") return one.items[0] !== undefined && isOwn(program, one.items[0], at, depth + 1);
  // `fmt.Sprintf("http://localhost:%d/", port)`, `new URL(address)`
  const first = one.k === "call" ? at.call(one.id).args[0]?.value : undefined;
  return first !== undefined && isOwn(program, first, at, depth + 1);
}

/** `axios({ url })`, `axios.post("/users", user, { baseURL })` */
function hasOwnOption(program: Program, value: Value, fn: Fn): boolean {
  const { value: options, fn: at } = constantOf(value, fn, program.symbols);
  return options.k === "coll" && options.items.some((item, i) => addressing.test(options.keys[i] ?? "") && isOwn(program, item, at, 0));
}

/** @returns whether a request is made with a client whose base is a path (`axios.create({ baseURL: "/api" })`): only a page has a host to go with it */
export function asksItsPage(program: Program, fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  if (callee.k === "field") return isOfPage(program, callee.of, fn, 0);
  // A client that another file exports.
  const end = callee.k === "ref" ? callee.name.lastIndexOf(".") : -1;
  return callee.k === "ref" && end > 0 && isOfPage(program, { ...callee, name: callee.name.slice(0, end) }, fn, 0);
}

function isOfPage(program: Program, client: Value, fn: Fn, depth: number): boolean {
  const { value, fn: at } = constantOf(client, fn, program.symbols);
  if (value.k !== "call" || depth > maxSteps) return false;
  const { fns } = program.target(at, value.id);
  const given = fns.map((maker) => returnedValues(maker.graph).map((one) => isOfPage(program, one, maker, depth + 1)));
  if (given.length > 0) return given.every((one) => one.length > 0 && one.every(Boolean));
  return at
    .call(value.id)
    .args.some(
      ({ value: options }) =>
        options.k === "coll" && options.items.some((item, i) => addressing.test(options.keys[i] ?? "") && isPath(constantOf(item, at, program.symbols).value)),
    );
}

const isPath = (value: Value): boolean => value.k === "const" && typeof value.v === "string" && /^\/(?!\/)/.test(value.v);
