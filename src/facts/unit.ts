/** The declarations and event graphs of one file. */
export interface Unit {
  readonly functions: readonly unknown[];
}
