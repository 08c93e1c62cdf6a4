declare const LEAKHOUND_VERSION: string | undefined;
declare const LEAKHOUND_BUILD: string | undefined;

/** The package's version, put in by the build. */
export const version: string = typeof LEAKHOUND_VERSION === "undefined" ? "0.0.0-source" : LEAKHOUND_VERSION;

/** A hash of everything the analyzer is built from; null when run from source, where nothing may be cached. */
export const buildId: string | null = typeof LEAKHOUND_BUILD === "undefined" ? null : LEAKHOUND_BUILD;
