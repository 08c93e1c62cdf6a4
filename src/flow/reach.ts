import type { EventGraph, Terminator } from "./event-graph.ts";

/** The end of a block that asks something. */
export type Branch = Extract<Terminator, { t: "branch" }>;

/** One way out of a block, by the block it leaves and the block it leads to. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/** @returns the blocks that control may go to from the end of a block, exceptions aside */
export function successors(end: Terminator): readonly number[] {
  switch (end.t) {
    case "jump":
      return [end.to];
    case "branch":
      return [end.yes, end.no];
    case "choose":
      return end.to;
    case "each":
      return [end.body, end.done];
    case "throw":
      return end.to < 0 ? [] : [end.to];
    default:
      return [];
  }
}

/** @returns the block in which a call is made, -1 for none (one that is put off) */
export function blockOfCall({ blocks }: EventGraph, call: number): number {
  return blocks.findIndex(({ events }) => events.some((event) => event.e === "call" && event.call === call));
}

/** @returns every block that a walk from a block comes to, itself included; `next` says where it goes on from each */
export function walk(start: number, next: (block: number) => Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  const pending = [start];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    pending.push(...next(at));
  }
  return found;
}

/** @returns the blocks that control may go to from a block, by its end or by an exception in it; `without` are edges that are not taken */
export function waysOn({ blocks }: EventGraph, at: number, without: readonly Edge[] = []): readonly number[] {
  const { end, handler } = blocks[at]!;
  const ways = successors(end).filter((to) => !without.some((edge) => edge.from === at && edge.to === to));
  return [...ways, handler].filter((to) => to >= 0 && to < blocks.length);
}

/** @returns every block that can be reached from a block, itself included; `without` are edges that are not taken */
export function reachable(graph: EventGraph, start: number, without: readonly Edge[] = []): ReadonlySet<number> {
  return walk(start, (at) => waysOn(graph, at, without));
}

/** @returns whether no way leads to a block but by an edge */
export const isOnlyBy = (graph: EventGraph, edge: Edge, block: number): boolean => !reachable(graph, 0, [edge]).has(block);

/**
 * @param usual where a branch goes when nothing failed, null when it does not ask that
 * @returns every block that control comes to when nothing throws or fails
 */
export function reachedWithoutFailure({ blocks }: EventGraph, usual: (branch: Branch) => number | null): ReadonlySet<number> {
  return walk(0, (at) => {
    const { end } = blocks[at]!;
    if (end.t === "throw") return [];
    const only = end.t === "branch" ? usual(end) : null;
    const ways = only === null ? successors(end) : [only];
    return ways.filter((to) => to >= 0 && to < blocks.length);
  });
}

/** Whether control may come back to a block after it has left it. */
export function comesBack(graph: EventGraph, block: number): boolean {
  return successors(graph.blocks[block]!.end).some((next) => reachable(graph, next).has(block));
}

/** Whether no path through the function comes to a `return`: it throws, exits or runs for ever. */
export function neverReturns(graph: EventGraph): boolean {
  if (graph.blocks.length === 0) return false;
  for (const block of reachable(graph, 0)) if (graph.blocks[block]!.end.t === "return") return false;
  return true;
}
