import { Draws } from "../../runtime/simulation/draws.ts";
import { exponential, type Latency, uniform } from "../../runtime/simulation/latency.ts";
import type { ClockFault } from "./voter.ts";

/** A fault of a run, resolved but for `tracker` and `candidate`, which are looked up when it comes. */
export interface Fault {
  /** Ms from the start. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Peer numbers from 0. */
  readonly who: number | "tracker" | "candidate";
  readonly other: number;
  /** How long it lasts, ms. */
  readonly ms: number;
  /** How much, 0 to 1: what it means depends on the kind. */
  readonly strength: number;
}

/** Every kind of fault. */
export const FAULT_KINDS = [
  "crash",
  "stop",
  "pause",
  "split",
  "isolate",
  "one_way",
  "apart",
  "flaky",
  "stall_disk",
  "fail_disk",
  "lag",
  "campaign",
  "together",
  "resign",
  "wipe",
  "registry_away",
] as const;

/** One of {@linkcode FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** All that a seed says about a run. */
export interface Swarm {
  readonly seed: number;
  readonly peers: number;
  readonly latency: Latency;
  /** The longest delay that is not rare, ms. */
  readonly slowest: number;
  readonly disk: Latency;
  readonly clocks: readonly ClockFault[];
  readonly uris: readonly string[];
  readonly downDetector: boolean;
  readonly faults: readonly Fault[];
  /** Peers that are whole again after the faults, a majority; the others stay dead. */
  readonly core: readonly number[];
}

/** How long faults come, ms. */
export const CHAOS_MS = 2_500;
/** A peer is soon back: what it promised before may still matter. A link that is cut has to be missed first. */
const RESTARTS: ReadonlySet<FaultKind> = new Set(["crash", "stop", "wipe"]);
const DRIFT = 0.02;
const TARGETS = ["tracker", "candidate"] as const;

/**
 * What a seed says. Each has its own few kinds of faults, which finds more than all kinds at once; and each draw is a function
 * of the seed and what it is for, so that leaving out a fault changes no other (§4.3).
 *
 * @param size peers, instead of 3 to 7
 */
export function swarmOf(seed: number, size?: number): Swarm {
  const draws = new Draws(`${seed}/swarm`);
  const u = (purpose: number, n: number = 0): number => draws.at(n, purpose);
  const peers = size ?? 3 + Math.floor(u(0) * u(0, 1) * 5);
  const slow = u(1) < 0.3;
  const kinds = FAULT_KINDS.filter((_, i) => u(2, i) < 0.35);
  const chosen = kinds.length > 0 ? kinds : [FAULT_KINDS[seed % FAULT_KINDS.length]!];
  const latencies = [uniform(0.1, slow ? 60 : 4), exponential(slow ? 15 : 1, 0.1)] as const;
  return {
    seed,
    peers,
    latency: latencies[u(3) < 0.7 ? 0 : 1],
    slowest: slow ? 60 : 4,
    disk: u(4) < 0.3 ? uniform(1, 40) : uniform(0.1, 2),
    clocks: Array.from({ length: peers }, (_, i) => ({
      rate: 1 - DRIFT + 2 * DRIFT * u(5, i),
      offset: Math.floor(u(6, i) * 1e6),
    })),
    // URIs are no more ordered than ids are, and may be equal.
    uris: Array.from(
      { length: peers },
      (_, i) => `peer://${Math.floor(u(7, i) * 3)}/${u(8, i) < 0.3 ? "" : i}`,
    ),
    downDetector: u(9) < 0.3,
    faults: faultsOf(new Draws(`${seed}/faults`), chosen, peers, 20 + u(10) * 380),
    core: coreOf(u, peers),
  };
}

function faultsOf(
  draws: Draws,
  kinds: readonly FaultKind[],
  peers: number,
  gap: number,
): Fault[] {
  const faults: Fault[] = [];
  let wipes = 0;
  let at = draws.at(0, 0) * 200;
  for (let n = 0; at < CHAOS_MS; n++) {
    const u = (purpose: number): number => draws.at(n, purpose);
    const kind = kinds[Math.floor(u(1) * kinds.length)]!;
    const aimed = TARGETS[Math.floor(u(2) * 6)];
    const who = aimed ?? Math.floor(u(3) * peers);
    const fault = {
      at,
      kind,
      who,
      other: Math.floor(u(4) * peers),
      ms: u(5) * (RESTARTS.has(kind) ? u(6) * 500 : 1_200),
      strength: u(7),
    };
    // A majority must keep its disks, or nobody may be elected any more.
    const allowed = kind !== "wipe" || wipes < Math.floor((peers - 1) / 2);
    if (kind === "wipe" && allowed) wipes++;
    if (allowed) faults.push(kind === "wipe" ? { ...fault, who: wipes - 1 } : fault);
    at += 2 * gap * u(8);
  }
  return faults;
}

/** Wipes hit the first peers only; those after them are a majority. */
function coreOf(u: (purpose: number, n?: number) => number, peers: number): number[] {
  const most = Math.floor((peers - 1) / 2);
  const all = u(11) < 0.5;
  return Array.from({ length: peers }, (_, i) => i).filter((peer) => all || peer >= most);
}
