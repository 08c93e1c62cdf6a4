import type { Block, CallSite, EventGraph, FlowEvent, LoopFact, Terminator } from "./event-graph.ts";

interface OpenBlock {
  readonly events: FlowEvent[];
  end: Terminator;
  readonly handler: number;
  readonly loop: number;
}

const stop: Terminator = { t: "stop" };

/** Assembles an event graph block by block. There is always a current block; after a jump it is one that cannot be reached. */
export class GraphBuilder {
  readonly #blocks: OpenBlock[] = [];
  readonly calls: CallSite[] = [];
  readonly loops: LoopFact[] = [];
  /** Block that exceptions of the code being added go to, -1 for out of the function. */
  handler = -1;
  /** Innermost loop of the code being added, -1 for none. */
  loop = -1;
  #current: OpenBlock;
  #open = true;

  constructor() {
    this.#current = this.#add();
  }

  #add(): OpenBlock {
    const block: OpenBlock = { events: [], end: stop, handler: this.handler, loop: this.loop };
    this.#blocks.push(block);
    return block;
  }

  /** @returns the index of a new block, under the present handler and loop, that nothing leads to yet */
  block(): number {
    this.#add();
    return this.#blocks.length - 1;
  }

  /** Adds what follows to that block. */
  continueAt(block: number): void {
    this.#current = this.#blocks[block]!;
    this.#open = true;
  }

  /** @returns whether the current place can be reached */
  get reachable(): boolean {
    return this.#open;
  }

  event(event: FlowEvent): void {
    if (this.#open) this.#current.events.push(event);
  }

  /** Ends the current block. What follows is unreachable until `continueAt`. */
  end(end: Terminator): void {
    if (!this.#open) return;
    this.#current.end = end;
    this.#open = false;
  }

  /** @returns how a block ends so far */
  endOf(block: number): Terminator {
    return this.#blocks[block]!.end;
  }

  jump(to: number): void {
    this.end({ t: "jump", to });
  }

  /** Starts a new block after the current one, for a change of handler or loop. */
  cut(): void {
    if (!this.#open) {
      this.#current = this.#add();
      this.#open = false;
      return;
    }
    const next = this.block();
    this.jump(next);
    this.continueAt(next);
  }

  finish(): EventGraph {
    const blocks: Block[] = this.#blocks.map(({ events, end, handler, loop }) => ({ events, end, handler, loop }));
    return { blocks, calls: this.calls, loops: this.loops };
  }
}
