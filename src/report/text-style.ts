import type { ChalkInstance } from "chalk";
import type { Diagnostic } from "../findings/finding.ts";
import type { Severity } from "../findings/levels.ts";

type Paint = (text: string) => string;

/** What the colours of a text report mean. */
export interface Style {
  readonly strong: Paint;
  readonly dim: Paint;
  readonly place: Paint;
  readonly severity: Readonly<Record<Severity, Paint>>;
  readonly diagnostic: Readonly<Record<Diagnostic["level"], Paint>>;
  /** A score from 0 to 100. */
  readonly score: (score: number) => string;
}

/** @param chalk with colours or without; nothing is read from the environment */
export function styleOf(chalk: ChalkInstance): Style {
  return {
    strong: chalk.bold,
    dim: chalk.dim,
    place: chalk.cyan,
    severity: {
      critical: chalk.bold.red,
      high: chalk.red,
      medium: chalk.yellow,
      low: chalk.blue,
      info: chalk.dim,
    },
    diagnostic: { error: chalk.red, warning: chalk.yellow, note: chalk.dim },
    score: (score) => scorePaint(chalk, score)(String(score)),
  };
}

function scorePaint(chalk: ChalkInstance, score: number): Paint {
  if (score >= 80) return chalk.bold.green;
  return score >= 50 ? chalk.bold.yellow : chalk.bold.red;
}

/**
 * Breaks text into lines of at most `width` characters at its spaces. A word longer than that stays
 * whole, so that a path or a URL can be copied.
 *
 * @returns at least one line
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
