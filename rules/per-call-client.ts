import type { Analyses } from "../src/analyses/analyses.ts";
import { describeCall, describeFunction } from "../src/analyses/describe.ts";
import { callLocation, callStep, finding, verified } from "../src/analyses/finding.ts";
import type { SharedClient } from "../src/analyses/clients.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const perCallClient: Rule<Analyses> = {
  id: "per-call-client",
  title: "A client is built for every call",
  category: "bottleneck",
  severity: "high",
  impact: "latency",
  effort: 45,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "HTTP sessions, database pools and cloud clients keep connections alive so that the next call finds one open. Built per call, each pays name look-up, TCP and TLS handshakes again, nothing is pooled, and under load sockets pile up in TIME_WAIT until no port or connection is left.",
  fix: "Build the client once, where the process or the owning object starts, keep it in a field or module variable, and close it at shutdown.",
  silentWhen: [
    "the client is stored, returned or captured: it outlives the call",
    "it is built at start-up, at the top of a file or in a script that runs once",
    "a shared transport or connector is handed in",
    "one client serves a whole loop of requests",
  ],
  references: [
    "https://docs.aiohttp.org/en/stable/http_request_lifecycle.html",
    "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
    "https://pkg.go.dev/net/http#Transport",
  ],
  *check({ clients, heat }) {
    for (const client of clients) {
      const { fn, call } = client;
      const location = callLocation(fn, call);
      const where = heat.of(fn);
      if (fn.fact.kind === "module" || where === "startup") yield verified(location, `${client.effect.client} built once at start-up`);
      else if (client.cheap) yield verified(location, `${client.effect.client} shares what it is given`);
      else if (client.kept !== null) {
        if (client.kept === "stored" || client.kept === "outlives") yield verified(location, `${client.effect.client} kept at line ${fn.file.line(client.at)}`);
      } else if (client.reused && fn.call(call).loop < 0) yield verified(location, `one ${client.effect.client} serves the whole loop`);
      else yield report(client, heat.at(fn, call));
    }
  },
};

function report(client: SharedClient, heat: ReturnType<Analyses["heat"]["at"]>): Outcome {
  const { fn, call, effect } = client;
  const inLoop = fn.call(call).loop >= 0;
  const often = heat === "request" || inLoop;
  // One client cannot serve callers that each name a server of their own; whether they do is theirs to know.
  const sure = !client.chosenByCaller && (often || fn.fact.isAsync);
  return finding(fn, {
    location: callLocation(fn, call),
    message: `'${describeCall(fn, call)}' builds a new ${effect.client} ${inLoop ? "in each step of a loop" : `on every call of ${describeFunction(fn)}`}, and nothing keeps it for the next.`,
    confidence: sure ? "high" : "medium",
    severity: client.chosenByCaller ? (often ? "medium" : "low") : often ? undefined : "medium",
    growth: `${effect.cost} per call`,
    heat,
    evidence: [callStep(fn, call, `built here and gone when ${describeFunction(fn)} ends`)],
  });
}
