import { expect, test } from "vitest";
import { fingerprintsOf } from "../../src/engine/fingerprint.ts";
import type { FingerprintInput } from "../../src/engine/fingerprint.ts";
import { at } from "../report/sample.ts";

const opened: FingerprintInput = {
  rule: "unclosed-resource",
  location: at("app/feeds.py", 12, 5),
  functionName: "load",
  lineText: "    handle = open(path)",
};

test("a fingerprint is 16 hex digits and survives moved and re-indented lines", () => {
  const [before] = fingerprintsOf([opened]);
  const [after] = fingerprintsOf([{ ...opened, location: at("app/feeds.py", 90, 1), lineText: "handle =  open(path)\r" }]);
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  expect(after).toBe(before);
});

test.each<[string, Partial<FingerprintInput>]>([
  ["rule", { rule: "unremoved-temp-file" }],
  ["file", { location: at("app/other.py", 12, 5) }],
  ["function", { functionName: "Feed.load" }],
  ["line", { lineText: "    handle = open(name)" }],
])("another %s is another finding", (_, change) => {
  const [one, other] = fingerprintsOf([opened, { ...opened, ...change }]);
  expect(other).not.toBe(one);
});

test("equal lines are told apart by their order in the file, not in the list", () => {
  const second = { ...opened, location: at("app/feeds.py", 40, 5) };
  const forward = fingerprintsOf([opened, second]);
  const backward = fingerprintsOf([second, opened]);
  expect(new Set(forward).size).toBe(2);
  expect(backward).toEqual([...forward].reverse());
});
