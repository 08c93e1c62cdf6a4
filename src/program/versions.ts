import type { VersionBound } from "../semantics/models/model.ts";
import type { ProgramFile } from "./entities.ts";
import { type Manifests, nearestAround } from "./manifests.ts";

/** @returns negative when version `a` is older than `b`; only digits and dots are compared */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbers = (version: string): number[] => (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);

/** The versions of languages and libraries that a project says it uses. */
export class Versions {
  readonly #manifests: Manifests;

  constructor(manifests: Manifests) {
    this.#manifests = manifests;
  }

  /** @returns the version of a language or package in use at that file, null when nothing says so */
  of(what: string, file: ProgramFile): string | null {
    if (what === "go") return nearestAround(this.#manifests.go, file.path)?.go ?? null;
    const required = this.#manifests.requirements.get(what.toLowerCase());
    if (required !== undefined) return required;
    for (const { requires } of this.#manifests.go) {
      const version = requires.get(what);
      if (version !== undefined) return version;
    }
    for (const { dependencies } of this.#manifests.node) {
      const version = dependencies.get(what);
      if (version !== undefined && /\d/.test(version)) return version;
    }
    return null;
  }

  /** Whether a row bounded by versions holds at that file. Without a manifest the newest version is assumed. */
  readonly admits = (since: VersionBound | null, until: VersionBound | null, file: ProgramFile): boolean => {
    if (since !== null) {
      const version = this.of(since.of, file);
      if (version !== null && compareVersions(version, since.version) < 0) return false;
    }
    if (until === null) return true;
    const version = this.of(until.of, file);
    return version !== null && compareVersions(version, until.version) < 0;
  };
}
