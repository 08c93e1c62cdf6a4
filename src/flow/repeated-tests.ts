import type { EventGraph, FlowEvent, Test } from "./event-graph.ts";
import type { Value } from "./values.ts";

/** Outcomes of tests that a function makes more than once, by their text. Never changed in place. */
export type TestOutcomes = ReadonlyMap<string, boolean>;

export const noOutcomes: TestOutcomes = new Map();

/** Most tests of one function that are told apart. */
const maxTests = 6;

/**
 * Remembers how a test came out until something in it changes, so that `if n > 0 { lock() } … if n > 0 { unlock() }` has two paths and not four. Calls are
 * taken to change nothing that the test reads: code that tests the same twice relies on that too.
 */
export class RepeatedTests {
  readonly #tests: ReadonlySet<string>;
  readonly #graph: EventGraph;

  /**
   * @param variables whether plain tests of one variable count too
   * @param matters which calls are followed: the tests that decide right before those come first where there are too many
   */
  constructor(graph: EventGraph, variables: boolean, matters: (call: number) => boolean = () => false) {
    this.#graph = graph;
    const counts = new Map<string, number>();
    const constants = new Set<number>();
    for (const { events, end } of graph.blocks) {
      for (const event of events) if (event.e === "set" && event.value.k === "const") constants.add(event.var);
      const one = end.t === "branch" ? this.#normal(end.test) : null;
      if (one === null || (one.variable !== null && !variables)) continue;
      counts.set(one.key, (counts.get(one.key) ?? 0) + (one.variable !== null && constants.has(one.variable) ? 2 : 1));
    }
    for (const { end } of graph.blocks) {
      const one = end.t === "branch" && variables ? this.#normal(end.test) : null;
      if (one !== null && one.variable !== null && constants.has(one.variable)) counts.set(one.key, 2);
    }
    const repeated = [...counts].flatMap(([key, n]) => (n > 1 ? [key] : []));
    if (repeated.length > maxTests) {
      const deciding = new Set(this.#deciding(matters));
      repeated.sort((a, b) => Number(deciding.has(b)) - Number(deciding.has(a)));
    }
    this.#tests = new Set(repeated.slice(0, maxTests));
  }

  /** The tests one of whose ways on begins with a block that does what matters. */
  *#deciding(matters: (call: number) => boolean): Iterable<string> {
    const { blocks } = this.#graph;
    const does = (block: number): boolean => blocks[block]!.events.some((event) => (event.e === "call" || event.e === "defer") && matters(event.call));
    for (const { end } of blocks) {
      const one = end.t === "branch" && (does(end.yes) || does(end.no)) ? this.#normal(end.test) : null;
      if (one !== null) yield one.key;
    }
  }

  /** @returns what is known after a branch; null when it cannot be taken */
  branch(known: TestOutcomes, test: Test, taken: boolean): TestOutcomes | null {
    if (this.#tests.size === 0) return known;
    const one = this.#normal(test);
    if (one === null || !this.#tests.has(one.key)) return known;
    const holds = taken !== one.negated;
    const before = known.get(one.key);
    if (before !== undefined) return before === holds ? known : null;
    return new Map([...known, [one.key, holds]]);
  }

  /** @returns what is known after an event */
  event(known: TestOutcomes, event: FlowEvent): TestOutcomes {
    if (this.#tests.size === 0) return known;
    switch (event.e) {
      case "set": {
        const left = without(known, `v${event.var}`);
        const key = `truthy v${event.var} `;
        return event.value.k === "const" && this.#tests.has(key) ? new Map([...left, [key, Boolean(event.value.v)]]) : left;
      }
      case "store": {
        const left = without(known, `.${event.field}`);
        const of = this.#text(event.object);
        const key = `truthy ${of}.${event.field} `;
        return of !== null && event.value.k === "const" && this.#tests.has(key) ? new Map([...left, [key, Boolean(event.value.v)]]) : left;
      }
      case "put":
      case "delete": {
        const changed = this.#text(event.e === "put" ? event.object : event.target);
        return changed === null ? known : without(known, changed);
      }
      default:
        return known;
    }
  }

  /** A test without its negations; null for tests that nobody can be held to. */
  #normal(test: Test): { readonly key: string; readonly negated: boolean; readonly variable: number | null } | null {
    switch (test.test) {
      case "not": {
        const inner = this.#normal(test.of);
        return inner === null ? null : { ...inner, negated: !inner.negated };
      }
      // What is asked for its truth here and for null there is an object or nothing (`session = given or open()`, and later `if given is None`).
      case "null":
      case "truthy": {
        const text = this.#text(test.value);
        return text === null ? null : { key: `truthy ${text}`, negated: test.test === "null", variable: test.value.k === "var" ? test.value.id : null };
      }
      case "compare": {
        const left = this.#text(test.left);
        const right = this.#text(test.right);
        if (left === null || right === null) return null;
        const negated = test.operator === "!=" || test.operator === ">" || test.operator === ">=";
        const operator = { "!=": "==", ">": "<=", ">=": "<" }[test.operator] ?? test.operator;
        return { key: `${left} ${operator} ${right}`, negated, variable: null };
      }
      default:
        return null;
    }
  }

  #text(value: Value): string | null {
    switch (value.k) {
      case "var":
        return `v${value.id} `;
      case "this":
        return "this";
      case "const":
        return JSON.stringify(value.v);
      case "ref":
        return `${value.module ?? ""}:${value.name}`;
      case "field": {
        const of = this.#text(value.of);
        return of === null ? null : `${of}.${value.name} `;
      }
      case "call": {
        // `len(items)`, `hasattr(source, "read")`: a function of nothing else.
        const { callee, args } = this.#graph.calls[value.id]!;
        if (callee.k !== "ref" || callee.module !== null || args.length === 0 || args.length > 2) return null;
        const of = args.map((argument) => this.#text(argument.value));
        return of.includes(null) ? null : `${callee.name}(${of.join()})`;
      }
      default:
        return null;
    }
  }
}

/** Forgets the tests in whose text something stands. */
function without(known: TestOutcomes, part: string): TestOutcomes {
  const mentions = (key: string): boolean => key.includes(`${part} `) || key.endsWith(part);
  return [...known.keys()].some(mentions) ? new Map([...known].filter(([key]) => !mentions(key))) : known;
}

/** @returns the text under which equal knowledge is one */
export function outcomesKey(known: TestOutcomes): string {
  return known.size === 0 ? "" : JSON.stringify([...known].sort());
}
