/** Something wrong in a model file. The row it stands in is left out; the rest of the file holds. */
export interface ModelDiagnostic {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * @param diagnostic what to print
 * @returns `path:line:column: message`
 */
export function formatDiagnostic(diagnostic: ModelDiagnostic): string {
  return `${diagnostic.path}:${diagnostic.line}:${diagnostic.column}: ${diagnostic.message}`;
}

/**
 * @param word what was written
 * @param known what could have been meant
 * @returns `; did you mean 'x'?` for the nearest known word, or nothing when none is near
 */
export function didYouMean(word: string, known: Iterable<string>): string {
  let best = "";
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === "" ? "" : `; did you mean '${best}'?`;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? a.length;
}
