import type { Language } from "../../ast/nodes.ts";
import type { ModelLanguage } from "./model.ts";

/** @returns the language whose models describe the libraries of a language */
export function modelLanguage(language: Language): ModelLanguage {
  return language === "typescript" ? "javascript" : language;
}
