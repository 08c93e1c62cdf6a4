/** A file that describes a package: `go.mod`, `package.json`, `composer.json`, `tsconfig.json`, `pyproject.toml`, `requirements.txt`. */
export interface Manifest {
  /** Relative to the project's root, `/`-separated. */
  readonly path: string;
  readonly text: string;
}

export interface GoModule {
  /** Folder of the go.mod, empty for the root. */
  readonly folder: string;
  readonly module: string;
  /** The `go` line ("1.22"), or null. */
  readonly go: string | null;
  readonly requires: ReadonlyMap<string, string>;
}

export interface NodePackage {
  readonly folder: string;
  readonly name: string;
  readonly main: string | null;
  readonly dependencies: ReadonlyMap<string, string>;
  readonly bin: boolean;
}

export interface TypeScriptConfig {
  readonly folder: string;
  readonly baseUrl: string | null;
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[];
}

/** What the manifests of a project say. */
export interface Manifests {
  readonly go: readonly GoModule[];
  readonly node: readonly NodePackage[];
  readonly typescript: readonly TypeScriptConfig[];
  /** Names of packages that PHP and Python manifests require. */
  readonly requirements: ReadonlyMap<string, string>;
}

/** @returns the module or package of a file, of those that manifests describe: the nearest one around it; null for none */
export function nearestAround<T extends { readonly folder: string }>(described: readonly T[], path: string): T | null {
  const around = described.filter(({ folder }) => folder === "" || path.startsWith(`${folder}/`));
  return around.reduce<T | null>((nearest, one) => (nearest === null || one.folder.length > nearest.folder.length ? one : nearest), null);
}

/** @returns the folder of a path, empty at the root */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Reads what it understands and passes over the rest: a broken manifest costs precision, not the run. */
export function readManifests(manifests: readonly Manifest[]): Manifests {
  const go: GoModule[] = [];
  const node: NodePackage[] = [];
  const typescript: TypeScriptConfig[] = [];
  const requirements = new Map<string, string>();
  for (const { path, text } of manifests) {
    const folder = folderOf(path);
    const name = path.slice(folder === "" ? 0 : folder.length + 1);
    if (name === "go.mod") go.push(readGoModule(folder, text));
    else if (name === "requirements.txt" || name === "pyproject.toml") readPythonRequirements(text, requirements);
    else {
      const data = parseJson(text);
      if (data === null) continue;
      if (name === "package.json") node.push(readNodePackage(folder, data));
      else if (name === "composer.json")
        for (const key of ["require", "require-dev"]) for (const [dep, version] of entriesOf(data[key])) requirements.set(dep, version);
      else typescript.push(readTypeScriptConfig(folder, data));
    }
  }
  return { go, node, typescript, requirements };
}

function readGoModule(folder: string, text: string): GoModule {
  const requires = new Map<string, string>();
  for (const match of text.matchAll(/^\s*(?:require\s+)?([\w.\-/~]+\.[\w.\-/~]+)\s+(v\S+)/gm)) requires.set(match[1]!, match[2]!);
  return { folder, module: /^\s*module\s+"?([^\s"]+)/m.exec(text)?.[1] ?? "", go: /^\s*go\s+(\d+(?:\.\d+)*)/m.exec(text)?.[1] ?? null, requires };
}

type Json = Readonly<Record<string, unknown>>;

/** JSON with comments and trailing commas, as tsconfig files have them. */
function parseJson(text: string): Json | null {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) => (token.startsWith('"') ? token : "")).replace(/,(\s*[}\]])/g, "$1");
  try {
    const data: unknown = JSON.parse(plain);
    return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Json) : null;
  } catch {
    return null;
  }
}

function entriesOf(value: unknown): [string, string][] {
  return typeof value === "object" && value !== null ? Object.entries(value).map(([key, entry]) => [key, typeof entry === "string" ? entry : ""]) : [];
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

function readNodePackage(folder: string, data: Json): NodePackage {
  const dependencies = new Map([...entriesOf(data["dependencies"]), ...entriesOf(data["devDependencies"]), ...entriesOf(data["peerDependencies"])]);
  return {
    folder,
    name: text(data["name"]) ?? "",
    main: text(data["source"]) ?? text(data["module"]) ?? text(data["main"]),
    dependencies,
    bin: data["bin"] !== undefined,
  };
}

function readTypeScriptConfig(folder: string, data: Json): TypeScriptConfig {
  const options = (typeof data["compilerOptions"] === "object" && data["compilerOptions"] !== null ? data["compilerOptions"] : {}) as Json;
  const paths = typeof options["paths"] === "object" && options["paths"] !== null ? Object.entries(options["paths"]) : [];
  return {
    folder,
    baseUrl: text(options["baseUrl"]),
    paths: paths.map(([pattern, targets]) => ({
      pattern,
      targets: Array.isArray(targets) ? targets.filter((target): target is string => typeof target === "string") : [],
    })),
  };
}

function readPythonRequirements(source: string, requirements: Map<string, string>): void {
  for (const match of source.matchAll(/^\s*"?([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?:=\s*")?\s*(?:[=~><^!]=?)\s*"?v?(\d+(?:\.\d+)*)/gm)) {
    requirements.set(match[1]!.toLowerCase().replace(/_/g, "-"), match[2]!);
  }
}
