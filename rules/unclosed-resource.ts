import type { Analyses } from "../src/analyses/analyses.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import type { Rule } from "../src/findings/rule.ts";

const id = "unclosed-resource";

export const unclosedResource: Rule<Analyses> = {
  id,
  title: "Resource is not released on every path",
  category: "leak",
  severity: "high",
  impact: "handles",
  effort: 20,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A file, socket, response body, cursor or connection that is not released keeps its descriptor or pool slot until the process ends or a garbage collector happens to run. Under load the descriptors or the pool run out, and then every request fails, not only the one that leaked.",
  fix: "Release it on every way out of the function, also when something fails in between.",
  idioms: {
    python: "Open it in a 'with' statement, or close it in 'finally'.",
    go: "Put 'defer' with the close right after the error check, before the next return.",
    php: "Close it in 'finally'.",
    typescript: "Close it in 'finally', or declare it with 'await using' where the library supports it.",
    javascript: "Close it in 'finally'.",
  },
  silentWhen: [
    "the resource is returned, stored, captured or handed to code that keeps it: its new owner must release it",
    "a callee or a callback that runs once releases it, in whatever file it stands",
    "all that lies in a list or map of the function is released by a loop over it",
    "nothing is open yet: a client before 'connect', a server before 'listen'",
    "the language releases it when the last reference goes at the end of the function (PHP)",
    "the process ends right after ('main', a command); of low confidence in the top-level code of a script, and where everyone who calls the function exits when it fails",
    "the object that gets it from the library (a protocol its transport) is told to release it, returned, or kept by somebody who does",
    "the function makes what it was got from (the browser of a context) and keeps that in a field: it ends with it",
    "a deferred or surrounding release of what it was got from releases it too (a mail client and its data)",
    "a function that remembers its answers gave it to several callers",
    "low confidence: it stays open only where something fails that practically never does (an open file tells its size, nothing was written to what is closed), or where a function throws in which nothing is seen to",
    "an archive or image is made of a stream that was passed to the function: the stream is its owner's to close",
  ],
  references: [
    "https://docs.python.org/3/reference/compound_stmts.html#with",
    "https://pkg.go.dev/net/http#Response",
    "https://nodejs.org/api/fs.html#class-filehandle",
  ],
  check: (analyses) => lifetimeOutcomes(analyses, unclosedResource, { acquired: "opened", released: "closed", releasing: "closing it" }),
};
