import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { modelFileSchema } from "../../../src/semantics/models/schema.ts";

it("the published schema is the one of the loader (npx tsx src/semantics/models/schema.mts writes it)", () => {
  const published = JSON.parse(readFileSync(new URL("../../../rules/models/schema.json", import.meta.url), "utf8"));
  expect(published).toEqual(modelFileSchema());
});
