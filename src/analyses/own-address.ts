import type { Value } from "../flow/values.ts";
import { constantOf } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";

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
