import { rules } from "../../rules/index.ts";
import { Analyses } from "../analyses/analyses.ts";
import { weighed } from "../analyses/weighed.ts";
import type { Language } from "../ast/nodes.ts";
import type { Analyzer, LinkContext, Linked, ModelText } from "../engine/analyzer.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import { linkProgram } from "../program/link.ts";
import { UsageError } from "../project/usage-error.ts";
import { loadBuiltinModels } from "../semantics/models/builtin.ts";
import { modelLanguage } from "../semantics/models/language.ts";
import type { ModelFile, ModelLanguage, ModelSet } from "../semantics/models/model.ts";
import { frontEnds } from "./front-ends.ts";
import { buildId, version } from "./version.ts";

/** The analyzer as it is sold: all frontends, all rules, all models. */
export const analyzer: Analyzer<Analyses> = {
  version,
  buildId,
  frontEnds,
  workerEntry: new URL(import.meta.url.endsWith(".ts") ? "./analysis-worker.ts" : "./analysis-worker.js", import.meta.url),
  rules,
  preload,
  link,
};

/** What goes wrong here goes wrong again, and is told, when the models are asked for. */
function preload(languages: ReadonlySet<Language>): void {
  for (const language of languages) loadBuiltinModels(modelLanguage(language)).catch(() => {});
}

async function link(facts: readonly FileFacts[], context: LinkContext): Promise<Linked<Analyses>> {
  const models = await modelsFor(facts, context.models);
  const program = linkProgram(facts, { manifests: context.manifests, models });
  const analyses = new Analyses(program);
  let functions = 0;
  for (const file of program.files) functions += file.functions.length;
  return { program: analyses, functions, calls: analyses.callGraph.counts, weigh: (one) => weighed(analyses, one) };
}

async function modelsFor(facts: readonly FileFacts[], own: readonly ModelText[]): Promise<ReadonlyMap<ModelLanguage, ModelSet>> {
  const languages = new Set(facts.map((one) => modelLanguage(one.language)));
  const models = new Map<ModelLanguage, ModelSet>();
  for (const language of languages) models.set(language, await loadBuiltinModels(language));
  if (own.length > 0) await overlay(models, own);
  return models;
}

/** The user's rows come before the built-in ones. */
async function overlay(models: Map<ModelLanguage, ModelSet>, own: readonly ModelText[]): Promise<void> {
  const { compileModels, overlayModels } = await import("../semantics/models/compile.ts");
  const sources = await readModels(own);
  for (const [language, base] of models) models.set(language, overlayModels(base, compileModels(language, sources).set));
}

/**
 * Reads the user's model files.
 * @throws UsageError with a line for each mistake
 */
export async function readModels(own: readonly ModelText[]): Promise<readonly { readonly path: string; readonly file: ModelFile }[]> {
  const { loadModelFile } = await import("../semantics/models/load.ts");
  const { formatDiagnostic } = await import("../semantics/models/diagnostic.ts");
  const problems: string[] = [];
  const sources = own.flatMap(({ path, text }) => {
    const loaded = loadModelFile(path, text, null);
    problems.push(...loaded.diagnostics.map(formatDiagnostic));
    return loaded.file === null ? [] : [{ path, file: loaded.file }];
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return sources;
}
