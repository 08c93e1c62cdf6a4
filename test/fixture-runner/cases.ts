import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isManifest } from "../../src/project/manifests.ts";
import { languageOf } from "../../src/project/languages.ts";

/** One program: a single file, or the folder of a project with its manifests. */
export interface FixtureCase {
  /** `unclosed-resource/go/early-return.go`, `projects/wrappers`. */
  readonly name: string;
  /** Path → text of the source files, by their path inside the program. */
  readonly sources: ReadonlyMap<string, string>;
  readonly manifests: readonly { readonly path: string; readonly text: string }[];
  /** The rules that the comments of a suite speak of; all where none are listed. */
  readonly rules?: readonly string[];
}

/**
 * Finds the programs under a folder of fixtures.
 *
 * @param root the folder that holds `<rule>/<language>/<theme>.<ext>`, `projects/<name>/` and `suites/<name>/`, a program each whose `rules.json` lists
 *   the rules it is about
 * @returns one case per file, and one per folder of `projects` and `suites`, by name
 */
export function fixtureCases(root: string): readonly FixtureCase[] {
  const cases: FixtureCase[] = [];
  const projects = new Map<string, string[]>();
  for (const path of filesUnder(root)) {
    const [first, second] = path.split("/");
    if (first === "projects" || first === "suites") append(projects, `${first}/${second}`, path);
    else if (languageOf(path) !== null) cases.push(read(root, path, [path]));
  }
  for (const [name, paths] of projects) cases.push(read(root, name, paths));
  return cases.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function read(root: string, name: string, paths: readonly string[]): FixtureCase {
  const sources = new Map<string, string>();
  const manifests: { path: string; text: string }[] = [];
  for (const path of paths) {
    const inside = path === name ? path.slice(path.lastIndexOf("/") + 1) : path.slice(name.length + 1);
    const text = readFileSync(join(root, path), "utf8");
    if (isManifest(inside.slice(inside.lastIndexOf("/") + 1))) manifests.push({ path: inside, text });
    else if (languageOf(path) !== null) sources.set(inside, text);
  }
  const listed = paths.find((path) => path === `${name}/rules.json`);
  if (listed === undefined) return { name, sources, manifests };
  return { name, sources, manifests, rules: JSON.parse(readFileSync(join(root, listed), "utf8")) as string[] };
}
