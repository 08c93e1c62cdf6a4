import { assertNever } from "../ast/assert-never.ts";
import type { Language } from "../ast/nodes.ts";
import type { FrontEnds } from "../engine/analyze-file.ts";
import { collectFacts } from "../facts/collect.ts";
import type { Frontend } from "../frontends/frontend.ts";

const loaded = new Map<Language, Promise<Frontend>>();

/** The frontends, each loaded when its first file turns up. */
export const frontEnds: FrontEnds = {
  load: (language) => {
    const known = loaded.get(language) ?? load(language);
    loaded.set(language, known);
    return known;
  },
  collect: collectFacts,
};

async function load(language: Language): Promise<Frontend> {
  const frontend = await frontendOf(language);
  await frontend.load();
  return frontend;
}

async function frontendOf(language: Language): Promise<Frontend> {
  switch (language) {
    case "python":
      return (await import("../frontends/python/frontend.ts")).pythonFrontend;
    case "go":
      return (await import("../frontends/go/frontend.ts")).goFrontend;
    case "php":
      return (await import("../frontends/php/frontend.ts")).phpFrontend;
    case "typescript":
    case "javascript":
      return (await import("../frontends/typescript/frontend.ts")).typescriptFrontend;
    default:
      return assertNever(language);
  }
}
