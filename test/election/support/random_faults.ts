import { type Checker, makeChecker } from "./invariants.ts";
import { makeNetwork, type Network } from "./network.ts";
import { between, pick, seeded } from "./random.ts";

const CHAOS_MS = 2500;
/** Generous beside the 1.75 s that 200 000 seeds needed at most (§1.8, L1): timeouts are random. */
const RECOVERY_MS = 4000;

/**
 * One run: faults drawn from the seed, then a quiet phase in which a tracker must be agreed on.
 *
 * @param only names of the faults to draw from; all unless told
 */
export function runRandomFaults(seed: number, only?: readonly string[]): Checker {
  const rnd = seeded(seed);
  const peers = pick(rnd, [3, 3, 4, 5]);
  const slow = rnd() < 0.3;
  const checker = makeChecker();
  const network = makeNetwork({
    peers,
    ...(rnd() < 0.3 && { voters: 3 }),
    seed,
    latency: slow ? [1, 60] : [0.1, 4],
    disk: rnd() < 0.3 ? [1, 40] : [0.1, 2],
    rate: () => between(rnd, 0.98, 1.02),
    // URIs are no more ordered than ids are.
    uri: (id) => `peer://${Math.floor(rnd() * 3)}/${rnd() < 0.3 ? "" : id}`,
    election: { downDetector: rnd() < 0.3 },
  }, [checker]);
  checker.watch(network);
  if (rnd() < 0.5) Object.assign(network.links, { loss: rnd() * 0.3, dup: rnd() * 0.3 });
  network.startAll();
  scheduleFaults(network, rnd, seed, only);
  network.run(CHAOS_MS);
  recover(network);
  if (!network.runUntil(() => network.agreed() !== undefined, RECOVERY_MS)) {
    throw new Error(`L1: no agreement ${RECOVERY_MS} ms after the last fault`);
  }
  return checker;
}

function recover(network: Network): void {
  network.heal();
  for (const id of network.ids) {
    network.resume(id);
    network.unstallDisk(id);
    network.start(id);
  }
}

function scheduleFaults(
  network: Network,
  rnd: () => number,
  seed: number,
  only: readonly string[] | undefined,
): void {
  const faults = FAULTS.filter(({ name }) => only?.includes(name) ?? true);
  // Swarm: each seed has its own few kinds of faults, which finds more than all of them at once.
  const kinds = faults.filter(() => rnd() < 0.5);
  if (kinds.length === 0) kinds.push(faults[seed % faults.length]!);
  const gap = between(rnd, 20, 400);
  for (let at = between(rnd, 0, 200); at < CHAOS_MS; at += between(rnd, 0, 2 * gap)) {
    network.at(at, () => pick(rnd, kinds)(network, rnd, pick(rnd, network.ids)));
  }
}

type Fault = (network: Network, rnd: () => number, id: string) => void;

const soon = (network: Network, rnd: () => number, ms: number, fn: () => void): void =>
  network.at(network.now + between(rnd, 0, ms), fn);

const FAULTS: readonly Fault[] = [
  function crash(network, rnd, id) {
    const others = network.all().filter((node) => node.up && node.id !== id);
    network.crash(id, rnd() < 0.5 ? "first" : "none");
    for (const node of others) network.feed(node.id, { kind: "peer_down", peer: id });
    soon(network, rnd, 300, () => network.start(id));
  },
  function crashTracker(network, rnd) {
    const tracker = network.all().find((node) => node.up && node.state.role === "tracker");
    if (tracker === undefined) return;
    network.crash(tracker.id);
    soon(network, rnd, 300, () => network.start(tracker.id));
  },
  function crashCandidate(network, rnd) {
    const candidate = network.all().find((node) => node.up && node.state.role === "candidate");
    if (candidate === undefined) return;
    network.crash(candidate.id, rnd() < 0.5 ? "first" : "none");
    soon(network, rnd, 20, () => network.start(candidate.id));
  },
  function split(network, rnd) {
    const [left, right]: [string[], string[]] = [[], []];
    for (const id of network.ids) (rnd() < 0.5 ? left : right).push(id);
    network.partition(left, right);
    soon(network, rnd, 900, () => network.partition(network.ids));
  },
  function deafen(network, rnd, id) {
    const to = pick(rnd, network.ids);
    network.block(id, to);
    soon(network, rnd, 900, () => network.unblock(id, to));
  },
  function pause(network, rnd, id) {
    network.pause(id);
    soon(network, rnd, 500, () => network.resume(id));
  },
  function campaign(network, _rnd, id) {
    network.feed(id, { kind: "campaign" });
  },
  function resign(network) {
    for (const node of network.all()) network.feed(node.id, { kind: "resign" });
  },
  function stopAndStart(network, rnd, id) {
    network.feed(id, { kind: "stop" });
    network.crash(id, "first");
    soon(network, rnd, 300, () => network.start(id));
  },
  function stallDisk(network, rnd, id) {
    network.stallDisk(id);
    soon(network, rnd, 600, () => network.unstallDisk(id));
  },
  function lag(network, rnd, id) {
    network.feed(id, { kind: "lag", ms: rnd() * 300 });
    soon(network, rnd, 600, () => network.feed(id, { kind: "lag", ms: 0 }));
  },
  function reconfigure(network, rnd, id) {
    const change = rnd() < 0.5 ? { add: id } : { remove: id };
    for (const node of network.all()) network.feed(node.id, { kind: "reconfigure", change });
  },
  function together(network) {
    for (const node of network.all()) network.feed(node.id, { kind: "campaign" });
  },
];
