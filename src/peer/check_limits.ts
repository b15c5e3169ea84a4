import { InvalidOptionError } from "../actor/mod.ts";
import type { TransferLimits } from "./limits.ts";
import { MAX_DOWNLOADS } from "./limits.ts";

/** @throws InvalidOptionError naming limit, value and what was expected */
export function checkLimits(limits: TransferLimits): TransferLimits {
  for (const key of ["downBytesPerSecond", "upBytesPerSecond"] as const) {
    const value = limits[key];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new InvalidOptionError(`limits.${key}`, value, "a number of bytes above 0");
    }
  }
  checkCount("limits.downloads", limits.downloads, MAX_DOWNLOADS);
  checkCount("limits.uploads", limits.uploads, Infinity);
  return limits;
}

function checkCount(name: string, value: unknown, max: number): void {
  if (value === undefined || value === Infinity && max === Infinity) return;
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > max) {
    const most = max === Infinity ? "1 or more" : `1 to ${max}`;
    throw new InvalidOptionError(name, value, `a whole number of ${most}`);
  }
}
