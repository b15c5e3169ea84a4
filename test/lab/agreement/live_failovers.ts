import { setTimeout } from "node:timers/promises";
import type { SystemEvent } from "../../../src/actor.ts";
import type { Cluster } from "../../../src/cluster/mod.ts";
import { PROFILES } from "../../../src/election/mod.ts";
import { testCluster } from "../../cluster/support.ts";

const { heartbeat, timeoutMin, timeoutMax } = PROFILES.default;

/** A failover during which an event loop was later than this says something about the machine only (§4.7). */
const MOST_LAG = timeoutMin / 10;
/** Ms between two looks at how late timers are. */
const LOOK = 5;

/** What came of killing trackers on threads. All times in ms. */
export interface LiveFailovers {
  /** From the kill to the agreement of all that are left. */
  readonly failovers: readonly number[];
  /** How long messages took from peer to peer, until they were read. */
  readonly latencies: readonly number[];
  /** How long a write of the record took. */
  readonly writes: readonly number[];
  /** How late timers fired. */
  readonly lateness: readonly number[];
  /** Failovers that were left out because the machine lagged. */
  readonly lagged: number;
}

/** Kills the tracker of 5 peers in worker threads until `wanted` failovers were measured, or `patience` ms are over. */
export async function liveFailovers(wanted: number, patience: number): Promise<LiveFailovers> {
  await using test = await testCluster({}, { peers: 5, profile: "default" });
  const { cluster } = test;
  const [failovers, latencies, writes, lateness]: number[][] = [[], [], [], []];
  let lagged = 0;
  const end = performance.now() + patience;
  while (failovers!.length < wanted && performance.now() < end) {
    const { events, lates } = await killTracker(cluster);
    const lags = events.filter(({ kind }) => kind === "election.lag")
      .map(({ data }) => Number(data["ms"]));
    if (Math.max(...lates, ...lags) > MOST_LAG) {
      lagged++;
      continue;
    }
    const killed = events.find(({ kind }) => kind === "fault.crash")!.at;
    const agreed = Math.max(...events.filter(isFollow).map(({ at }) => at));
    failovers!.push(agreed - killed);
    latencies!.push(...spans(events, sending, reading));
    writes!.push(...spans(events, writing, written));
    lateness!.push(...lates);
  }
  return {
    failovers: failovers!,
    latencies: latencies!,
    writes: writes!,
    lateness: lateness!,
    lagged,
  };
}

/** What happened from the kill to the agreement, and how late timers were until then: what restarts the victim blocks this thread. */
async function killTracker(cluster: Cluster): Promise<{ events: SystemEvent[]; lates: number[] }> {
  const timers = watchTimers();
  // No wait for anything: it draws the phase of the kill between two heartbeats.
  await setTimeout(timeoutMax + Math.random() * heartbeat);
  const { epoch } = await cluster.tracker();
  const events: SystemEvent[] = [];
  using _listening = cluster.on("*", (event) => void events.push(event));
  const victim = await cluster.crash("tracker", "terminate", { hold: true });
  await cluster.tracker({ above: epoch });
  const seen = { events: events.slice(), lates: timers.stop() };
  await cluster.restart(victim);
  return seen;
}

/** Whether a peer has a tracker from then on. */
function isFollow({ kind }: SystemEvent): boolean {
  return kind === "election.follow" || kind === "election.win";
}

/** Names what an event begins or ends; undefined if it is nothing of the kind. */
type Naming = (event: SystemEvent) => string | undefined;

/** How long it took from each event that begins something to those that end it. */
function spans(events: readonly SystemEvent[], begins: Naming, ends: Naming): number[] {
  const since = new Map<string, number>();
  const lasted: number[] = [];
  for (const event of events) {
    const [begun, ended] = [begins(event), ends(event)];
    if (begun !== undefined) since.set(begun, event.at);
    const from = ended === undefined ? undefined : since.get(ended);
    if (from !== undefined) lasted.push(Math.max(0, event.at - from));
  }
  return lasted;
}

/** The messages of an election: two kinds of requests, grants, first heartbeats. */
const sending: Naming = ({ kind, data: { peer, epoch, votedFor } }) => {
  switch (kind) {
    case "election.prevote":
      return `prevote ${peer} ${epoch}`;
    case "election.candidate":
      return `vote ${peer} ${epoch}`;
    case "election.stored":
      return `grant ${peer} ${votedFor} ${epoch}`;
    case "election.win":
      return `heartbeat ${peer} ${epoch}`;
    default:
      return undefined;
  }
};

const reading: Naming = ({ kind, data: { peer, epoch, candidate, from, tracker } }) => {
  switch (kind) {
    case "election.prevote_grant":
      return `prevote ${candidate} ${epoch}`;
    case "election.grant":
      return `vote ${candidate} ${epoch}`;
    case "election.count":
      return from === peer ? undefined : `grant ${from} ${peer} ${epoch}`;
    case "election.follow":
      return `heartbeat ${tracker} ${epoch}`;
    default:
      return undefined;
  }
};

const writing: Naming = ({ kind, data }) =>
  kind === "election.persist" ? `${data["peer"]} ${data["write"]}` : undefined;

const written: Naming = ({ kind, data }) =>
  kind === "election.persisted" ? `${data["peer"]} ${data["write"]}` : undefined;

/** How late timers of this thread are, which are no later than those of other threads of the same machine. */
function watchTimers(): { stop(): number[] } {
  const late: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(Math.max(0, now - last - LOOK));
    last = now;
  }, LOOK);
  return {
    stop: () => {
      clearInterval(timer);
      return late;
    },
  };
}
