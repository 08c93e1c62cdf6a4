/** The command line or the configuration is wrong: exit code 2, the message goes to stderr as it is. */
export class UsageError extends Error {}
