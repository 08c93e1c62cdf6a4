import type { Fn } from "../../program/entities.ts";

/** Whether a function is written where it is started: `go func() { … }()`, or put off: `defer func() { … }()`. */
export function isStartedBy(how: "spawn" | "defer", { parent, id }: Fn): boolean {
  if (parent === null) return false;
  return parent.graph.blocks.some(({ events }) =>
    events.some((event) => {
      const callee = event.e === how ? parent.call(event.call).callee : null;
      return callee?.k === "fn" && callee.id === id;
    }),
  );
}
