import { expect, it } from "vitest";
import { decodeFacts, encodeFacts } from "../../src/facts/encode.ts";
import type { FileFacts } from "../../src/facts/file-facts.ts";
import { collectFacts } from "../../src/facts/collect.ts";
import { pythonFrontend } from "../../src/frontends/python/frontend.ts";

async function factsOf(text: string): Promise<FileFacts> {
  await pythonFrontend.load();
  return collectFacts(pythonFrontend.lower(text, "a.py", "python", Number.POSITIVE_INFINITY), { path: "a.py", text });
}

it("reads back what it wrote, whatever the strings hold", async () => {
  const facts = await factsOf(
    'NAME = "line\\nbreak \\" quote é 😀"\n\n\ndef f(x):\n    return [g(y) for y in x if y != "\\n"]\n\n\nclass A:\n    def m(self):\n        self.x = f("z")\n',
  );
  expect(decodeFacts(encodeFacts(facts))).toEqual(JSON.parse(JSON.stringify(facts)));
});

it("an empty file has facts too", async () => {
  const facts = await factsOf("");
  expect(decodeFacts(encodeFacts(facts))).toEqual(JSON.parse(JSON.stringify(facts)));
});

it("damaged text is an error, not wrong facts", () => {
  expect(() => decodeFacts("{}")).toThrow(SyntaxError);
  expect(() => decodeFacts('{"unit":\n')).toThrow(SyntaxError);
});
