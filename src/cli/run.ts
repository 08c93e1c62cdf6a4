import { type Scanned, scan } from "../engine/scan.ts";
import { cacheFolderOf } from "../project/cache-folder.ts";
import { type Discovered, discover } from "../project/discover.ts";
import { changedSince, stagedView } from "../project/git.ts";
import { analyzer, readModels } from "./analyzer.ts";
import type { AnalysisOptions, Prepared } from "./prepare.ts";
import { Progress } from "./progress.ts";

/** Finds the files and scans them. */
export async function runPrepared(prepared: Prepared, options: AnalysisOptions): Promise<Scanned> {
  const progress = new Progress(options.quiet === true);
  const started = performance.now();
  // Read now, so that a mistake in a model costs no analysis.
  if (prepared.models.length > 0) await readModels(prepared.models);
  const { scope, config, includeTests } = prepared;
  const discovered = discover(scope, { includeTests, include: config.include, exclude: config.exclude });
  const view = viewOf(prepared, options, discovered);
  try {
    return await scan(
      {
        ...view,
        models: prepared.models,
        jobs: prepared.jobs,
        timeout: prepared.timeout,
        cacheFolder: options.cache ? cacheFolderOf(scope.root, options.cacheDir ?? null) : null,
        choice: { ...prepared.choice, files: view.files },
        stats: options.stats === true,
        discoverTime: performance.now() - started,
        onProgress: progress.show,
      },
      analyzer,
    );
  } finally {
    progress.clear();
  }
}

interface View {
  readonly discovered: Discovered;
  readonly readBytes?: ReturnType<typeof stagedView>["readBytes"];
  readonly files: ReadonlySet<string> | null;
}

function viewOf(prepared: Prepared, options: AnalysisOptions, discovered: Discovered): View {
  const { root } = prepared.scope;
  if (options.staged === true) {
    const staged = stagedView(root, discovered.files);
    return { discovered: { ...discovered, files: staged.files }, readBytes: staged.readBytes, files: staged.changed };
  }
  return { discovered, files: options.since === undefined ? null : changedSince(root, options.since) };
}
