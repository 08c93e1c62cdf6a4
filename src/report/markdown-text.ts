import type { Location } from "../findings/finding.ts";
import { splitQuoted, visible } from "./format.ts";

/** A column of a table: its heading, and whether it holds numbers. */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

/** Text of the report itself or from the project, with what Markdown or HTML would read as markup made literal. */
export function plainText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~&]/g, "\\$&");
}

/** A sentence of a finding: the elements it names in 'single quotes' become code, the rest is literal. */
export function prose(text: string): string {
  const parts = splitQuoted(visible(text));
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : plainText(part))).join("");
}

/** A code span; its fence is longer than any run of backticks within. */
export function code(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A code span for a cell of a table, where a pipe would end the cell. */
export function cellCode(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** `file:line` as code: what an editor opens. */
export function placeCode(location: Location): string {
  return code(`${location.file}:${location.line}`);
}

/** A table with its columns aligned, so that the source reads as well as the page. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) => Math.min(WIDEST_CELL, Math.max(3, column.heading.length, ...rows.map((row) => (row[index] ?? "").length))));
  const line = (cells: readonly string[]) => {
    const padded = columns.map((column, index) => {
      const cell = cells[index] ?? "";
      return column.numeric === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = columns.map((column, index) => {
    const width = widths[index] ?? 3;
    return column.numeric === true ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
  });
  return [line(columns.map((column) => column.heading)), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** One long cell does not pad all the others. */
const WIDEST_CELL = 60;
