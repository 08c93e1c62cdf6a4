import type { Comment } from "../ast/nodes.ts";
import { lineOf } from "./lines.ts";
import type { SuppressionComment } from "./file-facts.ts";

const marker = "leakhound-ignore";
const form = /^leakhound-ignore\s+([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)\s+--\s+(\S.*)$/s;

/** @returns the file's `leakhound-ignore RULE -- reason` comments; malformed ones have no rules */
export function suppressionsOf(comments: readonly Comment[], text: string, lineStarts: readonly number[]): SuppressionComment[] {
  return comments
    .filter((comment) => comment.text.startsWith(marker))
    .map((comment) => {
      const line = lineOf(comment.start, lineStarts);
      const match = form.exec(comment.text);
      const alone = text.slice(lineStarts[line - 1]!, comment.start).trim() === "";
      return {
        line,
        target: alone ? nextCodeLine(lineOf(Math.max(comment.start, comment.end - 1), lineStarts), comments, text, lineStarts) : line,
        rules: match === null ? [] : match[1]!.split(/\s*,\s*/),
        justification: match?.[2] ?? "",
      };
    });
}

/** The first line after `line` with something on it that is not only a comment. */
function nextCodeLine(line: number, comments: readonly Comment[], text: string, lineStarts: readonly number[]): number {
  for (let next = line + 1; next <= lineStarts.length; next++) {
    const start = lineStarts[next - 1]!;
    const content = text.slice(start, lineStarts[next] ?? text.length).trim();
    if (content === "") continue;
    const begin = start + text.slice(start).search(/\S/);
    if (!comments.some((comment) => comment.start <= begin && begin < comment.end)) return next;
  }
  return line;
}
