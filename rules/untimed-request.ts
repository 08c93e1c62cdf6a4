import type { Analyses } from "../src/analyses/analyses.ts";
import { timeLimitOutcomes } from "./shared/time-limits.ts";
import { requestConfidence } from "../src/analyses/request-limits.ts";
import type { Rule } from "../src/findings/rule.ts";

export const untimedRequest: Rule<Analyses> = {
  id: "untimed-request",
  title: "Request has no time limit",
  category: "hazard",
  severity: "medium",
  impact: "availability",
  effort: 10,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A server that accepts the connection and never answers holds the caller for ever. Each such call takes a worker, a goroutine or a connection with it, and when the other side has a bad day all of them are gone within minutes.",
  fix: "Give the call, its client or its context a time limit, and handle its expiry.",
  idioms: {
    python: "Pass 'timeout=' (connect and read) and handle the library's timeout error.",
    go: "Set 'Timeout' on the client, or make the request with a context that has a deadline.",
    php: "Set 'timeout' and 'connect_timeout' (Guzzle), CURLOPT_TIMEOUT and CURLOPT_CONNECTTIMEOUT, or LDAP_OPT_TIMEOUT and LDAP_OPT_NETWORK_TIMEOUT.",
    typescript: "Pass 'timeout' or 'signal: AbortSignal.timeout(ms)'.",
    javascript: "Pass 'timeout' or 'signal: AbortSignal.timeout(ms)'.",
  },
  silentWhen: [
    "a timeout is given to the call, its client or its context",
    "a limit is set on the connection it runs on, anywhere in the program",
    "the library has a default limit",
    "it runs only at start-up or in a script, asks the machine itself or, from a page, the host of that page, runs in jobs that have a limit, or the limit is switched off by an explicit 0 (low confidence)",
    "whether one is given cannot be told ('**kwargs', an options object from elsewhere)",
  ],
  references: [
    "https://requests.readthedocs.io/en/latest/user/quickstart/#timeouts",
    "https://pkg.go.dev/net/http#Client",
    "https://docs.guzzlephp.org/en/stable/request-options.html#timeout",
    "https://www.php.net/manual/en/function.ldap-set-option.php",
    "https://axios-http.com/docs/req_config",
  ],
  check: (analyses) =>
    timeLimitOutcomes(analyses, "requests", { waits: "waits for its answer without a time limit", allowsZero: true, confidence: requestConfidence }),
};
