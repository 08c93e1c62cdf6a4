import { type FlowProblem, solve } from "../../src/flow/solver.ts";
import { graphOf, type Lowered } from "./lowered.ts";
import { type Reading, showEvent, showTest } from "./show.ts";

export interface PathOptions {
  /** Show stores, sets and the like too; otherwise only what is called, deferred, entered, sent, received. */
  readonly all?: boolean;
  /** Show which way each branch goes. */
  readonly tests?: boolean;
}

interface Walk {
  readonly words: readonly string[];
  /** How often each place was passed; a loop is walked at most once. */
  readonly passed: ReadonlyMap<string, number>;
}

const quiet: ReadonlySet<string> = new Set(["set", "store", "put"]);

/**
 * Every way through a function, as the solver walks it, in words. Calls of functions whose name begins with `risky` may throw, others do not;
 * the word is followed by `!` then. The last word is how the way ends.
 */
export function pathsOf(file: Lowered, name: string, options: PathOptions = {}): readonly string[] {
  const graph = graphOf(file.fn(name));
  const reading: Reading = { unit: file.unit, graph };
  const found = new Set<string>();
  const isRisky = (word: string): boolean => /(?:^|[.:\\])risky\w*$/.test(word);
  const problem: FlowProblem<Walk> = {
    entry: { words: [], passed: new Map() },
    key: (walk) => walk.words.join(" "),
    event(walk, event, place) {
      const at = `${place.block}/${place.index}`;
      const times = walk.passed.get(at) ?? 0;
      if (times > 1) return null;
      const passed = new Map(walk.passed).set(at, times + 1);
      if (quiet.has(event.e) && options.all !== true) return { words: walk.words, passed };
      return { words: [...walk.words, showEvent(event, reading)], passed };
    },
    throws: (event) => event.e === "call" && isRisky(showEvent(event, reading)),
    branch: (walk, test, taken) => (options.tests === true ? { ...walk, words: [...walk.words, `${taken ? "" : "¬"}(${showTest(test, reading)})`] } : walk),
    each: (walk, loop, entered) => {
      const times = walk.passed.get(`loop ${loop}`) ?? 0;
      if (!entered) return walk;
      return times > 0 ? null : { ...walk, passed: new Map(walk.passed).set(`loop ${loop}`, times + 1) };
    },
  };
  solve(graph, problem, ({ state, exit, event }) => {
    const thrown = event === null ? [] : [`${showEvent(event, reading)}!`];
    found.add([...state.words, ...thrown, exit].join(" "));
  });
  return [...found].sort();
}
