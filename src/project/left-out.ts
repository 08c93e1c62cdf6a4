/** Folders that hold other people's code or a tool's output, whatever the project. */
const FOREIGN_FOLDERS: Readonly<Record<string, string>> = {
  node_modules: "installed dependencies",
  bower_components: "installed dependencies",
  jspm_packages: "installed dependencies",
  vendor: "vendored code",
  _vendor: "vendored code",
  vendored: "vendored code",
  third_party: "vendored code",
  "third-party": "vendored code",
  thirdparty: "vendored code",
  "site-packages": "installed dependencies",
  __pycache__: "build output",
  dist: "build output",
  coverage: "build output",
  ".git": "version control",
  ".hg": "version control",
  ".svn": "version control",
  ".jj": "version control",
};

/** Output folders whose names also serve for sources: only taken for output beside a package's manifest. */
const OUTPUT_FOLDERS: ReadonlySet<string> = new Set(["build", "out", "target"]);
const OUTPUT_MANIFESTS: readonly string[] = ["package.json", "pyproject.toml", "setup.py", "composer.json", "Cargo.toml", "pom.xml"];

const TEST_FOLDERS: ReadonlySet<string> = new Set([
  "test",
  "tests",
  "__tests__",
  "spec",
  "step_definitions",
  "step-definitions",
  "specs",
  "e2e",
  "cypress",
  "testsuite",
  "testsuites",
  "test_suite",
  "test-suite",
  "mocks",
  "fakes",
  "testdata",
  "test_data",
  "test-data",
  "testutil",
  "testutils",
  "test_util",
  "test-util",
  "test_utils",
  "test-utils",
  "testhelper",
  "testhelpers",
  "test_helpers",
  "test-helpers",
  "testsupport",
  "testing",
  "testenv",
  "testserver",
  "testharness",
  "testkit",
  "testlib",
  "loadtest",
  "load-test",
  "load-testing",
  "test_support",
  "systest",
  "fixture",
  "fixtures",
  "__fixtures__",
  "__mocks__",
  "example",
  "examples",
  "sample",
  "samples",
  "_example",
  "_examples",
  "migration",
  "migrations",
  "benchmark",
  "benchmarks",
]);

/** `integration-tests`, `acme_tests`: folders that say what they are for. */
const TEST_FOLDER = /[-_]tests$|^(?:unit|integration|functional|acceptance|system|smoke|e2e)[-_]?tests?$/i;

const TEST_FILES: readonly RegExp[] = [
  /_test\.go$/,
  /^test_.*\.py$/,
  /_tests?\.py$/,
  /^pytest_\w+\.py$/,
  /^(conftest|tests)\.py$/,
  /\.(test|spec|stories|bench|e2e)(-d)?\.[cm]?[jt]sx?$/,
  /(Test|TestCase)\.php$/,
];

/** Files no person wrote, by name. */
const FOREIGN_FILES: readonly (readonly [RegExp, string])[] = [
  [/\.d\.[cm]?ts$/, "type declarations only"],
  [/[.-]min\.[cm]?js$/, "minified"],
  [/^\.pnp\.[cm]?js$/, "installed dependencies"],
  [/_pb2(_grpc)?\.py$/, "generated"],
  [/\.pb\.go$/, "generated"],
];

/** Why tests are not there. */
export const TESTS_LEFT_OUT = "tests, fixtures, examples, migrations and benchmarks are left out (--include-tests brings them in)";

/**
 * @param name a folder's own name
 * @param siblings names beside it
 * @param includeTests whether tests are wanted
 * @returns why the folder is left out; null when it is walked
 */
export function folderLeftOut(name: string, siblings: ReadonlySet<string>, includeTests: boolean): string | null {
  if (Object.hasOwn(FOREIGN_FOLDERS, name)) return FOREIGN_FOLDERS[name] ?? null;
  if (OUTPUT_FOLDERS.has(name) && OUTPUT_MANIFESTS.some((manifest) => siblings.has(manifest))) return "build output";
  if (name.startsWith(".")) return "hidden folder";
  if (!includeTests && (TEST_FOLDERS.has(name.toLowerCase()) || TEST_FOLDER.test(name) || isRevisions(name, siblings))) return TESTS_LEFT_OUT;
  return null;
}

/** Alembic keeps its migrations in `versions`, beside the template they are made from. */
function isRevisions(name: string, siblings: ReadonlySet<string>): boolean {
  return name === "versions" && siblings.has("script.py.mako");
}

/** @returns why a file of this name is left out; null when it is read */
export function fileLeftOut(name: string, includeTests: boolean): string | null {
  for (const [pattern, reason] of FOREIGN_FILES) if (pattern.test(name)) return reason;
  return !includeTests && TEST_FILES.some((pattern) => pattern.test(name)) ? TESTS_LEFT_OUT : null;
}

/** Version control's own folders are no part of the project: they are not even listed as left out. */
export function isVersionControl(name: string): boolean {
  return FOREIGN_FOLDERS[name] === "version control";
}
