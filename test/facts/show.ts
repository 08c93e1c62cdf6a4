import type { EventGraph, FlowEvent, Test } from "../../src/flow/event-graph.ts";
import type { Value } from "../../src/flow/values.ts";
import type { Unit } from "../../src/facts/unit.ts";

/** What values of one function are read against. */
export interface Reading {
  readonly unit: Unit;
  readonly graph: EventGraph;
}

/** @returns a value as short text: `f`, `open()`, `requests:Session`, `this.items[k]` */
export function showValue(value: Value | null, reading: Reading): string {
  if (value === null) return "";
  const show = (one: Value | null): string => showValue(one, reading);
  const list = (all: readonly Value[]): string => all.map(show).join(", ");
  const { unit } = reading;
  switch (value.k) {
    case "var":
      return unit.variables[value.id]!.name;
    case "call":
      return `${show(reading.graph.calls[value.id]!.callee)}()`;
    case "ref":
      return value.module === null ? value.name : `${value.module}:${value.name}`;
    case "fn":
      return unit.functions[value.id]!.name || "fn";
    case "class":
      return unit.classes[value.id]!.name;
    case "this":
    case "super":
      return value.k;
    case "field":
      return `${show(value.of)}.${value.name}`;
    case "index":
      return `${show(value.of)}[${show(value.key)}]`;
    case "item":
      return `${show(value.of)}#${value.i}`;
    case "elem":
      return `${value.part} of ${show(value.of)}`;
    case "slice":
      return `${show(value.of)}[:]`;
    case "const":
      return JSON.stringify(value.v);
    case "coll":
      return `${value.kind}(${list(value.items)})`;
    case "cast":
      return show(value.of);
    case "entered":
    case "received":
      return `${value.k} ${show(value.of)}`;
    case "either":
    case "derived":
    case "unknown":
      return `${value.k}(${list(value.of)})`;
  }
}

/** @returns an event as one word or two: `open`, `f=open()`, `defer close`, `enter f` */
export function showEvent(event: FlowEvent, reading: Reading): string {
  const show = (value: Value | null): string => showValue(value, reading);
  switch (event.e) {
    case "call":
      return show(reading.graph.calls[event.call]!.callee);
    case "defer":
    case "spawn":
      return `${event.e} ${show(reading.graph.calls[event.call]!.callee)}`;
    case "set":
      return `${reading.unit.variables[event.var]!.name}=${show(event.value)}`;
    case "store":
      return `${show(event.object)}.${event.field}=${show(event.value)}`;
    case "put":
      return `${show(event.object)}[${show(event.key)}]${event.update ? "+" : ""}=${show(event.value)}`;
    case "delete":
      return `delete ${show(event.target)}`;
    case "send":
      return `${show(event.channel)}<-${show(event.value)}`;
    case "receive":
      return `<-${show(event.channel)}`;
    case "enter":
    case "leave":
    case "yield":
    case "await":
      return `${event.e} ${show(event.value)}`.trim();
    case "escape":
      return `escape ${event.values.map(show).join(", ")}`;
  }
}

/** @returns a test as text; `null(x)`, `x`, `a < b`, `k in m`, `?` */
export function showTest(test: Test, reading: Reading): string {
  switch (test.test) {
    case "null":
      return `null(${showValue(test.value, reading)})`;
    case "truthy":
      return showValue(test.value, reading);
    case "compare":
      return `${showValue(test.left, reading)} ${test.operator} ${showValue(test.right, reading)}`;
    case "contains":
      return `${showValue(test.key, reading)} in ${showValue(test.container, reading)}`;
    case "not":
      return `not ${showTest(test.of, reading)}`;
    case "other":
      return "?";
  }
}
