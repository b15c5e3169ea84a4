import { InvalidOptionError } from "../../actor/mod.ts";
import type { Latency } from "./latency.ts";

/** How a disk behaves. */
export interface DiskRules {
  /** How long an operation takes. Operations of one disk end in the order they were begun. */
  readonly latency: Latency;
  /** Every operation takes so many times longer; above 0. */
  readonly slow: number;
  /** The part of the operations that fail with `EIO`, 0 to 1. */
  readonly failing: number;
  /** What needs more room fails with `ENOSPC`. */
  readonly full: boolean;
  /** What would change something fails with `EROFS`. */
  readonly readOnly: boolean;
  /** Bytes that fit on it. */
  readonly capacity: number;
}

export function changedDiskRules(rules: DiskRules, changes: Partial<DiskRules>): DiskRules {
  const changed = { ...rules, ...changes };
  const { slow, failing, capacity } = changed;
  if (!(slow > 0 && slow < Infinity)) {
    throw new InvalidOptionError("slow", slow, "a number above 0");
  }
  if (!(failing >= 0 && failing <= 1)) {
    throw new InvalidOptionError("failing", failing, "a number 0 to 1");
  }
  if (!(capacity >= 0)) throw new InvalidOptionError("capacity", capacity, "bytes from 0");
  return changed;
}

/** What an operation does to a disk. */
export type Doing = "looks" | "changes" | "grows";

/** The code that an operation fails with under `rules`, for a draw 0 <= `u` < 1; undefined: it goes on. */
export function diskFailure(rules: DiskRules, doing: Doing, u: number): string | undefined {
  if (rules.readOnly && doing !== "looks") return "EROFS";
  if (rules.full && doing === "grows") return "ENOSPC";
  return u < rules.failing ? "EIO" : undefined;
}
