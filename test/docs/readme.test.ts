import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderReadme } from "../tools/readme.mts";

it("the README shows what the tool prints (npm run readme)", () => {
  expect(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).toBe(renderReadme());
});
