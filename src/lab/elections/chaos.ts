import type { StepFunction } from "../../election/mod.ts";
import type { Violation } from "../invariants/mod.ts";
import { CHAOS_MS, type Fault, type Swarm, swarmOf } from "./swarm.ts";
import type { Voter } from "./voter.ts";
import { ElectionWorld } from "./world.ts";

/** What came of one seed. */
export interface ChaosResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Ms from the end of the faults until the core agreed on a tracker; undefined if it did not in time. */
  readonly recoveredIn: number | undefined;
  readonly events: number;
  /** Virtual ms. */
  readonly ms: number;
  readonly hash: string;
  readonly seen: ReadonlyMap<string, number>;
}

/** How a seed is run. */
export interface ChaosOptions {
  /** Instead of the election's own: what a mutant does. */
  readonly step?: StepFunction | undefined;
  /** Instead of what the seed says. */
  readonly swarm?: Swarm;
  /**
   * Whether the invariants are watched.
   *
   * @default true
   */
  readonly check?: boolean;
}

/**
 * How long a core that is whole may take to agree: far above what chance needs (§1.8, L1: 1.75 s at most in 3 000 seeds of the
 * default profile), since timeouts are random and no bound is certain.
 */
function recoveryLimit(timeoutMax: number, slowest: number): number {
  return 20 * timeoutMax + 40 * slowest;
}

/**
 * One run: the faults of the seed, while the invariants are watched; then a majority is made whole, for ever, and must agree on a
 * tracker.
 */
export function runChaos(
  seed: number,
  { step, swarm = swarmOf(seed), check = true }: ChaosOptions = {},
): ChaosResult {
  const { peers, latency, disk, clocks, uris, downDetector, faults, core, slowest } = swarm;
  const world = new ElectionWorld({
    peers,
    seed,
    latency,
    disk,
    election: { downDetector },
    check,
    clock: (peer) => clocks[peer]!,
    uri: (peer) => uris[peer]!,
    ...(step && { step }),
  });
  world.startAll();
  for (const fault of faults) world.at(fault.at, () => strike(world, fault, downDetector));
  world.run(CHAOS_MS);
  world.checkOffices();
  const whole = recover(world, core);
  const limit = recoveryLimit(whole[0]!.settings.timeoutMax, slowest);
  const agreed = world.violations.length === 0 &&
    world.runUntil(() => world.agreed(whole) !== undefined, limit);
  return {
    seed,
    violations: world.violations,
    recoveredIn: agreed ? world.now - CHAOS_MS : undefined,
    events: world.events,
    ms: world.now,
    hash: world.hash.digest,
    seen: world.seen,
  };
}

/** Makes the core whole and lets the others die. */
function recover(world: ElectionWorld, core: readonly number[]): Voter[] {
  world.heal();
  for (const voter of world.voters) {
    if (!core.includes(voter.index)) {
      voter.crash(false);
      continue;
    }
    voter.resume();
    world.stallDisk(voter, false);
    voter.feed({ kind: "lag", ms: 0 });
    voter.start();
  }
  // Who lost its disk is a learner, which follows late or never.
  return world.voters.filter(({ index, disk }) => core.includes(index) && disk.kind === "ok");
}

function strike(world: ElectionWorld, fault: Fault, downDetector: boolean): void {
  if (world.now >= CHAOS_MS) return;
  world.checkOffices();
  const { voters } = world;
  const voter = targetOf(world, fault);
  const { kind, ms, strength, other } = fault;
  const later = (fn: () => void): void => world.at(Math.min(world.now + ms, CHAOS_MS), fn);
  switch (kind) {
    case "crash":
      crash(world, voter, strength < 0.5, downDetector);
      return later(() => voter.start());
    case "stop":
      voter.feed({ kind: "stop" });
      voter.crash(true);
      return later(() => voter.start());
    case "wipe":
      voter.crash(false);
      voter.disk = strength < 0.5 ? { kind: "missing" } : { kind: "torn", why: "half a write" };
      return later(() => voter.start());
    case "pause":
      voter.pause();
      return later(() => voter.resume());
    case "split": {
      const side = (peer: number): boolean => (Math.floor(strength * 1024) >>> peer & 1) === 1;
      return cut(world, (from, to) => side(from) !== side(to), later);
    }
    case "isolate":
      return cut(world, (from, to) => from === voter.index || to === voter.index, later);
    case "apart": {
      const pair = [voter.index, other];
      return cut(world, (from, to) => pair.includes(from) && pair.includes(to), later);
    }
    case "one_way":
      return cut(
        world,
        (from, to) => from === voter.index && (to === other || strength < 0.3),
        later,
      );
    case "flaky": {
      const worse = { loss: strength * 0.4, duplication: strength * 0.4, reordering: strength };
      for (const { index } of voters) world.link(voter.index, index, worse);
      const better = { loss: 0, duplication: 0, reordering: 0 };
      return later(() => voters.forEach(({ index }) => world.link(voter.index, index, better)));
    }
    case "stall_disk":
      world.stallDisk(voter, true);
      return later(() => world.stallDisk(voter, false));
    case "fail_disk":
      return voter.unwritten();
    case "lag":
      voter.feed({ kind: "lag", ms: strength * 300 });
      return later(() => voter.feed({ kind: "lag", ms: 0 }));
    case "campaign":
      return voter.feed({ kind: "campaign" });
    case "together":
      return voters.forEach((peer) => peer.feed({ kind: "campaign" }));
    case "resign":
      return voters.forEach((peer) => peer.feed({ kind: "resign" }));
    case "registry_away":
      world.registryAway(voter.index, true);
      return later(() => world.registryAway(voter.index, false));
  }
}

function targetOf({ voters }: ElectionWorld, { who, other }: Fault): Voter {
  if (typeof who === "number") return voters[who]!;
  return voters.find(({ up, state }) => up && state.role === who) ?? voters[other]!;
}

/** A detector tells of a death only after the dead can serve no more. */
function crash(world: ElectionWorld, voter: Voter, reached: boolean, tell: boolean): void {
  voter.crash(reached);
  if (!tell) return;
  for (const other of world.voters) other.feed({ kind: "peer_down", peer: voter.id });
}

function cut(
  world: ElectionWorld,
  blocks: (from: number, to: number) => boolean,
  later: (fn: () => void) => void,
): void {
  const links: [from: number, to: number][] = [];
  for (let from = 0; from < world.voters.length; from++) {
    for (let to = 0; to < world.voters.length; to++) {
      if (from !== to && blocks(from, to)) links.push([from, to]);
    }
  }
  const block = (blocked: boolean): void => {
    for (const [from, to] of links) world.link(from, to, { blocked });
  };
  block(true);
  later(() => block(false));
}
