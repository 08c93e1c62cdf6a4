import type { Analyses } from "../src/analyses/analyses.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import type { Rule } from "../src/findings/rule.ts";

const id = "lost-cancel";

export const lostCancel: Rule<Analyses> = {
  id,
  title: "Cancel function is not called on every path",
  category: "leak",
  severity: "medium",
  impact: "memory",
  effort: 5,
  languages: ["go"],
  why: "A derived context stays registered with its parent, with its timer and everything it refers to, until it is cancelled or its parent ends. When the cancel function is lost, each call adds one more, and whatever waits for the context to end goes on waiting.",
  fix: "Call the cancel function on every way out, best with 'defer cancel()' right after the context is made.",
  silentWhen: [
    "the cancel function is returned, stored, sent or handed to code that keeps it: its new owner must call it",
    "the context ends by a call of the cancel function in a goroutine or a callback",
    "the process ends right after ('main')",
  ],
  references: ["https://pkg.go.dev/context#CancelFunc", "https://go.dev/blog/context"],
  check: (analyses) => lifetimeOutcomes(analyses, lostCancel, { acquired: "made", released: "called", releasing: "calling it" }),
};
