/** Manifests larger than this are data, not settings. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;

const NAMES: ReadonlySet<string> = new Set([
  "go.mod",
  "go.work",
  "package.json",
  "pnpm-workspace.yaml",
  "jsconfig.json",
  "composer.json",
  "pyproject.toml",
  "setup.cfg",
  "Pipfile",
]);

/** @returns whether a file of this name says how the project is put together: module paths, workspaces, autoloading, versions */
export function isManifest(name: string): boolean {
  return NAMES.has(name) || /^tsconfig.*\.json$/.test(name) || /^requirements.*\.txt$/.test(name);
}
