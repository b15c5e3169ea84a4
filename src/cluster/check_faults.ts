import { InvalidOptionError } from "../actor/mod.ts";
import type { ClockFault, DiskFault, LinkFault } from "./faults.ts";

/** @throws InvalidOptionError naming what is wrong */
export function checkLinkFault(fault: LinkFault): void {
  for (const name of ["delay", "jitter"] as const) {
    if (fault[name] !== undefined) checkMs(name, fault[name]);
  }
  for (const name of ["loss", "duplication", "reordering"] as const) {
    const part = fault[name];
    if (part !== undefined && !(part >= 0 && part <= 1)) {
      throw new InvalidOptionError(name, part, "a number 0 to 1");
    }
  }
}

/** @throws InvalidOptionError naming `name` */
export function checkMs(name: string, ms: unknown): void {
  if (typeof ms === "number" && ms >= 0 && ms < Infinity) return;
  throw new InvalidOptionError(name, ms, "a number of milliseconds from 0");
}

/** @throws InvalidOptionError naming what is wrong */
export function checkClockFault({ rate = 1, jump = 0, skew = 0 }: ClockFault): void {
  if (!(rate > 0 && rate < Infinity)) {
    throw new InvalidOptionError("rate", rate, "a number above 0");
  }
  checkMs("jump", jump);
  if (!Number.isFinite(skew)) {
    throw new InvalidOptionError("skew", skew, "a number of milliseconds");
  }
}

/** @throws InvalidOptionError naming what is wrong */
export function checkDiskFault({ slow = 0 }: DiskFault): void {
  checkMs("slow", slow);
}
