import type { ElectionOptions, PeerId, Settings, StepFunction } from "../../election/mod.ts";
import { resolveOptions } from "../../election/mod.ts";
import type { Latency } from "../../runtime/simulation/latency.ts";
import type { ClockFault } from "./voter.ts";

/** How a world of bare elections is made. */
export interface WorldOptions {
  /** 1 and more. */
  readonly peers: number;
  readonly seed: string | number;
  /** Of every peer. */
  readonly election?: Partial<Omit<ElectionOptions, "peerId" | "uri">>;
  /** Of every link, and to the registry. */
  readonly latency: Latency;
  /** How long a write takes. */
  readonly disk: Latency;
  readonly clock?: (peer: number) => ClockFault;
  readonly uri?: (peer: number) => string;
  /** Instead of the election's own. */
  readonly step?: StepFunction;
  /** The id of each; default `p1`... */
  readonly name?: (peer: number) => PeerId;
  /** Ids of the invariants that are checked; default all. */
  readonly only?: readonly string[];
  /**
   * Whether the invariants are watched.
   *
   * @default true
   */
  readonly check?: boolean;
}

/**
 * What each peer of a world is told. The electorate is checked once, and is one array for all: ten thousand peers would not bear copies of it.
 */
export function settingsOf(options: WorldOptions): Settings[] {
  const { peers, election, name = numbered, uri = (peer) => `peer://${name(peer)}` } = options;
  const electorate = Array.from({ length: peers }, (_, peer) => name(peer));
  const { settings } = resolveOptions({ peerId: name(0), uri: uri(0), electorate, ...election });
  return electorate.map((peerId, peer) => ({ ...settings, peerId, uri: uri(peer) }));
}

function numbered(peer: number): PeerId {
  return `p${peer + 1}`;
}
