import type { LoopFact, Test } from "../../flow/event-graph.ts";
import { anyArgument } from "../../program/arguments.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import type { Scans } from "../../semantics/models/model.ts";
import type { CallGraph } from "../call-graph.ts";
import { mentions } from "./dependence.ts";

/** A walk over a keyspace or cursor. */
export interface Scan {
  readonly fn: Fn;
  readonly call: number;
  readonly effect: Scans;
  /** What keeps the total small: an argument, or a check in the loop. Null when nothing does. */
  readonly bound: { readonly how: "argument" | "check" | "exit"; readonly at: number } | null;
  /** What is found is gathered in memory. */
  readonly gathers: boolean;
  /** The loop around it or over it, null for none. */
  readonly loop: LoopFact | null;
}

/** Finds scans and what bounds them. */
export function scansOf(program: Program, callGraph: CallGraph): readonly Scan[] {
  const found: Scan[] = [];
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "scans") continue;
      const index = loopOf(fn, call, effect);
      const loop = index < 0 ? null : fn.graph.loops[index]!;
      found.push({ fn, call, effect, bound: boundOf(fn, call, effect, index), gathers: gathers(program, fn, call, index), loop });
    }
  }
  return found;
}

/** The loop that takes the pages, or that iterates over the iterator. */
function loopOf(fn: Fn, call: number, effect: Scans): number {
  if (effect.form === "page") return fn.call(call).loop;
  return fn.graph.loops.findIndex((loop) => {
    const iterable = loop.iterable;
    if (iterable?.k === "call") return iterable.id === call;
    return (
      iterable?.k === "var" && fn.file.variable(iterable.id).definitions.some((one) => one.fn === fn.id && one.value.k === "call" && one.value.id === call)
    );
  });
}

function boundOf(fn: Fn, call: number, effect: Scans, index: number): Scan["bound"] {
  const site = fn.call(call);
  if (anyArgument(site.args, effect.limit, fn).given !== "no") return { how: "argument", at: site.start };
  if (index < 0) return null;
  const loop = fn.graph.loops[index]!;
  const cursor = cursorVariables(fn, call);
  for (const block of fn.graph.blocks) {
    if (block.loop !== index || block.end.t !== "branch" || !isSizeTest(block.end.test, fn, cursor)) continue;
    const leaves = [block.end.yes, block.end.no].some((next) => fn.graph.blocks[next]!.loop !== index);
    if (leaves || loop.exits) return { how: "check", at: block.end.at };
  }
  return effect.form === "iterator" && loop.exits ? { how: "exit", at: loop.start } : null;
}

/** The variables that carry the scan's position: passed to it, or set from what it returns. */
function cursorVariables(fn: Fn, call: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { value } of fn.call(call).args) if (value.k === "var") found.add(value.id);
  return found;
}

/** `len(keys) >= limit`, `n < max`: an order comparison of something other than the cursor. */
function isSizeTest(test: Test, fn: Fn, cursor: ReadonlySet<number>): boolean {
  if (test.test !== "compare" || test.operator === "==") return false;
  const used = mentions(test.right, fn, mentions(test.left, fn));
  return [...used].some((id) => !cursor.has(id));
}

/** Whether what the scan yields is kept: added to a collection in the loop, or collected by the call around it. */
function gathers(program: Program, fn: Fn, call: number, index: number): boolean {
  if (index < 0) return true;
  const loop = fn.graph.loops[index]!;
  if (loop.kind === "comprehension") return true;
  for (const [other, site] of fn.graph.calls.entries()) {
    if (other === call || site.start < loop.start || site.end > loop.end) continue;
    if (program.target(fn, other).rows.some((row) => row.effects.some((effect) => effect.role === "grows"))) return true;
  }
  return fn.graph.blocks.some((block) => block.loop === index && block.events.some((event) => event.e === "put"));
}
