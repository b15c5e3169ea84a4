import { type Config, firstConfig } from "./config.ts";
import type { PeerId } from "./identity.ts";

/** What a peer must not forget. Written whole each time. */
export interface DurableRecord {
  /** Highest epoch seen; 0 before the first. Never decreases. */
  readonly epoch: number;
  /** Whom it voted for in `epoch`. */
  readonly votedFor: PeerId | undefined;
  readonly config: Config;
  /** How often the peer has started; 0 before the first time. */
  readonly incarnation: number;
}

/**
 * The record of a peer that never ran. Whoever creates a peer writes it once, before the first start: a record that is
 * missing later has been lost, and its peer may not vote (row 2).
 *
 * @example
 * ```ts
 * const bytes = encodeRecord(firstRecord(["p1", "p2", "p3"]), "p1");
 * ```
 */
export function firstRecord(electorate: readonly PeerId[]): DurableRecord {
  return { epoch: 0, votedFor: undefined, config: firstConfig([...electorate]), incarnation: 0 };
}
