import { ElectionOptionError } from "./errors.ts";
import type { PeerId } from "./identity.ts";
import { type Profile, PROFILES, type Timers } from "./profiles.ts";
import { type Protocol, PROTOCOLS } from "./protocol.ts";
import { majority } from "./quorum.ts";

/** How a peer takes part in elections. Every value is checked. */
export interface ElectionOptions {
  /** Stable name of this peer; not empty. */
  readonly peerId: PeerId;
  /** Where this peer is reached; orders rivals (R1), and may change from start to start. Not empty. */
  readonly uri: string;
  /** Who may vote; not empty, each once. A peer outside of it is a learner. What a disk holds goes before it. */
  readonly electorate: readonly PeerId[];
  /**
   * `seed-literal` needs `unsafe`.
   *
   * @default "troupe"
   */
  readonly protocol?: Protocol;
  /** @default "default" */
  readonly profile?: Profile;
  /** Each overrides the profile's; ms. */
  readonly timers?: Partial<Timers>;
  /** Grants that elect. Default: the majority of the electorate. A number that is no majority needs `unsafe`. */
  readonly quorum?: number;
  /**
   * Accepts a quorum that is no majority, a lease that clocks may outlive and the protocol `seed-literal`: two trackers
   * become possible.
   */
  readonly unsafe?: boolean;
  /**
   * Bound on the rate by which a clock may differ from true time, 0 <= drift < 1.
   *
   * @default 0.02
   */
  readonly drift?: number;
  /**
   * How long a quorum's answers let a tracker serve, in ms from the heartbeat they answer. At most
   * `timeoutMin * (1 - drift) / (1 + drift)`. Default: that, or `0.9 * timeoutMin` if less.
   */
  readonly lease?: number;
  /**
   * Whether `peer_down` starts an election at once (row 27). Only for a host that announces a peer after it can
   * no longer serve, never for one that hangs.
   *
   * @default false
   */
  readonly downDetector?: boolean;
}

/** Options with every default filled in. Constant while the peer lives. */
export interface Settings extends Timers {
  readonly peerId: PeerId;
  readonly uri: string;
  readonly electorate: readonly PeerId[];
  readonly protocol: Protocol;
  /** Undefined: the majority of the present electorate. */
  readonly quorum: number | undefined;
  readonly unsafe: boolean;
  readonly drift: number;
  /** Ms. */
  readonly lease: number;
  readonly downDetector: boolean;
}

/** Settings, and what their user should know about them. */
export interface Resolved {
  readonly settings: Settings;
  /** Sentences for a log; empty for the profiles except `seed`. */
  readonly warnings: readonly string[];
}

const DRIFT = 0.02;
const LEASE_SHARE = 0.9;

/**
 * Checks options and fills in what they leave out.
 *
 * @throws ElectionOptionError naming field, value and what was expected
 *
 * @example
 * ```ts
 * const { settings, warnings } = resolveOptions({
 *   peerId: "p1",
 *   uri: "peer://1",
 *   electorate: ["p1", "p2", "p3"],
 *   profile: "fast",
 * });
 * settings.heartbeat; // 10
 * ```
 */
export function resolveOptions(options: ElectionOptions): Resolved {
  const { peerId, uri, protocol = "troupe", quorum, unsafe = false } = options;
  const { drift = DRIFT, downDetector = false } = options;
  requireText("peerId", peerId);
  requireText("uri", uri);
  requireElectorate(options.electorate);
  requireFlag("unsafe", unsafe);
  requireFlag("downDetector", downDetector);
  requireProtocol(protocol, unsafe);
  const timers = resolveTimers(options);
  requireQuorum(quorum, options.electorate.length, unsafe);
  if (!(typeof drift === "number" && drift >= 0 && drift < 1)) {
    throw new ElectionOptionError("drift", drift, "a number from 0 to less than 1");
  }
  const electorate = [...options.electorate];
  const lease = resolveLease(options.lease, timers.timeoutMin, drift, unsafe);
  const settings = {
    peerId,
    uri,
    electorate,
    protocol,
    quorum,
    unsafe,
    drift,
    lease,
    downDetector,
    ...timers,
  };
  return { settings, warnings: warningsOf(settings) };
}

/** The longest lease that no promise of a follower ends before, in ms (§1.4 "Lease"). */
export function longestLease(timeoutMin: number, drift: number): number {
  return timeoutMin * (1 - drift) / (1 + drift);
}

function resolveTimers({ profile = "default", timers = {} }: ElectionOptions): Timers {
  if (!Object.hasOwn(PROFILES, profile)) {
    throw new ElectionOptionError("profile", profile, `one of ${Object.keys(PROFILES).join(", ")}`);
  }
  const {
    heartbeat = PROFILES[profile].heartbeat,
    timeoutMin = PROFILES[profile].timeoutMin,
    timeoutMax = PROFILES[profile].timeoutMax,
  } = timers;
  requireMs("timers.heartbeat", heartbeat);
  requireMs("timers.timeoutMin", timeoutMin);
  requireMs("timers.timeoutMax", timeoutMax);
  if (timeoutMax < timeoutMin) {
    throw new ElectionOptionError(
      "timers.timeoutMax",
      timeoutMax,
      `at least timeoutMin, ${timeoutMin}`,
    );
  }
  if (heartbeat >= timeoutMin) {
    const expected = `less than timeoutMin, ${timeoutMin}, better a third of it`;
    throw new ElectionOptionError("timers.heartbeat", heartbeat, expected);
  }
  return { heartbeat, timeoutMin, timeoutMax };
}

function resolveLease(
  lease: number | undefined,
  timeoutMin: number,
  drift: number,
  unsafe: boolean,
): number {
  const longest = longestLease(timeoutMin, drift);
  if (lease === undefined) return Math.min(LEASE_SHARE * timeoutMin, longest);
  requireMs("lease", lease);
  if (lease > longest && !unsafe) {
    const expected =
      `at most ${longest} with timeoutMin ${timeoutMin} and drift ${drift}, or unsafe: true`;
    throw new ElectionOptionError("lease", lease, expected);
  }
  return lease;
}

function requireText(field: string, value: unknown): void {
  if (typeof value !== "string" || value === "") {
    throw new ElectionOptionError(field, value, "a string that is not empty");
  }
}

function requireFlag(field: string, value: unknown): void {
  if (typeof value !== "boolean") throw new ElectionOptionError(field, value, "true or false");
}

function requireProtocol(protocol: unknown, unsafe: boolean): void {
  if (!PROTOCOLS.includes(protocol as Protocol)) {
    throw new ElectionOptionError("protocol", protocol, `one of ${PROTOCOLS.join(", ")}`);
  }
  if (protocol === "seed-literal" && !unsafe) {
    throw new ElectionOptionError("protocol", protocol, "troupe, or unsafe: true");
  }
}

function requireMs(field: string, value: unknown): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    throw new ElectionOptionError(field, value, "a number of milliseconds above 0");
  }
}

function requireElectorate(electorate: unknown): void {
  if (!Array.isArray(electorate) || electorate.length === 0) {
    throw new ElectionOptionError("electorate", electorate, "at least one peer id");
  }
  electorate.forEach((peer: unknown, index) => {
    requireText(`electorate[${index}]`, peer);
    if (electorate.indexOf(peer) !== index) {
      throw new ElectionOptionError(`electorate[${index}]`, peer, "each peer id once");
    }
  });
}

function requireQuorum(quorum: unknown, voters: number, unsafe: boolean): void {
  if (quorum === undefined) return;
  if (!Number.isInteger(quorum) || (quorum as number) < 1 || (quorum as number) > voters) {
    const expected = `a whole number from 1 to ${voters}, the size of the electorate`;
    throw new ElectionOptionError("quorum", quorum, expected);
  }
  if ((quorum as number) < majority(voters) && !unsafe) {
    const expected = `at least ${
      majority(voters)
    }, the majority of ${voters} voters, or unsafe: true`;
    throw new ElectionOptionError("quorum", quorum, expected);
  }
}

function warningsOf(settings: Settings): string[] {
  const { heartbeat, timeoutMin, timeoutMax, quorum, electorate, lease, drift } = settings;
  const warnings: string[] = [];
  if (settings.protocol === "seed-literal") {
    warnings.push(
      "The protocol seed-literal is for experiments only: two peers can win the same epoch, and votes are " +
        "forgotten at a restart",
    );
  }
  if (heartbeat > timeoutMin / 3) {
    warnings.push(
      `A heartbeat of ${heartbeat} ms is more than a third of timeoutMin, ${timeoutMin} ms: with 5 % of the ` +
        "messages lost, two thirds of timeoutMin cost about 118 needless elections an hour, a third 1, a fifth 0",
    );
  }
  if (timeoutMax === timeoutMin) {
    warnings.push(
      `timeoutMin and timeoutMax are both ${timeoutMin} ms: peers time out together, and votes split again and again`,
    );
  }
  if (quorum !== undefined && quorum < majority(electorate.length)) {
    warnings.push(
      `A quorum of ${quorum} of ${electorate.length} is no majority: two trackers of one epoch are possible`,
    );
  }
  if (lease > longestLease(timeoutMin, drift)) {
    warnings.push(
      `A lease of ${lease} ms outlives the promises of ${timeoutMin} ms that it rests on: two peers may serve at once`,
    );
  }
  return warnings;
}
