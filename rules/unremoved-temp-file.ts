import type { Analyses } from "../src/analyses/analyses.ts";
import { lifetimeOutcomes } from "./shared/lifetimes.ts";
import type { Rule } from "../src/findings/rule.ts";

const id = "unremoved-temp-file";

export const unremovedTempFile: Rule<Analyses> = {
  id,
  title: "Temporary file is not removed on every path",
  category: "leak",
  severity: "medium",
  impact: "handles",
  effort: 15,
  languages: ["python", "go", "php", "typescript", "javascript"],
  why: "A temporary file or folder that nobody removes outlives the call, and often the process. Each call leaves one more, until the disk or its inodes run out and everything that writes fails.",
  fix: "Remove it on every way out of the function, also when something fails in between.",
  idioms: {
    python: "Use 'with tempfile.TemporaryDirectory()' or 'NamedTemporaryFile()', or remove it in 'finally'.",
    go: "Put 'defer os.Remove(f.Name())' or 'defer os.RemoveAll(dir)' right after the error check.",
    php: "Remove it with 'unlink' in 'finally', or use 'tmpfile()', which removes itself.",
    typescript: "Remove it in 'finally' ('await rm(dir, { recursive: true, force: true })').",
    javascript: "Remove it in 'finally' ('await rm(dir, { recursive: true, force: true })').",
  },
  silentWhen: [
    "its path is returned, stored or handed to code that was not seen: its new owner must remove it",
    "it is moved to its final place",
    "low confidence: it stays only where something fails that practically never does (an open file tells its size, nothing was written to what is closed), or where a function throws in which nothing is seen to",
    "it removes itself when it is closed or collected",
  ],
  references: ["https://docs.python.org/3/library/tempfile.html", "https://pkg.go.dev/os#CreateTemp", "https://www.php.net/manual/en/function.tempnam.php"],
  check: (analyses) => lifetimeOutcomes(analyses, unremovedTempFile, { acquired: "made", released: "removed", releasing: "removing it" }),
};
