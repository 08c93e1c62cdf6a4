import { type Context, createContext, Script } from "node:vm";

/** A computation was ended because it took too long. */
export class TimeLimitExceeded extends Error {}

/** Where computations are called from; made when first needed, as making one takes longer than most computations. */
let caller: { readonly script: Script; readonly context: Context } | null = null;

/**
 * Runs a synchronous computation on this thread and ends it when it takes too long, which no timer could do.
 * @throws TimeLimitExceeded
 */
export function withTimeLimit<T>(milliseconds: number, compute: () => T): T {
  caller ??= { script: new Script("compute()"), context: createContext({}) };
  caller.context["compute"] = compute;
  try {
    return caller.script.runInContext(caller.context, { timeout: Math.max(1, Math.ceil(milliseconds)) }) as T;
  } catch (error) {
    // The error comes from the other context: it is no instance of this one's Error.
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new TimeLimitExceeded();
    throw error;
  }
}
