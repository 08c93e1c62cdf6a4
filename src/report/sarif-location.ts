import type { ArtifactLocation, PhysicalLocation } from "sarif";
import type { Location } from "../findings/finding.ts";
import type { SourceTexts } from "./source-texts.ts";

/** A path of the project as a relative URI below the source root. */
export function artifactLocation(file: string): ArtifactLocation {
  // A name that is not valid Unicode cannot be encoded.
  const valid = file.replace(/\p{Surrogate}/gu, "\ufffd");
  return { uri: valid.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
}

/**
 * A place as SARIF has it, cut to its first line: GitHub shows an alert in a pull request only when all its lines are in the diff.
 */
export function physicalLocation(location: Location, texts: SourceTexts): PhysicalLocation {
  const { file, line, column, endLine, endColumn } = location;
  const lineEnd = (texts.line(file, line)?.length ?? 0) + 1;
  const end = endLine === line ? endColumn : lineEnd;
  return {
    artifactLocation: artifactLocation(file),
    region: { startLine: line, startColumn: column, endLine: line, endColumn: Math.max(end, column + 1) },
  };
}
