import type { Value } from "../flow/values.ts";

/** @returns whether a call by that value runs the constructor or another method of a base class on the object itself (`super().__init__()`, `Base.__init__(self)`) */
export function isOfBase(callee: Value): boolean {
  if (callee.k === "super" || (callee.k === "field" && callee.of.k === "super")) return true;
  return (callee.k === "ref" || callee.k === "field") && /(?:^|\.)__init__$/.test(callee.name);
}
