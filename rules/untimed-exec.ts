import type { Analyses } from "../src/analyses/analyses.ts";
import { timeLimitOutcomes } from "./shared/time-limits.ts";
import type { Rule } from "../src/findings/rule.ts";

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
  check: (analyses) =>
    timeLimitOutcomes(analyses, "executes", { waits: "waits for its process without a time limit", allowsZero: false, confidence: () => "high" }),
};
