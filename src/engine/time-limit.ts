import { runInNewContext } from "node:vm";

/** A computation was ended because it took too long. */
export class TimeLimitExceeded extends Error {}

/**
 * Runs a synchronous computation on this thread and ends it when it takes too long, which no timer could do.
 * @throws TimeLimitExceeded
 */
export function withTimeLimit<T>(milliseconds: number, compute: () => T): T {
  try {
    return runInNewContext("compute()", { compute }, { timeout: Math.max(1, Math.ceil(milliseconds)) }) as T;
  } catch (error) {
    // The error comes from the other context: it is no instance of this one's Error.
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new TimeLimitExceeded();
    throw error;
  }
}
