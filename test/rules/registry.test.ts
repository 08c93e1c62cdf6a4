import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rules } from "../../rules/index.ts";

test("every rule file is in the registry, under the id it is named after, in order", () => {
  const files = readdirSync(join(import.meta.dirname, "../../rules")).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  expect(rules.map((rule) => `${rule.id}.ts`)).toEqual(files.sort());
});
