import { existsSync, writeFileSync } from "node:fs";
import { UsageError } from "../project/usage-error.ts";
import { writeOut } from "./outputs.ts";

const TEMPLATE = `# Leakhound's settings. Every key may be left out; the values shown are the defaults.

# Patterns as in a .gitignore, relative to the project's root.
# include: [src/]
# exclude: [legacy/]

# Tests, fixtures, examples, migrations and benchmarks.
includeTests: false

# A severity instead of a rule's own (critical, high, medium, low, info), or off. 'leakhound rules' lists them.
rules: {}

# Exit with 1 from this severity on; 'never' to only report.
failOn: high

minSeverity: info
minConfidence: medium

# API models of your own, in the form of the built-in ones.
models: []

# Findings accepted by 'leakhound baseline'.
# baseline: leakhound-baseline.json
`;

/** `leakhound init`: writes a commented configuration; never over an existing one. */
export async function writeConfig(): Promise<void> {
  if (existsSync("leakhound.yml")) throw new UsageError("leakhound.yml exists already");
  writeFileSync("leakhound.yml", TEMPLATE);
  await writeOut("wrote leakhound.yml\n");
}
