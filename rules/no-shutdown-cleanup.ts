import type { Analyses } from "../src/analyses/analyses.ts";
import type { Service } from "../src/analyses/shutdown.ts";
import { callLocation, callStep, finding, place, verified } from "../src/analyses/finding.ts";
import type { ModelLanguage } from "../src/semantics/models/model.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

/** Most of what the process keeps open that a finding names. */
const maxNamed = 3;

export const noShutdownCleanup: Rule<Analyses> = {
  id: "no-shutdown-cleanup",
  title: "The process has no way to end in order",
  category: "hazard",
  severity: "medium",
  impact: "availability",
  effort: 60,
  languages: ["python", "go", "typescript", "javascript"],
  why: "Every deployment and every scale-down tells the process to stop by a signal, and ends it some seconds later. Without a handler it ends at once: requests are cut off in the middle, what timers and queues had not written is lost, and the database keeps the connections until it notices.",
  fix: "Handle 'SIGTERM' (and 'SIGINT'): stop accepting, let the running requests end, stop the timers, close pools and connections, and set a limit on all of it.",
  idioms: {
    go: "Take a context from 'signal.NotifyContext', and call 'server.Shutdown(ctx)' when it is done.",
    typescript:
      "On 'SIGTERM' call 'server.close()', then end the pools. Rejections that nobody handles end the process since Node.js 15; that is right, and needs no handler of its own.",
    javascript:
      "On 'SIGTERM' call 'server.close()', then end the pools. Rejections that nobody handles end the process since Node.js 15; that is right, and needs no handler of its own.",
    python: "Register 'loop.add_signal_handler(SIGTERM, …)' that closes the server, or run it under a server that does (uvicorn, gunicorn).",
  },
  silentWhen: [
    "the program handles a signal that tells it to stop, or closes a server anywhere",
    "the server is run by something that handles signals itself (uvicorn, gunicorn, aiohttp's 'run_app')",
    "nothing but the server stays open: no pool, client or timer was seen",
  ],
  references: [
    "https://pkg.go.dev/net/http#Server.Shutdown",
    "https://nodejs.org/api/process.html#signal-events",
    "https://nodejs.org/api/http.html#serverclosecallback",
    "https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.add_signal_handler",
  ],
  *check({ services }) {
    const told = new Set<ModelLanguage>();
    for (const one of services) {
      const { fn, call, stopped, keeps } = one;
      const { language } = fn.file;
      if (stopped !== null) {
        yield verified(
          callLocation(fn, call),
          `the process is told to stop, or the server closed, at ${place(fn, stopped.fn, stopped.fn.call(stopped.call).start)}`,
        );
      } else if (keeps.length > 0 && !told.has(language)) {
        // One of several servers is enough: what is missing is the same for all.
        told.add(language);
        yield report(one);
      }
    }
  },
};

function report({ fn, call, what, keeps }: Service): Outcome {
  const named = keeps.slice(0, maxNamed).map((one) => `the ${one.what} (${place(fn, one.fn, one.fn.call(one.call).start)})`);
  const more = keeps.length > maxNamed ? ` and ${keeps.length - maxNamed} more` : "";
  return finding(fn, {
    location: callLocation(fn, call),
    message: `The ${what} started here is cut off in the middle of its requests when the process is told to stop: nothing handles the signal or closes it, nor ${named.join(", ")}${more}.`,
    confidence: keeps.every((one) => one.isTimer) ? "low" : "medium",
    heat: "startup",
    evidence: [callStep(fn, call, "started here"), ...keeps.slice(0, maxNamed).map((one) => callStep(one.fn, one.call, `a ${one.what} that stays open`))],
  });
}
