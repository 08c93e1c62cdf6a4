import type { Reporter } from "./reporter.ts";

/** The formats that a report can be written in. */
export const formats = ["text", "markdown", "json", "sarif", "html", "gitlab", "junit", "github"] as const;
export type Format = (typeof formats)[number];

/** A format before its reporter is loaded. */
export interface ReportFormat {
  /** With the dot: what a file of this format is called. */
  readonly extension: string;
  /** Loads the reporter; only the formats asked for cost start-up time. */
  readonly load: () => Promise<Reporter>;
}

const REPORTS: Readonly<Record<Format, ReportFormat>> = {
  text: { extension: ".txt", load: async () => (await import("./text.ts")).reportText },
  markdown: { extension: ".md", load: async () => (await import("./markdown.ts")).reportMarkdown },
  json: { extension: ".json", load: async () => (await import("./json.ts")).reportJson },
  sarif: { extension: ".sarif", load: async () => (await import("./sarif.ts")).reportSarif },
  html: { extension: ".html", load: async () => (await import("./html.ts")).reportHtml },
  gitlab: { extension: ".json", load: async () => (await import("./gitlab.ts")).reportGitlab },
  junit: { extension: ".xml", load: async () => (await import("./junit.ts")).reportJunit },
  github: { extension: ".txt", load: async () => (await import("./github.ts")).reportGithub },
};

/** @returns whether a name on the command line is a format */
export function isFormat(name: string): name is Format {
  return (formats as readonly string[]).includes(name);
}

/** @returns how a format is written and what its files are called */
export function reportFormat(format: Format): ReportFormat {
  return REPORTS[format];
}
