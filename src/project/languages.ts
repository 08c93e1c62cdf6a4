import type { Language } from "../ast/nodes.ts";

const BY_EXTENSION: Readonly<Record<string, Language>> = {
  py: "python",
  pyw: "python",
  go: "go",
  php: "php",
  phtml: "php",
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
};

/**
 * @param name a file's name or path
 * @returns the language its extension stands for; null when it is none that can be analysed
 */
export function languageOf(name: string): Language | null {
  const dot = name.lastIndexOf(".");
  if (dot < 0) return null;
  const extension = name.slice(dot + 1).toLowerCase();
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? null) : null;
}
