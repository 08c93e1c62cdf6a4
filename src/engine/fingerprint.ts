import { createHash } from "node:crypto";
import type { Location } from "../findings/finding.ts";
import { compareLocations } from "./rank.ts";

/** What the identity of a finding is made of. */
export interface FingerprintInput {
  readonly rule: string;
  readonly location: Location;
  readonly functionName: string;
  /** The source line at the location, as it stands in the file. */
  readonly lineText: string;
}

const LENGTH = 16;

/**
 * Gives each finding an identity that survives moved lines and reformatting: the first 16 hex digits of the SHA-256 of rule, file, function, the
 * line without white space, and an ordinal that tells equal ones apart in the order in which they stand in the file.
 *
 * @returns one fingerprint per input, in the order of the inputs; the same whatever that order is
 */
export function fingerprintsOf(inputs: readonly FingerprintInput[]): string[] {
  const order = inputs.map((_, index) => index);
  order.sort((a, b) => compareLocations(at(inputs, a).location, at(inputs, b).location));
  const seen = new Map<string, number>();
  const fingerprints = new Array<string>(inputs.length).fill("");
  for (const index of order) {
    const identity = identityOf(at(inputs, index));
    const ordinal = seen.get(identity) ?? 0;
    seen.set(identity, ordinal + 1);
    fingerprints[index] = createHash("sha256").update(`${identity}\0${ordinal}`).digest("hex").slice(0, LENGTH);
  }
  return fingerprints;
}

function identityOf(input: FingerprintInput): string {
  const line = input.lineText.replace(/\s+/g, "");
  return [input.rule, input.location.file, input.functionName, line].join("\0");
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${list.length}`);
  return item;
}
