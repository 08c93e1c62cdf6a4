import { createHash } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Where an entry stands in the pack, and for how many runs nobody asked for it. */
interface Slot {
  readonly offset: number;
  readonly length: number;
  readonly check: string;
  readonly age: number;
}

const MAGIC = "leakhound-pack-1";
const FOOTER_BYTES = 64;

/** Entries nobody asked for in so many runs are dropped; switching between two branches stays warm. */
const MAX_AGE = 5;

/**
 * Facts by content, in one file per project: thousands of small files would cost more to open than the facts cost to compute. Whatever is wrong
 * with the file, the cache is then empty, never an error.
 */
export class FactCache {
  readonly #folder: string;
  readonly #known = new Map<string, Slot>();
  readonly #used = new Set<string>();
  readonly #added = new Map<string, Slot>();
  readonly #temporary: string;
  #old = -1;
  #new = -1;
  #written = 0;
  #usable = true;

  /** @param folder the project's cache folder; made when something is written */
  constructor(folder: string) {
    this.#folder = folder;
    this.#temporary = join(folder, `facts.${process.pid}.tmp`);
    this.#open();
  }

  /** @returns what was stored under the key; null when nothing (sound) was */
  get(key: string): string | null {
    const slot = this.#known.get(key);
    if (slot === undefined) return null;
    const bytes = Buffer.allocUnsafe(slot.length);
    if (readSync(this.#old, bytes, 0, slot.length, slot.offset) !== slot.length || checkOf(bytes) !== slot.check) {
      this.#known.delete(key);
      return null;
    }
    this.#used.add(key);
    return bytes.toString("utf8");
  }

  /** @returns whether there is an entry; counts as use, spares reading it */
  touch(key: string): boolean {
    if (this.#known.has(key)) this.#used.add(key);
    return this.#known.has(key);
  }

  /** Keeps an entry for the next run. */
  put(key: string, facts: string): void {
    if (!this.#usable || this.#added.has(key)) return;
    try {
      if (this.#new < 0) {
        mkdirSync(this.#folder, { recursive: true });
        this.#new = openSync(this.#temporary, "w");
      }
      this.#append(key, Buffer.from(facts, "utf8"), 0);
    } catch {
      this.#discard();
    }
  }

  /** Writes the pack anew if anything was added, and closes it. */
  close(): void {
    if (this.#new >= 0 && this.#usable) {
      try {
        this.#keepOld();
        this.#finish();
      } catch {
        this.#discard();
      }
    }
    if (this.#old >= 0) closeSync(this.#old);
    this.#old = -1;
  }

  #append(key: string, bytes: Buffer, age: number): void {
    writeSync(this.#new, bytes);
    this.#added.set(key, { offset: this.#written, length: bytes.length, check: checkOf(bytes), age });
    this.#written += bytes.length;
  }

  #keepOld(): void {
    for (const [key, slot] of this.#known) {
      const age = this.#used.has(key) ? 0 : slot.age + 1;
      if (age > MAX_AGE || this.#added.has(key)) continue;
      const bytes = Buffer.allocUnsafe(slot.length);
      if (readSync(this.#old, bytes, 0, slot.length, slot.offset) === slot.length && checkOf(bytes) === slot.check) this.#append(key, bytes, age);
    }
  }

  #finish(): void {
    const index = Buffer.from(JSON.stringify([...this.#added].map(([key, slot]) => [key, slot.offset, slot.length, slot.check, slot.age])));
    writeSync(this.#new, index);
    writeSync(this.#new, Buffer.from(`${MAGIC} ${checkOf(index)} ${this.#written} ${index.length}`.padEnd(FOOTER_BYTES)));
    closeSync(this.#new);
    this.#new = -1;
    renameSync(this.#temporary, join(this.#folder, "facts.pack"));
  }

  #discard(): void {
    this.#usable = false;
    if (this.#new >= 0) closeSync(this.#new);
    this.#new = -1;
    rmSync(this.#temporary, { force: true });
  }

  #open(): void {
    try {
      this.#old = openSync(join(this.#folder, "facts.pack"), "r");
      const size = fstatSync(this.#old).size;
      const footer = Buffer.alloc(FOOTER_BYTES);
      readSync(this.#old, footer, 0, FOOTER_BYTES, size - FOOTER_BYTES);
      const [magic, check, offset, length] = footer.toString("latin1").trim().split(" ");
      const index = Buffer.alloc(Number(length));
      if (magic !== MAGIC || Number(offset) + Number(length) + FOOTER_BYTES !== size) return;
      readSync(this.#old, index, 0, index.length, Number(offset));
      if (checkOf(index) !== check) return;
      const rows = JSON.parse(index.toString()) as [string, number, number, string, number][];
      for (const [key, at, size, sum, age] of rows) this.#known.set(key, { offset: at, length: size, check: sum, age });
    } catch {
      this.#known.clear();
    }
  }
}

function checkOf(bytes: Buffer): string {
  return createHash("sha1").update(bytes).digest("base64").slice(0, 12);
}

/** One JSON document per project under a key: whatever is wrong with it, it is as if there were none. */
export class ResultCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the document stored under exactly this key */
  get(key: string): string | null {
    try {
      const text = readFileSync(join(this.#folder, "result.json"), "utf8");
      const end = text.indexOf("\n");
      const body = text.slice(end + 1);
      return text.slice(0, end) === `${key} ${checkOf(Buffer.from(body))}` ? body : null;
    } catch {
      return null;
    }
  }

  put(key: string, document: string): void {
    const temporary = join(this.#folder, `result.${process.pid}.tmp`);
    try {
      mkdirSync(this.#folder, { recursive: true });
      const descriptor = openSync(temporary, "w");
      writeSync(descriptor, `${key} ${checkOf(Buffer.from(document))}\n${document}`);
      closeSync(descriptor);
      renameSync(temporary, join(this.#folder, "result.json"));
    } catch {
      rmSync(temporary, { force: true });
    }
  }
}
