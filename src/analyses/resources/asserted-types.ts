import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Holding } from "./holding.ts";
import type { ResourceState } from "./state.ts";

/**
 * @returns whether a type assertion on the followed resource surely holds, so that its second result is true: `udp, ok := conn.(*net.UDPConn)` where that is
 *   what was opened, or `closer, ok := reader.(io.Closer)`. https://go.dev/ref/spec#Type_assertions
 */
export function isSurelyOfType(program: Program, fn: Fn, holding: Holding, value: Value, state: ResourceState): boolean {
  if (value.k !== "item" || value.i !== 1 || value.of.k !== "cast") return false;
  const asserted = program.types.fromFact(value.of.type, fn.file);
  if (asserted?.t !== "named") return false;
  const type = program.typeOf(value.of.of, fn);
  if (type?.t === "named" && asserted.name === type.name) return true;
  const { origin } = holding.tracked;
  const isIt = origin.from === "call" && holding.part(value.of.of, state) === "";
  const opened = isIt ? program.types.calls.result(fn, origin.call, origin.result, 0) : null;
  return opened?.t === "named" && [...program.library(fn.file).views(opened.name, opened.args)].some(({ model }) => model.name === asserted.name);
}
