const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes for people, in powers of 1024: `0 B`, `912 KiB`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "?";
  let unit = 0;
  let value = bytes;
  // 1023.95 and above would be shown as 1024.0 of the smaller unit.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Bytes as people write them: `512`, `64KiB`, `1.5 MiB`, `10MB`; undefined if it is none of these. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgtp])(i?)b?|b)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, digits = "", prefix, binary] = match;
  const power = prefix === undefined ? 0 : "kmgtp".indexOf(prefix.toLowerCase()) + 1;
  const bytes = Math.round(Number(digits) * (binary === "" ? 1000 : 1024) ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
