/** What the process says to its caller. */
export const exitCodes = {
  /** Nothing at or above `--fail-on`. */
  clean: 0,
  findings: 1,
  /** Bad usage or configuration. */
  usage: 2,
  /** The analyzer itself failed. */
  internal: 3,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;
