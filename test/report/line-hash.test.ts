import { expect, test } from "vitest";
import { lineHashes } from "../../src/report/line-hash.ts";

const closed = [
  "e9496ae3ebfced30:1",
  "fb7c023a8b9ccb3f:1",
  "ce8ba1a563dcdaca:1",
  "e20e36e16fcb0cc8:1",
  "b3edc88f2938467e:1",
  "c8e28b0b4002a3a0:1",
  "c129715d7a2bc9a3:1",
];

/** The values that GitHub's own action computes. */
test.each<[string, string, readonly string[]]>([
  ["an empty file", "", ["c129715d7a2bc9a3:1"]],
  ["lines with white space", " a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]],
  ["LF", " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", closed],
  ["CR", " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", closed],
  ["CRLF", " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", closed],
])("%s", (_, text, hashes) => {
  expect(lineHashes(text)).toEqual(hashes);
});

test("equal lines are numbered, and a long line counts by its first 100 characters", () => {
  const line = "x".repeat(150);
  const hashes = lineHashes(`${line}\n`.repeat(3));
  expect(hashes).toHaveLength(4);
  expect(hashes.slice(0, 3).map((hash) => hash.split(":")[1])).toEqual(["1", "2", "3"]);
});
