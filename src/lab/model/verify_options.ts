import { InvalidOptionError } from "../../actor/mod.ts";
import type { ElectionOptions, Protocol, StepFunction } from "../../election/mod.ts";
import { PROTOCOLS } from "../../election/mod.ts";
import { MOST_FAULTS } from "./faults.ts";

/** What to verify, and how far. */
export interface VerifyOptions {
  /** Default `troupe`. */
  readonly protocol?: Protocol;
  /** 1 to 7; default 3. */
  readonly peers?: number;
  /** No run goes above this epoch: 1 to 9; default 2. */
  readonly epochs?: number;
  /** Crashes with a restart in one run, of all peers together: 0 to 255; default 0. */
  readonly restarts?: number;
  /** Disks lost in one run: 0 to 255; default 0. */
  readonly wipes?: number;
  /** Writes that fail in one run: 0 to 255; default 0. */
  readonly diskFaults?: number;
  /**
   * Writes of one peer that are under way at once and kept apart, 1 to 9; default 1. More find peers that mix up the ends of their
   * writes, and cost states.
   */
  readonly writes?: number;
  /** Ids of the invariants that count. Default: all; for `seed-literal`, which breaks most, `I1` alone. */
  readonly invariants?: readonly string[];
  /** Instead of the protocol's own step: what a mutant does. */
  readonly step?: StepFunction;
  /** Given to every peer, as `quorum`. */
  readonly election?: Partial<ElectionOptions>;
}

/** Options with every default filled in. */
export interface Verify {
  readonly protocol: Protocol;
  readonly peers: number;
  readonly epochs: number;
  readonly restarts: number;
  readonly wipes: number;
  readonly diskFaults: number;
  readonly writes: number;
  readonly invariants: readonly string[] | undefined;
  readonly step: StepFunction | undefined;
  readonly election: Partial<ElectionOptions>;
}

/** Invariants that the model checks; I6 needs time, I7 the registry. */
export const MODEL_INVARIANTS: readonly string[] = [
  "I1",
  "I2",
  "I3",
  "I4",
  "I5",
  "I8",
  "I9",
  "I10",
  "L4",
];

/** @throws InvalidOptionError naming the option */
export function checkVerifyOptions(options: VerifyOptions): Verify {
  const { protocol = "troupe", step, election = {} } = options;
  if (!PROTOCOLS.includes(protocol)) {
    throw new InvalidOptionError("protocol", protocol, PROTOCOLS.join(" or "));
  }
  const { invariants = protocol === "troupe" ? undefined : ["I1"] } = options;
  for (const id of invariants ?? []) {
    if (!MODEL_INVARIANTS.includes(id)) {
      throw new InvalidOptionError("invariants", id, `some of ${MODEL_INVARIANTS.join(", ")}`);
    }
  }
  return {
    protocol,
    invariants,
    step,
    election,
    peers: whole("peers", options.peers, 1, 7, 3),
    epochs: whole("epochs", options.epochs, 1, 9, 2),
    restarts: whole("restarts", options.restarts, 0, MOST_FAULTS, 0),
    wipes: whole("wipes", options.wipes, 0, MOST_FAULTS, 0),
    diskFaults: whole("diskFaults", options.diskFaults, 0, MOST_FAULTS, 0),
    writes: whole("writes", options.writes, 1, 9, 1),
  };
}

function whole(
  name: string,
  value: number | undefined,
  min: number,
  max: number,
  otherwise: number,
): number {
  if (value === undefined) return otherwise;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError(name, value, `a whole number from ${min} to ${max}`);
}
