import type { Manifest } from "./source-file.ts";

/** So many folders with the names of pinned packages, or records of installed ones, are no chance. */
const MIN_PACKAGES = 5;

/** `cherrypy==18.10.0`: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
const PINNED = /^[ \t]*([A-Za-z][\w.-]*)(?:\[[^\]\n]*\])?[ \t]*==/gm;

/** Package names are compared without case and separators: https://packaging.python.org/en/latest/specifications/name-normalization/ */
const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "");

/** @returns the packages that a manifest pins, as they are compared */
export function pinnedBy({ path, text }: Manifest): readonly string[] {
  if (!/(?:^|\/)requirements[^/]*\.txt$/.test(path)) return [];
  return [...text.matchAll(PINNED)].map(([, name]) => normalised(name!));
}

/**
 * @param folders names of the folders inside a folder
 * @param pinned what the manifests that were read so far pin
 * @returns whether a folder holds installed packages, or copies of those that the project pins, as applications do that are run without installing anything
 */
export function isVendored(folders: readonly string[], pinned: ReadonlySet<string>): boolean {
  if (folders.length < MIN_PACKAGES) return false;
  // What pip leaves beside what it installs: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
  if (folders.filter((name) => name.endsWith(".dist-info") || name.endsWith(".egg-info")).length >= MIN_PACKAGES) return true;
  return folders.filter((name) => pinned.has(normalised(name))).length >= MIN_PACKAGES;
}
