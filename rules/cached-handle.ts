import type { Analyses } from "../src/analyses/analyses.ts";
import type { CachedHandle } from "../src/analyses/collections/handles.ts";
import { finding, place, spanLocation, step, verified } from "../src/analyses/finding.ts";
import type { ProcessLife } from "../src/analyses/process-life.ts";
import type { Heat } from "../src/findings/finding.ts";
import type { Confidence } from "../src/findings/levels.ts";
import type { Outcome, Rule } from "../src/findings/rule.ts";

export const cachedHandle: Rule<Analyses> = {
  id: "cached-handle",
  title: "A live handle is kept and used again without asking whether it still works",
  category: "hazard",
  severity: "medium",
  impact: "availability",
  effort: 30,
  languages: ["php", "python", "go", "typescript", "javascript"],
  why: "A connection ends without telling its users: the server restarts, a proxy closes what is idle, the network drops. Whoever keeps the handle for the life of the process and never asks gets the dead one on every call from then on, and everything that needs it fails until somebody restarts the process.",
  fix: "Use a pool that replaces what has died, or ask the handle before it is used again and open another when it does not answer; give up a kept one when a call on it fails.",
  idioms: {
    php: "Keep the SQL text, not the 'PDOStatement', or clear the cache whenever the connection is made anew.",
    python: "Use the library's pool, or test '.closed' and 'ping' before use.",
    go: "Keep a pool ('sql.DB', 'pgxpool.Pool') instead of one connection.",
    typescript: "Keep a pool, or drop the handle on its 'close' and 'error' events.",
    javascript: "Keep a pool, or drop the handle on its 'close' and 'error' events.",
  },
  silentWhen: [
    "the program asks it whether it works, listens for its end, or removes or replaces it somewhere",
    "it is a pool or a client that connects again by itself",
    "it is opened at start-up, or put there by others and never opened by who looks it up",
    "the process ends with the request (low confidence)",
  ],
  references: [
    "https://www.php.net/manual/en/pdo.connections.php",
    "https://www.psycopg.org/psycopg3/docs/advanced/pool.html",
    "https://node-postgres.com/features/pooling",
  ],
  *check({ handles, heat, processes }) {
    for (const one of handles) {
      if (one.asked === null) yield report(one, heat.of(one.fn), processes.of(one.fn));
      else yield verified(spanLocation(one.fn, one.at, one.at), reasonOf(one, place(one.fn, one.asked.fn, one.asked.at)));
    }
  },
};

function report(one: CachedHandle, heat: Heat, life: ProcessLife): Outcome {
  const { fn, at, name, handle, opened } = one;
  const many = one.keyed ? "Each" : "One";
  return finding(fn, {
    location: spanLocation(fn, at, at),
    message: `${many} ${handle.what} opened here stays in '${name}' for the life of the process and is used again: nothing asks whether it still works, and nothing gives it up.`,
    confidence: confidenceOf(one, heat, life),
    heat,
    evidence: [step(fn, opened, "opened when it is missing"), step(fn, at, `kept in '${name}'`)],
  });
}

/** A process that ends with its request takes its connection with it; what hangs on a connection may outlive that within the request. */
function confidenceOf({ keyed }: CachedHandle, heat: Heat, life: ProcessLife): Confidence {
  if (life === "request" || (life === "unknown" && !keyed)) return "low";
  return heat === "request" && life === "many" ? "high" : "medium";
}

function reasonOf({ handle, asked }: CachedHandle, where: string): string {
  const how = { question: "asked whether it works", removal: "given up or replaced", listener: "listened to" }[asked!.by];
  return `the ${handle.what} is kept, and ${how} at ${where}`;
}
