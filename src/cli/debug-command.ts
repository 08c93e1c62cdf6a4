import { basename, resolve } from "node:path";
import { printNode } from "../ast/print.ts";
import { decodeSource, readSource } from "../project/read-source.ts";
import { languageOf } from "../project/languages.ts";
import { UsageError } from "../project/usage-error.ts";
import { didYouMean } from "../semantics/models/diagnostic.ts";
import { frontEnds } from "./front-ends.ts";
import { writeOut } from "./outputs.ts";

const VIEWS = ["ast", "cfg", "facts"] as const;
const TIMEOUT = 60_000;

/** `leakhound debug ast|cfg|facts FILE`: prints what the analyzer sees. */
export async function runDebug(view: string, file: string): Promise<void> {
  if (!VIEWS.some((known) => known === view)) throw new UsageError(`unknown view '${view}'${didYouMean(view, VIEWS)}; views are ${VIEWS.join(", ")}`);
  const language = languageOf(file);
  if (language === null) throw new UsageError(`${file}: not a language that can be analysed`);
  const read = readSource(resolve(file));
  if ("skipped" in read) throw new UsageError(`${file}: ${read.skipped}`);
  const decoded = decodeSource({ named: true }, read.bytes);
  if ("skipped" in decoded) throw new UsageError(`${file}: ${decoded.skipped}`);
  const frontend = await frontEnds.load(language);
  const module = frontend.lower(decoded.text, basename(file), language, performance.now() + TIMEOUT);
  if (view === "ast") return writeOut(`${printNode(module)}\n`);
  const facts = frontEnds.collect(module, { path: basename(file), text: decoded.text });
  if (view === "facts") return writeOut(`${JSON.stringify(facts, null, 2)}\n`);
  const { mermaidOf } = await import("./mermaid.ts");
  return writeOut(mermaidOf(facts.unit, decoded.text));
}
