/** The hash of a line covers this many characters from its start, white space left out. */
const WINDOW = 100;

const MULTIPLIER = 37;

/** Stands for the end of the file. */
const EOF = 0xffff;

const TWO_32 = 2 ** 32;
const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;

/**
 * Computes `primaryLocationLineHash` as GitHub's `upload-sarif` does, so that a report uploaded by its action and one uploaded by other means name
 * the same alerts: a rolling hash modulo 2⁶⁴ over 100 characters from the start of each line, spaces and tabs left out, each line break one LF, a
 * sentinel at the end, and the ordinal among equal hashes.
 *
 * @returns the hash of each line, the first at index 0
 */
export function lineHashes(text: string): string[] {
  const hashes: string[] = [];
  const seen = new Map<string, number>();
  const window = new RollingWindow((hash) => {
    const ordinal = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, ordinal);
    hashes.push(`${hash}:${ordinal}`);
  });
  let lineStart = true;
  let afterCr = false;
  for (let index = 0; index <= text.length; index++) {
    const read = index < text.length ? text.charCodeAt(index) : EOF;
    const skipped = read === SPACE || read === TAB || (afterCr && read === LF);
    afterCr = read === CR;
    if (skipped) continue;
    const character = read === CR ? LF : read;
    window.push(character, lineStart);
    lineStart = character === LF;
  }
  window.drain();
  return hashes;
}

/** 37¹⁰⁰ modulo 2⁶⁴: what takes the character that leaves the window out of the hash. */
const LEAVING = BigInt.asUintN(64, BigInt(MULTIPLIER) ** BigInt(WINDOW));
const LEAVING_HIGH = Number(LEAVING >> 32n);
const LEAVING_LOW = Number(LEAVING & 0xffffffffn);

/** The last 100 characters and their hash, in two halves of 32 bits, so that every product stays below 2⁵³ and `BigInt` is not needed. */
class RollingWindow {
  readonly #emit: (hash: string) => void;
  readonly #characters = new Uint16Array(WINDOW);
  readonly #startsLine = new Uint8Array(WINDOW);
  #high = 0;
  #low = 0;
  #index = 0;

  /** @param emit receives the hash of each line, in the order of the lines */
  constructor(emit: (hash: string) => void) {
    this.#emit = emit;
  }

  /** Takes in a character, and emits the hash of the line that began a whole window ago. */
  push(character: number, startsLine: boolean): void {
    this.#emitLine();
    this.#startsLine[this.#index] = startsLine ? 1 : 0;
    this.#update(character);
  }

  /** Emits the lines that are still in the window. */
  drain(): void {
    for (let count = 0; count < WINDOW; count++) {
      this.#emitLine();
      this.#update(0);
    }
  }

  #emitLine(): void {
    if (this.#startsLine[this.#index] !== 1) return;
    this.#startsLine[this.#index] = 0;
    const low = this.#low.toString(16);
    this.#emit(this.#high === 0 ? low : this.#high.toString(16) + low.padStart(8, "0"));
  }

  #update(character: number): void {
    const leaving = this.#characters[this.#index] ?? 0;
    this.#characters[this.#index] = character;
    const low = this.#low * MULTIPLIER + character - leaving * LEAVING_LOW;
    const carry = Math.floor(low / TWO_32);
    const high = this.#high * MULTIPLIER - leaving * LEAVING_HIGH + carry;
    this.#low = low - carry * TWO_32;
    this.#high = high - Math.floor(high / TWO_32) * TWO_32;
    this.#index = (this.#index + 1) % WINDOW;
  }
}
