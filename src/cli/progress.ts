const INTERVAL = 100;

/** One line on stderr that says how far the scan is; only on a terminal. */
export class Progress {
  readonly #on: boolean;
  #last = 0;
  #shown = false;

  constructor(quiet: boolean) {
    this.#on = !quiet && process.stderr.isTTY === true;
  }

  readonly show = (phase: string, done: number, total: number): void => {
    const now = performance.now();
    if (!this.#on || now - this.#last < INTERVAL) return;
    this.#last = now;
    this.#shown = true;
    process.stderr.write(`\r\u001b[K${phase}${total > 0 ? ` ${done}/${total} files` : ""}`);
  };

  /** Takes the line away before anything else is written. */
  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[K");
    this.#shown = false;
  }
}
