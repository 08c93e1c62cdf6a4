import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { isBuilt, isGenerated, isMinified } from "./not-hand-written.ts";
import { reasonOf } from "./root.ts";
import type { SourceFile } from "./source-file.ts";

/** Larger files are data or output; the parsers' memory is bounded too. */
export const MAX_SOURCE_BYTES = 1024 * 1024;

/** A file's bytes, or why they cannot be had. */
export type ReadResult = { readonly bytes: Buffer } | { readonly skipped: string };

/** A file's text, or why it is not analysed. `note`: something the user should know although it is analysed. */
export type DecodeResult = { readonly text: string; readonly note: string } | { readonly skipped: string };

/** Reads a file without ever waiting for one that is not a regular file (a pipe that became of it since discovery). */
export function readSource(absolute: string): ReadResult {
  let descriptor = -1;
  try {
    descriptor = openSync(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { skipped: "not a regular file" };
    if (stats.size > MAX_SOURCE_BYTES) return { skipped: tooLarge(stats.size) };
    return { bytes: readFileSync(descriptor) };
  } catch (error) {
    return { skipped: reasonOf(error) };
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

/** @returns why a file of this size is not analysed */
export function tooLarge(bytes: number): string {
  return `larger than 1 MiB (${(bytes / 1024 / 1024).toFixed(1)} MiB)`;
}

/** Turns bytes into text and looks whether a person wrote it. */
export function decodeSource(file: Pick<SourceFile, "named">, bytes: Buffer): DecodeResult {
  const decoded = decode(bytes);
  if ("skipped" in decoded) return decoded;
  if (isMinified(decoded.text)) return { skipped: "minified" };
  if (!file.named && isGenerated(decoded.text)) return { skipped: "generated" };
  if (!file.named && isBuilt(decoded.text)) return { skipped: "build output" };
  return decoded;
}

function decode(bytes: Buffer): DecodeResult {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(swapped(bytes.subarray(2)));
  const body = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  if (body.includes(0)) return { skipped: "binary (NUL bytes)" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body), note: "" };
  } catch {
    // Old sources are mostly Latin-1; whatever it is, the code's own characters are ASCII in both.
    return { text: body.toString("latin1"), note: "not valid UTF-8; read as Latin-1" };
  }
}

function utf16(body: Buffer): DecodeResult {
  const text = body.toString("utf16le");
  return text.includes("\0") ? { skipped: "binary (NUL bytes)" } : { text, note: "" };
}

function swapped(body: Buffer): Buffer {
  return Buffer.from(body.subarray(0, body.length - (body.length % 2))).swap16();
}
