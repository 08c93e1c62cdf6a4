import { writeBaseline } from "../engine/baseline.ts";
import { writeFile } from "./outputs.ts";
import { type AnalysisOptions, prepare } from "./prepare.ts";
import { runPrepared } from "./run.ts";

/** `leakhound baseline`: accepts today's findings. An older baseline does not hide findings from the new one. */
export async function runBaseline(paths: readonly string[], options: AnalysisOptions & { readonly output: string }): Promise<void> {
  const prepared = await prepare(paths, options);
  const choice = { ...prepared.choice, baseline: new Set<string>() };
  const { result } = await runPrepared({ ...prepared, choice }, options);
  writeFile(options.output, writeBaseline(result.findings));
  if (options.quiet !== true) process.stderr.write(`leakhound: ${result.findings.length} findings accepted in ${options.output}\n`);
}
