import { analyzer } from "../../src/cli/analyzer.ts";
import { checkPhase } from "../../src/engine/check-phase.ts";
import type { Checked } from "../../src/engine/check-phase.ts";
import { languageOf } from "../../src/project/languages.ts";
import type { FixtureCase } from "./cases.ts";

/**
 * Runs both phases with all rules on one program, as a scan does, without cache or threads.
 *
 * @returns what the rules yielded, with the diagnostics
 */
export async function analyzeCase(program: FixtureCase): Promise<Checked> {
  const facts = [];
  for (const [path, text] of program.sources) {
    const language = languageOf(path)!;
    const frontend = await analyzer.frontEnds.load(language);
    facts.push(analyzer.frontEnds.collect(frontend.lower(text, path, language, Number.POSITIVE_INFINITY), { path, text }));
  }
  return checkPhase(analyzer, analyzer.rules, facts, { manifests: program.manifests, models: [] }, { link: 0, rules: 0 });
}
