import type { Value } from "../../flow/values.ts";
import type { Fn } from "../../program/entities.ts";

/** @returns the variables a value mentions, directly and through the calls it is the result of */
export function mentions(value: Value, fn: Fn, found: Set<number> = new Set(), depth = 0): Set<number> {
  if (depth > 12) return found;
  switch (value.k) {
    case "var":
      found.add(value.id);
      return found;
    case "call": {
      const site = fn.call(value.id);
      mentions(site.callee, fn, found, depth + 1);
      for (const argument of site.args) mentions(argument.value, fn, found, depth + 1);
      return found;
    }
    case "field":
    case "item":
    case "elem":
    case "slice":
    case "cast":
    case "received":
    case "entered":
      return mentions(value.of, fn, found, depth + 1);
    case "index":
      if (value.key !== null) mentions(value.key, fn, found, depth + 1);
      return mentions(value.of, fn, found, depth + 1);
    case "coll":
      for (const item of value.items) mentions(item, fn, found, depth + 1);
      return found;
    case "fn":
      for (const id of fn.file.functions[value.id]!.fact.captures) found.add(id);
      return found;
    case "either":
    case "derived":
    case "unknown":
      for (const one of value.of) mentions(one, fn, found, depth + 1);
      return found;
    default:
      return found;
  }
}

/** @returns every variable whose value comes, through assignments, from one of the seeds */
export function derivedFrom(seeds: Iterable<number>, fn: Fn): ReadonlySet<number> {
  const found = new Set(seeds);
  const sets: { readonly target: number; readonly uses: ReadonlySet<number> }[] = [];
  for (const block of fn.graph.blocks) {
    for (const event of block.events) {
      if (event.e === "set") sets.push({ target: event.var, uses: mentions(event.value, fn) });
      else if ((event.e === "put" || event.e === "store") && event.object.k === "var") sets.push({ target: event.object.id, uses: mentions(event.value, fn) });
    }
  }
  // `rows.Scan(&id)` fills what it gets.
  if (fn.file.language === "go") {
    for (const { callee, args } of fn.graph.calls) {
      if (callee.k !== "field") continue;
      for (const { value } of args) if (value.k === "var") sets.push({ target: value.id, uses: mentions(callee.of, fn) });
    }
  }
  for (let grew = true; grew; ) {
    grew = false;
    for (const { target, uses } of sets) {
      if (found.has(target)) continue;
      for (const use of uses) {
        if (!found.has(use)) continue;
        found.add(target);
        grew = true;
        break;
      }
    }
  }
  return found;
}
