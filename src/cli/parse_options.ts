import { InvalidArgumentError } from "commander";
import { parseBytes } from "./text/bytes.ts";
import { parseDuration } from "./text/duration.ts";

// commander puts the option and the value in front of what these say.

/** A parser of whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Parses a time, to milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) {
    throw new InvalidArgumentError("Expected a time such as 500ms, 10s or 1m30s.");
  }
  return ms;
}

/** Parses two times, as `150ms-300ms` or `150-300ms`, to milliseconds. */
export function durationRange(text: string): [min: number, max: number] {
  const [from = "", to = "", ...more] = text.split(/-|\.\./).map((part) => part.trim());
  const max = parseDuration(to);
  // The unit may be written once.
  const min = parseDuration(/[a-z]$/i.test(from) ? from : from + (/[a-z]+$/i.exec(to)?.[0] ?? ""));
  if (min === undefined || max === undefined || more.length > 0 || min <= 0 || max < min) {
    throw new InvalidArgumentError("Expected two times, the smaller first, such as 150ms-300ms.");
  }
  return [min, max];
}

/** Parses an amount of bytes. */
export function bytes(text: string): number {
  const amount = parseBytes(text);
  if (amount === undefined || amount < 1) {
    throw new InvalidArgumentError("Expected bytes such as 512, 64KiB or 1.5GiB.");
  }
  return amount;
}

/** Parses a text that must not be empty. */
export function someText(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("Expected some text.");
  return text;
}
