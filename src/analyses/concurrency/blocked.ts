import type { Runner } from "../../semantics/models/model.ts";
import type { Site } from "../site.ts";

/** A wait that cannot end, by what makes it so. */
export interface Blocked {
  readonly site: Site;
  /** What is waited on, in the code's words. */
  readonly name: string;
  readonly why: /** The goroutine that counts down only at its end waits for the count itself. */
    | "waits for itself"
    /** More is expected than counts down. */
    | "expects too much"
    /** As many are expected as there are elements, and some steps of the loop start none. */
    | "skips some"
    /** Nobody counts down or notifies. */
    | "never told"
    /** The function waits for the senders before it receives. */
    | "waits first"
    /** The only goroutine that could answer is the one that blocks. */
    | "alone"
    /** A channel that was never made. */
    | "nil"
    /** A context that nobody can end. */
    | "endless context"
    /** The goroutine at the other end may have returned. */
    | "other side ends"
    /** A loop goes on after it was told to end. */
    | "goes on"
    /** A goroutine waits for ever once the function that feeds it has returned. */
    | "nobody left"
    /** A place in a semaphore is not given back on some way out. */
    | "kept place"
    /** Who reads what a goroutine sends stops before the end. */
    | "reader leaves"
    /** Every goroutine that receives may have ended with an error. */
    | "workers leave"
    /** A goroutine ranges over a ticker that somebody stops. */
    | "stopped ticker"
    /** A goroutine ranges over a ticker, and nothing ends it. */
    | "ticks for ever"
    /** The count of a copy comes down, not the one that is awaited. */
    | "copied"
    /** A goroutine of a request runs for ever. */
    | "no way out"
    /** What was taken from a queue is not marked as done on some way. */
    | "not settled"
    /** Who took something from a queue may fail before it is marked as done. */
    | "fails unsettled"
    /** Processes are waited for before what they sent is taken. */
    | "not drained"
    /** The goroutine that would answer calls what waits. */
    | "asks itself"
    /** Who asked may wait no more for the answer. */
    | "asker leaves"
    /** More is sent than there is room for before the same goroutine receives. */
    | "fills up"
    /** Who waits is told to stop by a flag, which it does not see while it waits. */
    | "not woken";
  /** The place that makes it so; null when nothing does. */
  readonly other: Site | null;
  /** Only when the process ends too, or when somebody comes between a question and what follows it. */
  readonly unlikely?: boolean;
  /** What runs the other side; a goroutine when it is not said. */
  readonly runner?: Runner | null;
}
