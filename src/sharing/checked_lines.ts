import type { Hashing } from "../actor/mod.ts";
import { toHex } from "./bytes.ts";

/** Digits of a line's checksum. */
const CHECK_DIGITS = 8;

const encoder = new TextEncoder();

/** `payload`, which has no line end, as a line that shows whether it is whole: its checksum stands before it. */
export function lineOf(hashing: Hashing, payload: string): string {
  return `${checksum(hashing, payload)} ${payload}\n`;
}

/** What {@linkcode lineOf} was given, from the line without its end; undefined if it is damaged. */
export function payloadOf(hashing: Hashing, line: string): string | undefined {
  const payload = line.slice(CHECK_DIGITS + 1);
  return line === `${checksum(hashing, payload)} ${payload}` ? payload : undefined;
}

function checksum(hashing: Hashing, payload: string): string {
  return toHex(hashing.sha256().update(encoder.encode(payload)).digest()).slice(0, CHECK_DIGITS);
}
