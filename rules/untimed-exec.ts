import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, verified } from "../src/analyses/finding.ts";
import { boundedAt } from "../src/analyses/processes.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";
import { anyArgument, settled } from "../src/program/arguments.ts";
import type { Fn } from "../src/program/entities.ts";
import type { Program } from "../src/program/program.ts";
import type { Performs } from "../src/semantics/models/model.ts";

export const untimedExec: Rule<Analyses> = {
  id: "untimed-exec",
  title: "Process runs without a time limit",
  category: "hazard",
  severity: "medium",
  impact: "availability",
  effort: 20,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A child process that hangs (a prompt, a dead network mount, a lock) holds its caller for ever. In a server each such call takes a worker with it, and when the last one is gone the service stops answering without an error in the log.",
  fix: "Give the call a time limit and kill the process when it passes.",
  idioms: {
    python: "Pass 'timeout=' and handle 'TimeoutExpired'; a process that was started is killed and waited for.",
    go: "Use 'exec.CommandContext' with a context that has a deadline.",
    php: "Run it through Symfony Process with a timeout, or 'proc_open' with non-blocking pipes and 'proc_terminate' when the time is up.",
    typescript: "Pass the 'timeout' option (and 'killSignal'), or an AbortSignal.",
    javascript: "Pass the 'timeout' option (and 'killSignal'), or an AbortSignal.",
  },
  silentWhen: [
    "a timeout argument, option or context is given",
    "the library has a default limit",
    "it runs only at start-up or in a script (low confidence)",
    "whether one is given cannot be told ('**kwargs', an options object from elsewhere)",
  ],
  references: [
    "https://docs.python.org/3/library/subprocess.html#subprocess.run",
    "https://pkg.go.dev/os/exec#CommandContext",
    "https://nodejs.org/api/child_process.html",
  ],
  *check({ program, callGraph, heat }) {
    for (const fn of program.functions()) {
      for (const { call, effect } of callGraph.effects(fn)) {
        if (effect.role === "executes") yield* judge(program, fn, call, effect, heat.of(fn));
      }
    }
  },
};

function* judge(program: Program, fn: Fn, call: number, effect: Performs, heat: ReturnType<Analyses["heat"]["of"]>): Iterable<Outcome> {
  const location = callLocation(fn, call);
  const limit = anyArgument(fn.call(call).args, effect.timeout, fn);
  if (limit.given === "maybe") return;
  const value = limit.given === "yes" ? settled(limit.value, fn) : null;
  const unlimited = value?.k === "const" && (value.v === null || value.v === 0);
  if (value !== null && !unlimited) {
    yield verified(location, value.k === "const" ? `timeout=${String(value.v)}` : "a time limit is given");
    return;
  }
  if (value === null && effect.timeoutDefault !== "none") {
    yield verified(location, limitText(effect.timeoutDefault));
    return;
  }
  const bounded = boundedAt(program, fn, call);
  if (bounded >= 0) {
    yield verified(location, `limited at line ${fn.file.line(bounded)}`);
    return;
  }
  yield finding(fn, {
    location,
    message: `'${describeCall(fn, call)}' waits for its process without a time limit.`,
    confidence: heat === "startup" ? "low" : "high",
    severity: heat === "request" ? "high" : heat === "startup" ? "low" : undefined,
    heat,
    evidence: [callStep(fn, call, value === null ? "no time limit is given, and there is no default" : "the time limit is switched off")],
  });
}

/** What a model says of the limit that holds without an argument: seconds, the context's, or in words. */
function limitText(limit: string): string {
  if (limit === "0") return "starts the process and returns at once";
  if (limit === "context") return "bounded by its context";
  return `limited by default to ${/^\d+$/.test(limit) ? `${limit} s` : limit}`;
}
