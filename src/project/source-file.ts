import type { Language } from "../ast/nodes.ts";

/** A file that is to be analysed. */
export interface SourceFile {
  /** Relative to the project's root, `/`-separated. */
  readonly path: string;
  readonly absolute: string;
  readonly language: Language;
  /** Named on the command line: scanned even if it says that it is generated. */
  readonly named: boolean;
  /** Read from git's index instead of the working tree. */
  readonly fromIndex: boolean;
}

/** A file that says how the project is put together: go.mod, package.json, composer.json, tsconfig.json, pyproject.toml, … */
export interface Manifest {
  /** Relative to the project's root, `/`-separated. */
  readonly path: string;
  readonly text: string;
}
