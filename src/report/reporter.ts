import type { ScanResult } from "../findings/scan-result.ts";
import type { Lang } from "./wording.ts";

/** What a report needs besides the result. Nothing else reaches it: no clock, no environment, no file system. */
export interface ReportOptions {
  /** Terminal colours. */
  readonly color: boolean;
  /** Lists the places that were examined and found right where a format leaves them out by default. */
  readonly verified: boolean;
  /** Columns of the terminal; 100 when absent. */
  readonly width?: number;
  /** Language of the report's own words; English when absent. */
  readonly lang?: Lang;
  /** The text of an analysed file by its path in the result, or `null` if it cannot be read. */
  readonly readText: (file: string) => string | null;
  /** Address of the rules' pages: `…#<rule-id>` is the page of a rule. Without it a rule's first reference stands in. */
  readonly rulesUrl?: string;
  /** Tells the parts of a monorepo apart in code scanning. */
  readonly category?: string;
}

/**
 * Writes a result in one format. Pure: the same result and options give the same bytes.
 *
 * @returns the whole report, ending in a line break
 */
export type Reporter = (result: ScanResult, options: ReportOptions) => string;
