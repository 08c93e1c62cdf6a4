import type { Analyses } from "../../src/analyses/analyses.ts";
import { callLocation, callStep, finding, place, step, verified } from "../../src/analyses/finding.ts";
import type { Confidence } from "../../src/findings/levels.ts";
import type { Outcome } from "../../src/findings/rule.ts";
import { describeCall, describeFunction } from "../../src/analyses/describe.ts";
import type { Owed, OwedBy } from "../../src/analyses/registrations/owed.ts";

/** How each owner is spoken of. */
const owners: Readonly<Record<OwedBy, string>> = {
  effect: "when the component goes away",
  lifecycle: "when the object goes away",
  object: "by any method of its object",
  request: "although it is added for every request",
  repeat: "although it is added each time",
  render: "although it is added each time the component is drawn",
  component: "when the component goes away",
  loop: "although each step of the loop adds one",
  answer: "when the answer is there, and each wait adds one",
  event: "before the next event starts another one over it",
  ended: "by the method that ends its object",
  call: "although it is there for one call only",
  ways: "on every way",
};

/** What each adds one more for, where that is no object. */
const growths: Readonly<Partial<Record<OwedBy, string>>> = { request: "request", effect: "run of the effect", repeat: "call", loop: "step" };

const confidenceOf: Readonly<Record<OwedBy, Confidence>> = {
  effect: "high",
  lifecycle: "high",
  render: "high",
  component: "medium",
  request: "medium",
  repeat: "medium",
  loop: "medium",
  answer: "medium",
  event: "medium",
  ended: "medium",
  call: "medium",
  ways: "medium",
  object: "low",
};

/**
 * The findings and the verified places of one rule about registrations: those whose model rows name the rule.
 * @param rule the rule's id, as the models name it
 */
export function* owedOutcomes({ owed, heat, processes }: Analyses, rule: string): Iterable<Outcome> {
  for (const one of owed) {
    const { registration, undone } = one;
    if (registration.effect.rule !== rule) continue;
    const { fn, call, effect } = registration;
    const location = callLocation(fn, call);
    if (undone !== null) yield verified(location, `${effect.what} undone at ${place(fn, undone.fn, undone.at)}`);
    else
      yield finding(fn, {
        location,
        message: messageOf(one),
        // What a process adds that ends with its request, as far as is known, goes with it.
        confidence:
          processes.of(fn) === "request" || (one.by === "request" && processes.of(fn) === "unknown")
            ? "low"
            : isOnSomeWay(one)
              ? "medium"
              : confidenceOf[one.by],
        severity: effect.once ? "low" : one.by === "request" ? "high" : undefined,
        growth: `one ${effect.what} per ${growths[one.by] ?? "object"}`,
        heat: heat.at(fn, call),
        evidence: [
          callStep(fn, call, "added here"),
          ...(one.near === null
            ? []
            : [step(one.near.fn, one.near.at, `this is ${one.near.because === "other options" ? "with other options" : "with another function"}`)]),
        ],
      });
  }
}

/** Whether it is undone, but not for whatever happens. */
const isOnSomeWay = ({ left }: Owed): boolean => left?.how === "condition" || left?.how === "restart";

/** On which way something stays that is removed on another. */
function wayOf({ registration, by, left }: Owed, line: number): string {
  if (left?.how === "condition") return `what the undo at line ${line} asks does not hold: it is removed on that condition only.`;
  if (left?.how === "restart") return `its owner goes while it waits: it is started again at line ${line}, and nothing asks there whether it should.`;
  if (by !== "ways") return `the effect is left at line ${line}: only further down it gives back what removes it.`;
  if (left?.how === "answer") return `the promise is settled at line ${line}: only another way to an answer removes it.`;
  const does = left?.how === "failure" ? "fails" : "returns";
  return `${describeFunction(registration.fn)} ${does} at line ${line}: it is removed only further down.`;
}

function messageOf(one: Owed): string {
  const { registration, by, near, left, again } = one;
  const { fn, call, effect } = registration;
  const what = `The ${effect.what} added by '${describeCall(fn, call)}'`;
  if (near !== null)
    return `${what} is not removed at ${place(fn, near.fn, near.at)}: ${near.because === "other options" ? "the options there are others" : "the function given there is another one"}.`;
  if (left !== null) return `${what} stays when ${wayOf(one, fn.file.line(left.at))}`;
  const also = by === "repeat" ? ` ${describeFunction(fn)} is called` : again ? " or the effect runs again" : "";
  return `${what} is not removed ${owners[by]}${also}.`;
}
