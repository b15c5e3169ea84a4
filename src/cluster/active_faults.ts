import type { DiskTrouble } from "../runtime/mod.ts";
import { SOUND } from "../runtime/mod.ts";
import type { ActiveFault, ClockFault, DiskFault } from "./faults.ts";
import type { LinkChange } from "./link_table.ts";

/** What a fault that lasts does. */
export type Lasting =
  | { readonly verb: "link" | "partition"; readonly change: LinkChange }
  | { readonly verb: "pause" | "registry" }
  | { readonly verb: "disk"; readonly fault: DiskFault }
  | { readonly verb: "slow"; readonly ms: number }
  | { readonly verb: "clock"; readonly fault: ClockFault };

/** A fault that lasts, with what it does. */
export type Active = ActiveFault & Lasting;

/** The changes of links among `active`. */
export function linkChanges(active: Iterable<Active>): LinkChange[] {
  const changes: LinkChange[] = [];
  for (const fault of active) if ("change" in fault) changes.push(fault.change);
  return changes;
}

/** Whether some fault of `active` stops `peer`. */
export function isPaused(active: Iterable<Active>, peer: string): boolean {
  return [...active].some(({ verb, peers }) => verb === "pause" && peers.includes(peer));
}

/** Milliseconds that everything takes at `peer`: those of all faults together. */
export function slowness(active: Iterable<Active>, peer: string): number {
  let ms = 0;
  for (const fault of active) {
    if (fault.verb === "slow" && fault.peers.includes(peer)) ms += fault.ms;
  }
  return ms;
}

/** How the clock of `peer` goes: rates multiply, what it is ahead adds up. */
export function clockOf(active: Iterable<Active>, peer: string): { rate: number; skew: number } {
  const clock = { rate: 1, skew: 0 };
  for (const fault of active) {
    if (fault.verb !== "clock" || !fault.peers.includes(peer)) continue;
    clock.rate *= fault.fault.rate ?? 1;
    clock.skew += fault.fault.skew ?? 0;
  }
  return clock;
}

/** What is wrong with the disk of `peer`: delays add up, of everything else one fault is enough. */
export function diskOf(active: Iterable<Active>, peer: string): DiskTrouble {
  const trouble = { ...SOUND };
  for (const { verb, peers, ...rest } of active) {
    if (verb !== "disk" || !peers.includes(peer)) continue;
    const { fault } = rest as { readonly fault: DiskFault };
    trouble.slow += fault.slow ?? 0;
    trouble.failing ||= fault.failing ?? false;
    trouble.full ||= fault.full ?? false;
    trouble.stalled ||= fault.stalled ?? false;
  }
  return trouble;
}
