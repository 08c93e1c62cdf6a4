import type { FileFacts } from "./file-facts.ts";
import type { FunctionFact } from "./unit.ts";

/** A function whose event graph stands in the text behind the header: its start and end there. */
type Packed = Omit<FunctionFact, "graph"> & { readonly graph: readonly [number, number] };

/**
 * Facts as text: a line of JSON with everything but the event graphs, and the graphs behind it. So the graphs, the larger part, are neither quoted
 * again nor parsed until somebody asks for them.
 */
export function encodeFacts(facts: FileFacts): string {
  let graphs = "";
  const functions = facts.unit.functions.map((fn): Packed => {
    const start = graphs.length;
    graphs += fn.graph;
    return { ...fn, graph: [start, graphs.length] };
  });
  return `${JSON.stringify({ ...facts, unit: { ...facts.unit, functions } })}\n${graphs}`;
}

/** @returns what `encodeFacts` was given; @throws SyntaxError when the text is damaged */
export function decodeFacts(text: string): FileFacts {
  const body = text.indexOf("\n") + 1;
  if (body === 0) throw new SyntaxError("facts without graphs");
  const facts = JSON.parse(text.slice(0, body)) as Omit<FileFacts, "unit"> & {
    readonly unit: Omit<FileFacts["unit"], "functions"> & { readonly functions: readonly Packed[] };
  };
  const functions = facts.unit.functions.map((fn): FunctionFact => ({ ...fn, graph: text.slice(body + fn.graph[0], body + fn.graph[1]) }));
  return { ...facts, unit: { ...facts.unit, functions } };
}
