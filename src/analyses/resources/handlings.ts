import { solve } from "../../flow/solver.ts";
import { holds } from "../../program/arguments.ts";
import type { CallModel } from "../../semantics/models/model.ts";
import type { Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { resultsOf } from "./holding.ts";
import { ResourceProblem } from "./problem.ts";
import { matches } from "./argument-flow.ts";
import type { Handling, Tracked } from "./tracked.ts";

/** Calls are followed this deep when asking what a callee does with a resource. */
const maxDepth = 6;

/** Answers what functions do with a resource that is passed to them or captured by them: the summaries of the resource analysis. */
export class Handlings {
  readonly #program: Program;
  readonly #known = new Map<Fn, Map<string, Handling>>();
  #depth = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  /** @returns what a call does with its i-th argument, a resource or the named part of one */
  argument(fn: Fn, call: number, i: number, tracked: Tracked, part: string): Handling {
    const target = this.#program.target(fn, call);
    if (target.rows.length > 0) {
      const handling = modelled(target.rows, fn, call, i, tracked);
      return handling !== "keeps" && this.#awaits(fn, call, i, tracked) ? "returns" : handling;
    }
    const { args } = fn.call(call);
    if (target.fns.length === 0 || args[i]!.spread) return target.constructs === null ? "unknown" : "keeps";
    const answers = target.fns.map((callee) => this.parameter(callee, i, tracked, part, args[i]!.name));
    if (target.constructs !== null) return answers[0] === "releases" ? "releases" : "keeps";
    return combine(answers);
  }

  /** `await wait_for(connect(host), 5)`: the call waits for the one that acquires, and gives what that gives. */
  #awaits(fn: Fn, call: number, i: number, { origin }: Tracked): boolean {
    const { value } = fn.call(call).args[i]!;
    if (origin.from !== "call" || value.k !== "call" || value.id !== origin.call || fn.call(origin.call).awaited) return false;
    const isAsync = this.#program.target(fn, origin.call).rows.some((row) => row.isAsync);
    return isAsync && this.#program.target(fn, call).rows.some((row) => row.isAsync && row.results[0]?.name === `argument:${i}`);
  }

  /** @returns what a function does with its i-th parameter, or the one of that name */
  parameter(callee: Fn, i: number, tracked: Tracked, part: string, name = ""): Handling {
    const { params } = callee.fact;
    const param = name === "" ? params[i] : params.find((one) => one.name === name);
    if (param === undefined || param.rest !== "none" || !callee.fact.hasBody) return "unknown";
    return this.of(callee, param.variable, tracked, part);
  }

  /** @returns what the function does with the resource that one of its parameters or captured variables holds */
  of(fn: Fn, variable: number, tracked: Tracked, part: string): Handling {
    return this.ofPath(fn, `v${variable}`, tracked, part);
  }

  /** @returns what the function does with the resource that a path names in it: a variable, or a field of its object */
  ofPath(fn: Fn, path: string, tracked: Tracked, part: string): Handling {
    const key = `${path} ${part} ${tracked.acquires.releasedBy.join(",")}`;
    let known = this.#known.get(fn);
    if (known === undefined) this.#known.set(fn, (known = new Map()));
    const found = known.get(key);
    if (found !== undefined) return found;
    if (this.#depth >= maxDepth) return "unknown";
    // A recursive call that is asked about itself adds nothing of its own.
    known.set(key, "borrows");
    this.#depth++;
    const handling = this.#follow(fn, path, tracked, part);
    this.#depth--;
    known.set(key, handling);
    return handling;
  }

  #follow(fn: Fn, path: string, tracked: Tracked, part: string): Handling {
    const inside: Tracked = { ...tracked, origin: { from: "entry", path, call: -1, part, error: null, release: null } };
    const problem = new ResourceProblem(this.#program, this, fn, inside);
    let returned = false;
    let kept = false;
    let leftOpen = false;
    const complete = solve(fn.graph, problem, (exit) => {
      const { block } = exit;
      const end = fn.graph.blocks[block]!.end;
      if (exit.exit !== "return" || end.t !== "return" || !exit.state.open) return;
      if (end.value !== null && resultsOf(end.value).some((one) => problem.holding.part(one, exit.state) !== null)) returned = true;
      else if (end.value !== null && problem.holding.contains(end.value, exit.state)) kept = true;
      else leftOpen = true;
    });
    if (!complete) return "unknown";
    if (problem.fates.some((fate) => fate.fate === "continues")) return "unknown";
    // Released on some ways and left open on others: who called it may know which.
    const ends = problem.fates.filter((fate) => fate.fate !== "escapes");
    // One that was not read to its end is as open as before.
    const isPartlyRead = leftOpen && ends.every((fate) => fate.fate === "released" && fate.how === "exhausted");
    if (ends.length > 0 && !isPartlyRead) return leftOpen ? "unknown" : "releases";
    if (problem.fates.some((fate) => fate.fate === "escapes" && (fate.how === "passed" || fate.how === "not understood"))) return "unknown";
    // What is returned inside something else belongs to that.
    if (problem.fates.length > ends.length || kept) return "keeps";
    return returned ? "returns" : "borrows";
  }

  /** @returns what passing a closure with that handling to a call comes to: whoever keeps the closure keeps what it holds */
  callback(fn: Fn, call: number, handling: Handling): Handling {
    if (handling === "releases" || handling === "keeps") return handling;
    const target = this.#program.target(fn, call);
    const runs = target.rows.flatMap((row) => row.callbacks.map((callback) => callback.runs));
    if (target.rows.length > 0 && runs.every((one) => one === "each" || one === "once")) return handling;
    return handling === "borrows" && target.rows.length > 0 && runs.length === 0 ? "borrows" : "unknown";
  }
}

function modelled(rows: readonly CallModel[], fn: Fn, call: number, i: number, { acquires }: Tracked): Handling {
  const { args } = fn.call(call);
  const { name } = args[i]!;
  for (const row of rows) {
    for (const effect of row.effects) {
      if (!holds(effect.when, args, fn)) continue;
      // `closers = append(closers, f.Close)`, `queue.put(connection)`: the collection has it now.
      if (effect.role === "grows" && effect.added !== null && matches(effect.added, i, name)) return "keeps";
      if (effect.role !== "releases" || effect.value.of !== "argument") continue;
      if (matches(effect.value.argument, i, name)) return "releases";
    }
    // `time.AfterFunc(d, cancel)`: what is called to release it is called back.
    if (acquires.releasedBy.includes("()") && row.callbacks.some((callback) => matches(callback.argument, i, name))) return "releases";
    for (const flow of row.arguments) {
      if (!matches(flow.argument, i, name)) continue;
      if (flow.flow === "wraps") return "returns";
      // `open(fd)` has the descriptor from then on, `open(path)` has not the path.
      if (flow.flow === "adopts") return acquires.path ? "borrows" : "returns";
      // `sorted(os.scandir(path))`
      if (flow.flow === "reads") return acquires.exhausted.length > 0 ? "releases" : "borrows";
      return flow.flow === "stores" || flow.flow === "defers" ? "keeps" : flow.flow;
    }
  }
  // `pool.submit(serve, connection)`: the callback gets what is passed beside it, whenever it runs.
  return rows.some((row) => row.callbacks.some(({ runs }) => runs === "spawned" || runs === "later")) ? "keeps" : "borrows";
}

/** Any of several callees may run: what is certain of all holds, and a release by one is taken for one by the others. */
function combine(answers: readonly Handling[]): Handling {
  for (const handling of ["releases", "unknown", "keeps", "returns"] as const) if (answers.includes(handling)) return handling;
  return "borrows";
}
