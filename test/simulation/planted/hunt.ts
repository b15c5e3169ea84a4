import type { ActorDefinition, Protocol, SystemEvent } from "../../../src/actor/mod.ts";
import { keyedRandom } from "../../../src/actor/mod.ts";
import { createCluster } from "../../../src/mod.ts";
import type { SimulatedCluster } from "../../../src/mod.ts";
import { uniform } from "../../../src/runtime/simulation/mod.ts";
import { someBytes } from "../stormy_run.ts";

/** A peer under test: what runs in place of the real one. */
export type PeerUnderTest = ActorDefinition<never, Protocol> | undefined;

/** What became of a run. */
export interface Outcome {
  readonly seed: number;
  /** What should not have happened; undefined: nothing. */
  readonly violation: string | undefined;
  /** The whole trace, in order. */
  readonly trace: string;
}

const FILE = "a.bin";
const SIZE = 300_000;

/** One run of five peers with random crashes and partitions, and a quiet end in which everything must come right. */
export async function run(peer: PeerUnderTest, seed: number): Promise<Outcome> {
  const lines: string[] = [];
  const watch = new Watch();
  let violation: string | undefined;
  {
    await using cluster = await createCluster({
      runtime: "simulation",
      seed,
      peers: 5,
      latency: uniform(0.1, 2),
      files: { "peer-1": { [FILE]: someBytes(SIZE, 1) } },
      onTrace: (line) => lines.push(line),
      onEvent: (event) => watch.see(event),
      ...(peer && { peer: peer as never }),
    });
    try {
      await storm(cluster, seed);
      violation = watch.violation ?? await quiet(cluster);
    } catch (error) {
      violation = watch.violation ?? `${(error as { readonly code?: string }).code}: ${error}`;
    }
  }
  return { seed, violation: violation ?? watch.violation, trace: lines.join("\n") };
}

async function storm(cluster: SimulatedCluster, seed: number): Promise<void> {
  const random = keyedRandom(seed).stream("storm");
  const anyone = (): number => 1 + random.below(5);
  const allBut = (one: number): number[] => [1, 2, 3, 4, 5].filter((peer) => peer !== one);
  const { world } = cluster;
  await cluster.tracker();
  for (let i = 0; i < 6; i++) {
    await world.advance(100 + random.below(700));
    const up = cluster.view().filter((view) => view.up);
    const victim = up[random.below(up.length)];
    const fault = random.below(4);
    if (fault < 2 && victim !== undefined) await cluster.crash(victim.id);
    else if (fault === 2) cluster.faults.partition([allBut(anyone())]);
    else cluster.faults.partition([]);
    if (random.below(2) === 0) await cluster.faults.undoAll();
  }
  await cluster.faults.undoAll();
}

/** No fault any more: a tracker is agreed on, and knows everything; two that fetch the same file get it. */
async function quiet(cluster: SimulatedCluster): Promise<string | undefined> {
  await cluster.world.advance(5_000);
  await cluster.tracker({ timeout: 3_000 });
  await cluster.world.advance(1_000);
  const found = await cluster.peer(2).search(FILE);
  if (found.length !== 1) return `${found.length} files are called ${FILE}`;
  const sizes = await Promise.all(
    [3, 4].map((id) => cluster.peer(id).download(FILE, { holder: "peer-1" })),
  );
  const wrong = sizes.filter(({ size }) => size !== SIZE);
  return wrong.length === 0 ? undefined : `${FILE} arrived with ${wrong[0]?.size} bytes`;
}

/** What must never be seen in the events of a cluster (reference `election.md`). */
class Watch {
  violation: string | undefined;
  readonly #asked = new Map<string, number>();
  readonly #persisted = new Map<string, number>();
  readonly #votes = new Map<string, string>();
  readonly #winners = new Map<number, string>();

  see({ kind, data }: SystemEvent): void {
    const peer = String(data["peer"]);
    const epoch = Number(data["epoch"]);
    if (kind === "election.persist") this.#asked.set(`${peer} ${data["write"]}`, epoch);
    if (kind === "election.persisted") {
      const kept = this.#asked.get(`${peer} ${data["write"]}`) ?? 0;
      this.#persisted.set(peer, Math.max(kept, this.#persisted.get(peer) ?? 0));
    }
    if (kind === "election.boot") {
      const kept = this.#persisted.get(peer) ?? 0;
      if (epoch < kept) this.#violated(`${peer} knew epoch ${kept}, and boots with ${epoch}`);
    }
    if (kind === "election.grant") {
      const first = this.#votes.get(`${peer} ${epoch}`) ?? String(data["candidate"]);
      this.#votes.set(`${peer} ${epoch}`, first);
      if (first !== data["candidate"]) this.#violated(`${peer} votes twice in epoch ${epoch}`);
    }
    if (kind === "election.win") {
      const first = this.#winners.get(epoch) ?? peer;
      this.#winners.set(epoch, first);
      if (first !== peer) this.#violated(`${first} and ${peer} win epoch ${epoch}`);
    }
  }

  #violated(what: string): void {
    this.violation ??= what;
  }
}

/** The first of `seeds` that finds something. */
export async function hunt(
  peer: PeerUnderTest,
  seeds: readonly number[],
): Promise<Outcome | undefined> {
  for (const seed of seeds) {
    const outcome = await run(peer, seed);
    if (outcome.violation !== undefined) return outcome;
  }
  return undefined;
}
