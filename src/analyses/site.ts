import type { Fn } from "../program/entities.ts";

/** A place in a function, by its offset in the file. */
export interface Site {
  readonly fn: Fn;
  readonly at: number;
}
