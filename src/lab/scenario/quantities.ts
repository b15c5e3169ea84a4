import type { Span } from "./schedule.ts";

const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
};

/** What durations and sizes look like, for schemas and for error messages. */
export const DURATION: RegExp = /^\d+(\.\d+)?(ms|s|m|min|h)$/;
export const DURATION_SPAN: RegExp =
  /^\d+(\.\d+)?(ms|s|m|min|h)(\s*\.\.\s*\d+(\.\d+)?(ms|s|m|min|h))?$/;
export const SIZE_SPAN: RegExp =
  /^\d+(\.\d+)?(B|[KMG]iB|kB|MB|GB)(\s*\.\.\s*\d+(\.\d+)?(B|[KMG]iB|kB|MB|GB))?$/;

/** `200ms`, `1.5s`, `2m` in ms; a number is ms already. */
export function readDuration(value: string | number): number {
  return typeof value === "number" ? value : read(value, MS);
}

/** `300ms` or `300ms..600ms` in ms. */
export function readSpan(value: string | number): Span {
  return spanOf(value, MS);
}

/** `64KiB` or `64KiB..1MiB` in bytes. */
export function readSizes(value: string | number): Span {
  return spanOf(value, BYTES);
}

function spanOf(value: string | number, units: Readonly<Record<string, number>>): Span {
  if (typeof value === "number") return value;
  const [first = "", second] = value.split("..");
  const min = read(first, units);
  return second === undefined ? min : { min, max: read(second, units) };
}

function read(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/.exec(text) ?? [];
  return Number(digits) * (units[unit] ?? NaN);
}

/** Ms as scenarios write them: `1.5s`, `200ms`. */
export function writeDuration(ms: number): string {
  return ms >= 1_000 && Number.isInteger(ms / 100) ? `${ms / 1_000}s` : `${ms}ms`;
}

/** A span of ms as scenarios write it. */
export function writeSpan(span: Span): string {
  if (typeof span === "number") return writeDuration(span);
  return `${writeDuration(span.min)}..${writeDuration(span.max)}`;
}

/** Bytes as scenarios write them. */
export function writeSizes(span: Span): string {
  const one = (bytes: number): string => {
    for (const unit of ["GiB", "MiB", "KiB"]) {
      const size = BYTES[unit]!;
      if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
    }
    return `${bytes}B`;
  };
  return typeof span === "number" ? one(span) : `${one(span.min)}..${one(span.max)}`;
}
