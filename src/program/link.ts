import type { FileFacts } from "../facts/file-facts.ts";
import type { ModelLanguage, ModelSet } from "../semantics/models/model.ts";
import { ProgramFile } from "./entities.ts";
import { type Manifest, readManifests } from "./manifests.ts";
import { Program } from "./program.ts";

export interface LinkOptions {
  /** Package manifests of the project, wherever they stand in it. */
  readonly manifests: readonly Manifest[];
  /** The models of every language that has files. */
  readonly models: ReadonlyMap<ModelLanguage, ModelSet>;
}

/**
 * Links the facts of a project's files to a program. The result does not depend on the order of `facts`.
 */
export function linkProgram(facts: readonly FileFacts[], options: LinkOptions): Program {
  const sorted = [...facts].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return new Program(
    sorted.map((one, index) => new ProgramFile(index, one)),
    readManifests(options.manifests),
    options.models,
  );
}
