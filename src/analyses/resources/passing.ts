import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { matches } from "./argument-flow.ts";
import type { Handlings } from "./handlings.ts";
import type { Holding } from "./holding.ts";
import type { ResourceState } from "./state.ts";
import type { Handling, Tracked } from "./tracked.ts";

/** @returns what a function that a call starts does with what it is passed (`Thread(target=serve, args=(connection,))`); `unknown` for other arguments */
export function passedOn(program: Program, handlings: Handlings, fn: Fn, holding: Holding, state: ResourceState, id: number, argument: number): Handling {
  const { args } = fn.call(id);
  const value = args[argument]!.value;
  for (const { argument: target, passes } of program.target(fn, id).rows.flatMap((row) => row.callbacks)) {
    const isIt = passes !== null && (args[argument]!.name === "" ? passes.position === argument : passes.name === args[argument]!.name);
    const given = args.find((one, i) => (one.name === "" ? target.position === i : target.name === one.name))?.value;
    const type = given === undefined || !isIt || value.k !== "coll" ? null : program.typeOf(given, fn);
    if (type?.t !== "function" || value.k !== "coll") continue;
    const position = value.items.findIndex((item) => holding.part(item, state) !== null);
    return position < 0 ? "unknown" : handlings.parameter(type.fn, position, holding.tracked, "");
  }
  return "unknown";
}

/** @returns whether a call only uses an argument: a query what its options name (`insertOne(order, { session })`), and what its library says so of */
export function isLent(program: Program, fn: Fn, value: Value, id: number, i: number): boolean {
  const { rows } = program.target(fn, id);
  const { name } = fn.call(id).args[i]!;
  // `post(url, files={"report": open(path, "rb")})`
  if (rows.some((row) => row.arguments.some(({ argument, flow }) => flow === "borrows" && matches(argument, i, name)))) return true;
  const effects = rows.flatMap((row) => row.effects);
  return (
    value.k === "coll" &&
    (value.kind === "object" || value.kind === "map") &&
    effects.some((effect) => effect.role === "queries") &&
    !effects.some((effect) => effect.role === "acquires")
  );
}

/** @returns whether what a call gives is a resource of its own, of the same rule. */
export function isFollowed(program: Program, fn: Fn, { acquires }: Tracked, id: number): boolean {
  return program
    .target(fn, id)
    .rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && effect.value.of === "result" && effect.rule === acquires.rule));
}
