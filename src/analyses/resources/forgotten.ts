import type { Cls, Fn } from "../../program/entities.ts";
import type { Program } from "../../program/program.ts";
import { mentionedValues, usedValues } from "../work/values.ts";
import { type FieldKept, keptInFields, releasersOf } from "./fields.ts";
import type { Handlings } from "./handlings.ts";
import type { Lifetime } from "./lifetimes.ts";

/** A resource that an object keeps, where the method that ends the object releases another one and not this. */
export interface Forgotten {
  readonly life: Lifetime;
  readonly field: string;
  /** The method that ends the object, and what it does release. */
  readonly ending: Fn;
  readonly released: string;
}

/** Finds them among the resources that constructors keep in fields of their objects. */
export function forgottenFields(program: Program, handlings: Handlings, lifetimes: readonly Lifetime[]): readonly Forgotten[] {
  const found: Forgotten[] = [];
  const kept = keptInFields(lifetimes).filter(({ life }) => life.fn.fact.kind === "constructor" && life.fn.cls !== null);
  for (const one of kept) {
    const { fn, tracked } = one.life;
    const cls = fn.cls!;
    if (tracked.acquires.reclaimed === "scope" || tracked.acquires.path || tracked.acquires.openedBy.length > 0) continue;
    const others = kept.filter((other) => other.life.fn === fn && other.field !== one.field);
    if (others.length === 0 || !isOnlyUsed(program, handlings, cls, one) || isSeenOutside(program, fn, one.field)) continue;
    for (const other of others) {
      const ending = releasingMethod(program, handlings, cls, other);
      if (ending === null) continue;
      found.push({ life: one.life, field: one.field, ending, released: other.field });
      break;
    }
  }
  return found;
}

/** The only method of a class that releases a field, null when there are none or several. */
function releasingMethod(program: Program, handlings: Handlings, cls: Cls, { field, life }: FieldKept): Fn | null {
  const [only, ...others] = releasersOf(program, handlings, cls, field, life.tracked).values();
  return others.length === 0 ? (only ?? null) : null;
}

/** Whether no method of the class releases a field, gives it away, or leaves that open. */
function isOnlyUsed(program: Program, handlings: Handlings, cls: Cls, { field, life }: FieldKept): boolean {
  const methods = [...program.hierarchy.ancestry(cls), ...program.hierarchy.subclasses(cls)].flatMap((one) => [...program.hierarchy.ownMethods(one).values()]);
  if (isGivenAway(handlings, life, field)) return false;
  return methods.every((method) => method === life.fn || handlings.ofPath(method, `this.${field}`, life.tracked, "") === "borrows");
}

/** `self.reader = os.fdopen(self.descriptor)`: the constructor itself hands it to what owns it from then on. */
function isGivenAway(handlings: Handlings, { fn, tracked }: Lifetime, field: string): boolean {
  return fn.graph.calls.some(({ args }, call) =>
    args.some(
      ({ value }, i) => value.k === "field" && value.of.k === "this" && value.name === field && handlings.argument(fn, call, i, tracked, "") !== "borrows",
    ),
  );
}

/** Whether code outside of the class reads a field of that name. */
function isSeenOutside(program: Program, { file: { language } }: Fn, field: string): boolean {
  for (const fn of program.functions()) {
    if (fn.file.language !== language) continue;
    const reads = [...usedValues(fn.graph), ...fn.graph.calls.map((site) => site.callee)];
    if (reads.some((value) => mentionedValues(value).some((one) => one.k === "field" && one.name === field && one.of.k !== "this"))) return true;
  }
  return false;
}
