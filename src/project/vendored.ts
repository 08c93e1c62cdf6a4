import type { Manifest } from "./source-file.ts";

/** So many folders with the names of pinned packages, or records of installed ones, are no chance. */
const MIN_PACKAGES = 5;

/** `cherrypy==18.10.0`: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
const PINNED = /^[ \t]*([A-Za-z][\w.-]*)(?:\[[^\]\n]*\])?[ \t]*==/gm;

/** Package names are compared without case and separators: https://packaging.python.org/en/latest/specifications/name-normalization/ */
const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "");

/**
 * @param folders names of the folders inside a folder
 * @param manifests what was read so far
 * @returns whether a folder holds installed packages, or copies of those that the project pins, as applications do that are run without installing anything
 */
export function isVendored(folders: readonly string[], manifests: Iterable<Manifest>): boolean {
  if (folders.length < MIN_PACKAGES) return false;
  // What pip leaves beside what it installs: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
  if (folders.filter((name) => name.endsWith(".dist-info") || name.endsWith(".egg-info")).length >= MIN_PACKAGES) return true;
  const pinned = new Set<string>();
  for (const { path, text } of manifests) {
    if (!/(?:^|\/)requirements[^/]*\.txt$/.test(path)) continue;
    for (const [, name] of text.matchAll(PINNED)) pinned.add(normalised(name!));
  }
  return folders.filter((name) => pinned.has(normalised(name))).length >= MIN_PACKAGES;
}
