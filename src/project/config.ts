import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Confidence, Severity } from "../findings/levels.ts";
import { reasonOf } from "./root.ts";
import { UsageError } from "./usage-error.ts";

/** What `leakhound.yml` says; what it leaves open is absent. */
export interface Config {
  /** Patterns as in a `.gitignore`, relative to the root. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly includeTests?: boolean;
  /** A severity instead of the rule's own, or `off`. */
  readonly rules: ReadonlyMap<string, Severity | "off">;
  readonly failOn?: Severity | "never";
  readonly minSeverity?: Severity;
  readonly minConfidence?: Confidence;
  /** Absolute paths of model files. */
  readonly models: readonly string[];
  /** Absolute path. */
  readonly baseline?: string;
}

/** The configuration of a project without a file. */
export const EMPTY_CONFIG: Config = { include: [], exclude: [], rules: new Map(), models: [] };

const NAMES = ["leakhound.yml", "leakhound.yaml"];

/**
 * @param from the folder scanned; the search goes up from here
 * @param root and ends here
 * @returns the nearest configuration file; null when there is none
 */
export function findConfig(from: string, root: string): string | null {
  for (let at = from; ; at = dirname(at)) {
    for (const name of NAMES) if (existsSync(join(at, name))) return join(at, name);
    if (at === root || dirname(at) === at) return null;
  }
}

/**
 * Reads a configuration file. The YAML reader is loaded only when there is one.
 * @param ruleIds the rules that exist
 * @throws UsageError with `file:line:column: message` for each mistake
 */
export async function loadConfig(path: string, ruleIds: readonly string[]): Promise<Config> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
  const { readConfig } = await import("./read-config.ts");
  return readConfig(path, text, ruleIds);
}
