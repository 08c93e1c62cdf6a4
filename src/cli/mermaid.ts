import type { Unit } from "../facts/unit.ts";
import type { Block, CallSite, EventGraph, FlowEvent, Terminator } from "../flow/event-graph.ts";
import { assertNever } from "../ast/assert-never.ts";

const LABEL_LENGTH = 60;

/**
 * Draws the event graphs of a file's functions: a block per node, exceptional edges dotted.
 * @param text the file's text, which the labels quote
 */
export function mermaidOf(unit: Unit, text: string): string {
  const lines = ["flowchart TD"];
  unit.functions.forEach((fn, index) => {
    if (fn.graph === "") return;
    const graph = JSON.parse(fn.graph) as EventGraph;
    lines.push(`  subgraph f${index}["${escaped(fn.qualifiedName === "" ? "(top level)" : fn.qualifiedName)}"]`);
    lines.push(...graph.blocks.map((block, id) => `    f${index}b${id}["${labelOf(block, id, graph.calls, text)}"]`));
    lines.push("  end");
    lines.push(...graph.blocks.flatMap((block, id) => edgesOf(block, id, `f${index}`)));
  });
  return `${lines.join("\n")}\n`;
}

function labelOf(block: Block, id: number, calls: readonly CallSite[], text: string): string {
  const quote = (start: number, end = text.length): string => {
    const line = text.slice(start, Math.min(end, start + LABEL_LENGTH)).split("\n")[0] ?? "";
    return escaped(line);
  };
  const quoteCall = (call: number): string => {
    const site = calls[call];
    return site === undefined ? "" : quote(site.start, site.end);
  };
  return [`#${id}`, ...block.events.map((event) => eventText(event, quote, quoteCall)), endText(block.end, quote)].join("<br>");
}

function eventText(event: FlowEvent, quote: (start: number) => string, quoteCall: (call: number) => string): string {
  switch (event.e) {
    case "call":
    case "defer":
    case "spawn":
      return `${event.e} ${quoteCall(event.call)}`;
    case "set":
    case "store":
    case "put":
    case "delete":
    case "send":
    case "receive":
    case "await":
    case "enter":
    case "leave":
    case "yield":
    case "escape":
      return `${event.e} ${quote(event.at)}`;
    default:
      return assertNever(event);
  }
}

function endText(end: Terminator, quote: (start: number) => string): string {
  return "at" in end ? `${end.t} ${quote(end.at)}` : end.t;
}

function edgesOf(block: Block, id: number, prefix: string): readonly string[] {
  const from = `  ${prefix}b${id}`;
  const edges = targetsOf(block.end).map(([label, to]) => `${from} -->${label === "" ? "" : `|${label}|`} ${prefix}b${to}`);
  if (block.handler >= 0) edges.push(`${from} -.->|throws| ${prefix}b${block.handler}`);
  return edges;
}

function targetsOf(end: Terminator): readonly (readonly [string, number])[] {
  switch (end.t) {
    case "jump":
      return [["", end.to]];
    case "branch":
      return [
        ["yes", end.yes],
        ["no", end.no],
      ];
    case "choose":
      return end.to.map((to) => [end.what, to] as const);
    case "each":
      return [
        ["each", end.body],
        ["done", end.done],
      ];
    case "throw":
      return end.to < 0 ? [] : [["throws", end.to]];
    case "return":
    case "stop":
      return [];
    default:
      return assertNever(end);
  }
}

/** Mermaid reads quotes, brackets and `#` as syntax even inside labels. */
function escaped(text: string): string {
  return text.replace(/[#"<>&`|[\]{}()]/g, (character) => `#${character.charCodeAt(0)};`);
}
